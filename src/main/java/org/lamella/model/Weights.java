// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamella.base.FormatException;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * The frozen part of a model: weights mapped from their file, tokenizer, compiled functions. Shared by every adapted
 * view of the model and freed when the last of them is unreachable.
 */
final class Weights {

    private final String name;
    private final ModelSource source;
    private final Architecture architecture;
    private final Optional<Tokenizer> tokenizer;
    private final Optional<PictureFormat> pictures;
    private final Optional<Sight> sight;
    private final Script script;
    private final Scope scope;
    private final List<Tensor> embedding;
    private final List<Tensor> shared;
    private final List<List<Tensor>> layers;
    private final List<Tensor> pooler;
    private final Optional<Head> head;
    private final List<Tensor> language;
    private final DType stored;
    private final Optional<DType> cast;
    // whose tensors these weights share: not to be collected before they are
    private final Optional<Weights> under;
    private final Map<Tensor, Map<List<Long>, Tensor>> rows = new IdentityHashMap<>(); // of matrices of words
    private volatile boolean closed;

    private Weights(
            String name,
            ModelSource source,
            Config config,
            Architecture architecture,
            Optional<Tokenizer> tokenizer,
            DType dtype) {
        this.name = name;
        this.source = source;
        this.architecture = architecture;
        this.tokenizer = tokenizer;
        pictures = architecture.sees().map(side -> source.pictures().requireSide(side));
        under = Optional.empty();
        scope = Scope.heldBy(this);
        script = Script.compile(Common.SCRIPT + "\n" + architecture.script());
        try (TensorFile file = architecture.named(source.open())) {
            WeightsFile found = new WeightsFile(file, source.weightsName(), architecture, dtype, scope);
            embedding = found.encoder(architecture.embedding(), "");
            shared = found.encoder(architecture.shared(), "");
            stored = dtype == DType.F32 ? found.dtype(architecture.embedding().get(0)) : dtype;
            cast = Optional.of(dtype).filter(wanted -> wanted != DType.F32);
            layers = IntStream.range(0, architecture.depth())
                    .mapToObj(layer -> found.encoder(architecture.layer(), architecture.path(layer) + "."))
                    .toList();
            pooler = found.pooler();
            head = found.head(config, pooler);
            language = found.language();
            sight = architecture
                    .vision()
                    .map(vision -> new Sight(
                            vision,
                            new Weights(
                                    name,
                                    new TowerSource(source, architecture),
                                    config,
                                    vision.tower(),
                                    Optional.empty(),
                                    dtype),
                            vision.projector().stream().map(found::whole).toList()));
        }
    }

    /** Copies of the weights that an adapter changes, with the adapter in them; the others are shared with the base. */
    private Weights(Weights base, Overlay overlay) {
        name = base.name;
        source = base.source;
        architecture = base.architecture;
        tokenizer = base.tokenizer;
        pictures = base.pictures;
        script = base.script;
        scope = Scope.heldBy(this);
        stored = base.stored;
        cast = Optional.empty();
        pooler = base.pooler;
        under = Optional.of(base);
        try (GradMode off = GradMode.disabled()) {
            language = overlay.words()
                    .map(words -> base.language(script.call("copy").with(words).one(scope)))
                    .orElse(base.language);
            Map<String, Tensor> replaced = copied(overlay.replaced());
            embedding = laid(architecture.embedding(), "", base.embedding, replaced);
            shared = laid(architecture.shared(), "", base.shared, replaced);
            layers = IntStream.range(0, architecture.depth())
                    .mapToObj(layer -> merged(
                            layer,
                            laid(architecture.layer(), path(layer), base.layers.get(layer), replaced),
                            overlay.pairs(layer)))
                    .toList();
            head = overlay.head().map(this::copied).or(() -> base.head);
            sight = base.sight.map(eyes -> eyes.with(overlay, replaced));
        }
    }

    /** Copies of all frozen weights in another type; a head stays as it is. */
    private Weights(Weights base, DType dtype) {
        name = base.name;
        source = base.source;
        architecture = base.architecture;
        tokenizer = base.tokenizer;
        pictures = base.pictures;
        script = base.script;
        scope = Scope.heldBy(this);
        stored = dtype;
        cast = Optional.of(dtype).filter(wanted -> wanted != base.stored);
        under = Optional.of(base);
        head = base.head;
        try (GradMode off = GradMode.disabled()) {
            Map<Tensor, Tensor> made = new IdentityHashMap<>(); // a weight may stand in two places
            embedding = cast(base.embedding, dtype, made);
            shared = cast(base.shared, dtype, made);
            layers = base.layers.stream().map(layer -> cast(layer, dtype, made)).toList();
            pooler = cast(base.pooler, dtype, made);
            language = cast(base.language, dtype, made);
            sight = base.sight.map(eyes -> eyes.in(dtype, scope, made));
        }
    }

