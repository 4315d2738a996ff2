// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/** An adapter_config.json, read strictly: a field of the wrong kind is an error that names it. */
final class PeftConfig {

    private static final String CONFIG = PeftWriter.CONFIG;

    private final JsonObject config;

    private PeftConfig(JsonObject config) {
        this.config = config;
    }

    /** Reads the configuration of an adapter of the only method and kind that is read here. */
    static PeftConfig load(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(CONFIG, "must be in the adapter's folder; found none");
        }
        PeftConfig config = new PeftConfig(json(file));
        config.requireLora();
        return config;
    }

    JsonObject json() {
        return config;
    }

    private static JsonObject json(Path file) {
        try {
            String text = Files.readString(file);
            JsonElement element = new Gson().fromJson(text, JsonElement.class);
            if (element == null || !element.isJsonObject()) {
                String got = text.isBlank() ? "an empty file" : Names.shortened(text.strip());
                throw new FormatException(CONFIG, "must hold a JSON object; got " + got);
            }
            return element.getAsJsonObject();
        } catch (JsonParseException e) {
            throw FormatException.notJson(CONFIG, e);
        } catch (CharacterCodingException e) {
            throw new FormatException(CONFIG, "must be UTF-8; it is not", e);
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }

    private void requireLora() {
        String method = text("peft_type").orElse("");
        if (!method.equals("LORA")) {
            throw new FormatException(
                    CONFIG,
                    "peft_type must be \"LORA\", the only method read here; got \"" + method + "\"; "
                            + MethodChecks.OURS);
        }
        for (String variant : List.of("use_qalora", "lora_bias", "fan_in_fan_out")) {
            if (flag(variant)) {
                throw new FormatException(CONFIG, variant + " must be false, since it is not read here; got true");
            }
        }
        for (String field : MethodChecks.OTHER) {
            if (MethodChecks.holdsSomething(config.get(field))) {
                throw new FormatException(
                        CONFIG,
                        field + " must hold nothing, since it is not read here; got " + config.get(field) + "; "
                                + MethodChecks.OURS);
            }
        }
        requireSizes();
        String bias = text("bias").orElse("none");
        if (!List.of("none", "lora_only", "all").contains(bias)) {
            throw new FormatException(CONFIG, "bias must be \"none\", \"lora_only\" or \"all\"; got \"" + bias + "\"");
        }
        JsonElement initial = config.get("init_lora_weights");
        if (initial != null
                && initial.isJsonPrimitive()
                && initial.getAsJsonPrimitive().isString()) {
            String name = initial.getAsString();
            if (name.startsWith("pissa_niter_")) {
                throw new FormatException(
                        CONFIG,
                        "init_lora_weights must be \"pissa\", whose start can be computed again; got \"" + name
                                + "\", whose random start is lost; save it from Python with"
                                + " path_initial_model_for_weight_conversion");
            }
            if (!List.of("gaussian", "orthogonal", "eva", "pissa").contains(name)) {
                throw new FormatException(
                        CONFIG,
                        "init_lora_weights must leave the base model as it is (true, false, \"gaussian\"); got \""
                                + name + "\"; save it from Python with path_initial_model_for_weight_conversion");
            }
        }
    }

    private void requireSizes() {
        for (String field : List.of("r", "lora_alpha")) {
            MethodChecks.wrongSize(config, field).ifPresent(wrong -> {
                throw new FormatException(CONFIG, field + " must be a number above 0; got " + wrong);
            });
        }
        MethodChecks.wrongLayers(config).ifPresent(wrong -> {
            throw new FormatException(
                    CONFIG, "layers_to_transform must be a layer, a list of layers or null; got " + wrong);
        });
    }

    /** Returns whether the pairs started as the principal part of their weights, which the base model must go without. */
    boolean startsPrincipal() {
        JsonElement initial = config.get("init_lora_weights");
        return initial != null
                && initial.isJsonPrimitive()
                && initial.getAsString().equals("pissa");
    }

    // PEFT: the first key, in the file's order, that matches the end of the path as a regular expression
    Optional<Double> pattern(String field, String path) {
        JsonElement patterns = config.get(field);
        if (patterns == null || !patterns.isJsonObject()) {
            return Optional.empty();
        }
        return patterns.getAsJsonObject().entrySet().stream()
                .filter(entry -> matches(field, entry.getKey(), path))
                .map(entry -> patternNumber(field, entry))
                .findFirst();
    }

    private static boolean matches(String field, String pattern, String path) {
        try {
            return path.matches("(.*\\.)?(" + pattern + ")");
        } catch (PatternSyntaxException e) {
            throw new FormatException(
                    CONFIG, field + " must name modules by regular expressions; got \"" + pattern + "\"", e);
        }
    }

    private static double patternNumber(String field, Map.Entry<String, JsonElement> entry) {
        JsonElement value = entry.getValue();
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new FormatException(
                    CONFIG, field + " must give numbers; got " + value + " for \"" + entry.getKey() + "\"");
        }
        double number = value.getAsDouble();
        if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
            throw new FormatException(
                    CONFIG, field + " must give numbers above 0; got " + value + " for \"" + entry.getKey() + "\"");
        }
        return number;
    }

    Optional<String> text(String field) {
        JsonElement value = config.get(field);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new FormatException(CONFIG, field + " must be a text; got " + value);
        }
        return Optional.of(value.getAsString());
    }

    Optional<Double> number(String field) {
        JsonElement value = config.get(field);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new FormatException(CONFIG, field + " must be a number; got " + value);
        }
        return Optional.of(value.getAsDouble());
    }

    boolean flag(String field) {
        JsonElement value = config.get(field);
        if (value == null || value.isJsonNull()) {
            return false;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new FormatException(CONFIG, field + " must be true or false; got " + value);
        }
        return value.getAsBoolean();
    }
}
