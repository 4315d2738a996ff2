// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * One family of models: how its configuration is read, what its weights are called, and its TorchScript text.
 *
 * <p>An instance is made for one configuration. Adding a family takes one class that implements this, one line in {@link
 * #KNOWN}, and one golden file; {@code src/docs/CONTRIBUTING.md} has the steps.
 */
interface Architecture {

    /** Makes the architecture of a configuration. */
    @FunctionalInterface
    interface Maker {
        Architecture make(Config config);
    }

    /** The families known here, by the {@code model_type} of their config.json. */
    @SuppressWarnings("ClassInitializationDeadlock") // constructors are named here, not called
    Map<String, Maker> KNOWN = new TreeMap<>(Map.ofEntries(
            Map.entry("bert", Bert::new),
            Map.entry("roberta", Roberta::new),
            Map.entry("deberta-v2", DebertaV2::new),
            Map.entry("llama", Llama::new),
            Map.entry("mistral", Mistral::new),
            Map.entry("qwen2", Qwen2::new),
            Map.entry("gemma", Gemma::new),
            Map.entry("gemma2", Gemma2::new),
            Map.entry("clip", ClipVision::new),
            Map.entry("clip_vision_model", ClipVision::new),
            Map.entry("llava", LlavaDecoder::new)));

    /** Returns the architecture that a configuration names. */
    static Architecture of(Config config) {
        String type = config.text("model_type");
        Maker maker = KNOWN.get(type);
        if (maker == null) {
            throw new FormatException(
                    "config.json",
                    "model_type must be one of " + KNOWN.keySet() + "; got \"" + type + "\""
                            + Names.didYouMean(type, KNOWN.keySet()));
        }
        return maker.make(config);
    }

    /** Returns the name of the family, as config.json has it. */
    String type();

    /** Returns how Hugging Face's classes of the family begin, for instance {@code Bert} of {@code BertModel}. */
    String className();

    /** Returns how many pixels wide and high pictures are for a model that reads pictures instead of texts. */
    default Optional<Integer> sees() {
        return Optional.empty();
    }

    /** Returns how a decoder sees; nothing for models of texts alone. */
    default Optional<Vision> vision() {
        return Optional.empty();
    }

    /** Returns a file under the names that the weights have here. */
    default TensorFile named(TensorFile file) {
        return file;
    }

    /** Returns the name under which a weight is saved. */
    default String saved(String name) {
        return name;
    }

    /** Returns whether a model of states alone is saved without the prefix. */
    default boolean bare() {
        return true;
    }

    /** Returns the class of Hugging Face's library that reads a saved model. */
    default String className(Purpose purpose) {
        return className() + purpose.ending();
    }

    /** Returns the configuration that a model is saved with. */
    default JsonObject saved(JsonObject config, Purpose purpose) {
        return config;
    }

    /** Returns the number of layers. */
    int depth();

    /** Returns the width of the states, D. */
    int width();

    /** Returns how many tokens the model knows; they are numbered from 0. */
    int vocabulary();

    /** Returns how many token types the model knows: one when it takes no pairs by type, none when it has no types. */
    int types();

    /** Returns the number of tokens, special ones included, that the model can take. */
    int limit();

    /** Returns the standard deviation with which Hugging Face fills a new head. */
    double initializerRange();

    /**
     * Returns the TorchScript functions of this model, with its numbers written in.
     *
     * <ul>
     *   <li>{@code embed(ids, types, positions, w, hidden) -> (N, D)}; positions count from 0 in each text; where the model
     *       {@link #sees}, pixels stand in place of ids
     *   <li>{@code prepare(grid, w) -> list}, only with {@link #prepares()}: what all layers read of a batch, computed once
     *   <li>{@code layer(x, grid, cells, rows, prepared, w, pairs, hidden, attention, low) -> (N, D)}, or (R, D) for the
     *       R tokens in {@code rows}; the last three are dropout rates. {@link #function} may name another of that form
     *   <li>{@code logits(x, w, head, before, after) -> (B, K)} from the states (B, D) at the rows the head reads, with
     *       the weights of {@link #pooler()} and {@link #head}; the last two are dropout rates
     *   <li>{@code next(x, w) -> (R, V)}, only with {@link #language()}: the logits of the word after each of R states
     * </ul>
     */
    String script();

    /** Returns the prefix that every weight of the encoder has in a checkpoint with a head, for instance {@code bert.}. */
    String prefix();

    /** Returns the weights that {@code embed} takes, in order, named without the prefix. */
    List<Weight> embedding();

    /** Returns the weights that {@code prepare} takes, in order, named without the prefix; none for most families. */
    default List<Weight> shared() {
        return List.of();
    }

    /** Returns the expression of what the layers read in place of embeddings {@code x}, whether of words or of pictures. */
    default String entering(String x) {
        return x;
    }

    /** Returns whether the layers read something of a batch that is computed once. */
    default boolean prepares() {
        return !shared().isEmpty();
    }

    /** Returns the name of the function that computes a layer. */
    default String function(int layer) {
        return "layer";
    }

    /** Returns the path of a layer without the prefix, for instance {@code encoder.layer.3}. */
    String path(int layer);

    /** Returns the weights of a layer that {@code layer} takes, in order, named inside the layer. */
    List<Weight> layer();

    /** Returns the linear modules of a layer, in the order in which {@code layer} takes their pairs. */
    List<LinearModule> linears();

    /**
     * Returns what a layer does with a batch: the products of {@code layer}, and what its backward needs. Whoever counts
     * a cost asks here and nowhere else.
     *
     * @param atHead whether the layer answers for the tokens that the head reads alone
     * @param rates the base model's dropout
     */
    Work work(BatchShape shape, boolean atHead, Dropout rates);

    /** Returns the modules that PEFT adapts when nobody says which. */
    List<String> defaultTargets();

    /**
     * Returns what stands between the states and the head, in order, with full names in a checkpoint; none for families
     * without. Frozen when the checkpoint has it; when not, it is trained with the head and saved with it, where Hugging
     * Face and PEFT would leave random numbers frozen and unsaved.
     */
    List<Weight> pooler();

    /**
     * Returns the trained weights of the head, in order, with their full names in a checkpoint. The last matrix is what
     * answers, a row an output; its bias, if it has one, comes after it.
     */
    List<Weight> head(int outputs);

    /**
     * Returns the weights that say what word comes next, in order, with their full names in a checkpoint; none for
     * families that do not write.
     */
    default List<Weight> language() {
        return List.of();
    }

    /** Returns the token that ends what the model writes, if it has one. */
    default OptionalLong end() {
        return ends().stream().mapToLong(Long::longValue).findFirst();
    }

    /** Returns all tokens each of which ends what the model writes, as config.json has them; the first ends an answer. */
    default List<Long> ends() {
        return List.of();
    }

    /**
     * Returns what must be kept of each token while a text is continued, by the functions of {@link Continuing}; only with
     * {@link #language()}.
     */
    default Continued continued() {
        throw new IllegalStateException("model must write to be continued; got " + type());
    }

    /**
     * What is kept of each token and layer: a key and a value for each group of heads.
     *
     * @param groups how many groups
     * @param size of a key
     */
    record Continued(int groups, int size) {}

    /** Returns where the head reads a text. */
    Position headPosition();

    /** Returns the rows of a batch that the head reads. */
    default Tensor headRows(Batch batch) {
        return batch.rows(headPosition());
    }

    /** Returns the dropout rates of the model's own training. */
    Dropout dropout();

    /**
     * The dropout rates of a model's own training, as its config.json has them.
     *
     * @param hidden of hidden states
     * @param attention of attention probabilities
     * @param before before the first matrix between states and answer
     * @param after before the last
     */
    record Dropout(double hidden, double attention, double before, double after) {
        static final Dropout NONE = new Dropout(0, 0, 0, 0);
    }

    /**
     * A weight as the model expects it.
     *
     * @param name its path
     * @param shape its shape
     */
    record Weight(String name, List<Long> shape) {
        static Weight of(String name, long... shape) {
            return new Weight(name, Arrays.stream(shape).boxed().toList());
        }

        long numbers() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        Weight under(String path) {
            return new Weight(path + name, shape);
        }
    }
}
