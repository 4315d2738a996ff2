// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/**
 * What the first bytes of a picture say of it: enough to refuse it before it is decoded.
 *
 * @param jpeg whether it is a JPEG; else a PNG
 * @param width in pixels, as stored
 * @param height in pixels, as stored
 * @param colours how a JPEG's components make colours
 * @param orientation how it is turned, 1 to 8 as EXIF has it; 1 for upright
 */
record Header(boolean jpeg, int width, int height, Colours colours, int orientation) {

    /** How the components of a JPEG make colours. */
    enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int UPRIGHT = 1;

    /** Reads the header of a picture, whose name is for messages. */
    static Header of(String name, byte[] bytes) {
        Header header;
        if (bytes.length >= PNG.length && Arrays.equals(bytes, 0, PNG.length, PNG, 0, PNG.length)) {
            header = png(name, bytes);
        } else if (bytes.length > 2 && at(bytes, 0) == 0xff && at(bytes, 1) == 0xd8) {
            header = jpeg(name, bytes);
        } else {
            throw new FormatException(name, "must be a picture in PNG or JPEG; got " + described(bytes));
        }
        long pixels = (long) header.width * header.height;
        if (header.width < 1 || header.height < 1 || pixels > Picture.MOST_PIXELS) {
            throw new FormatException(
                    name,
                    String.format(
                            Locale.ROOT,
                            "must have 1 to %,d pixels; got %,d x %,d",
                            Picture.MOST_PIXELS,
                            header.width & 0xffffffffL,
                            header.height & 0xffffffffL));
        }
        return header;
    }

    private static String described(byte[] bytes) {
        if (bytes.length == 0) {
            return "an empty file";
        }
        byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, 80));
        for (byte each : first) {
            if (each < 9) {
                return "other bytes, the first of them 0x" + String.format(Locale.ROOT, "%02x", first[0] & 0xff);
            }
        }
        return "the text \""
                + Names.shortened(
                        new String(first, StandardCharsets.US_ASCII).strip().replaceAll("\\s+", " ")) + "\"";
    }

    private static int at(byte[] bytes, int place) {
        return bytes[place] & 0xff;
    }

    private static int two(byte[] bytes, int place) {
        return at(bytes, place) << 8 | at(bytes, place + 1);
    }

    private static int four(byte[] bytes, int place) {
        return two(bytes, place) << 16 | two(bytes, place + 2);
    }

    private static FormatException early(String name) {
        return new FormatException(name, "must be whole; its header ends too early");
    }

    // chunks: length, four letters, content, a check sum
    private static Header png(String name, byte[] bytes) {
        if (bytes.length < 33) {
            throw early(name);
        }
        int orientation = UPRIGHT;
        int place = PNG.length;
        while (place + 12 <= bytes.length) {
            long length = four(bytes, place) & 0xffffffffL;
            String kind = new String(bytes, place + 4, 4, StandardCharsets.US_ASCII);
            if (kind.equals("eXIf") && place + 8 + length <= bytes.length) {
                orientation = orientation(bytes, place + 8, (int) length);
            }
            if (length > bytes.length) {
                break;
            }
            place += (int) length + 12;
        }
        return new Header(false, four(bytes, 16), four(bytes, 20), Colours.RGB, orientation);
    }

    // segments: 0xff, a marker, the length of what follows
    private static Header jpeg(String name, byte[] bytes) {
        int orientation = UPRIGHT;
        boolean jfif = false;
        int adobe = -1;
        int place = 2;
        while (place + 4 <= bytes.length) {
            if (at(bytes, place) != 0xff) {
                place++;
                continue;
            }
            int marker = at(bytes, place + 1);
            if (marker == 0xff || marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
                place++;
                continue;
            }
            int length = two(bytes, place + 2);
            int content = place + 4;
            int end = Math.min(bytes.length, place + 2 + length);
            if (marker == 0xe0 && starts(bytes, content, "JFIF")) {
                jfif = true;
            } else if (marker == 0xe1 && starts(bytes, content, "Exif\0\0") && end > content + 6) {
                orientation = orientation(bytes, content + 6, end - content - 6);
            } else if (marker == 0xee && starts(bytes, content, "Adobe") && content + 11 < bytes.length) {
                adobe = at(bytes, content + 11);
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                return frame(name, bytes, content, jfif, adobe, orientation);
            }
            place = place + 2 + length;
        }
        throw early(name);
    }

    private static Header frame(String name, byte[] bytes, int at, boolean jfif, int adobe, int orientation) {
        if (at + 6 > bytes.length || at + 6 + 3 * at(bytes, at + 5) > bytes.length) {
            throw early(name);
        }
        int bits = at(bytes, at);
        int components = at(bytes, at + 5);
        if (bits != 8 || (components != 1 && components != 3 && components != 4)) {
            throw new FormatException(
                    name, "must have 1, 3 or 4 components of 8 bits; got " + components + " of " + bits + " bits");
        }
        Colours colours = components == 1
                ? Colours.GREY
                : components == 4
                        ? adobe == 2 ? Colours.YCCK : Colours.CMYK
                        : rgb(bytes, at, jfif, adobe) ? Colours.RGB : Colours.YCC;
        return new Header(true, two(bytes, at + 3), two(bytes, at + 1), colours, orientation);
    }

    // as libjpeg guesses it
    private static boolean rgb(byte[] bytes, int at, boolean jfif, int adobe) {
        if (jfif || adobe >= 0) {
            return !jfif && adobe == 0;
        }
        return at(bytes, at + 6) == 'R' && at(bytes, at + 9) == 'G' && at(bytes, at + 12) == 'B';
    }

    private static boolean starts(byte[] bytes, int place, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return place + wanted.length <= bytes.length
                && Arrays.equals(bytes, place, place + wanted.length, wanted, 0, wanted.length);
    }

    // tag 0x0112 of the first directory; what is broken counts as upright
    private static int orientation(byte[] bytes, int place, int length) {
        ByteBuffer tiff = ByteBuffer.wrap(bytes, place, Math.max(0, Math.min(length, bytes.length - place)))
                .slice();
        if (tiff.remaining() < 8) {
            return UPRIGHT;
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory + 2 > tiff.limit()) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries && directory + 2 + 12 * (i + 1) <= tiff.limit(); i++) {
            int entry = directory + 2 + 12 * i;
            if ((tiff.getShort(entry) & 0xffff) == 0x0112) {
                int value = tiff.getShort(entry + 8) & 0xffff;
                return value >= 1 && value <= 8 ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
