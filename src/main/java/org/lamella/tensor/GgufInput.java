// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.lamella.base.FormatException;

/**
 * The beginning of a GGUF file, read as far as it is asked for. It never holds more than the file has, whatever the
 * file claims.
 */
final class GgufInput {

    /** The longest header that is read: several times that of the largest vocabulary. */
    static final int LONGEST = 100_000_000;

    private static final int LONGEST_NAME = 255;
    private static final int FIRST = 1 << 16;

    private final String name;
    private final FileChannel channel;
    private final long size;
    private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    private int at;
    private String what = "file";

    GgufInput(String name, FileChannel channel) throws IOException {
        this.name = name;
        this.channel = channel;
        this.size = channel.size();
    }

    /** Says what is read next, for errors. */
    GgufInput reading(String what) {
        this.what = what;
        return this;
    }

    String what() {
        return what;
    }

    /** Returns how many bytes the file has. */
    long size() {
        return size;
    }

    /** Returns how many bytes the file has from here on. */
    long left() {
        return size - at;
    }

    int at() {
        return at;
    }

    /** Returns everything read so far; places in it are places in the file. */
    ByteBuffer bytes() {
        return bytes;
    }

    int number() throws IOException {
        int start = skip(4); // which may replace the bytes
        return bytes.getInt(start);
    }

    long large() throws IOException {
        int start = skip(8);
        return bytes.getLong(start);
    }

    /** Returns a number without a sign, of things of which each takes some bytes in what follows. */
    long count(long bytesOfEach) throws IOException {
        long count = large();
        if (count < 0 || count > left() / bytesOfEach) {
            throw problem(what + " must fit the " + left() + " bytes that follow; got a count of "
                    + Long.toUnsignedString(count));
        }
        return count;
    }

    /** Returns a text as names are: not a book. */
    String shortText() throws IOException {
        long length = count(1);
        if (length > LONGEST_NAME) {
            throw problem(what + " must have at most " + LONGEST_NAME + " bytes; got " + length);
        }
        int start = skip(length); // which may replace the bytes
        return text(name, what, bytes, start, (int) length);
    }

    void skipText() throws IOException {
        skip(count(1));
    }

    static String text(String name, String what, ByteBuffer bytes, int at, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.slice(at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(name, what + " must be UTF-8; it is not", e);
        }
    }

    /** Goes on by some bytes, which are there, and returns where they begin. */
    int skip(long length) throws IOException {
        if (length > left()) {
            throw problem(what + " must have " + length + " bytes; only " + left() + " follow: the file is truncated");
        }
        if (at + length > LONGEST) {
            throw problem("header must have at most " + LONGEST + " bytes; it goes on after them with " + what);
        }
        int start = at;
        at += Math.toIntExact(length);
        fill();
        return start;
    }

    private void fill() throws IOException {
        if (at <= bytes.limit()) {
            return;
        }
        long wanted = Math.max(FIRST, Math.max(at, 2L * bytes.limit()));
        int capacity = Math.toIntExact(Math.min(Math.min(wanted, LONGEST), size));
        ByteBuffer more = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
        more.put(bytes.duplicate().rewind());
        while (more.hasRemaining()) {
            if (channel.read(more, more.position()) < 0) {
                throw problem("file must have " + size + " bytes; it ends at " + more.position());
            }
        }
        bytes = more.flip();
    }

    FormatException problem(String problem) {
        return new FormatException(name, problem);
    }
}
