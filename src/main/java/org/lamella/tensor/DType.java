// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.Arrays;
import java.util.Optional;

/** The types of number a tensor can hold, named as safetensors files name them. */
public enum DType {
    /** 32-bit floating point: what is trained and what most files hold. */
    F32(4, 6, true),
    /** 16-bit floating point with 5 bits of exponent. */
    F16(2, 5, true),
    /** 16-bit floating point with the exponent of {@link #F32}. */
    BF16(2, 15, true),
    /** 64-bit floating point. */
    F64(8, 7, true),
    /** 64-bit integers: tokens, labels, indices. */
    I64(8, 4, false),
    /** 32-bit integers. */
    I32(4, 3, false),
    /** 8-bit integers without a sign. */
    U8(1, 0, false),
    /** Truth values, one byte each. */
    BOOL(1, 11, false);

    // in the order in which DJL numbers the types that it knows; 5 is I8, which we do not
    private static final DType[] DJL = {F32, F64, F16, U8, I32, null, I64, BOOL};

    private final int bytes;
    private final int code;
    private final boolean floating;

    DType(int bytes, int code, boolean floating) {
        this.bytes = bytes;
        this.code = code;
        this.floating = floating;
    }

    /** Returns how many bytes one element takes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the number that stands for the type in TorchScript, for instance in {@code torch.to(x, 6)}. */
    int code() {
        return code;
    }

    boolean floating() {
        return floating;
    }

    static Optional<DType> ofCode(long code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    static Optional<DType> ofDjl(int place) {
        return place < DJL.length ? Optional.ofNullable(DJL[place]) : Optional.empty();
    }
}
