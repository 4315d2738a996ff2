// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * One adapter that Lamella writes and PEFT must read: a recipe of some variant, its numbers random instead of trained.
 * All of it follows from seed, number and variant.
 *
 * @param stored the type of the tensors in the file; other than F32 the file is rewritten as PEFT writes it without its
 *     cast of adapters
 */
record PeftCase(Seed seed, int number, String variant, PeftBase base, DType stored) {

    static final List<String> VARIANTS = List.of(
            "plain",
            "every-linear",
            "rank-stabilised",
            "dora",
            "pissa",
            "dora-pissa",
            "ranks-by-layer",
            "targets-by-part",
            "parts",
            "dora-parts",
            "head-only",
            "kept-below",
            "kept-some",
            "kept-none",
            "without-head",
            "biases",
            "pooler",
            "pissa-biases-pooler-kept");

    private static final List<Double> ALPHAS = List.of(8.0, 16.0, 1.0, 0.5, 22.627416997969522, 7 / 3.0, 4.0);
    private static final List<DType> WHOLE = List.of(DType.F32, DType.F16, DType.BF16);

    /** Returns that many cases: every variant on every base, again and again, with types in turn. */
    static List<PeftCase> of(long seed, int count) {
        int pairs = VARIANTS.size() * PeftBase.SINGLE.size();
        return IntStream.range(0, count)
                .mapToObj(number -> {
                    int round = number / pairs;
                    String variant = VARIANTS.get(number % VARIANTS.size());
                    PeftBase base = PeftBase.SINGLE.get(number / VARIANTS.size() % PeftBase.SINGLE.size());
                    DType model = WHOLE.get((number + round) % 3);
                    DType file = model == DType.F32 ? WHOLE.get((number / 3 + round) % 3) : DType.F32;
                    return new PeftCase(
                            new Seed(seed).child("case", number), number, variant, base.stored(model), file);
                })
                .toList();
    }

