// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/**
 * A value of a GGUF file's metadata: where it lies, not what it is, since lists of a vocabulary are large and most are
 * never asked for.
 *
 * @param file the name of the file
 * @param key its key
 * @param kind what it is; of a list, what its items are
 * @param count how many items the list has; -1 when it is none
 * @param bytes the header of the file
 * @param at where the value, or the first item, begins
 */
record GgufValue(String file, String key, Kind kind, long count, ByteBuffer bytes, int at) {

    private static final int DEEPEST = 8;

    /** What a value may be, in the order in which files number it. */
    enum Kind {
        UINT8(1),
        INT8(1),
        UINT16(2),
        INT16(2),
        UINT32(4),
        INT32(4),
        FLOAT32(4),
        BOOL(1),
        STRING(0),
        ARRAY(0),
        UINT64(8),
        INT64(8),
        FLOAT64(8);

        private final int size;

        Kind(int size) {
            this.size = size;
        }

        boolean whole() {
            return this != FLOAT32 && this != FLOAT64 && this != BOOL && this != STRING && this != ARRAY;
        }

        boolean number() {
            return whole() || this == FLOAT32 || this == FLOAT64;
        }

        // the fewest bytes a value takes: a text its length, a list its kind and its length
        private int least() {
            return this == STRING ? 8 : this == ARRAY ? 12 : size;
        }
    }

    /** A value that has been walked over; its bytes are known when the whole header is. */
    record Walked(Kind kind, long count, int at) {
        GgufValue in(String file, String key, ByteBuffer bytes) {
            return new GgufValue(file, key, kind, count, bytes, at);
        }
    }

    static Walked walk(GgufInput input) throws IOException {
        Kind kind = kind(input);
        if (kind != Kind.ARRAY) {
            Walked value = new Walked(kind, -1, input.at());
            skip(kind, input, 0);
            return value;
        }
        Kind items = kind(input);
        long count = input.count(items.least());
        Walked value = new Walked(items, count, input.at());
        skipItems(items, count, input, 1);
        return value;
    }

    private static Kind kind(GgufInput input) throws IOException {
        int code = input.number();
        if (code < 0 || code >= Kind.values().length) {
            throw input.problem(input.what() + " must be of a type from 0 to " + (Kind.values().length - 1) + "; got "
                    + Integer.toUnsignedLong(code));
        }
        return Kind.values()[code];
    }

    private static void skip(Kind kind, GgufInput input, int depth) throws IOException {
        switch (kind) {
            case STRING -> input.skipText();
            case ARRAY -> {
                if (depth > DEEPEST) {
                    throw input.problem(input.what() + " must have lists at most " + DEEPEST + " deep; it has more");
                }
                Kind items = kind(input);
                skipItems(items, input.count(items.least()), input, depth + 1);
            }
            default -> input.skip(kind.size);
        }
    }

    private static void skipItems(Kind items, long count, GgufInput input, int depth) throws IOException {
        if (items.size > 0) {
            input.skip(count * items.size);
            return;
        }
        for (long i = 0; i < count; i++) {
            skip(items, input, depth);
        }
    }

    String text() {
        if (count >= 0 || kind != Kind.STRING) {
            throw wrong("a text");
        }
        return textAt(at);
    }

    long whole() {
        if (count >= 0 || !kind.whole()) {
            throw wrong("a whole number");
        }
        return wholeAt(at);
    }

    double number() {
        if (count >= 0 || !kind.number()) {
            throw wrong("a number");
        }
        return numberAt(at);
    }

    boolean flag() {
        if (count >= 0 || kind != Kind.BOOL) {
            throw wrong("true or false");
        }
        return bytes.get(at) != 0;
    }

    List<String> texts() {
        if (count < 0 || kind != Kind.STRING) {
            throw wrong("a list of texts");
        }
        List<String> texts = new ArrayList<>(Math.toIntExact(count));
        int place = at;
        for (long i = 0; i < count; i++) {
            texts.add(textAt(place));
            place += 8 + Math.toIntExact(bytes.getLong(place));
        }
        return List.copyOf(texts);
    }

    long[] wholes() {
        if (count < 0 || !kind.whole()) {
            throw wrong("a list of whole numbers");
        }
        long[] values = new long[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = wholeAt(at + i * kind.size);
        }
        return values;
    }

    double[] numbers() {
        if (count < 0 || !kind.number()) {
            throw wrong("a list of numbers");
        }
        double[] values = new double[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = numberAt(at + i * kind.size);
        }
        return values;
    }

    private String textAt(int place) {
        return GgufInput.text(file, key, bytes, place + 8, Math.toIntExact(bytes.getLong(place)));
    }

    private long wholeAt(int place) {
        return switch (kind) {
            case UINT8 -> bytes.get(place) & 0xff;
            case INT8 -> bytes.get(place);
            case UINT16 -> bytes.getShort(place) & 0xffff;
            case INT16 -> bytes.getShort(place);
            case UINT32 -> bytes.getInt(place) & 0xffff_ffffL;
            case INT32 -> bytes.getInt(place);
            case INT64 -> bytes.getLong(place);
            case UINT64 -> within(bytes.getLong(place));
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw wrong("a whole number");
        };
    }

    private long within(long value) {
        if (value < 0) {
            throw new FormatException(
                    file, key + " must be at most " + Long.MAX_VALUE + "; got " + Long.toUnsignedString(value));
        }
        return value;
    }

    private double numberAt(int place) {
        return kind == Kind.FLOAT32
                ? bytes.getFloat(place)
                : kind == Kind.FLOAT64 ? bytes.getDouble(place) : wholeAt(place);
    }

    private FormatException wrong(String wanted) {
        String got = count >= 0
                ? "a list of " + count + " " + kind
                : kind == Kind.STRING ? "\"" + Names.shortened(textAt(at)) + "\"" : toString();
        return new FormatException(file, key + " must be " + wanted + "; got " + got);
    }

    /** Returns a single value as a text, of a list how many of what it holds: {@code 49152 x string}. */
    @Override
    public String toString() {
        if (count >= 0) {
            return count + " x " + kind.name().toLowerCase(Locale.ROOT);
        }
        return switch (kind) {
            case STRING -> textAt(at);
            case BOOL -> String.valueOf(flag());
            case FLOAT32 -> String.valueOf(bytes.getFloat(at));
            case FLOAT64 -> String.valueOf(bytes.getDouble(at));
            case UINT64 -> Long.toUnsignedString(bytes.getLong(at));
            case ARRAY -> "";
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64 -> String.valueOf(wholeAt(at));
        };
    }
}
