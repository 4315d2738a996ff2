// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.model.BatchShape;
import org.lamella.model.HeadShape;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * What one optimizer step of a recipe costs, said before anything is trained: operations, memory, seconds.
 *
 * <p><b>Operations</b> are those of all products of matrices, a multiplication and an addition for each term; nothing else
 * is counted (norms, activations, dropout, the optimizer: some per cent). A linear module of a inputs and b outputs takes
 * 2 n a b forward for n tokens; attention 2 · 2 n T d. Backward takes the same again for each side that has a gradient: none
 * below the lowest adapted layer, and none for frozen weights. A pair of rank r takes 2 n r (a + b) forward, and backward
 * 2 n r (a + 2 b), plus 2 n r a where a pair lies below. Of the last layer only the tokens that the head reads go through
 * query, output and the inner layers: one of each text, or those before the words of an answer, each of which asks the
 * matrix of words. Exact for texts of one length; what a fused attention kernel computes twice is not
 * counted.
 *
 * <p>Of a model that sees each text has one picture, whose patches are among its tokens.
 *
 * <p><b>Bytes</b> are those of the frozen weights, of the trained numbers with gradient, two moments and the last good copy,
 * and an estimate of what one group of texts holds until its gradient has passed: a step goes through in groups of at most
 * 1536 tokens, of answers that are learnt 512. Java itself and the libraries come on top, and what the C library does not give back: glibc, as it is,
 * held twice as much on MiniLM; with {@code MALLOC_MMAP_THRESHOLD_=65536} in the environment, what is said here.
 *
 * <p><b>Seconds</b> are operations by the speed of this machine, which a few real steps measure when first asked for: for
 * layers without and with gradient. On six steps of MiniLM memory came within 6 %, and time within 30 % but for one that
 * was off by more than twice, on a busy machine ({@code src/docs/decisions/0010-what-a-step-costs.md}).
 *
 * <pre>{@code
 * Cost cost = Cost.of(model, recipe, 32, 64);
 * Front front = scores.top(3, layers -> Cost.of(model, recipe.layers(layers), 32, 64).flops());
 * }</pre>
 */
public final class Cost implements Result {

    private static final long NUMBER = 4; // bytes of a number in single precision

    private final Transformer model;
    private final Lora recipe;
    private final Training training;
    private final CountedHead answering;
    private final List<Alike> groups;
    private final List<CountedStep.Count> layers = new ArrayList<>();
    private final CountedStep.Count head;
    private final CountedStep.Count tower;
    private final HeadShape headShape;
    private final long activations;

    private Cost(Transformer model, Lora recipe, Training training, CountedHead answering) {
        recipe.requireFits(model);
        this.model = model.base();
        this.recipe = recipe;
        this.training = training;
        this.answering = answering;
        headShape = answering.shape(model, recipe.form().pooler());
        groups = groups(training.batchSize(), tokens(model, training));
        List<CountedStep> counted = groups.stream()
                .map(alike -> count(alike.shape()))
                .map(step -> training.gradientCheckpointing() ? step.twice(lowest()) : step)
                .toList();
        for (int layer = 0; layer < model.depth(); layer++) {
            int index = layer;
            layers.add(total(counted.stream().map(group -> group.layer(index)).toList()));
        }
        head = total(counted.stream().map(CountedStep::head).toList());
        tower = total(counted.stream().map(CountedStep::tower).toList());
        long kept = tower.kept()
                + layers.stream().mapToLong(CountedStep.Count::kept).sum()
                + head.kept();
        // when the gradient passes the layer below it, what the last layer kept is gone
        long passing =
                kept - layers.get(layers.size() - 1).kept() + counted.get(0).passing();
        activations = Math.max(kept + counted.get(0).answering(), passing);
    }

    private static int tokens(Transformer model, Training training) {
        return Math.min(training.maxTokens(), model.maxTokens());
    }

