// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.tensor.TensorFile;

/**
 * What a model that was put together would be read from: the configuration and the files of tokenizer and processor that
 * it is saved with. Its weights are in memory.
 *
 * @param language where the language comes from
 * @param config of the whole
 * @param tokens the language's tokenizer.json, with the token of a picture
 * @param format what is done to pictures
 * @param made the expression that puts it together again
 */
record AssembledSource(ModelSource language, Config config, String tokens, PictureFormat format, String made)
        implements ModelSource {

    static final String MARK = "<image>";
    private static final String TOKENIZER = "tokenizer.json";
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    /** Returns the weights of a model that is put together. */
    static Weights weights(Transformer vision, Projector projector, Transformer language) {
        Weights words = language.weights();
        words.requireOpen();
        vision.weights().requireOpen();
        String tokenizer = tokenizer(words.source());
        int vocabulary = words.architecture().vocabulary();
        long own = mark(tokenizer);
        boolean more = own < 0;
        Config config = config(vision.weights(), projector, words.source(), more ? vocabulary : own, more, vocabulary);
        AssembledSource source = new AssembledSource(
                words.source(),
                config,
                more ? withMark(tokenizer, vocabulary) : tokenizer,
                vision.weights().pictures(),
                "Llava.assemble(" + vision.recipe() + ", " + projector.recipe() + ", " + language.recipe() + ")");
        LlavaDecoder architecture = new LlavaDecoder(config);
        String name = language.name() + "+" + vision.name();
        return Weights.assembled(name, source, architecture, words, vision.weights(), projector);
    }

    private static Config config(
            Weights tower, Projector projector, ModelSource language, long mark, boolean more, int vocabulary) {
        JsonObject text = language.config().json();
        text.remove("architectures");
        text.addProperty("vocab_size", vocabulary + (more ? 1 : 0));
        JsonObject seeing = tower.source()
                .config()
                .section("vision_config")
                .orElse(tower.source().config())
                .json();
        seeing.remove("architectures");
        seeing.addProperty("model_type", "clip_vision_model");
        JsonObject config = new JsonObject();
        config.addProperty("model_type", "llava");
        config.add("text_config", text);
        config.add("vision_config", seeing);
        config.addProperty("image_token_index", mark);
        config.addProperty("projector_hidden_act", "gelu");
        config.addProperty("multimodal_projector_bias", true);
        config.addProperty("vision_feature_select_strategy", projector.classToken() ? "full" : "default");
        config.add("vision_feature_layer", states(projector.states()));
        int patches = tower.architecture().limit() - 1;
        config.addProperty("image_seq_length", patches + (projector.classToken() ? 1 : 0));
        if (text.has("tie_word_embeddings")) {
            config.add("tie_word_embeddings", text.get("tie_word_embeddings"));
        }
        return Config.parse(config.toString());
    }

    private static JsonElement states(List<Integer> states) {
        if (states.size() == 1) {
            return new JsonPrimitive(states.get(0));
        }
        JsonArray list = new JsonArray();
        states.forEach(list::add);
        return list;
    }

    // the source writes it, whatever it is made from
    private static String tokenizer(ModelSource source) {
        try {
            Path scratch = Files.createTempDirectory("tokenizer");
            try {
                source.writeTokenizer(scratch);
                return Files.readString(scratch.resolve(TOKENIZER));
            } finally {
                try (Stream<Path> files = Files.list(scratch)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(scratch);
            }
        } catch (IOException e) {
            throw Disk.unreadable(source.place(), e);
        }
    }

    private static JsonObject parsed(String tokenizer) {
        return JsonParser.parseString(tokenizer).getAsJsonObject();
    }

    private static JsonArray added(JsonObject tokenizer) {
        if (!tokenizer.has("added_tokens")) {
            tokenizer.add("added_tokens", new JsonArray());
        }
        return tokenizer.getAsJsonArray("added_tokens");
    }

    private static long mark(String tokenizer) {
        for (JsonElement each : added(parsed(tokenizer))) {
            if (each.getAsJsonObject().get("content").getAsString().equals(MARK)) {
                return each.getAsJsonObject().get("id").getAsLong();
            }
        }
        return -1;
    }

    private static String withMark(String tokenizer, int number) {
        JsonObject whole = parsed(tokenizer);
        JsonObject token = new JsonObject();
        token.addProperty("id", number);
        token.addProperty("content", MARK);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.addProperty(flag, false);
        }
        token.addProperty("special", true);
        added(whole).add(token);
        return GSON.toJson(whole);
    }

    @Override
    public Path place() {
        return language.place();
    }

    @Override
    public FormatException placed(FormatException problem) {
        return language.placed(problem);
    }

    @Override
    public Tokenizer tokenizer() {
        return Tokenizer.parse(TOKENIZER, tokens);
    }

    @Override
    public PictureFormat pictures() {
        return format;
    }

    @Override
    public Optional<String> recipe() {
        return Optional.of(made);
    }

    @Override
    public TensorFile open() {
        throw new IllegalStateException("model must be saved to have a file; got one that was put together");
    }

    @Override
    public String weightsName() {
        return WeightsFile.FILE;
    }

    @Override
    public Optional<String> chatTemplate() {
        return language.chatTemplate();
    }

    @Override
    public Map<String, String> namedTokens() {
        return language.namedTokens();
    }

    @Override
    public List<Long> ends() {
        return language.ends();
    }

    /** Writes what {@code LlavaProcessor} reads. */
    @Override
    public void writeTokenizer(Path folder) throws IOException {
        language.writeTokenizer(folder);
        Files.writeString(folder.resolve(TOKENIZER), tokens);
        Files.writeString(
                folder.resolve(PictureFormat.FILE), GSON.toJson(format.config().json()) + "\n");
        JsonObject processor = new JsonObject();
        processor.addProperty("processor_class", "LlavaProcessor");
        processor.addProperty("image_token", MARK);
        processor.addProperty("num_additional_image_tokens", 1);
        Config seeing = config.section("vision_config").orElseThrow();
        processor.addProperty("patch_size", seeing.count("patch_size", 32));
        processor.addProperty(
                "vision_feature_select_strategy", config.text("vision_feature_select_strategy", "default"));
        Files.writeString(folder.resolve("processor_config.json"), GSON.toJson(processor) + "\n");
    }
}
