// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.picture.Picture;
import org.lamella.data.Card;
import org.lamella.data.Example;
import org.lamella.data.Source;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.data.TextLengths;
import org.lamella.tensor.DType;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.Table;

/**
 * A frozen transformer, loaded from a folder in Hugging Face layout or from a GGUF file: its weights are mapped from the
 * file, where their form allows, and never change. An adapter is laid over it by {@link #with}, which shares the weights.
 *
 * <p>Computes in single precision on the machine's device. Safe to use from several threads one after another. Native
 * memory is freed by {@link #close}, or when no view of the model is reachable any more.
 */
public final class Transformer implements Listing, AutoCloseable {

    private final Weights weights;
    private final Optional<Overlay> overlay;
    private final Optional<Chooser> chooser;
    private final int ownMaxTokens;
    private final int maxTokens;

    private Transformer(Weights weights, Optional<Overlay> overlay, int ownMaxTokens) {
        this(weights, overlay, Optional.empty(), ownMaxTokens);
    }

    private Transformer(Weights weights, Optional<Overlay> overlay, Optional<Chooser> chooser, int ownMaxTokens) {
        this.weights = weights;
        this.overlay = overlay;
        this.chooser = chooser;
        this.ownMaxTokens = ownMaxTokens;
        this.maxTokens = Math.min(ownMaxTokens, overlay.map(Overlay::maxTokens).orElse(Integer.MAX_VALUE));
    }

    /**
     * Returns the model of a known name (for instance {@code minilm}, fetched by the set-up), of a folder in Hugging Face
     * layout (config.json, model.safetensors, tokenizer.json) or of a GGUF file, whose quantised weights are turned into
     * single precision.
     *
     * <p>Takes about a second; weights are read from disk when they are first used.
     *
     * @throws IllegalArgumentException when neither a card nor a folder nor a file has that name
     * @throws org.lamella.base.FormatException when a file of the folder is not what it should be
     */
    public static Transformer load(String nameOrFolder) {
        return at(ModelPlace.of(nameOrFolder), DType.F32);
    }

    /**
     * Returns the model of a name, folder or file computing in another type of number, as {@link #dtype} has it, without
     * reading it in single precision first: a checkpoint in bfloat16 stays mapped from its file and takes no memory of
     * its own.
     *
     * @param dtype {@link DType#F32} or {@link DType#BF16}
     */
    public static Transformer load(String nameOrFolder, DType dtype) {
        return at(ModelPlace.of(nameOrFolder), dtype);
    }

    /** Returns the model of a folder or a GGUF file computing in another type of number. */
    public static Transformer load(Path folder, DType dtype) {
        return at(ModelPlace.of(folder), dtype);
    }

    /**
     * Returns the model of a folder in Hugging Face layout (config.json, model.safetensors, tokenizer.json) or of a GGUF
     * file.
     */
    public static Transformer load(Path folder) {
        return at(ModelPlace.of(folder), DType.F32);
    }

    static Transformer of(Weights weights) {
        return new Transformer(weights, Optional.empty(), weights.architecture().limit());
    }

    private static Transformer at(ModelPlace place, DType dtype) {
        requireKnown(dtype);
        Weights weights = Weights.load(place.name(), ModelSource.of(place.folder()), dtype);
        try {
            requireWriting(weights, dtype);
        } catch (IllegalArgumentException e) {
            weights.close();
            throw e;
        }
        return new Transformer(weights, Optional.empty(), weights.architecture().limit());
    }

    private static void requireKnown(DType dtype) {
        if (dtype != DType.F32 && dtype != DType.BF16) {
            throw new IllegalArgumentException("dtype must be F32 or BF16; got " + dtype);
        }
    }

    private static void requireWriting(Weights weights, DType dtype) {
        if (dtype == DType.BF16 && weights.language().isEmpty()) {
            throw new IllegalArgumentException(
                    "dtype must be F32 for " + weights.name() + ", which does not write; got " + dtype);
        }
    }

    /** Returns the name the model was loaded by. */
    public String name() {
        return weights.name();
    }

    /** Returns the folder, or the GGUF file, that the model was loaded from. */
    public Path folder() {
        return weights.folder();
    }

    /** Returns the id on Hugging Face's hub of a model that was loaded by a known name; empty for a folder of one's own. */
    public Optional<String> hubId() {
        return new ModelPlace(name(), folder()).card().flatMap(Card::hubId);
    }

