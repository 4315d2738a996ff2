// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.CellMagicFunction;
import io.github.spencerpark.jupyter.kernel.magic.registry.LineMagicFunction;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Evaluator.Value;

/** The registry of magics, which also remembers their names, and knows those that evaluate code of the notebook. */
final class NotebookMagics extends Magics {

    /** A magic that evaluates code; it gets what follows its name as typed. */
    @FunctionalInterface
    interface Evaluating {

        /** Runs the call and returns the value to show. */
        Value run(MagicCall call) throws CellFailure;
    }

    private final Collection<String> lines = new ConcurrentSkipListSet<>();
    private final Collection<String> cells = new ConcurrentSkipListSet<>();
    private final Map<String, Evaluating> evaluating = new ConcurrentHashMap<>();

    @Override
    public void registerLineMagic(String name, LineMagicFunction<?> magic) {
        lines.add(name);
        super.registerLineMagic(name, magic);
    }

    @Override
    public void registerCellMagic(String name, CellMagicFunction<?> magic) {
        cells.add(name);
        super.registerCellMagic(name, magic);
    }

    /** Adds a magic that evaluates code, as line and as cell; from inside a block it asks the evaluator thread. */
    void register(String name, Evaluating magic, Execution execution) {
        evaluating.put(name, magic);
        registerLineMagic(name, arguments -> {
            MagicCall call = new MagicCall(name, String.join(" ", arguments), arguments, Optional.empty());
            return result(execution.evaluate(() -> magic.run(call)));
        });
        registerCellMagic(name, (arguments, body) -> {
            MagicCall call = new MagicCall(name, String.join(" ", arguments), arguments, Optional.of(body));
            return result(execution.evaluate(() -> magic.run(call)));
        });
    }

    private static @Nullable Object result(@Nullable Value value) {
        return value == null ? null : value.object();
    }

    boolean knowsLine(String name) {
        return lines.contains(name);
    }

    /** Returns the names that start with a text, with their percent signs. */
    List<String> startingWith(String prefix) {
        boolean cell = prefix.startsWith("%%");
        String sign = cell ? "%%" : "%";
        return (cell ? cells : lines)
                .stream()
                        .map(name -> sign + name)
                        .filter(name -> name.startsWith(prefix))
                        .toList();
    }

    boolean evaluates(MagicCall call) {
        return evaluating.containsKey(call.name());
    }

    Value evaluate(MagicCall call) throws CellFailure {
        Evaluating magic = evaluating.get(call.name());
        return magic == null ? Value.NONE : magic.run(call);
    }

    /** Runs a magic of the registry. */
    @Nullable Object apply(MagicCall call) throws Exception {
        return call.body().isPresent()
                ? applyCellMagic(call.name(), call.arguments(), call.body().get())
                : applyLineMagic(call.name(), call.arguments());
    }

    /** Returns the sentence for a magic that does not exist. */
    String unknown(MagicCall call) {
        String sign = call.body().isPresent() ? "%%" : "%";
        Collection<String> names = new TreeSet<>(call.body().isPresent() ? cells : lines);
        return "there is no " + sign + call.name() + "; there are "
                + names.stream().map(name -> sign + name).collect(Collectors.joining(" "));
    }
}
