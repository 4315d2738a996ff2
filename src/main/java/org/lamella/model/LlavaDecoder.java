// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.lamella.base.FormatException;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * LLaVA 1.5 (Liu et al. 2023, arXiv 2310.03744) as Hugging Face's {@code LlavaForConditionalGeneration} computes it: a decoder
 * into whose prompt projected patches of pictures are put. This is the decoder's architecture under other names of weights;
 * {@link #vision} is the rest.
 *
 * <p>Over Gemma 2 the logits of words are capped where config.json says so, as the language's own model does and
 * transformers did before 4.52; since then it leaves the cap out.
 */
final class LlavaDecoder implements Architecture {

    static final String LANGUAGE = "model.language_model.";
    static final String TOWER = "model.vision_tower.vision_model.";

    // what LlamaConfig and MistralConfig have where a file leaves it out, as the published ones do
    private static final Map<String, Map<String, Number>> DEFAULTS = Map.of(
            "llama",
            Map.of(
                    "vocab_size", 32000,
                    "hidden_size", 4096,
                    "intermediate_size", 11008,
                    "num_hidden_layers", 32,
                    "num_attention_heads", 32,
                    "eos_token_id", 2),
            "mistral",
            Map.of(
                    "vocab_size", 32000,
                    "hidden_size", 4096,
                    "intermediate_size", 14336,
                    "num_hidden_layers", 32,
                    "num_attention_heads", 32,
                    "num_key_value_heads", 8,
                    "eos_token_id", 2));

    private final Architecture language;
    private final Vision vision;

    LlavaDecoder(Config config) {
        Config text = config.section("text_config")
                .orElseThrow(() -> new FormatException(
                        "config.json",
                        "text_config must be there; got " + config.json().keySet()));
        String type = text.text("model_type", "llama");
        language = Architecture.of(text.otherwise(DEFAULTS.getOrDefault(type, Map.of())));
        if (language.language().isEmpty()) {
            throw new FormatException(
                    "config.json", "text_config.model_type must be a decoder's; got \"" + type + "\"");
        }
        vision = Vision.of(config, language);
    }

    // a decoder says model.norm.weight and lm_head.weight
    private static Weight renamed(Weight weight) {
        String name = weight.name();
        return name.startsWith("model.")
                ? new Weight(LANGUAGE + name.substring("model.".length()), weight.shape())
                : weight;
    }

    /** Returns a file under the names of transformers since 4.52; before, language and head were one model. */
    @Override
    public TensorFile named(TensorFile file) {
        Map<String, String> names = new TreeMap<>();
        file.names().forEach(name -> names.put(since452(name), name));
        return new RenamedFile(file, names);
    }

    private static String since452(String name) {
        if (name.startsWith("language_model.model.")) {
            return LANGUAGE + name.substring("language_model.model.".length());
        }
        if (name.startsWith("language_model.lm_head.")) {
            return name.substring("language_model.".length());
        }
        return name.startsWith("vision_tower.") || name.startsWith("multi_modal_projector.") ? "model." + name : name;
    }

    /** Returns the name of a weight as all versions of transformers read it, which those since 4.52 write, too. */
    @Override
    public String saved(String name) {
        if (name.startsWith(LANGUAGE)) {
            return "language_model.model." + name.substring(LANGUAGE.length());
        }
        return name.startsWith("lm_head.")
                ? "language_model." + name
                : name.startsWith("model.") ? name.substring("model.".length()) : name;
    }

    @Override
    public String className(Purpose purpose) {
        if (purpose != Purpose.WORDS) {
            throw new IllegalStateException("model must be saved without a head for labels; got one, which no class of"
                    + " Hugging Face has for LLaVA: save the adapter instead");
        }
        return "LlavaForConditionalGeneration";
    }

    @Override
    public Optional<Vision> vision() {
        return Optional.of(vision);
    }

    @Override
    public String type() {
        return "llava";
    }

    @Override
    public String className() {
        return "Llava";
    }

    @Override
    public int depth() {
        return language.depth();
    }

    @Override
    public int width() {
        return language.width();
    }

    @Override
    public int vocabulary() {
        return language.vocabulary();
    }

    @Override
    public int types() {
        return language.types();
    }

    @Override
    public int limit() {
        return language.limit();
    }

    @Override
    public double initializerRange() {
        return language.initializerRange();
    }

    @Override
    public String script() {
        return language.script();
    }

    @Override
    public String prefix() {
        return LANGUAGE;
    }

    @Override
    public List<Weight> embedding() {
        return language.embedding();
    }

    @Override
    public List<Weight> shared() {
        return language.shared();
    }

    @Override
    public String entering(String x) {
        return language.entering(x);
    }

    @Override
    public boolean prepares() {
        return language.prepares();
    }

    @Override
    public String function(int layer) {
        return language.function(layer);
    }

    @Override
    public String path(int layer) {
        return language.path(layer);
    }

    @Override
    public List<Weight> layer() {
        return language.layer();
    }

    @Override
    public List<LinearModule> linears() {
        return language.linears();
    }

    @Override
    public Work work(BatchShape shape, boolean atHead, Dropout rates) {
        return language.work(shape, atHead, rates);
    }

    @Override
    public List<String> defaultTargets() {
        return language.defaultTargets();
    }

    @Override
    public List<Weight> pooler() {
        return all(language.pooler());
    }

    @Override
    public List<Weight> head(int outputs) {
        return all(language.head(outputs));
    }

    @Override
    public List<Weight> language() {
        return all(language.language());
    }

    private static List<Weight> all(List<Weight> weights) {
        return weights.stream()
                .map((Function<Weight, Weight>) LlavaDecoder::renamed)
                .toList();
    }

    @Override
    public List<Long> ends() {
        return language.ends();
    }

    @Override
    public Continued continued() {
        return language.continued();
    }

    @Override
    public Position headPosition() {
        return language.headPosition();
    }

    @Override
    public Tensor headRows(Batch batch) {
        return language.headRows(batch);
    }

    @Override
    public Dropout dropout() {
        return language.dropout();
    }
}