    /** The same weights under the names of a part of a larger model, without a head. */
    private Weights(Weights base, String name, ModelSource source, Architecture part) {
        this.name = name;
        this.source = source;
        architecture = part;
        tokenizer = base.tokenizer;
        pictures = base.pictures;
        sight = base.sight;
        script = base.script;
        scope = Scope.heldBy(this);
        embedding = base.embedding;
        shared = base.shared;
        layers = base.layers;
        pooler = base.pooler;
        head = Optional.empty();
        language = base.language;
        stored = base.stored;
        cast = base.cast;
        under = Optional.of(base);
    }

    /** The weights of a decoder and of a tower with a fresh projector between, shared but for a longer table of words. */
    private Weights(
            String name,
            AssembledSource source,
            LlavaDecoder llava,
            Weights words,
            Weights tower,
            Projector projector) {
        this.name = name;
        this.source = source;
        architecture = llava;
        tokenizer = Optional.of(source.tokenizer().within(llava, source.ends()));
        pictures = Optional.empty();
        script = words.script;
        scope = Scope.heldBy(this);
        stored = words.stored;
        cast = words.cast;
        under = Optional.of(words);
        head = Optional.empty();
        shared = words.shared;
        layers = words.layers;
        pooler = words.pooler;
        try (GradMode off = GradMode.disabled()) {
            Map<Tensor, Tensor> made = new IdentityHashMap<>(); // a table of words may be both
            embedding = longer(words.embedding, llava.vocabulary(), made);
            language = longer(words.language, llava.vocabulary(), made);
            Vision vision = llava.vision().orElseThrow();
            Weights eyes = new Weights(tower, name, new TowerSource(source, llava), vision.tower());
            sight = Optional.of(new Sight(vision, eyes, projector.drawn(vision.projector(), scope)));
        }
    }

    // a row more for each word more: the mean of the others
    private List<Tensor> longer(List<Tensor> weights, int rows, Map<Tensor, Tensor> made) {
        return weights.stream()
                .map(weight -> weight.shape().length == 2 && weight.size(0) < rows
                        ? made.computeIfAbsent(
                                weight,
                                table -> script.call("longer").with(table).one(scope))
                        : weight)
                .toList();
    }

    static Weights assembled(
            String name,
            AssembledSource source,
            LlavaDecoder llava,
            Weights words,
            Weights tower,
            Projector projector) {
        return new Weights(name, source, llava, words, tower, projector);
    }

    /** Returns the rows of some words in a matrix that says which comes next, (K, D), in single precision. */
    synchronized Tensor words(List<Long> ids, Tensor matrix) {
        return rows.computeIfAbsent(matrix, fresh -> new HashMap<>()).computeIfAbsent(ids, fresh -> {
            try (GradMode off = GradMode.disabled();
                    Scope scratch = Scope.open()) {
                long[] numbers = ids.stream().mapToLong(Long::longValue).toArray();
                return script.call("pick")
                        .with(matrix)
                        .with(scratch.longs(numbers, numbers.length))
                        .one(scratch)
                        .to(DType.F32, scope);
            }
        });
    }

    private List<Tensor> cast(List<Tensor> weights, DType dtype, Map<Tensor, Tensor> made) {
        return weights.stream()
                .map(weight -> made.computeIfAbsent(weight, fresh -> fresh.to(dtype, scope)))
                .toList();
    }

    /** Returns these weights in another type of number. */
    Weights in(DType dtype) {
        requireOpen();
        return new Weights(this, dtype);
    }

    private List<Tensor> merged(int layer, List<Tensor> own, List<Tensor> pairs) {
        List<Tensor> whole = new ArrayList<>(own);
        List<LinearModule> linears = architecture.linears();
        for (int module = 0; module < linears.size() && !pairs.isEmpty(); module++) {
            if (pairs.get(7 * module).elements() > 0) {
                String weight = linears.get(module).name() + ".weight";
                int place = place(weight);
                Tensor merged = script.call("merged")
                        .with(own.get(place))
                        .with(pairs)
                        .with((long) module)
                        .one(scope);
                requireFinite(architecture.path(layer) + "." + weight, merged);
                whole.set(place, merged);
                Tensor bias = pairs.get(7 * module + 6);
                if (bias.elements() > 0) {
                    whole.set(
                            place(linears.get(module).name() + ".bias"),
                            script.call("copy").with(bias).one(scope));
                }
            }
        }
        return List.copyOf(whole);
    }

