// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a text is split before byte pairs are joined, as the published tokenizer.json of each scheme's first model has it.
 */
enum GgufScheme {
    /** White space, words, numbers, the rest. */
    GPT2,
    /** Every digit by itself, then as GPT-2. */
    SMOLLM,
    /** At most three digits together; whole tokens without the merges that lead to them. */
    LLAMA3,
    /** As Llama 3, but every digit by itself, and composed characters. */
    QWEN2;

    private static final Map<String, GgufScheme> NAMED = new TreeMap<>(Map.of(
            "gpt-2", GPT2,
            "smollm", SMOLLM,
            "llama-bpe", LLAMA3,
            "llama3", LLAMA3,
            "llama-v3", LLAMA3,
            "qwen2", QWEN2));

    private static final String PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}DIGITS"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Returns the scheme that a file calls so. */
    static Optional<GgufScheme> named(String name) {
        return Optional.ofNullable(NAMED.get(name));
    }

    static Set<String> names() {
        return NAMED.keySet();
    }

    /** Returns the pre-tokenizer. */
    JsonObject split() {
        return switch (this) {
            case GPT2 -> byteLevel(true);
            case SMOLLM -> {
                JsonObject digits = typed("Digits");
                digits.addProperty("individual_digits", true);
                yield sequence(digits, byteLevel(true));
            }
            case LLAMA3 -> sequence(regex(PATTERN.replace("DIGITS", "{1,3}")), byteLevel(false));
            case QWEN2 -> sequence(regex(PATTERN.replace("DIGITS", "")), byteLevel(false));
        };
    }

    /** Returns the normalizer; null, as the file has it, where there is none. */
    @Nullable JsonObject normalizer() {
        return this == QWEN2 ? typed("NFC") : null;
    }

    private static JsonObject regex(String text) {
        JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", text);
        JsonObject split = typed("Split");
        split.add("pattern", pattern);
        split.addProperty("behavior", "Isolated");
        split.addProperty("invert", false);
        return split;
    }

    private static JsonObject sequence(JsonObject... steps) {
        JsonArray all = new JsonArray();
        for (JsonObject step : steps) {
            all.add(step);
        }
        JsonObject sequence = typed("Sequence");
        sequence.add("pretokenizers", all);
        return sequence;
    }

    static JsonObject byteLevel(boolean splits) {
        JsonObject level = typed("ByteLevel");
        level.addProperty("add_prefix_space", false);
        level.addProperty("trim_offsets", true);
        level.addProperty("use_regex", splits);
        return level;
    }

    static JsonObject typed(String type) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }
}
