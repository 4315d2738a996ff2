// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.tensor.TensorFile;

/**
 * A folder in Hugging Face layout.
 *
 * @param place the folder
 */
record FolderSource(Path place) implements ModelSource {

    static final List<String> TOKENIZER = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "preprocessor_config.json",
            "processor_config.json",
            "generation_config.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "spm.model");

    private static final String SETTINGS = "tokenizer_config.json";
    private static final String SPECIAL = "special_tokens_map.json";
    private static final String GENERATION = "generation_config.json";

    @Override
    public FormatException placed(FormatException problem) {
        return problem.in(place);
    }

    @Override
    public Config config() {
        return Config.load(place);
    }

    @Override
    public Tokenizer tokenizer() {
        return Tokenizer.load(place);
    }

    @Override
    public PictureFormat pictures() {
        return PictureFormat.load(place);
    }

    @Override
    public TensorFile open() {
        return WeightsFile.open(place);
    }

    @Override
    public String weightsName() {
        return WeightsFile.FILE;
    }

    @Override
    public Optional<String> chatTemplate() {
        return read("chat_template.jinja")
                .or(() -> read("chat_template.json").flatMap(FolderSource::template)) // a processor's
                .or(() -> read(SETTINGS).flatMap(FolderSource::template));
    }

    @Override
    public Map<String, String> namedTokens() {
        Map<String, String> named = new LinkedHashMap<>();
        for (String file : List.of(SPECIAL, SETTINGS)) {
            read(file).ifPresent(json -> named.putAll(NamedTokens.of(file, json)));
        }
        return named;
    }

    @Override
    public List<Long> ends() {
        return read(GENERATION)
                .map(json -> Config.parse(GENERATION, json).tokens("eos_token_id"))
                .orElse(List.of());
    }

    // one text, or a list of named ones of which "default" is meant
    private static Optional<String> template(String settings) {
        JsonElement root;
        try {
            root = JsonParser.parseString(settings);
        } catch (JsonParseException e) {
            throw FormatException.notJson(SETTINGS, e);
        }
        JsonElement template = root.isJsonObject() ? root.getAsJsonObject().get("chat_template") : null;
        if (template == null || template.isJsonNull()) {
            return Optional.empty();
        }
        if (!template.isJsonArray()) {
            return Optional.of(text(template));
        }
        for (JsonElement each : template.getAsJsonArray()) {
            JsonObject named = each.isJsonObject() ? each.getAsJsonObject() : new JsonObject();
            if (named.has("name")
                    && named.has("template")
                    && text(named.get("name")).equals("default")) {
                return Optional.of(text(named.get("template")));
            }
        }
        return Optional.empty();
    }

    private static String text(JsonElement element) {
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw new FormatException(
                    SETTINGS, "chat_template must be a text or a list of named texts; got " + element);
        }
        return element.getAsString();
    }

    private Optional<String> read(String name) {
        Path file = place.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new FormatException(name, "must be UTF-8; it is not", e);
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }

    @Override
    public void writeTokenizer(Path folder) throws IOException {
        for (String file : TOKENIZER) {
            if (Files.isRegularFile(place.resolve(file))) {
                Files.copy(place.resolve(file), folder.resolve(file));
            }
        }
    }
}
