// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which modules a configuration means, in PEFT's own rules (0.21.2, {@code check_target_module_exists}), with all that is
 * strange in them. Fields of the wrong kind count as not there.
 */
final class PeftMatch {

    private final JsonObject config;

    PeftMatch(JsonObject config) {
        this.config = config;
    }

    /** Returns whether a module gets a pair. */
    boolean targets(String path) {
        if (texts("exclude_modules").stream().anyMatch(name -> isMeant(name, path)) || isSaved(path)) {
            return false;
        }
        Optional<String> expression = expression("target_modules");
        if (expression.isPresent()) {
            return path.matches(expression.get());
        }
        List<String> names = texts("target_modules");
        return names.contains(path) || (names.stream().anyMatch(name -> isMeant(name, path)) && layerIsMeant(path));
    }

    /** Returns whether the name means the module, whatever its layer. */
    static boolean isMeant(String name, String path) {
        return path.equals(name) || path.endsWith("." + name);
    }

    private boolean isSaved(String path) {
        return texts("modules_to_save").stream().anyMatch(name -> path.matches("(^|.*\\.)" + name + "($|\\..*)"));
    }

    /** Returns whether the layer of a path is among those to transform: all are when the list is empty. */
    boolean layerIsMeant(String path) {
        List<Integer> layers = layers();
        return layers.isEmpty() || layer(path).filter(layers::contains).isPresent();
    }

    /** Returns the layer that PEFT reads in a path: the first number after the pattern, or after any name. */
    Optional<Integer> layer(String path) {
        List<String> patterns = texts("layers_pattern");
        for (String pattern : patterns.isEmpty() ? List.of("[^.]*") : patterns) {
            String before = patterns.isEmpty() ? ".*?\\." : "(?:^|.*?\\.)";
            Matcher number =
                    Pattern.compile(before + pattern + "\\.(\\d{1,9})\\.").matcher(path);
            if (number.lookingAt()) {
                return Optional.of(Integer.valueOf(number.group(1)));
            }
        }
        return Optional.empty();
    }

    /** Returns layers_to_transform; empty also when it is not there. */
    List<Integer> layers() {
        List<Integer> layers = new ArrayList<>();
        JsonElement value = config.get("layers_to_transform");
        if (value == null || value.isJsonNull()) {
            return layers;
        }
        for (JsonElement each : value.isJsonArray() ? value.getAsJsonArray() : List.of(value)) {
            if (each.isJsonPrimitive() && each.getAsJsonPrimitive().isNumber()) {
                layers.add(each.getAsInt());
            }
        }
        return layers;
    }

    /** Returns the texts of a field that holds one or a list of them. */
    List<String> texts(String field) {
        JsonElement value = config.get(field);
        List<String> texts = new ArrayList<>();
        if (value == null || value.isJsonNull()) {
            return texts;
        }
        for (JsonElement each : value.isJsonArray() ? value.getAsJsonArray() : List.of(value)) {
            if (each.isJsonPrimitive() && each.getAsJsonPrimitive().isString()) {
                texts.add(each.getAsString());
            }
        }
        return texts;
    }

    /** Returns a field that is a single text: as targets, a regular expression. */
    Optional<String> expression(String field) {
        JsonElement value = config.get(field);
        return value != null
                        && value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    /** Returns the keys of a pattern field that match a path, in the file's order: PEFT takes the first. */
    List<Map.Entry<String, JsonElement>> patterns(String field, String path) {
        JsonElement patterns = config.get(field);
        return patterns == null || !patterns.isJsonObject()
                ? List.of()
                : patterns.getAsJsonObject().entrySet().stream()
                        .filter(entry -> path.matches("(.*\\.)?(" + entry.getKey() + ")"))
                        .toList();
    }
}
