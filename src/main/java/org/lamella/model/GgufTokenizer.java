// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.tensor.Gguf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the tokenizer.json that Hugging Face would have from the vocabulary in a GGUF file, by the scheme that its
 * {@code tokenizer.ggml.pre} names.
 *
 * <p>Byte pairs only. Of SmolLM that means digits split off first, which the conversion of Python's transformers leaves
 * out, so that its white space before digits is cut in another way.
 */
final class GgufTokenizer {

    private static final Logger LOG = LoggerFactory.getLogger(GgufTokenizer.class);
    private static final String KEYS = "tokenizer.ggml.";
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    // as the file calls them, and as Hugging Face does
    private static final Map<String, String> NAMED = new TreeMap<>(
            Map.of("bos", "bos_token", "eos", "eos_token", "unknown", "unk_token", "padding", "pad_token"));

    private final String file;
    private final Gguf gguf;
    private final GgufScheme scheme;
    private final List<String> tokens;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    private GgufTokenizer(String file, Gguf gguf, long vocabulary) {
        this.file = file;
        this.gguf = gguf;
        String model = gguf.text(KEYS + "model").orElseThrow(() -> missing("model"));
        if (!model.equals("gpt2")) {
            throw problem(KEYS + "model must be \"gpt2\", byte pairs; got \"" + Names.shortened(model)
                    + "\", which is not read");
        }
        scheme = scheme();
        requireCount("tokens", vocabulary);
        requireCount("token_type", vocabulary);
        tokens = gguf.texts(KEYS + "tokens").orElseThrow();
        for (int id = 0; id < tokens.size(); id++) {
            Integer before = numbers.put(tokens.get(id), id);
            if (before != null) {
                throw problem(KEYS + "tokens must differ; got \"" + Names.shortened(tokens.get(id)) + "\" as " + before
                        + " and " + id);
            }
        }
    }

    /**
     * Reads the vocabulary of a file.
     *
     * @param file its name, for errors
     * @param vocabulary how many tokens the model knows
     */
    static GgufTokenizer of(String file, Gguf gguf, long vocabulary) {
        return new GgufTokenizer(file, gguf, vocabulary);
    }

    private GgufScheme scheme() {
        Optional<String> told = gguf.text(KEYS + "pre").filter(name -> !name.equals("default"));
        if (told.isEmpty()) {
            LOG.warn(
                    "[{}] does not say in {}pre how texts are split before tokens are joined: GPT-2's way is taken,"
                            + " and may not be the model's",
                    file,
                    KEYS);
            return GgufScheme.GPT2;
        }
        String name = told.get();
        return GgufScheme.named(name)
                .orElseThrow(() -> problem(KEYS + "pre must be one of " + GgufScheme.names() + "; got \""
                        + Names.shortened(name) + "\"" + Names.didYouMean(name, GgufScheme.names())));
    }

    private void requireCount(String list, long vocabulary) {
        long count = gguf.count(KEYS + list);
        if (count != vocabulary) {
            throw problem(KEYS + list + " must have " + vocabulary + " items, one for each row of token_embd.weight;"
                    + " got " + count);
        }
    }

    /** Returns the text of tokenizer.json. */
    String json() {
        JsonObject root = new JsonObject();
        root.addProperty("version", "1.0");
        root.add("truncation", null);
        root.add("padding", null);
        root.add("added_tokens", added());
        root.add("normalizer", scheme.normalizer());
        root.add("pre_tokenizer", scheme.split());
        root.add("post_processor", around());
        root.add("decoder", GgufScheme.byteLevel(true));
        root.add("model", model());
        return gson().create().toJson(root);
    }

