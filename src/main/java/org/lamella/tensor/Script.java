// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.Libtorch;
import java.io.ByteArrayInputStream;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Names;

/**
 * Compiled TorchScript functions: all mathematics on tensors is written in them and called with one native call each.
 *
 * <p>The text is typed Python: functions from column 0, the first parameter {@code self}, libtorch's operators under
 * {@code torch.} or as methods of a tensor, other functions of the same text through {@code self}. A type of number is
 * written as its code (6 is F32, 7 F64, 4 I64, 5 F16, 15 BF16), minus infinity as {@code -inf}. Numbers that never
 * change (eps, heads) are best written into the text.
 *
 * <pre>{@code
 * Script script = Script.compile("""
 *         def linear(self, x: Tensor, w: List[Tensor]) -> Tensor:
 *           return torch.linear(x, w[0], w[1])
 *         """);
 * Tensor y = script.call("linear").with(x).with(List.of(weight, bias)).one(step);
 * }</pre>
 *
 * <p>Immutable; may be called from several threads. libtorch's copy is freed some time after the script became
 * unreachable. Compiling costs some ten milliseconds, a call a few microseconds above its mathematics.
 */
public final class Script {

    private static final Pattern METHOD = Pattern.compile("(?m)^def (\\w+)\\(");

    private final long module;
    private final String text;
    private final Set<String> methods;

    private Script(long module, String text, Set<String> methods) {
        this.module = module;
        this.text = text;
        this.methods = methods;
    }

    /**
     * Compiles functions.
     *
     * @param methods the text, each {@code def} at column 0
     * @throws IllegalArgumentException with libtorch's message and the line, if the text does not compile
     */
    public static Script compile(String methods) {
        Torch.start();
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = METHOD.matcher(methods);
        while (matcher.find()) {
            if (!names.add(matcher.group(1))) {
                throw new IllegalArgumentException(
                        "method must be defined once; got \"" + matcher.group(1) + "\" twice");
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("script must define a method: def name(self, x: Tensor) -> Tensor:");
        }
        long module;
        try {
            module = Libtorch.module(new ByteArrayInputStream(Archive.of(methods)));
        } catch (EngineException e) {
            throw ScriptErrors.compiling(methods, e);
        }
        Script script = new Script(module, methods, names);
        Scope.after(script, () -> Libtorch.deleteModule(module));
        return script;
    }

    /** Starts a call of a method. */
    public Call call(String method) {
        if (!methods.contains(method)) {
            throw new IllegalArgumentException("method must be one of " + methods + "; got \"" + method + "\""
                    + Names.didYouMean(method, methods));
        }
        return new Call(method);
    }

    /** Returns the names of the methods, for instance {@code script [linear, loss]}. */
    @Override
    public String toString() {
        return "script " + methods;
    }

    /**
     * One call of a method: its operands in the order of its parameters, then where the results belong.
     *
     * <p>Results belong to the scope given, whatever the operands belong to. A call is made once, in one thread.
     */
    public final class Call {

        private final String method;
        private final List<Operand> operands = new ArrayList<>();

        private Call(String method) {
            this.method = method;
        }

        /** Adds a tensor. */
        public Call with(Tensor tensor) {
            return with(Operand.of(tensor));
        }

        /**
         * Adds a list of tensors; the same tensor may be in it twice, or in several lists.
         *
         * <p>An empty list reaches the script as a list of one tensor with no elements. A script asks
         * {@code if torch.gt(torch.numel(w[0]), 0):} whether there is something in it.
         */
        public Call with(List<Tensor> tensors) {
            return with(Operand.of(tensors));
        }

        /** Adds a number, for a parameter of type {@code float}. */
        public Call with(double number) {
            return with(Operand.of(number));
        }

        /** Adds an integer, for a parameter of type {@code int}. */
        public Call with(long number) {
            return with(Operand.of(number));
        }

        /** Adds a truth value, for a parameter of type {@code bool}. */
        public Call with(boolean flag) {
            return with(Operand.of(flag));
        }

        Call with(Operand operand) {
            operands.add(operand);
            return this;
        }

        /** Runs the method and returns the one tensor that it returns. */
        public Tensor one(Scope owner) {
            List<Tensor> results = many(owner);
            if (results.size() != 1) {
                results.forEach(Tensor::close);
                throw new IllegalStateException("method " + method + " must return one tensor; got " + results.size());
            }
            return results.get(0);
        }

        /** Runs the method and returns all tensors that it returns: one, a list or a tuple of these, in order. */
        public List<Tensor> many(Scope owner) {
            owner.ledger().requireOpen();
            return value(value -> {
                List<Tensor> results = new ArrayList<>();
                try {
                    collect(value, owner, results);
                } catch (IllegalStateException e) {
                    results.forEach(Tensor::close);
                    throw e;
                }
                return List.copyOf(results);
            });
        }

        /** Runs the method for its effect on the operands. */
        public void run() {
            value(value -> true);
        }

        /** Returns what is read from the native value of the result. */
        <R> R value(LongFunction<R> reading) {
            Torch.start();
            long[] values = new long[operands.size()];
            int made = 0;
            long result = 0;
            Gate.enter();
            try {
                for (; made < values.length; made++) {
                    values[made] = operands.get(made).value();
                }
                result = Libtorch.run(module, method, values);
                return reading.apply(result);
            } catch (EngineException e) {
                throw ScriptErrors.running(text, method, operands, e);
            } finally {
                if (result != 0) {
                    Libtorch.deleteValue(result);
                }
                for (int i = 0; i < made; i++) {
                    Libtorch.deleteValue(values[i]);
                }
                Gate.leave();
                Reference.reachabilityFence(Script.this);
            }
        }

        private void collect(long value, Scope owner, List<Tensor> results) {
            if (Libtorch.isTensor(value)) {
                results.add(owner.own(Libtorch.tensor(value)));
            } else if (Libtorch.isTensors(value)) {
                for (long address : Libtorch.tensors(value)) {
                    results.add(owner.own(address));
                }
            } else if (Libtorch.isTuple(value)) {
                for (long part : Libtorch.parts(value)) {
                    try {
                        collect(part, owner, results);
                    } finally {
                        Libtorch.deleteValue(part);
                    }
                }
            } else {
                throw new IllegalStateException(
                        "method " + method + " must return tensors; got " + Libtorch.kind(value));
            }
        }
    }
}
