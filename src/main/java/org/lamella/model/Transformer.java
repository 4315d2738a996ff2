// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.data.Card;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.data.TextLengths;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.Torch;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A frozen transformer, loaded from a folder in Hugging Face layout: its weights are mapped from the file and never
 * change. An adapter is laid over it by {@link #with}, which shares the weights.
 *
 * <p>Computes in single precision on the machine's device. Safe to use from several threads one after another. Native
 * memory is freed by {@link #close}, or when no view of the model is reachable any more.
 */
public final class Transformer implements Listing, AutoCloseable {

    private final Weights weights;
    private final Optional<Overlay> overlay;
    private final int ownMaxTokens;
    private final int maxTokens;

    private Transformer(Weights weights, Optional<Overlay> overlay, int ownMaxTokens) {
        this.weights = weights;
        this.overlay = overlay;
        this.ownMaxTokens = ownMaxTokens;
        this.maxTokens = Math.min(ownMaxTokens, overlay.map(Overlay::maxTokens).orElse(Integer.MAX_VALUE));
    }

    /**
     * Returns the model of a known name (for instance {@code minilm}, fetched by the set-up) or of a folder in Hugging
     * Face layout: config.json, model.safetensors, tokenizer.json.
     *
     * <p>Takes about a second; weights are read from disk when they are first used.
     *
     * @throws IllegalArgumentException when neither a card nor a folder has that name
     * @throws org.lamella.base.FormatException when a file of the folder is not what it should be
     */
    public static Transformer load(String nameOrFolder) {
        if (nameOrFolder.endsWith(".gguf")) {
            throw new IllegalArgumentException(
                    "model must be a known name or a folder in Hugging Face layout; got the GGUF file \"" + nameOrFolder
                            + "\", which this version cannot read");
        }
        if (nameOrFolder.isBlank()) {
            throw new IllegalArgumentException(
                    "model must be a known name or a folder in Hugging Face layout; got \"" + nameOrFolder + "\"");
        }
        boolean path = nameOrFolder.contains("/") || nameOrFolder.contains("\\");
        return path || Files.isDirectory(Path.of(nameOrFolder))
                ? load(Path.of(nameOrFolder))
                : of(Weights.load(nameOrFolder, fetched(Card.model(nameOrFolder))));
    }

    /** Returns the model of a folder in Hugging Face layout: config.json, model.safetensors, tokenizer.json. */
    public static Transformer load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder must hold a model; got " + folder + ", which is no folder");
        }
        return of(
                Weights.load(String.valueOf(folder.toAbsolutePath().normalize().getFileName()), folder));
    }

    private static Path fetched(Card card) {
        card.files().forEach(file -> card.path(file.name()));
        return card.folder();
    }

    private static Transformer of(Weights weights) {
        return new Transformer(weights, Optional.empty(), weights.architecture().limit());
    }

    /** Returns the name the model was loaded by. */
    public String name() {
        return weights.name();
    }

    /** Returns the folder the model was loaded from. */
    public Path folder() {
        return weights.folder();
    }

    /** Returns the expression that makes this model again; of an adapter over it only that there is one. */
    public String recipe() {
        boolean known =
                Card.models().contains(name()) && Card.model(name()).folder().equals(folder());
        String load = known
                ? "Transformer.load(\"" + name() + "\")"
                : "Transformer.load(Path.of(\"" + folder().toString().replace("\\", "\\\\") + "\"))";
        boolean cut = ownMaxTokens < weights.architecture().limit();
        return load + (cut ? ".maxTokens(" + ownMaxTokens + ")" : "") + (overlay.isPresent() ? ".with(adapter)" : "");
    }

    /**
     * Returns the beginning of the provenance of work with this model on a split: engine, model, adapter, data and its
     * hash, where texts are cut, what was done to the task, and the split's warnings.
     *
     * @param lines the lines that make the result again
     */
    public Provenance provenance(Split split, String lines) {
        Provenance provenance = Provenance.of(lines)
                .with("engine", Torch.version() + ", " + Torch.threads() + " threads")
                .with("model", name() + " (" + architecture() + ")")
                .with(
                        "adapter",
                        overlay.map(over -> "on layers " + over.layers().mask()).orElse("none"))
                .with("data", split.task().name() + " " + split.name() + ", hash " + split.hash())
                .with("texts", "cut at " + maxTokens + " tokens, not padded");
        if (!split.task().notes().isEmpty()) {
            provenance =
                    provenance.with("task notes", String.join("; ", split.task().notes()));
        }
        for (String warning : split.warnings()) {
            provenance = provenance.warning(warning);
        }
        return provenance;
    }

    /** Returns the family, as config.json has it, for instance {@code bert}. */
    public String architecture() {
        return weights.architecture().type();
    }

    /** Returns the number of layers. */
    public int depth() {
        return weights.architecture().depth();
    }

    /** Returns the width of the states, D. */
    public int width() {
        return weights.architecture().width();
    }

    /** Returns the set of all layers, from which a recipe picks. */
    public LayerSet layers() {
        return LayerSet.all(depth());
    }

    /** Returns the number of tokens, special ones included, at which texts are cut: the least of this model's own limit, {@link #maxTokens(int)} and the length its adapter was trained with. */
    public int maxTokens() {
        return maxTokens;
    }

    /**
     * Returns this model cutting texts at fewer tokens.
     *
     * @param tokens at least 2, at most what the model takes
     */
    public Transformer maxTokens(int tokens) {
        int limit = weights.architecture().limit();
        if (tokens < 2 || tokens > limit) {
            throw new IllegalArgumentException(
                    "maxTokens must be 2 to " + limit + " for " + name() + "; got " + tokens);
        }
        return new Transformer(weights, overlay, tokens);
    }

    /** Returns the adapter laid over this model, if there is one. */
    public Optional<Overlay> overlay() {
        return overlay;
    }

    /** Returns this model with an adapter laid over it. Nothing is copied; an adapter already there is replaced. */
    public Transformer with(Overlay adapter) {
        weights.requireOpen();
        return new Transformer(weights, Optional.of(adapter.fittedTo(this)), ownMaxTokens);
    }

    /** Returns this model without an adapter. */
    public Transformer base() {
        return new Transformer(weights, Optional.empty(), ownMaxTokens);
    }

    /**
     * Returns this model with its adapter in the weights: one whole model, without an overlay, that answers as this one
     * does up to rounding and runs as fast as the base model. The base model stays as it is, which is how one goes back.
     *
     * <p>Copies the weights that have pairs, in single precision. Shares the others: closing the base model closes it too.
     *
     * @throws IllegalStateException when no adapter is laid over this model
     * @throws IllegalArgumentException when a merged weight is not finite
     */
    public Transformer merged() {
        Overlay adapter = overlay.orElseThrow(() ->
                new IllegalStateException("model must carry an adapter to merge; use model.with(adapter).merged()"));
        return new Transformer(weights.with(adapter), Optional.empty(), ownMaxTokens);
    }

    /**
     * Writes this model whole, its adapter merged into the weights, as Hugging Face has it on disk: config.json with the
     * head's labels, model.safetensors in single precision, the tokenizer's files. Replaced whole or not at all; Python's
     * {@code AutoModelForSequenceClassification.from_pretrained} reads it, and {@link #load(Path)} does.
     *
     * @throws java.io.UncheckedIOException when the disk refuses; what was there before stays whole
     */
    public void save(Path folder) {
        weights.requireOpen();
        ModelFolder.write(overlay.isPresent() ? merged().weights : weights, folder);
    }

    /** Returns the head that answers: the adapter's, else the checkpoint's own. */
    public Optional<Head> head() {
        return overlay.flatMap(Overlay::head).or(weights::head);
    }

    /** Returns the linear modules of a layer in the architecture's order: what can be adapted. */
    public List<LinearModule> linears() {
        return weights.architecture().linears();
    }

    /**
     * Returns what a layer does with a batch while a classifier is trained: the last layer answers for the tokens that the
     * head reads alone.
     *
     * @param dropout whether the base model's own dropout is on
     */
    public Work work(int layer, BatchShape shape, boolean dropout) {
        Architecture architecture = weights.architecture();
        return architecture.work(
                shape, layer == depth() - 1, dropout ? architecture.dropout() : Architecture.Dropout.NONE);
    }

    /**
     * Returns the matrices of a new head.
     *
     * @param outputs how many numbers it gives for a text
     * @param pooler whether the checkpoint's own pooler is trained with it
     */
    public HeadShape headShape(int outputs, boolean pooler) {
        return weights.headShape(outputs, pooler);
    }

    /** Returns the modules that are adapted when nobody says which, as PEFT has them for this family. */
    public List<String> defaultTargets() {
        return weights.architecture().defaultTargets();
    }

    /** Returns the full path of a linear module in a model with a head, for instance {@code bert.encoder.layer.0.output.dense}. */
    public String modulePath(int layer, LinearModule module) {
        return weights.architecture().prefix() + weights.architecture().path(layer) + "." + module.name();
    }

    /** Returns what stands between the states and the head, by full name in a checkpoint; empty for families without. */
    public List<String> pooler() {
        return weights.architecture().pooler().stream()
                .map(Architecture.Weight::name)
                .toList();
    }

    /** Returns the frozen bias of a linear module, (outputs); it is not the caller's to change or to close. */
    public Tensor bias(int layer, LinearModule module) {
        weights.requireOpen();
        return weights.named(layer, module.name() + ".bias");
    }

    /** Returns the frozen weight of a linear module, (outputs, inputs); it is not the caller's to change or to close. */
    public Tensor weight(int layer, LinearModule module) {
        weights.requireOpen();
        return weights.named(layer, module.name() + ".weight");
    }

    /** Returns the forward pass in pieces, without dropout and without the adapter unless it is handed in. */
    public Pass pass() {
        weights.requireOpen();
        return Pass.still(weights);
    }

    /** Returns a split as this model takes it: tokens, cut at {@link #maxTokens()}, in batches. */
    public Batches batches(Split split) {
        return Batches.of(split, weights.tokenizer(), maxTokens);
    }

    /** Returns how long texts are for this model, for {@code task.summary(model.lengths())}. */
    public TextLengths lengths() {
        return new TokenLengths(weights.tokenizer(), maxTokens);
    }

    /**
     * Streams the states of a split through a reader, batch by batch, examples sorted by length. With an adapter laid
     * over, these are the adapted states.
     *
     * @return how many examples were read: all, or fewer when the person asked to stop
     */
    public int read(Split split, Position position, StateReader reader) {
        Batches batches = batches(split);
        Pass pass = pass();
        int done = 0;
        try (Progress progress = Progress.start("reading states", split.size(), "examples")) {
            for (int[] examples : batches.byLength()) {
                try (Scope step = Scope.open()) {
                    reader.read(examples, states(pass, batches.of(examples, step), position, step), step);
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return done;
    }

    private List<Tensor> states(Pass pass, Batch batch, Position position, Scope owner) {
        List<Tensor> read = new ArrayList<>(depth() + 1);
        Tensor state = pass.embed(batch, owner);
        read.add(pass.read(state, batch, position, owner));
        for (int layer = 0; layer < depth() - 1; layer++) {
            Tensor before = state;
            state = pass.layer(layer, before, batch, overlay, owner);
            before.close();
            read.add(pass.read(state, batch, position, owner));
        }
        read.add(pass.layerAt(position, depth() - 1, state, batch, overlay, owner));
        state.close();
        return read;
    }

    /**
     * Returns the state of every example after every layer, read at a position.
     *
     * <p>Keeps examples x (depth + 1) x width numbers on the Java heap: for looking at some, not for a whole training set.
     *
     * @throws IllegalStateException when it was stopped before all examples were read
     */
    public Representations representations(Split split, Position position) {
        double[][] values = new double[depth() + 1][split.size() * width()];
        int done = read(split, position, (examples, states, scope) -> {
            for (int l = 0; l < states.size(); l++) {
                float[] rows = states.get(l).floats();
                for (int b = 0; b < examples.length; b++) {
                    for (int d = 0; d < width(); d++) {
                        values[l][examples[b] * width() + d] = rows[b * width() + d];
                    }
                }
            }
        });
        if (done < split.size()) {
            throw new IllegalStateException("reading was stopped after " + done + " of " + split.size() + " examples");
        }
        return new Representations(Arrays.stream(values)
                .map(layer -> Matrix.of(split.size(), width(), layer))
                .toList());
    }

    /** Returns how a text is cut into tokens: position, id and token, special ones included. */
    public Listing tokens(String text) {
        Tokens tokens = weights.tokenizer()
                .encode(List.of(Example.of(text, -1)), maxTokens)
                .get(0);
        return () -> {
            IntColumn position = IntColumn.create("position");
            IntColumn id = IntColumn.create("id");
            StringColumn token = StringColumn.create("token");
            for (int t = 0; t < tokens.length(); t++) {
                position.append(t);
                id.append((int) tokens.id(t));
                token.append(tokens.text(t));
            }
            return Table.create("tokens" + tokens.cutClause(), position, id, token);
        };
    }

    /** Returns what the model says of one text. Needs a head: one that was trained, or the checkpoint's own. */
    public Prediction predict(String text) {
        return predict(List.of(text));
    }

    /** Returns what the model says of a pair of texts. */
    public Prediction predict(String text, String pair) {
        return predict(List.of(text, pair));
    }

    private Prediction predict(List<String> texts) {
        Head head = requireHead();
        List<Tokens> tokens = weights.tokenizer().encode(List.of(new Example(texts, -1, Double.NaN)), maxTokens);
        int cut = tokens.get(0).uncut() - tokens.get(0).length();
        try (Scope step = Scope.open()) {
            Batch batch = Batch.of(new int[] {0}, tokens, step);
            double[] logits = doubles(pass().answer(batch, overlay, head, step).floats());
            if (head.regression()) {
                return new Prediction("", List.of(), List.of(logits[0]), cut);
            }
            double largest = Arrays.stream(logits).max().orElseThrow();
            double sum = Arrays.stream(logits).map(z -> Math.exp(z - largest)).sum();
            List<Double> probabilities = Arrays.stream(logits)
                    .mapToObj(z -> Math.exp(z - largest) / sum)
                    .toList();
            int best = IntStream.range(0, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
            return new Prediction(head.labels().get(best), head.labels(), probabilities, cut);
        }
    }

    /**
     * Returns what the model says of every example of a split.
     *
     * @throws IllegalArgumentException when the head's labels are not the task's
     */
    public Predictions predict(Split split) {
        Head head = answering(split.task());
        Batches batches = batches(split);
        Pass pass = pass();
        AnswerSheet sheet = AnswerSheet.of(batches, head.outputs());
        int done = 0;
        try (Progress progress = Progress.start("predicting", split.size(), "examples")) {
            for (int[] examples : batches.byLength()) {
                try (Scope step = Scope.open()) {
                    sheet.write(
                            examples,
                            pass.answer(batches.of(examples, step), overlay, head, step)
                                    .floats());
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return sheet.predictions();
    }

    /**
     * Returns the head that answers, once it is known to answer with the task's labels, in their order.
     *
     * @throws IllegalStateException when there is no head yet
     * @throws IllegalArgumentException when the head's labels are not the task's
     */
    public Head answering(Task task) {
        Head head = requireHead();
        requireSameAnswers(head, task);
        return head;
    }

    private Head requireHead() {
        return head().orElseThrow(() -> new IllegalStateException("model \"" + name()
                + "\" has no head yet; train one with Lora.on(layers).train(...) or Lora.headOnly().train(...)"));
    }

    private void requireSameAnswers(Head head, Task task) {
        boolean regression = task.kind() == Task.Kind.REGRESSION;
        boolean same = head.labels().equals(task.labels())
                || head.unnamed() && head.outputs() == task.labels().size();
        if (head.regression() != regression || !(regression || same)) {
            throw new IllegalArgumentException("head must answer with "
                    + (regression
                            ? "a number for " + task.name() + ", a regression"
                            : "the labels of " + task.name() + ", " + task.labels())
                    + "; got " + (head.regression() ? "a number" : head.labels()));
        }
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** Returns one row a part of the model: modules, shapes, parameters, dtype in the file, bytes. */
    public Listing summary() {
        return new ModelSummary(weights, overlay);
    }

    /** Returns the summary: what a cell that ends in a model shows. */
    @Override
    public Table table() {
        return summary().table();
    }

    Weights weights() {
        return weights;
    }

    /** Frees the weights at once. Every view that shares them is closed with it; closing twice is harmless. */
    @Override
    public void close() {
        weights.close();
    }

    @Override
    public String toString() {
        return name() + ": " + architecture() + ", " + depth() + " layers x " + width()
                + overlay.map(o -> ", adapter on " + o.layers()).orElse("");
    }
}
