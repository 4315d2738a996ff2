// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One operand of a call: makes the native value when the call runs, and says what it is when the call fails. */
final class Operand {

    private final LongSupplier value;
    private final Supplier<String> text;

    private Operand(LongSupplier value, Supplier<String> text) {
        this.value = value;
        this.text = text;
    }

    static Operand of(Tensor tensor) {
        Objects.requireNonNull(tensor, "tensor");
        return new Operand(() -> tensor.on(Libtorch::valueOf), tensor::toString);
    }

    static Operand of(List<Tensor> tensors) {
        List<Tensor> list = List.copyOf(tensors);
        return new Operand(() -> list.isEmpty() ? listOfNothing() : listOf(list), list::toString);
    }

    static Operand of(double number) {
        return new Operand(() -> Libtorch.valueOfNumber(number), () -> Double.toString(number));
    }

    static Operand of(long number) {
        return new Operand(() -> Libtorch.valueOfInteger(number), () -> Long.toString(number));
    }

    static Operand of(boolean flag) {
        return new Operand(() -> Libtorch.valueOfFlag(flag), () -> Boolean.toString(flag));
    }

    static Operand of(String s) {
        return new Operand(() -> Libtorch.valueOfText(s), () -> '"' + s + '"');
    }

    static Operand of(long[] numbers) {
        return new Operand(() -> Libtorch.valueOfIntegers(numbers), () -> Arrays.toString(numbers));
    }

    // the native list holds its own references: the handles are only needed until it is made
    private static long listOf(List<Tensor> tensors) {
        List<Handle> used = new ArrayList<>(tensors.size());
        long[] addresses = new long[tensors.size()];
        try {
            for (Tensor tensor : tensors) {
                addresses[used.size()] = tensor.handle().use();
                used.add(tensor.handle());
            }
            return Libtorch.valueOf(addresses);
        } finally {
            used.forEach(Handle::release);
        }
    }

    private static long listOfNothing() {
        try (Scope scratch = Scope.open()) {
            return listOf(List.of(Functions.zeros(DType.F32, new long[] {0}, scratch)));
        }
    }

    /** Returns a new native value, which the caller deletes. */
    long value() {
        return value.getAsLong();
    }

    @Override
    public String toString() {
        return text.get();
    }
}
