// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes GGUF files as one likes, right or wrong: metadata first, then places of tensors, then numbers. */
public final class GgufBytes {

    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private long keys;
    private long tensors;
    private int version = 3;

    /** Starts a file without anything in it. */
    public static GgufBytes file() {
        return new GgufBytes();
    }

    GgufBytes version(int version) {
        this.version = version;
        return this;
    }

    /** Claims that many tensors and keys more than there are. */
    GgufBytes claiming(long moreTensors, long moreKeys) {
        tensors += moreTensors;
        keys += moreKeys;
        return this;
    }

    /** Adds a text. */
    public GgufBytes text(String key, String value) {
        key(key, 8);
        put(metadata, value);
        return this;
    }

    /** Adds a whole number as UINT32. */
    public GgufBytes whole(String key, int value) {
        key(key, 4);
        put(metadata, 4, value);
        return this;
    }

    /** Adds a number as FLOAT32. */
    public GgufBytes number(String key, float value) {
        key(key, 6);
        put(metadata, 4, Float.floatToIntBits(value));
        return this;
    }

    /** Adds a truth value. */
    public GgufBytes flag(String key, boolean value) {
        key(key, 7);
        put(metadata, 1, value ? 1 : 0);
        return this;
    }

    /** Adds a list of texts. */
    public GgufBytes texts(String key, String... values) {
        list(key, 8, values.length);
        for (String value : values) {
            put(metadata, value);
        }
        return this;
    }

    /** Adds a list of INT32. */
    public GgufBytes wholes(String key, int... values) {
        list(key, 5, values.length);
        for (int value : values) {
            put(metadata, 4, value);
        }
        return this;
    }

    GgufBytes key(String key, int type) {
        keys++;
        put(metadata, key);
        put(metadata, 4, type);
        return this;
    }

    GgufBytes list(String key, int type, long count) {
        key(key, 9);
        put(metadata, 4, type);
        put(metadata, 8, count);
        return this;
    }

    GgufBytes raw(int bytes, long value) {
        put(metadata, bytes, value);
        return this;
    }

    /** Adds the place of a tensor; the shape as Python has it. */
    public GgufBytes tensor(String name, int type, long offset, long... shape) {
        tensors++;
        put(table, name);
        put(table, 4, shape.length);
        for (int i = shape.length - 1; i >= 0; i--) {
            put(table, 8, shape[i]);
        }
        put(table, 4, type);
        put(table, 8, offset);
        return this;
    }

    byte[] bytes(int numbers) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        put(all, 4, version);
        put(all, 8, tensors);
        put(all, 8, keys);
        all.writeBytes(metadata.toByteArray());
        all.writeBytes(table.toByteArray());
        if (numbers > 0) {
            all.writeBytes(new byte[(32 - all.size() % 32) % 32 + numbers]);
        }
        return all.toByteArray();
    }

    /** Writes the file with that many bytes of numbers, all zero. */
    public Path write(Path file, int numbers) {
        try {
            return Files.write(file, bytes(numbers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ByteArrayOutputStream out, int bytes, long value) {
        ByteBuffer buffer =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
        out.write(buffer.array(), 0, bytes);
    }

    private static void put(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(out, 8, bytes.length);
        out.writeBytes(bytes);
    }
}