    /** Returns the expression that makes this model again, with the adapter over it if there is one. */
    public String recipe() {
        boolean cut = ownMaxTokens < weights.architecture().limit();
        return weights.source().recipe().orElseGet(() -> new ModelPlace(name(), folder()).recipe())
                + weights.cast().map(dtype -> ".dtype(DType." + dtype + ")").orElse("")
                + (cut ? ".maxTokens(" + ownMaxTokens + ")" : "")
                + overlay.map(over -> ".with(" + over.recipe() + ")").orElse("")
                + chooser.map(Chooser::recipe).orElse("");
    }

    /**
     * Returns the beginning of the provenance of work with this model on a split: engine, model, the adapter if there is one, data
     * and its hash, where texts are cut, what was done to the task, and the split's warnings.
     *
     * @param lines the lines that make the result again
     */
    public Provenance provenance(Split split, String lines) {
        return Origin.of(this, split, lines);
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

    /** Returns whether the model takes pictures, alone or in its prompts. */
    public boolean sees() {
        Architecture architecture = weights.architecture();
        return architecture.sees().isPresent() || architecture.vision().isPresent();
    }

    /** Returns whether the model takes pictures in its prompts: it has a vision tower beside its language. */
    public boolean seesInPrompts() {
        return weights.architecture().vision().isPresent();
    }

    /** Returns how many layers of the tower are computed: those below the states that the projector reads. */
    public int towerLayers() {
        return weights.sight().vision().height();
    }

    /** Returns the projector's weights between tower and language by their full name; none without a tower. */
    public List<String> projector() {
        return weights.eyes().map(eyes -> List.copyOf(eyes.named().keySet())).orElse(List.of());
    }

    /**
     * Returns the vision tower of a model that has one beside its language, with what an adapter lays over it: a model with
     * layers of its own, which reads the pictures of a split. Shares the weights; closing either closes both.
     *
     * @throws IllegalStateException when the model has no tower
     */
    public Transformer tower() {
        Weights tower = weights.sight().tower();
        return new Transformer(
                tower, overlay.flatMap(Overlay::tower), tower.architecture().limit());
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
        return new Transformer(weights, overlay, chooser, tokens);
    }

    /** Returns the adapter laid over this model, if there is one. */
    public Optional<Overlay> overlay() {
        return overlay;
    }

    /** Returns this model with an adapter laid over it. Nothing is copied; an adapter already there is replaced. */
    public Transformer with(Overlay adapter) {
        weights.requireOpen();
        return new Transformer(weights, Optional.of(adapter.fittedTo(this)), chooser, ownMaxTokens);
    }

    /** Returns this model without an adapter. */
    public Transformer base() {
        return new Transformer(weights, Optional.empty(), ownMaxTokens);
    }

    /**
     * Returns this model computing in another type of number: bfloat16 takes half of the memory and, on processors with
     * AMX or AVX-512, less time. Norms and softmax stay in single precision, as in Hugging Face, and so do adapters.
     *
     * <p>Copies all frozen weights; the file stays mapped. {@link #load(String, DType)} reads a file in that type at once.
     *
     * @param dtype {@link DType#F32} or {@link DType#BF16}
     * @throws IllegalArgumentException for other types, and for models that do not write: an encoder's head reads single
     *     precision
     */
    public Transformer dtype(DType dtype) {
        requireKnown(dtype);
        requireWriting(weights, dtype);
        Transformer bare = new Transformer(weights.in(dtype), Optional.empty(), ownMaxTokens);
        return overlay.map(bare::with).orElse(bare);
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

    /** Returns whether the model can write: it is a decoder whose checkpoint has the matrix of words. */
    public boolean writes() {
        return !weights.language().isEmpty();
    }

    /**
     * Returns this model answering with one of some labels instead of writing: it reads the logits of the token that each
     * label begins with, where the answer would stand, and their softmax. Nothing is trained for it. So a task with labels is
     * measured on a model that writes, by one pass an example: {@code model.choosing(task.labels(), " ")}.
     *
     * @param labels in the task's order
     * @param before what stands between prompt and label, mostly a blank
     * @throws IllegalArgumentException when two labels begin with the same token, or the model does not write
     */
    public Transformer choosing(List<String> labels, String before) {
        Answers.requireWriting(this, " to choose");
        return new Transformer(weights, overlay, Optional.of(Chooser.of(this, labels, before)), ownMaxTokens);
    }

    /** Returns the head that answers: what chooses among labels, else the adapter's, else the checkpoint's own. */
    public Optional<Head> head() {
        if (chooser.isPresent()) {
            Tensor matrix = overlay.flatMap(Overlay::words).orElseGet(this::words);
            return chooser.map(choosing -> choosing.head(weights, matrix));
        }
        return overlay.flatMap(Overlay::head).or(weights::head);
    }

    /** Returns the linear modules of a layer in the architecture's order: what can be adapted. */
    public List<LinearModule> linears() {
        return weights.architecture().linears();
    }

    /**
     * Returns what a layer does with a batch while it is trained: the last layer answers for the tokens that the head reads
     * alone.
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

    /**
     * Returns the matrix of words, which nothing trains; see {@link #writes()}.
     *
     * @throws IllegalStateException for models that do not write
     */
    public HeadShape wordsShape() {
        return weights.wordsShape();
    }

    /**
     * Returns the frozen matrix of words, (V, D): the table of embeddings where the two are tied. It is not the caller's to
     * change or to close.
     *
     * @throws IllegalStateException for models that do not write
     */
    public Tensor words() {
        weights.requireOpen();
        return weights.words();
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

    /**
     * Returns the frozen weights of embedding, layers and pooler by their full name in a checkpoint with a head; they are
     * not the caller's to change or to close.
     */
    public Map<String, Tensor> frozen() {
        weights.requireOpen();
        return weights.frozen();
    }

    /** Returns whether a linear module has a bias. */
    public boolean biased(LinearModule module) {
        return weights.architecture().layer().stream()
                .anyMatch(weight -> weight.name().equals(module.name() + ".bias"));
    }

    /** Returns the frozen bias of a linear module that has one, (outputs); it is not the caller's to change or to close. */
    public Tensor bias(int layer, LinearModule module) {
        weights.requireOpen();
        return weights.named(layer, module.name() + ".bias");
    }

    /** Returns the frozen weight of a linear module, (outputs, inputs); it is not the caller's to change or to close. */
    public Tensor weight(int layer, LinearModule module) {
        weights.requireOpen();
        return weights.named(layer, module.name() + ".weight");
    }

    /**
     * Returns the forward pass in pieces, without dropout and without the adapter unless it is handed in, but for the matrix
     * of words, see {@link Overlay#words()}.
     */
    public Pass pass() {
        weights.requireOpen();
        return Pass.still(weights, overlay);
    }

    /** Returns a split as this model takes it: tokens, cut at {@link #maxTokens()}, in batches. */
    public Batches batches(Split split) {
        return Batches.of(split, weights, maxTokens);
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
        return read(split, position, false, reader);
    }

    /**
     * Streams the states as {@link #read(Split, Position, StateReader)} does.
     *
     * @param lastNorm whether the state after the last layer is read after the norm that follows it in a decoder
     */
    public int read(Split split, Position position, boolean lastNorm, StateReader reader) {
        return new StateStream(this, split, position, lastNorm).read(reader);
    }

    /** Returns where a head of this model reads a text: encoders at the first token, decoders at the last. */
    public Position headPosition() {
        return weights.architecture().headPosition();
    }

    /**
     * Returns the state of every example after every layer, read at a position.
     *
     * <p>Keeps examples x (depth + 1) x width numbers on the Java heap: for looking at some, not for a whole training set.
     *
     * @throws IllegalStateException when it was stopped before all examples were read
     */
    public Representations representations(Split split, Position position) {
        return new StateStream(this, split, position, false).representations();
    }

    /** Returns how a text is cut into tokens: position, id and token, special ones included. */
    public Listing tokens(String text) {
        return new TokenListing(weights.tokenizer()
                .encode(List.of(Example.of(text, -1)), maxTokens)
                .get(0));
    }

    /** Returns what the model says of one text. Needs a head: one that was trained, or the checkpoint's own. */
    public Prediction predict(String text) {
        return Answers.of(this).to(List.of(text));
    }

    /** Returns what a vision tower with a head says of a picture. */
    public Prediction predict(Picture picture) {
        return Answers.of(this).to(Example.of(picture, -1));
    }

    /** Returns what the model says of a pair of texts. */
    public Prediction predict(String text, String pair) {
        return Answers.of(this).to(List.of(text, pair));
    }

    /**
     * Returns what the model says of every example of a split.
     *
     * @throws IllegalArgumentException when the head's labels are not the task's
     */
    public Predictions predict(Split split) {
        return Answers.of(this, split.task()).to(split);
    }

    /**
     * Returns what the model says of new texts that nobody has labelled, one row a row of the table or file:
     * {@code model.predict(Task.from(table).text("body"))}.
     *
     * @param texts the source with its text column, and the pair's if there is one
     */
    public Predictions predict(Source texts) {
        Answers answers = Answers.of(this);
        return answers.to(
                texts.unlabelled(answers.head().labels().toArray(String[]::new)).test());
    }

    /**
     * Returns what the model writes after a prompt. An endless text ends at {@link Generation#maxTokens()}; when the person
     * stops, what was written is kept.
     *
     * @param prompt as the model reads it; {@link #chat(String)} puts a question as its template does
     * @throws IllegalArgumentException when the prompt leaves no room, or the model does not write
     */
    public Continuation generate(String prompt, Generation generation) {
        return generate(List.of(prompt), generation).all().get(0);
    }

    /** Returns what the model writes after each prompt; batches change nothing but the time, up to rounding. */
    public Continuations generate(List<String> prompts, Generation generation) {
        return Writer.of(this, ownMaxTokens)
                .after(prompts.stream().map(prompt -> Example.of(prompt, -1)).toList(), List.of(), generation);
    }

    /**
     * Returns what a model that sees writes after a prompt with a picture.
     *
     * @param prompt with the mark of a picture in it once, {@code <image>} for LLaVA
     */
    public Continuation generate(String prompt, Picture picture, Generation generation) {
        return Writer.of(this, ownMaxTokens)
                .after(List.of(Example.of(prompt, -1).picture(picture)), List.of(), generation)
                .all()
                .get(0);
    }

    /**
     * Returns what the model writes after the prompt of each example, beside the example's answer where the task has answers.
     *
     * @throws IllegalArgumentException when the examples are pairs of texts
     */
    public Continuations generate(Split split, Generation generation) {
        return Writer.of(this, ownMaxTokens).after(split, generation);
    }

    /**
     * Returns what the model answers to a person, the likeliest token each time, as its chat template puts the question.
     *
     * @throws IllegalStateException when the model's files have no chat template
     */
    public Continuation chat(String text) {
        return chat(List.of(Message.user(text)), Generation.greedy());
    }

    /** Returns what the model says next in a conversation, which ends with what the person says. */
    public Continuation chat(List<Message> messages, Generation generation) {
        List<Picture> pictures = messages.stream()
                .flatMap(message -> message.pictures().stream())
                .toList();
        return Writer.of(this, ownMaxTokens).answer(chatPrompt(messages), pictures, generation);
    }

    /**
     * Returns a conversation as the model's chat template writes it, up to where the model answers; equal to
     * {@code apply_chat_template} of Hugging Face's tokenizer. Not alike: a truth value or None that is itself printed
     * ({@code true} here, {@code True} there), and {@code is none} asked of a field that is not there. What is not known here
     * is an error with its line.
     *
     * @throws IllegalStateException when the model's files have no chat template
     * @throws IllegalArgumentException when the template refuses the conversation, or fails; the message has its line
     */
    public String chatPrompt(List<Message> messages) {
        return ChatTemplate.of(name(), weights.source(), seesInPrompts()).prompt(messages);
    }

    /** Returns the likeliest next tokens after a prompt, one row a token with its probability. */
    public Listing next(String prompt, int count) {
        return Writer.of(this, ownMaxTokens).next(prompt, count);
    }

    /** Returns the logit of every word after a prompt, by the tokens' numbers. */
    public double[] logits(String prompt) {
        return Writer.of(this, ownMaxTokens).logits(Example.of(prompt, -1));
    }

    /** Returns the logit of every word after a prompt with a picture. */
    public double[] logits(String prompt, Picture picture) {
        return Writer.of(this, ownMaxTokens).logits(Example.of(prompt, -1).picture(picture));
    }

    /**
     * Returns the head that answers, once it is known to answer with the task's labels, in their order.
     *
     * @throws IllegalStateException when there is no head yet
     * @throws IllegalArgumentException when the head's labels are not the task's
     */
    public Head answering(Task task) {
        return Answers.of(this, task).head();
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