    String name() {
        return String.format(java.util.Locale.ROOT, "%04d-%s-%s", number, variant, base.name())
                + (stored == DType.F32 ? "" : "-adapter-" + stored.name().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public String toString() {
        return name();
    }

    /** Returns how many numbers the head gives. */
    int outputs() {
        return switch (base.kind()) {
            case "regression" -> 1;
            case "encoder" -> 2 + dice("labels").below(7);
            default -> 8;
        };
    }

    private Dice dice(String what) {
        return new Dice(seed.child(what));
    }

    /** Returns the adapter, laid out for its model. */
    Adapter adapter(Transformer model) {
        Lora recipe = recipe(model, dice("recipe"));
        Adapter start = FreshAdapter.of(recipe, model, split(), Training.standard());
        Adapter.Owner owner = start.owner();
        Map<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        start.pairs().forEach((layer, modules) -> {
            Map<String, Pair> row = new LinkedHashMap<>();
            modules.forEach((name, pair) -> row.put(name, random(pair, layer + " " + name, owner.scope())));
            pairs.put(layer, row);
        });
        Optional<Head> head = variant.equals("without-head")
                ? Optional.empty()
                : start.head().map(fresh -> random(fresh, owner.scope()));
        Adapter whole = new Adapter(owner, pairs, head, start.origin(), model.depth(), start.place()).fittedTo(model);
        return switch (variant) {
            case "kept-below", "pissa-biases-pooler-kept" ->
                whole.keeping(1 + dice("boundary").below(model.depth() - 1));
            case "kept-some" -> whole.keeping(dice("kept").layers(model.depth(), true));
            case "kept-none" -> whole.keeping(0);
            default -> whole;
        };
    }

    private Lora recipe(Transformer model, Dice dice) {
        List<String> linears = model.linears().stream().map(LinearModule::name).toList();
        LayerSet layers = dice.layers(
                model.depth(), variant.contains("part") || variant.equals("biases") || variant.startsWith("ranks"));
        Lora whole = part(layers, linears, dice).dropout(dice.below(2) == 0 ? 0 : 0.1);
        return switch (variant) {
            case "head-only" -> Lora.headOnly();
            case "every-linear" -> whole.targets(linears.toArray(String[]::new));
            case "rank-stabilised" -> whole.rankStabilised();
            case "dora" -> whole.dora();
            case "pissa" -> dice.below(2) == 0 ? whole.pissa() : whole.pissa().rankStabilised();
            case "dora-pissa" -> whole.dora().pissa(4);
            case "ranks-by-layer" -> layers(whole, layers.complement(), dice);
            case "targets-by-part" -> targets(whole, dice);
            case "biases" -> dice.below(2) == 0 ? whole.trainBiases() : parts(whole.trainBiases(), linears, dice);
            case "pooler" -> pooler(whole, model);
            case "pissa-biases-pooler-kept" -> pooler(whole.pissa().trainBiases(), model);
            case "parts", "dora-parts" -> parts(whole, linears, dice);
            default -> whole;
        };
    }

    // RoBERTa has none
    private static Lora pooler(Lora recipe, Transformer model) {
        return model.pooler().isEmpty() ? recipe : recipe.trainPooler();
    }

    private Lora part(LayerSet layers, List<String> linears, Dice dice) {
        return Lora.on(layers)
                .rank(1 + dice.below(6))
                .alpha(dice.oneOf(ALPHAS))
                .targets(dice.some(linears).toArray(String[]::new));
    }

    private static Lora layers(Lora first, LayerSet others, Dice dice) {
        Lora all = first;
        for (int layer : others.indices()) {
            all = all.and(
                    alone(first).layers(LayerSet.of(others.depth(), layer)).rank(1 + dice.below(6)));
        }
        return all;
    }

    private static Lora alone(Lora part) {
        return new Lora(
                part.layers(), part.rank(), part.alpha(), part.dropout(), part.targets(), part.form(), List.of());
    }

    // "output.dense" would mean "attention.output.dense" too
    private static Lora targets(Lora whole, Dice dice) {
        boolean family = dice.below(2) == 0;
        String[] first = family ? new String[] {"intermediate.dense"} : new String[] {"attention.output.dense"};
        String[] second = family ? new String[] {"output.dense"} : new String[] {"intermediate.dense"};
        return whole.targets(first)
                .and(whole.targets(second).rank(1 + dice.below(6)).alpha(dice.oneOf(ALPHAS)));
    }

    private Lora parts(Lora whole, List<String> linears, Dice dice) {
        Lora shaped = variant.startsWith("dora") ? whole.dora() : dice.below(2) == 0 ? whole.rankStabilised() : whole;
        Lora all = shaped;
        for (int layer : shaped.layers().complement().indices()) {
            all = all.and(alone(shaped)
                    .layers(LayerSet.of(shaped.layers().depth(), layer))
                    .rank(1 + dice.below(6))
                    .alpha(dice.oneOf(ALPHAS))
                    .targets(dice.some(linears).toArray(String[]::new)));
        }
        return all;
    }

    private boolean coarse() {
        return stored != DType.F32;
    }

    private Pair random(Pair pair, String place, Scope owner) {
        Dice dice = dice(place);
        Pair random = Pair.of(
                like(pair.down(), 0, 0.25f, dice, owner),
                like(pair.up(), 0, 0.125f, dice, owner),
                pair.alpha(),
                pair.rankStabilised(),
                owner);
        if (pair.start().isPresent()) {
            // any start shows whether it travels; that of the decomposition differs in its bits between machines
            random = random.start(
                    new Pair.Start(like(pair.down(), 0, 0.25f, dice, owner), like(pair.up(), 0, 0.125f, dice, owner)));
        }
        if (pair.magnitude().isPresent()) {
            random = random.magnitude(like(pair.magnitude().get(), 1.5f, 0.5f, dice, owner));
        }
        return pair.bias().isEmpty() ? random : random.bias(like(pair.bias().get(), 0, 0.5f, dice, owner));
    }

    private Head random(Head head, Scope owner) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        head.parameters().forEach((name, tensor) -> parameters.put(name, like(tensor, 0, 0.5f, dice(name), owner)));
        return Head.of(head.labels(), parameters);
    }

    private Tensor like(Tensor tensor, float middle, float spread, Dice dice, Scope owner) {
        return owner.floats(dice.numbers(tensor.elements(), middle, spread, coarse()), tensor.shape());
    }

    /** Writes the adapter's folder. */
    void save(Adapter adapter, Path folder) {
        adapter.save(folder);
        if (stored == DType.F32) {
            return;
        }
        Path file = folder.resolve("adapter_model.safetensors");
        try (Scope scope = Scope.open();
                SafeTensors written = SafeTensors.open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            written.names()
                    .forEach(name -> tensors.put(name, PeftBase.cast(written.tensor(name, scope), stored, scope)));
            SafeTensors.write(file, tensors, written.metadata());
        }
    }

    // what it is trained on matters to nobody here but for the labels
    private Split split() {
        int outputs = outputs();
        List<String> labels =
                IntStream.range(0, outputs).mapToObj(i -> "label " + i).toList();
        StringColumn text = StringColumn.create("text");
        StringColumn label = StringColumn.create("label");
        DoubleColumn target = DoubleColumn.create("target");
        List<String> all = new ArrayList<>(labels);
        for (int i = 0; i < 8; i++) {
            text.append("oil " + i);
            label.append(all.get(i % outputs));
            target.append(i);
        }
        Table table = Table.create("cases", text, label, target);
        return (outputs == 1
                        ? Task.from(table).text("text").target("target")
                        : Task.from(table).text("text").label("label").labels(labels.toArray(String[]::new)))
                .validation(table)
                .test(table)
                .train();
    }
}