    private void requireFinite(String weight, Tensor merged) {
        try (Scope scratch = Scope.open()) {
            if (!Double.isFinite(script.call("size").with(merged).one(scratch).item())) {
                throw new IllegalArgumentException("merged weights must be finite; got " + weight + " that is not");
            }
        }
    }

    private Head copied(Head trained) {
        return Head.of(trained.labels(), copied(trained.parameters()));
    }

    private Map<String, Tensor> copied(Map<String, Tensor> trained) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        trained.forEach((part, tensor) ->
                copies.put(part, script.call("copy").with(tensor).one(scope)));
        return copies;
    }

    private String path(int layer) {
        return architecture.path(layer) + ".";
    }

    private List<Tensor> laid(
            List<Architecture.Weight> names, String path, List<Tensor> own, Map<String, Tensor> replaced) {
        if (replaced.isEmpty()) {
            return own;
        }
        return IntStream.range(0, own.size())
                .mapToObj(i -> replaced.getOrDefault(
                        architecture.prefix() + path + names.get(i).name(), own.get(i)))
                .toList();
    }

    /** Returns the weights of the embedding, some of them replaced. */
    List<Tensor> embedding(Map<String, Tensor> replaced) {
        return laid(architecture.embedding(), "", embedding, replaced);
    }

    /** Returns the weights that serve all layers, some of them replaced. */
    List<Tensor> shared(Map<String, Tensor> replaced) {
        return laid(architecture.shared(), "", shared, replaced);
    }

    /** Returns a layer's weights, some of them replaced. */
    List<Tensor> layer(int index, List<Tensor> own, Map<String, Tensor> replaced) {
        return laid(architecture.layer(), path(index), own, replaced);
    }

    /** Returns all weights but those of the head, by their full name. */
    Map<String, Tensor> frozen() {
        Map<String, Tensor> frozen = new LinkedHashMap<>();
        name(frozen, architecture.prefix(), architecture.embedding(), embedding);
        name(frozen, architecture.prefix(), architecture.shared(), shared);
        for (int layer = 0; layer < architecture.depth(); layer++) {
            name(frozen, architecture.prefix() + path(layer), architecture.layer(), layers.get(layer));
        }
        name(frozen, "", architecture.pooler(), pooler);
        sight.ifPresent(eyes -> frozen.putAll(eyes.named()));
        return frozen;
    }

    private static void name(
            Map<String, Tensor> all, String path, List<Architecture.Weight> names, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            all.put(path + names.get(i).name(), tensors.get(i));
        }
    }

    /** Returns these weights with an adapter in them. */
    Weights with(Overlay overlay) {
        requireOpen();
        return new Weights(this, overlay);
    }

    static Weights load(String name, ModelSource source, DType dtype) {
        try {
            Config config = source.config();
            Architecture architecture = Architecture.of(config);
            Optional<Tokenizer> tokenizer = architecture.sees().isPresent()
                    ? Optional.empty()
                    : Optional.of(source.tokenizer().within(architecture, source.ends()));
            return new Weights(name, source, config, architecture, tokenizer, dtype);
        } catch (FormatException e) {
            throw source.placed(e);
        }
    }

    String name() {
        return name;
    }

    /** Returns what the weights were loaded from. */
    ModelSource source() {
        return source;
    }

    /** Returns the folder or the file they were loaded from. */
    Path folder() {
        return source.place();
    }

    Architecture architecture() {
        return architecture;
    }

    /** Returns the tokenizer of a model that reads texts. */
    Tokenizer tokenizer() {
        return tokenizer.orElseThrow(() -> new IllegalArgumentException(
                "model must read texts; got " + name + ", a vision tower, which reads pictures"));
    }

    /** Returns what is done to pictures before a vision tower sees them. */
    PictureFormat pictures() {
        return pictures.orElseThrow(
                () -> new IllegalStateException("model must be a vision tower; got " + name + ", which reads texts"));
    }

    /** Returns the eyes of a decoder that has some. */
    Sight sight() {
        return eyes().orElseThrow(() ->
                new IllegalStateException("model must see pictures; got " + name + ", " + architecture.type()));
    }

    Optional<Sight> eyes() {
        return sight;
    }

    Script script() {
        requireOpen();
        return script;
    }

    List<Tensor> embedding() {
        return embedding;
    }

    List<Tensor> layer(int index) {
        return layers.get(index);
    }

    /** Returns a weight of a layer by its name inside the layer. */
    Tensor named(int layer, String weight) {
        return layers.get(layer).get(place(weight));
    }

    private int place(String weight) {
        List<Architecture.Weight> names = architecture.layer();
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).name().equals(weight))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weight must be one of "
                        + names.stream().map(Architecture.Weight::name).toList() + "; got \"" + weight + "\""));
    }

    List<Tensor> shared() {
        return shared;
    }

    /** Returns the checkpoint's own pooler; empty when the family or the checkpoint has none. */
    List<Tensor> pooler() {
        return pooler;
    }

    /** Returns copies of the checkpoint's pooler by name; none when it has none. */
    Map<String, Tensor> copyOfPooler(Scope owner) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        for (int i = 0; i < pooler.size(); i++) {
            copies.put(
                    architecture.pooler().get(i).name(),
                    script.call("copy").with(pooler.get(i)).one(owner));
        }
        return copies;
    }

    /** Returns the pooler that a head answers with: what was trained with it, the rest the checkpoint's own. */
    List<Tensor> pooler(Head head) {
        return pooler.isEmpty() ? head.tensors(architecture.pooler()) : laidPooler(head.parameters());
    }

    private List<Tensor> laidPooler(Map<String, Tensor> trained) {
        return IntStream.range(0, pooler.size())
                .mapToObj(i -> trained.getOrDefault(architecture.pooler().get(i).name(), pooler.get(i)))
                .toList();
    }

    /** Returns whether a head may go without a weight, since the checkpoint has it. */
    boolean standsIn(Architecture.Weight weight) {
        return !pooler.isEmpty() && architecture.pooler().contains(weight);
    }

    /** Returns the tensors of a head that answer, in order. */
    List<Tensor> answering(Head head) {
        return head.tensors(architecture.head(head.outputs()));
    }

    /** Returns the weights that a head of this model consists of: without a pooler in the checkpoint it brings one. */
    List<Architecture.Weight> headWeights(int outputs, boolean withPooler) {
        return Stream.concat(
                        pooler.isEmpty() || withPooler ? architecture.pooler().stream() : Stream.empty(),
                        architecture.head(outputs).stream())
                .toList();
    }

    HeadShape headShape(int outputs, boolean withPooler) {
        List<Architecture.Weight> trained = headWeights(outputs, withPooler);
        List<Architecture.Weight> frozen = pooler.isEmpty() || withPooler ? List.of() : architecture.pooler();
        return new HeadShape(
                matrices(frozen),
                matrices(trained),
                trained.stream().mapToLong(Architecture.Weight::numbers).sum());
    }

    HeadShape wordsShape() {
        requireWords();
        return new HeadShape(matrices(architecture.language()), List.of(), 0);
    }

    private void requireWords() {
        if (language.isEmpty()) {
            throw new IllegalStateException(
                    "model must have a matrix of words; got " + name + ", which does not write");
        }
    }

    /** Returns the matrix of words, (V, D). */
    Tensor words() {
        requireWords();
        return language.get(language.size() - 1);
    }

    private static List<LinearModule> matrices(List<Architecture.Weight> some) {
        return some.stream()
                .filter(weight -> weight.shape().size() == 2)
                .map(weight -> new LinearModule(
                        weight.name(),
                        Math.toIntExact(weight.shape().get(1)),
                        Math.toIntExact(weight.shape().get(0))))
                .toList();
    }

    boolean holdsPooler(Head head) {
        return architecture.pooler().stream()
                .anyMatch(weight -> head.parameters().containsKey(weight.name()));
    }

    Optional<Head> head() {
        return head;
    }

    /** Returns the weights that say what word comes next; empty when the family or the checkpoint has none. */
    List<Tensor> language() {
        return language;
    }

    /** Returns the same with another matrix of words. */
    List<Tensor> language(Tensor words) {
        List<Tensor> other = new ArrayList<>(language);
        other.set(other.size() - 1, words);
        return List.copyOf(other);
    }

    /** Returns the dtype that the weights were put into, if they were. */
    Optional<DType> cast() {
        return cast;
    }

    /** Returns the dtype of the weights: that in their file, or that which they were put into. */
    DType stored() {
        return stored;
    }

    void requireOpen() {
        if (closed || under.stream().anyMatch(base -> base.closed)) {
            throw new IllegalStateException("model \"" + name + "\" is closed; load it again");
        }
    }

    void close() {
        closed = true;
        sight.ifPresent(eyes -> eyes.tower().close());
        scope.close();
    }
}
