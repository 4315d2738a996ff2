// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/**
 * A picture in PNG or JPEG: a name and a way to its bytes. Immutable; two are equal when they are at one {@link #address}.
 *
 * <p>Its size is read from the header. One that claims more than {@value #MOST_PIXELS} pixels is refused before it is
 * decoded, as are files that are no pictures, or end too early; the message has the name.
 */
public final class Picture {

    /** The most pixels that are decoded: Pillow's limit, a quarter of a gigabyte as a bitmap. */
    public static final long MOST_PIXELS = 89_478_485;

    private static final String WITHIN = "!/";
    private static final Pattern DATA =
            Pattern.compile("data:image/(?:png|jpe?g);(?:name=([^;,]*);)?base64,(.*)", Pattern.DOTALL);
    private static final Pattern ENDING = Pattern.compile("(?i).*\\.(png|jpe?g)");

    private final String address;
    private final String name;

    private Picture(String address, String name) {
        this.address = address;
        this.name = name;
    }

    /** Returns the picture that a file holds. Nothing is read yet. */
    public static Picture of(Path file) {
        return new Picture(file.toString(), String.valueOf(file.getFileName()));
    }

    /**
     * Returns the picture that bytes hold.
     *
     * @param name what it is called in messages
     * @param bytes as a file has them
     */
    public static Picture of(String name, byte[] bytes) {
        String plain = name.replaceAll("[;,]", " ");
        String kind = bytes.length > 0 && (bytes[0] & 0xff) == 0xff ? "jpeg" : "png";
        String text = Base64.getEncoder().encodeToString(bytes);
        return new Picture("data:image/" + kind + ";name=" + plain + ";base64," + text, plain);
    }

    /** Returns the picture that an entry of a zip holds. Nothing is read yet. */
    public static Picture inZip(Path zip, String entry) {
        return new Picture(zip + WITHIN + entry, entry.substring(entry.lastIndexOf('/') + 1));
    }

    /**
     * Returns the picture at an address.
     *
     * @param address a file's path, a zip's path and an entry with {@code !/} between, or a text that begins with
     *     {@code data:image/}
     */
    public static Picture at(String address) {
        if (address.startsWith("data:")) {
            Matcher data = DATA.matcher(address);
            if (!data.matches()) {
                throw new IllegalArgumentException(
                        "picture must be data:image/png;base64,... or data:image/jpeg;base64,...; got \""
                                + Names.shortened(address) + "\"");
            }
            return new Picture(address, data.group(1) == null ? "data" : data.group(1));
        }
        if (address.isBlank()) {
            throw new IllegalArgumentException("picture must have an address; got \"" + address + "\"");
        }
        int within = address.indexOf(WITHIN);
        return within < 0
                ? of(Path.of(address))
                : inZip(Path.of(address.substring(0, within)), address.substring(within + WITHIN.length()));
    }

    /** Returns whether a text looks like the address of a picture that is there; nothing is decoded. */
    public static boolean isThere(String text) {
        if (text.startsWith("data:")) {
            return DATA.matcher(text).matches();
        }
        if (!ENDING.matcher(text).matches()) {
            return false;
        }
        try {
            int within = text.indexOf(WITHIN);
            return Files.isRegularFile(Path.of(within < 0 ? text : text.substring(0, within)));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Returns where the picture is; {@link #at} makes it again. */
    public String address() {
        return address;
    }

    /** Returns the last part of the address, or what bytes were called. */
    public String name() {
        return name;
    }

    /** Returns the bytes as the file has them. */
    public byte[] bytes() {
        try {
            Matcher data = DATA.matcher(address);
            if (data.matches()) {
                return Base64.getDecoder().decode(data.group(2));
            }
            int within = address.indexOf(WITHIN);
            return within < 0
                    ? Files.readAllBytes(Path.of(address))
                    : Zips.bytes(Path.of(address.substring(0, within)), address.substring(within + WITHIN.length()));
        } catch (IOException e) {
            throw Disk.unreadable(place(), e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(place(), "bytes must be in base64; " + e.getMessage(), e);
        }
    }

    // what messages call it
    private String place() {
        return address.startsWith("data:") ? name : address;
    }

    /** Returns the decoded picture, turned as its EXIF data say. Transparency is left out, as Pillow does. */
    public Bitmap bitmap() {
        byte[] bytes = bytes();
        Header header = Header.of(place(), bytes);
        Bitmap stored = header.jpeg() ? Jpeg.decoded(place(), bytes, header) : Png.decoded(place(), bytes);
        return stored.turned(header.orientation());
    }

    /** Returns the picture as a PNG at most so many pixels wide and high, for showing. */
    public byte[] thumbnail(int side) {
        Bitmap whole = bitmap();
        double factor = Math.min(1, (double) side / Math.max(whole.width(), whole.height()));
        Bitmap small = factor < 1
                ? whole.resized(Math.max(1, (int) Math.round(whole.width() * factor)), Math.max(1, (int)
                        Math.round(whole.height() * factor)))
                : whole;
        return small.png();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    /** Returns the name and the kind, for instance {@code picture cat.jpg}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "picture %s", name);
    }
}
