// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The forms in which a GGUF file holds numbers, as far as they are read here. */
enum GgufType {
    F32(0, DType.F32),
    F16(1, DType.F16),
    BF16(30, DType.BF16),
    Q4_0(2, 18),
    Q4_1(3, 20),
    Q5_0(6, 22),
    Q5_1(7, 24),
    Q8_0(8, 34);

    /** How many numbers a block of a quantised form holds. */
    static final int BLOCK = 32;

    // forms that are named in errors only
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(12, "Q4_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(14, "Q6_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int code;
    private final int numbers;
    private final int bytes;
    private final DType dtype;

    GgufType(int code, DType plain) {
        this.code = code;
        this.numbers = 1;
        this.bytes = plain.bytes();
        this.dtype = plain;
    }

    GgufType(int code, int bytesOfBlock) {
        this.code = code;
        this.numbers = BLOCK;
        this.bytes = bytesOfBlock;
        this.dtype = DType.F32;
    }

    /** Returns the form that a file writes as that number. */
    static Optional<GgufType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /** Returns how llama.cpp calls the form with that number. */
    static String nameOf(int code) {
        return of(code).map(GgufType::name).orElse(OTHERS.getOrDefault(code, "number " + Integer.toUnsignedLong(code)));
    }

    static List<GgufType> read() {
        return List.of(values());
    }

    /** Returns the type of number that comes out of it. */
    DType dtype() {
        return dtype;
    }

    boolean quantised() {
        return numbers > 1;
    }

    /** Returns how many numbers are written together. */
    int numbers() {
        return numbers;
    }

    /** Returns how many bytes those take. */
    int bytes() {
        return bytes;
    }
}