    /**
     * Returns the cost of a step on texts of one length, trained as {@link Training#standard()} does: with the base model's
     * own dropout.
     *
     * @param model the model; an adapter laid over it is not looked at
     * @param recipe what is trained
     * @param batch how many texts a step takes
     * @param tokens how many tokens a text has, special ones included
     */
    public static Cost of(Transformer model, Lora recipe, int batch, int tokens) {
        if (tokens > model.maxTokens()) {
            throw new IllegalArgumentException(
                    "tokens must be at most " + model.maxTokens() + ", where " + model.name() + " cuts; got " + tokens);
        }
        return of(model, recipe, Training.standard().batchSize(batch).maxTokens(tokens));
    }

    /** Returns the cost of a step of a training whose texts are all as long as it takes them. */
    public static Cost of(Transformer model, Lora recipe, Training training) {
        return new Cost(model, recipe, training, CountedHead.of(model, tokens(model, training)));
    }

    /**
     * Returns this cost with a new head of so many outputs. At first they are those of the checkpoint's own head, or 2; a
     * model that writes learns {@link #answers}.
     *
     * @param count the number of labels, 1 for regression
     */
    public Cost outputs(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("outputs must be at least 1; got " + count);
        }
        return new Cost(model, recipe, training, new CountedHead(false, count));
    }

    /**
     * Returns this cost of learning answers of so many tokens, the one that ends them included. At first every token of a
     * text but the first is counted as learnt, which is the most that it can be.
     *
     * @param tokens of each text, at least 1
     * @throws IllegalStateException for models that do not write
     */
    public Cost answers(int tokens) {
        int most = tokens(model, training) - 1;
        if (tokens < 1 || tokens > most) {
            throw new IllegalArgumentException(
                    "tokens of an answer must be 1 to " + most + ", all of a text but the first; got " + tokens);
        }
        return new Cost(model, recipe, training, new CountedHead(true, tokens));
    }

    // groups of one shape, and how many there are of them in a batch
    private record Alike(BatchShape shape, int count) {}

    // texts of one length in the groups that a trainer makes of them: the full ones, then what is left
    private List<Alike> groups(int batch, int tokens) {
        int most = Math.min(batch, Math.max(1, Trainer.cells(answering.words()) / tokens));
        List<Alike> groups = new ArrayList<>();
        groups.add(alike(most, tokens, batch / most));
        if (batch % most > 0) {
            groups.add(alike(batch % most, tokens, 1));
        }
        return groups;
    }

    private Alike alike(int examples, int tokens, int count) {
        return new Alike(BatchShape.even(examples, tokens).reading(answering.read()), count);
    }

    private CountedStep count(BatchShape group) {
        return new CountedStep(model, recipe, group, headShape, answering.words(), training.baseDropout());
    }

    private CountedStep.Count total(List<CountedStep.Count> ofOneEach) {
        return IntStream.range(0, groups.size())
                .mapToObj(index -> ofOneEach.get(index).times(groups.get(index).count()))
                .reduce(CountedStep.Count::plus)
                .orElseThrow()
                .times(training.accumulation());
    }

    /** Returns the floating-point operations of a step, forward and backward. */
    public double flops() {
        return forward() + backward();
    }

    /** Returns the floating-point operations of the way forward. */
    public double forward() {
        return tower.forward()
                + layers.stream().mapToDouble(CountedStep.Count::forward).sum()
                + head.forward();
    }

    /** Returns the floating-point operations of the way back. */
    public double backward() {
        return tower.backward()
                + layers.stream().mapToDouble(CountedStep.Count::backward).sum()
                + head.backward();
    }

    /** Returns how many numbers are trained, those of the head included. */
    public long trained() {
        return recipe.trainableParameters(model) + headNumbers();
    }

    // with every bias the frozen pooler's is trained, too
    private long headNumbers() {
        boolean pooler =
                recipe.form().biases() == Form.Biases.ALL && !headShape.frozen().isEmpty();
        return headShape.numbers()
                + (pooler
                        ? headShape.frozen().stream()
                                .mapToLong(LinearModule::outputs)
                                .sum()
                        : 0);
    }

    /** Returns the bytes in memory at the fullest moment of a step: frozen weights and {@link #allocated()}. */
    public double bytes() {
        return weights() + allocated();
    }

    /** Returns the bytes at the fullest moment without the frozen weights, which are mapped from their file. */
    public double allocated() {
        return 5.0 * NUMBER * trained() + starts() + activations;
    }

    private long weights() {
        return frozen().values().stream().mapToLong(Long::longValue).sum();
    }

    // PiSSA keeps where its pairs began
    private long starts() {
        if (!recipe.form().principal()) {
            return 0;
        }
        return recipe.parts().stream()
                .mapToLong(part -> NUMBER
                        * part.layers().size()
                        * part.modules(model).stream()
                                .mapToLong(module -> pair(part, module))
                                .sum())
                .sum();
    }

    private static long pair(Lora part, LinearModule module) {
        return (long) part.rank() * (module.inputs() + module.outputs());
    }

    // as the model's summary has them: embedding, layers, pooler
    private Map<String, Long> frozen() {
        Map<String, Long> frozen = new LinkedHashMap<>();
        Table summary = model.summary().table();
        for (int row = 0; row < summary.rowCount(); row++) {
            String name = summary.stringColumn("layer").get(row);
            if (!name.equals("head")) {
                frozen.put(
                        name,
                        CountedStep.bytes(model)
                                * summary.longColumn("parameters").getLong(row));
            }
        }
        return frozen;
    }

    /**
     * Returns an estimate of how long a step takes on this machine, in seconds. The first time it trains for some seconds
     * on made-up texts, once for each model, recipe and length of texts in a JVM; whoever else computes at that moment
     * spoils the estimate.
     *
     * @throws IllegalStateException while a training runs in this JVM
     */
    public double seconds() {
        Speed speed = Speed.of(model, recipe, training, groups.get(0).shape());
        int lowest = lowest();
        double still = flopsBelow(lowest);
        double trained = flops() - still;
        return lowest == model.depth() ? flops() / speed.still() : still / speed.still() + trained / speed.training();
    }

    // the first layer whose gradient is wanted
    private int lowest() {
        LayerSet adapted = recipe.everyLayer();
        if (recipe.reachesEmbedding()) {
            return 0;
        }
        return adapted.isEmpty() ? model.depth() : adapted.indices().get(0);
    }

    /** Returns the operations of the layers below one. */
    double flopsBelow(int layer) {
        return IntStream.range(0, layer)
                .mapToDouble(below -> layers.get(below).flops())
                .sum();
    }

    /**
     * Returns one row a layer, and one each for tower and projector (together in the row of the tower), embedding, pooler and
     * head: whether it has pairs, operations forward and
     * backward, bytes of the frozen weights, of what is trained there (five times: the numbers, their gradients, two
     * moments, the last good copy), and of what it holds until the gradient has passed. Sums in the last row.
     */
    @Override
    public Table table() {
        CostTable table = new CostTable(name());
        LayerSet adapted = recipe.everyLayer();
        frozen().forEach((name, bytes) -> {
            int layer = name.chars().allMatch(Character::isDigit) ? Integer.parseInt(name) : -1;
            if (layer < 0) {
                long biases = name.equals("pooler") ? headNumbers() - headShape.numbers() : beforeLayers(name);
                CountedStep.Count count = name.equals("tower") ? tower : new CountedStep.Count(0, 0, 0);
                table.row(name, biases > 0, count, bytes, biases);
            } else {
                table.row(name, adapted.contains(layer), layers.get(layer), bytes, trained(layer));
            }
        });
        table.row("head", !answering.words(), head, 0, headShape.numbers());
        return table.withSums();
    }

    // numbers trained in what lies before the layers
    private long beforeLayers(String name) {
        long whole = biases().keeping(none -> false, false).parameters();
        return switch (name) {
            case "projector" -> recipe.form().projector() ? whole : 0;
            case "embedding" -> recipe.form().projector() ? 0 : whole;
            case "tower" ->
                recipe.towerParts().stream()
                        .mapToLong(part -> part.layers().size() * part.numbersOfLayer(model.tower()))
                        .sum();
            default -> 0;
        };
    }

    private Whole biases() {
        return Whole.of(FreshAdapter.wholes(recipe, model));
    }

    private long trained(int layer) {
        long biases = biases().keeping(each -> each == layer, false).parameters()
                - biases().keeping(none -> false, false).parameters();
        return biases
                + recipe.parts().stream()
                        .filter(part -> part.layers().contains(layer))
                        .mapToLong(part -> part.numbersOfLayer(model))
                        .sum();
    }

    /** Returns one row for each thing that takes memory: what, bytes. */
    public Listing memory() {
        return Listing.of(() -> {
            StringColumn what = StringColumn.create("what");
            LongColumn bytes = LongColumn.create("bytes");
            Map<String, Long> rows = new LinkedHashMap<>();
            rows.put("frozen weights, mapped", weights());
            rows.put("trained numbers", NUMBER * trained());
            rows.put("their gradients", NUMBER * trained());
            rows.put("their two moments", 2 * NUMBER * trained());
            rows.put("their last good copy", NUMBER * trained());
            if (starts() > 0) {
                rows.put("where pairs started", starts());
            }
            rows.put("one group on its way", activations);
            rows.put("sum", (long) bytes());
            rows.forEach((name, number) -> {
                what.append(name);
                bytes.append(number);
            });
            return Table.create("memory of " + name(), what, bytes);
        });
    }

    private String name() {
        BatchShape group = groups.get(0).shape();
        return "a step of " + training.batchSize() * training.accumulation() + " texts of " + group.columns()
                + " tokens on " + model.name() + ", layers "
                + (recipe.layers().isEmpty() ? "none" : recipe.everyLayer().mask());
    }

    /** Returns bars of the operations of each layer, forward and backward. */
    @Override
    public Figure chart() {
        List<String> names = new ArrayList<>(
                IntStream.range(0, model.depth()).mapToObj(String::valueOf).toList());
        names.add("head");
        List<CountedStep.Count> counts = new ArrayList<>(layers);
        counts.add(head);
        return Chart.titled("Operations of " + name())
                .horizontal("layer")
                .vertical("billions of operations")
                .bars(
                        "forward",
                        names,
                        billions(counts.stream().map(CountedStep.Count::forward).toList()))
                .bars(
                        "backward",
                        names,
                        billions(
                                counts.stream().map(CountedStep.Count::backward).toList()))
                .note("Bars of the operations of each layer: " + this + ".")
                .figure();
    }

    private static double[] billions(List<Long> flops) {
        return flops.stream().mapToDouble(count -> count / 1e9).toArray();
    }

    @Override
    public Provenance provenance() {
        Provenance provenance = Provenance.of("var cost = Cost.of(" + model.recipe() + ", " + recipe.recipe() + ", "
                        + training.recipe() + ")" + answering.recipe() + ";")
                .with("engine", Torch.version() + ", " + Torch.threads() + " threads")
                .with(
                        "groups",
                        groups.stream().mapToInt(Alike::count).sum() + " of at most "
                                + groups.get(0).shape().examples() + " texts");
        return RunNotes.clamped(training, model)
                .map(provenance::warning)
                .orElse(provenance)
                .finished();
    }

    /** Returns one line, for instance {@code 12.3 billion operations, 45.6 MB allocated}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f billion operations, %.1f MB allocated", flops() / 1e9, allocated() / 1e6);
    }
}