    private JsonArray added() {
        long[] types = gguf.wholes(KEYS + "token_type").orElseThrow();
        JsonArray added = new JsonArray();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL || types[id] == USER_DEFINED) {
                JsonObject token = new JsonObject();
                token.addProperty("id", id);
                token.addProperty("content", tokens.get(id));
                for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                    token.addProperty(flag, false);
                }
                token.addProperty("special", types[id] == CONTROL);
                added.add(token);
            }
        }
        return added;
    }

    private JsonObject model() {
        JsonObject vocabulary = new JsonObject();
        numbers.forEach(vocabulary::addProperty);
        JsonObject model = GgufScheme.typed("BPE");
        model.add("dropout", null);
        model.add("unk_token", null);
        model.add("continuing_subword_prefix", null);
        model.add("end_of_word_suffix", null);
        model.addProperty("fuse_unk", false);
        model.addProperty("byte_fallback", false);
        model.addProperty("ignore_merges", scheme == GgufScheme.LLAMA3);
        model.add("vocab", vocabulary);
        model.add("merges", merges());
        return model;
    }

    private JsonArray merges() {
        JsonArray merges = new JsonArray();
        for (String merge : gguf.texts(KEYS + "merges").orElseThrow(() -> missing("merges"))) {
            int space = merge.indexOf(' ', 1);
            boolean known = space > 0
                    && numbers.containsKey(merge.substring(0, space))
                    && numbers.containsKey(merge.substring(space + 1))
                    && numbers.containsKey(merge.substring(0, space) + merge.substring(space + 1));
            if (!known) {
                throw problem(KEYS + "merges must join two tokens to a third; got \"" + Names.shortened(merge)
                        + "\" as number " + merges.size());
            }
            merges.add(merge);
        }
        return merges;
    }

    /** The tokens that stand before and after every text, where the file or its scheme wants them. */
    private @Nullable JsonObject around() {
        boolean first = gguf.flag(KEYS + "add_bos_token").orElse(scheme == GgufScheme.LLAMA3);
        boolean last = gguf.flag(KEYS + "add_eos_token").orElse(false);
        if (!first && !last) {
            return null;
        }
        JsonObject special = new JsonObject();
        JsonArray single = new JsonArray();
        JsonArray pair = new JsonArray();
        for (int sequence = 0; sequence < 2; sequence++) {
            for (JsonArray form : sequence == 0 ? List.of(single, pair) : List.of(pair)) {
                if (first) {
                    form.add(piece("SpecialToken", named("bos", special), sequence));
                }
                form.add(piece("Sequence", sequence == 0 ? "A" : "B", sequence));
                if (last) {
                    form.add(piece("SpecialToken", named("eos", special), sequence));
                }
            }
        }
        JsonObject around = GgufScheme.typed("TemplateProcessing");
        around.add("single", single);
        around.add("pair", pair);
        around.add("special_tokens", special);
        return around;
    }

    private static JsonObject piece(String kind, String id, int sequence) {
        JsonObject inner = new JsonObject();
        inner.addProperty("id", id);
        inner.addProperty("type_id", sequence);
        JsonObject piece = new JsonObject();
        piece.add(kind, inner);
        return piece;
    }

    private String named(String kind, JsonObject special) {
        String token = token(kind).orElseThrow(() -> missing(kind + "_token_id"));
        JsonArray ids = new JsonArray();
        ids.add(numbers.get(token));
        JsonArray texts = new JsonArray();
        texts.add(token);
        JsonObject entry = new JsonObject();
        entry.addProperty("id", token);
        entry.add("ids", ids);
        entry.add("tokens", texts);
        special.add(token, entry);
        return token;
    }

    /** Returns the token that the file names as the first ({@code bos}), the last ({@code eos}), and so on. */
    private Optional<String> token(String kind) {
        OptionalLong id = gguf.whole(KEYS + kind + "_token_id");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        if (id.getAsLong() >= tokens.size() || id.getAsLong() < 0) {
            throw problem(KEYS + kind + "_token_id must be one of " + tokens.size() + " tokens; got " + id.getAsLong());
        }
        return Optional.of(tokens.get((int) id.getAsLong()));
    }

    /** Returns the text of tokenizer_config.json. */
    String settings(Optional<String> chatTemplate) {
        JsonObject settings = new JsonObject();
        settings.addProperty("tokenizer_class", "PreTrainedTokenizerFast");
        settings.addProperty("clean_up_tokenization_spaces", false);
        JsonArray inputs =
                new JsonArray(); // without, Python's processor of pictures adds token types, which nobody reads
        inputs.add("input_ids");
        inputs.add("attention_mask");
        settings.add("model_input_names", inputs);
        NAMED.forEach((kind, field) -> token(kind).ifPresent(token -> settings.addProperty(field, token)));
        chatTemplate.ifPresent(template -> settings.addProperty("chat_template", template));
        return gson().setPrettyPrinting().create().toJson(settings);
    }

    private static GsonBuilder gson() {
        return new GsonBuilder().serializeNulls().disableHtmlEscaping();
    }

    private FormatException missing(String key) {
        return problem(KEYS + key + " must be there; it is not");
    }

    private FormatException problem(String problem) {
        return new FormatException(file, problem);
    }
}
