// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lamella.base.Choice;
import org.lamella.base.Importance;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Sample;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A trained adapter: low-rank pairs on some layers and the head that was trained with them (Hu et al. 2022,
 * arXiv 2106.09685). On disk it is a stock PEFT folder.
 *
 * <p>Lay it over its model with {@link Transformer#with}. Native memory is freed when nothing reaches the adapter any
 * more, or by {@link #close}; adapters made by {@link #keeping} share it.
 */
public final class Adapter implements Overlay, Listing, AutoCloseable {

    /** Owns the tensors of an adapter and of all that was cut from it. */
    static final class Owner {
        private final Scope scope = Scope.heldBy(this);
        private final Tensor nothing = scope.floats(new float[0], 0);
        private volatile boolean closed;

        Scope scope() {
            return scope;
        }

        /** Stands for the pair of a module that has none. */
        Tensor nothing() {
            return nothing;
        }

        void requireOpen() {
            if (closed) {
                throw new IllegalStateException("adapter is closed; load it or train it again");
            }
        }

        void close() {
            closed = true;
            scope.close();
        }
    }

    private final Owner owner;
    private final TreeMap<Integer, Map<String, Pair>> pairs;
    private final Whole whole;
    private final Optional<Head> head;
    private final Origin origin;
    private final int depth;
    private final Place place;
    private final List<List<Tensor>> flat;
    private final Optional<Adapter> tower;

    /** Makes an adapter; one that has not met its model has depth 0 when its file does not say. */
    Adapter(
            Owner owner,
            Map<Integer, Map<String, Pair>> pairs,
            Optional<Head> head,
            Origin origin,
            int depth,
            Place place) {
        this(owner, pairs, Whole.NONE, head, origin, depth, place, List.of(), Optional.empty());
    }

    private Adapter(
            Owner owner,
            Map<Integer, Map<String, Pair>> pairs,
            Whole whole,
            Optional<Head> head,
            Origin origin,
            int depth,
            Place place,
            List<List<Tensor>> flat,
            Optional<Adapter> tower) {
        this.owner = owner;
        this.pairs = new TreeMap<>(pairs);
        this.whole = whole;
        this.head = head;
        this.origin = origin;
        this.depth = depth;
        this.place = place;
        this.flat = flat;
        this.tower = tower;
    }

    /**
     * Returns the adapter of a PEFT folder: adapter_config.json and adapter_model.safetensors. The pairs are those of the
     * tensors, with the configuration's scales; where PEFT would read the configuration otherwise and drop or add pairs,
     * {@link AdapterDoctor#inspect(Path)} says so.
     *
     * @throws org.lamella.base.FormatException when it is not one, or of another method than LoRA
     */
    public static Adapter load(Path folder) {
        return PeftReader.read(folder);
    }

    /**
     * Writes a stock PEFT folder, replaced whole or not at all: Python's {@code PeftModel.from_pretrained} reads it. An
     * adapter without a pair is written with one pair whose up projection is zero, since PEFT takes an empty list of
     * layers for all of them. Gemma 2 caps its attention's scores here and in Python with
     * {@code attn_implementation="eager"} only: without it Python's answers differ.
     *
     * @throws java.io.UncheckedIOException when the disk refuses; what was there before stays whole
     */
    public void save(Path folder) {
        owner.requireOpen();
        if ("everything".equals(origin.settings().get("method"))) {
            throw new IllegalStateException(
                    "adapter must be pairs and a head to be saved; got all weights of a model, which"
                            + " run.model().merged().save(folder) writes");
        }
        PeftWriter.write(this, folder);
    }

    /** Returns whether pairs have a start of their own, which a saved folder holds as a second half of each. */
    boolean startsElsewhere() {
        return everyPair().anyMatch(pair -> pair.start().isPresent());
    }

    // a PEFT folder of exact PiSSA does not hold where its pairs started: the base model's weights say it
    private Map<String, Pair> started(Transformer model, int layer, Map<String, Pair> modules) {
        Map<String, Pair> row = new LinkedHashMap<>();
        for (LinearModule module : model.linears()) {
            Pair pair = modules.get(module.name());
            if (pair != null) {
                row.put(module.name(), pair.withStart(() -> model.weight(layer, module), owner.scope()));
            }
        }
        return row;
    }

    @Override
    public Adapter fittedTo(Transformer model) {
        owner.requireOpen();
        List<LinearModule> linears = model.linears();
        pairs.forEach((layer, modules) -> modules.forEach((name, pair) -> requireFits(model, layer, name, pair)));
        Optional<Head> fitted = head.map(own -> own.fittedTo(model));
        if (depth != 0 && depth != model.depth()) {
            throw new IllegalArgumentException("adapter must belong to a model of depth " + depth + "; got "
                    + model.name() + " of depth " + model.depth());
        }
        Tensor nothing = owner.nothing();
        List<List<Tensor>> laidOut = new ArrayList<>();
        TreeMap<Integer, Map<String, Pair>> begun = new TreeMap<>();
        pairs.forEach((layer, modules) -> begun.put(layer, started(model, layer, modules)));
        for (int layer = 0; layer < model.depth(); layer++) {
            Map<String, Pair> modules = begun.getOrDefault(layer, Map.of());
            List<Tensor> row = new ArrayList<>();
            for (LinearModule linear : modules.isEmpty() ? List.<LinearModule>of() : linears) {
                Pair pair = modules.get(linear.name());
                row.addAll(pair == null ? Overlay.noPair(nothing) : pair.operands(nothing));
            }
            laidOut.add(List.copyOf(row));
        }
        return new Adapter(
                owner,
                begun,
                whole.fittedTo(model),
                fitted,
                origin,
                model.depth(),
                place.in(model),
                List.copyOf(laidOut),
                tower.map(eyes -> eyes.fittedTo(seeing(model))));
    }

    private Transformer seeing(Transformer model) {
        if (!model.seesInPrompts()) {
            throw new IllegalArgumentException(
                    "adapter must fit " + model.name() + ", which has no vision tower; got pairs on one" + madeFor());
        }
        return model.tower();
    }

    // said where an adapter does not fit: most likely it is another model's
    private String madeFor() {
        return origin.model().isEmpty() ? "" : "; the adapter was made for " + origin.model();
    }

    private void requireFits(Transformer model, int layer, String name, Pair pair) {
        LinearModule linear = model.linears().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("adapter must fit " + model.name() + ", which has "
                        + model.linears().stream().map(LinearModule::name).toList() + "; got a pair on \"" + name
                        + "\"" + madeFor()));
        if (layer >= model.depth()) {
            throw new IllegalArgumentException("adapter must fit " + model.name() + " with layers 0 to "
                    + (model.depth() - 1) + "; got a pair on layer " + layer + madeFor());
        }
        if (pair.down().size(1) != linear.inputs() || pair.up().size(0) != linear.outputs()) {
            throw new IllegalArgumentException(
                    "adapter must fit " + model.name() + ", whose " + name + " in layer " + layer + " is ("
                            + linear.outputs() + ", " + linear.inputs() + "); got a pair for ("
                            + pair.up().size(0) + ", "
                            + pair.down().size(1) + ")" + madeFor());
        }
    }

    /** Returns the layers with pairs. Before the adapter met its model the depth is one more than its highest layer. */
    @Override
    public LayerSet layers() {
        int known = depth != 0 ? depth : pairs.isEmpty() ? 1 : pairs.lastKey() + 1;
        LayerSet layers = LayerSet.where(known, pairs::containsKey);
        for (Sample sample : origin.pickedOn()) {
            layers = layers.pickedOn(sample);
        }
        for (Importance scores : origin.pickedBy()) {
            layers = layers.pickedBy(scores);
        }
        return layers;
    }

    @Override
    public String recipe() {
        return origin.recipe();
    }

    @Override
    public List<Tensor> pairs(int layer) {
        owner.requireOpen();
        if (flat.isEmpty()) {
            throw new IllegalStateException("adapter must be laid over its model first; use model.with(adapter)");
        }
        return flat.get(layer);
    }

    @Override
    public Map<String, Tensor> replaced() {
        owner.requireOpen();
        whole.requireLaid();
        return whole.laid();
    }

    @Override
    public Optional<Tensor> words() {
        owner.requireOpen();
        whole.requireLaid();
        return whole.outer().words();
    }

    @Override
    public List<String> beforeLayers() {
        return whole.beforeLayers();
    }

    @Override
    public Optional<Head> head() {
        return head;
    }

    @Override
    public int maxTokens() {
        return origin.maxTokens();
    }

    @Override
    public long parameters() {
        long low = everyPair().mapToLong(Pair::parameters).sum();
        return low
                + whole.parameters()
                + head.map(h -> h.parameters().values().stream()
                                .mapToLong(Tensor::elements)
                                .sum())
                        .orElse(0L);
    }

    @Override
    public Map<String, String> settings() {
        return origin.settings();
    }

    @Override
    public double seconds() {
        return origin.seconds();
    }

    @Override
    public List<Sample> pickedOn() {
        return origin.pickedOn();
    }

    @Override
    public List<Sample> trainedOn() {
        return origin.trainedOn();
    }

    /**
     * Returns this adapter without its pairs at and above a boundary; the head stays. A pair on a table before the layers
     * stays from boundary 1 on; one on the matrix of words after them at the depth alone. Nothing is copied or trained.
     *
     * @param boundary the number of layers kept, 0 (none) to depth (all)
     * @throws IllegalStateException when there is a pair on the matrix of words, and the depth is not known yet
     */
    public Adapter keeping(int boundary) {
        if (boundary < 0 || (depth != 0 && boundary > depth)) {
            throw new IllegalArgumentException(
                    "boundary must be 0 to " + (depth == 0 ? "the model's depth" : depth) + "; got " + boundary);
        }
        if (depth == 0 && boundary > 0 && whole.outer().after().isPresent()) {
            throw new IllegalStateException("adapter must meet its model before it is cut, since its pair on "
                    + whole.outer().after().get() + " counts as the layer after the last; use adapter.fittedTo(model)");
        }
        return keeping(layer -> layer < boundary, boundary > 0, boundary == depth, ".keeping(" + boundary + ")");
    }

    /** Returns this adapter cut at a boundary that was picked; a measurement on the same sample will warn. */
    public Adapter keeping(Choice boundary) {
        return keeping(boundary.value()).pickedOn(boundary);
    }

    /** Returns this adapter with the note that somebody chose by looking at a sample: measuring on the same will warn. */
    public Adapter pickedOn(Choice choice) {
        Origin noted = origin.alsoPickedOn(choice.pickedOn()).then(".pickedOn(" + choice.recipe() + ")");
        return new Adapter(owner, pairs, whole, head, noted, depth, place, flat, tower);
    }

    /**
     * Returns this adapter with its pairs, and what it brings whole, on the given layers only; the head stays, and so does
     * what lies before the layers, unless none is kept. A pair on the matrix of words after them stays with the last.
     */
    @Override
    public Adapter keeping(LayerSet layers) {
        if (depth != 0 && layers.depth() != depth) {
            throw new IllegalArgumentException("layers must belong to a model of depth " + depth + "; got " + layers);
        }
        return keeping(
                layers::contains,
                !layers.isEmpty(),
                layers.contains(layers.depth() - 1),
                ".keeping(LayerSet.parse(\"" + layers.mask() + "\"))");
    }

    private Adapter keeping(IntPredicate wanted, boolean some, boolean last, String call) {
        TreeMap<Integer, Map<String, Pair>> kept = new TreeMap<>(pairs);
        kept.keySet().removeIf(layer -> !wanted.test(layer));
        List<List<Tensor>> row = new ArrayList<>();
        for (int layer = 0; layer < flat.size(); layer++) {
            row.add(wanted.test(layer) ? flat.get(layer) : List.of());
        }
        // what lies before the layers, a projector and a tower, too, counts as the first of them
        Whole left = some ? whole.keeping(wanted, last) : Whole.NONE;
        Optional<Adapter> seen = some ? tower : Optional.empty();
        Adapter cut = new Adapter(owner, kept, left, head, origin, depth, place, List.copyOf(row), seen);
        return new Adapter(
                owner,
                kept,
                left,
                head,
                origin.with("kept layers", cut.layers().mask()).then(call),
                depth,
                place,
                cut.flat,
                seen);
    }

    /**
     * Returns this adapter with the change that its pairs make of the frozen weights multiplied by a factor: its alpha is
     * that much as large. The head stays. Nothing is trained.
     *
     * @param factor for instance 0.5; above 0
     * @throws IllegalStateException for adapters with more than pairs: lengths (DoRA) or trained biases
     */
    public Adapter scaled(double factor) {
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "factor must be above 0; got " + factor + "; keeping(0) takes all pairs off");
        }
        if (!changesByPairsAlone()) {
            throw new IllegalStateException("adapter must change weights by its pairs alone to be scaled; got "
                    + (whole.isEmpty() ? "pairs with lengths or biases" : "weights that it replaces whole"));
        }
        TreeMap<Integer, Map<String, Pair>> scaled = new TreeMap<>();
        pairs.forEach((layer, modules) -> {
            Map<String, Pair> row = new LinkedHashMap<>();
            modules.forEach((module, pair) -> row.put(module, pair.scaled(factor, owner.scope())));
            scaled.put(layer, row);
        });
        Origin other = origin.with("scaled", String.valueOf(factor)).then(".scaled(" + factor + ")");
        Optional<Adapter> seen = tower.map(eyes -> eyes.scaled(factor));
        return new Adapter(owner, scaled, whole, head, other, depth, place, List.of(), seen);
    }

    /**
     * Returns whether it is made of pairs on layers and a head alone, without lengths (DoRA), trained biases or whole
     * weights.
     */
    public boolean changesByPairsAlone() {
        return whole.isEmpty()
                && everyPair()
                        .noneMatch(pair ->
                                pair.magnitude().isPresent() || pair.bias().isPresent());
    }

    /** Returns how large the change is that each pair makes of its frozen weight. */
    public ChangeNorms norms() {
        owner.requireOpen();
        return ChangeNorms.of(pairs);
    }

    /** Returns this adapter whose head answers with these labels: for one trained elsewhere, which knows only numbers. */
    public Adapter labels(List<String> names) {
        Head own = head.orElseThrow(() -> new IllegalStateException("adapter has no head to name labels of"));
        if (own.regression() || names.size() != own.outputs()) {
            throw new IllegalArgumentException("labels must be " + (own.regression() ? 0 : own.outputs()) + "; got "
                    + names.size() + ": " + names);
        }
        String call = ".labels(List.of("
                + names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")) + "))";
        return new Adapter(
                owner,
                pairs,
                whole,
                Optional.of(Head.of(names, own.parameters())),
                origin.then(call),
                depth,
                place,
                flat,
                tower);
    }

    /** Returns one row a pair, and one a tensor of what is trained whole (head, modules, biases): layer, module, rank, alpha, scale, parameters, and the importance
     * of its layer where scores picked the layers. */
    @Override
    public Table table() {
        IntColumn layer = IntColumn.create("layer");
        StringColumn module = StringColumn.create("module");
        IntColumn rank = IntColumn.create("rank");
        DoubleColumn alpha = DoubleColumn.create("alpha");
        DoubleColumn scale = DoubleColumn.create("scale");
        LongColumn parameters = LongColumn.create("parameters");
        pairs.forEach((index, modules) -> modules.forEach((name, pair) -> {
            layer.append(index);
            module.append(name);
            rank.append(pair.rank());
            alpha.append(pair.alpha());
            scale.append(pair.factor());
            parameters.append(pair.parameters());
        }));
        tower.ifPresent(eyes -> eyes.pairs.forEach((index, modules) -> modules.forEach((name, pair) -> {
            layer.appendMissing();
            module.append(eyes.place.path(index, name));
            rank.append(pair.rank());
            alpha.append(pair.alpha());
            scale.append(pair.factor());
            parameters.append(pair.parameters());
        })));
        for (OuterPair outer : whole.outer().pairs()) {
            layer.appendMissing();
            module.append(outer.path());
            rank.append(outer.pair().rank());
            alpha.append(outer.pair().alpha());
            scale.append(outer.pair().factor());
            parameters.append(outer.pair().parameters());
        }
        Map<String, Tensor> others = new LinkedHashMap<>(whole.saved());
        head.ifPresent(own -> others.putAll(own.parameters()));
        others.forEach((name, tensor) -> {
            layer.appendMissing();
            module.append(name);
            rank.appendMissing();
            alpha.appendMissing();
            scale.appendMissing();
            parameters.append(tensor.elements());
        });
        Table table = Table.create("adapter", layer, module, rank, alpha, scale, parameters);
        importances(layer).forEach(column -> table.addColumns(column));
        return table;
    }

    // what each row's layer was worth to whoever picked the layers
    private List<DoubleColumn> importances(IntColumn layer) {
        List<DoubleColumn> columns = new ArrayList<>();
        for (Importance scores : origin.pickedBy()) {
            String which = columns.isEmpty() ? "" : " (" + (columns.size() + 1) + ")";
            DoubleColumn column = DoubleColumn.create("importance by " + scores.measure() + which);
            for (int row = 0; row < layer.size(); row++) {
                boolean known = !layer.isMissing(row)
                        && layer.get(row) < scores.values().size();
                column.append(known ? scores.values().get(layer.get(row)) : Double.NaN);
            }
            columns.add(column);
        }
        return columns;
    }

    /** Returns what is laid over the vision tower of a model that sees; a boundary of at least 1 leaves it as it is. */
    @Override
    public Optional<Adapter> tower() {
        return tower;
    }

    /** Returns this adapter with another over the vision tower, which shares its owner. */
    Adapter tower(Optional<Adapter> eyes) {
        return new Adapter(owner, pairs, whole, head, origin, depth, place, flat, eyes);
    }

    /** Returns the pairs of the layers, then those of the tower. */
    Stream<Pair> everyPair() {
        return Stream.concat(
                pairs.values().stream().flatMap(modules -> modules.values().stream()),
                tower.stream().flatMap(Adapter::everyPair));
    }

    Map<Integer, Map<String, Pair>> pairs() {
        return Collections.unmodifiableMap(pairs);
    }

    Origin origin() {
        return origin;
    }

    Owner owner() {
        return owner;
    }

    int depth() {
        return depth;
    }

    Place place() {
        return place;
    }

    Adapter origin(Origin other) {
        return new Adapter(owner, pairs, whole, head, other, depth, place, flat, tower);
    }

    /** Returns this adapter with weights of the encoder that it brings whole. */
    Adapter whole(Whole weights) {
        return new Adapter(owner, pairs, weights, head, origin, depth, place, flat, tower);
    }

    Whole whole() {
        return whole;
    }

    /** Frees the tensors at once, also those of adapters cut from this one. Closing twice is harmless. */
    @Override
    public void close() {
        owner.close();
    }

    @Override
    public String toString() {
        return "Adapter on " + layers()
                + tower.map(eyes -> " and on " + eyes.layers() + " of the tower")
                        .orElse("")
                + (whole.outer().isEmpty() ? "" : " and on " + whole.outer().pairs()) + ", " + parameters()
                + " parameters"
                + head.map(h -> h.regression() ? " with a regression head" : " with a head for " + h.labels())
                        .orElse("");
    }
}
