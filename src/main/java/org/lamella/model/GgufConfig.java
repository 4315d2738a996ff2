// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.OptionalDouble;
import org.lamella.tensor.Gguf;
import org.lamella.tensor.Scope;

/** Makes the config.json that Hugging Face would have from the metadata of a GGUF file. */
final class GgufConfig {

    private static final Map<String, String> CLASSES =
            Map.of("llama", "Llama", "mistral", "Mistral", "qwen2", "Qwen2", "gemma", "Gemma", "gemma2", "Gemma2");
    // llama.cpp knows by its depth the only Gemma 2 whose scores are scaled in another way
    private static final int LAYERS_OF_GEMMA2_27B = 46;

    private final GgufFacts facts;
    private final Gguf gguf;
    private final int heads;
    private final int headSize;

    private GgufConfig(GgufFacts facts) {
        this.facts = facts;
        this.gguf = facts.gguf();
        heads = facts.count("attention.head_count");
        long whole = facts.count("embedding_length") / heads;
        headSize = facts.count(
                "attention.key_length", facts.whole("rope.dimension_count").orElse(whole));
    }

    static Config of(GgufFacts facts) {
        return Config.parse(new GgufConfig(facts).json().toString());
    }

    private JsonObject json() {
        requirePlain();
        String type = facts.architecture().equals("llama")
                        && facts.whole("attention.sliding_window").isPresent()
                ? "mistral"
                : facts.architecture();
        JsonObject json = new JsonObject();
        json.addProperty("model_type", type);
        JsonArray classes = new JsonArray();
        classes.add(CLASSES.get(type) + "ForCausalLM");
        json.add("architectures", classes);
        json.addProperty("vocab_size", vocabulary());
        json.addProperty("hidden_size", facts.count("embedding_length"));
        json.addProperty("intermediate_size", facts.count("feed_forward_length"));
        json.addProperty("num_hidden_layers", facts.count("block_count"));
        json.addProperty("num_attention_heads", heads);
        json.addProperty("num_key_value_heads", facts.count("attention.head_count_kv", heads));
        json.addProperty("head_dim", headSize);
        json.addProperty("max_position_embeddings", facts.count("context_length"));
        json.addProperty("rms_norm_eps", facts.positive("attention.layer_norm_rms_epsilon"));
        json.addProperty("tie_word_embeddings", !gguf.names().contains("output.weight"));
        addRotary(json);
        addFamily(json, type);
        addToken(json, "bos");
        addToken(json, "eos");
        addToken(json, "padding");
        return json;
    }

    private void requirePlain() {
        facts.whole("expert_count").ifPresent(experts -> {
            if (experts > 0) {
                throw facts.problem(
                        facts.key("expert_count") + " must be 0: mixtures of experts are not read; got " + experts);
            }
        });
        facts.whole("attention.value_length").ifPresent(size -> {
            if (size != headSize) {
                throw facts.problem(facts.key("attention.value_length") + " must be " + headSize
                        + ", the size of a head's keys; got " + size);
            }
        });
        if (heads % facts.count("attention.head_count_kv", heads) != 0) {
            throw facts.problem(facts.key("attention.head_count_kv") + " must divide the " + heads + " heads; got "
                    + facts.count("attention.head_count_kv", heads));
        }
    }

    private long vocabulary() {
        String table = "token_embd.weight";
        if (!gguf.names().contains(table)) {
            throw facts.problem(table + " must be there; got " + gguf.names().size() + " tensors without it");
        }
        long[] shape = gguf.shape(table);
        long rows = shape.length == 2 ? shape[0] : -1;
        long told = facts.whole("vocab_size").orElse(rows);
        if (rows < 1 || told != rows) {
            throw facts.problem(
                    facts.key("vocab_size") + " must be the rows of " + table + ", " + rows + "; got " + told);
        }
        return rows;
    }

    private void addFamily(JsonObject json, String type) {
        switch (type) {
            case "llama", "mistral", "qwen2" -> json.addProperty("hidden_act", "silu");
            default -> {
                json.addProperty("hidden_act", "gelu_pytorch_tanh");
                json.addProperty("hidden_activation", "gelu_pytorch_tanh");
            }
        }
        switch (type) {
            case "llama" -> {
                json.addProperty("attention_bias", gguf.names().contains("blk.0.attn_q.bias"));
                json.addProperty("mlp_bias", gguf.names().contains("blk.0.ffn_gate.bias"));
            }
            case "mistral" -> json.addProperty("sliding_window", facts.count("attention.sliding_window"));
            case "qwen2" -> json.addProperty("use_sliding_window", false);
            case "gemma2" -> {
                json.addProperty("sliding_window", facts.count("attention.sliding_window", 4096));
                addCap(json, "attn_logit_softcapping");
                addCap(json, "final_logit_softcapping");
                boolean largest = facts.count("block_count") == LAYERS_OF_GEMMA2_27B;
                json.addProperty("query_pre_attn_scalar", largest ? facts.count("embedding_length") / heads : headSize);
            }
            default -> {}
        }
    }

    private void addCap(JsonObject json, String key) {
        facts.number(key).ifPresent(cap -> json.addProperty(key, cap));
    }

    private void addToken(JsonObject json, String kind) {
        gguf.whole("tokenizer.ggml." + kind + "_token_id")
                .ifPresent(id -> json.addProperty((kind.equals("padding") ? "pad" : kind) + "_token_id", id));
    }

    private void addRotary(JsonObject json) {
        double base = facts.positive("rope.freq_base", 10_000);
        json.addProperty("rope_theta", base);
        int turned = facts.count("rope.dimension_count", headSize);
        if (turned != headSize) {
            json.addProperty("partial_rotary_factor", (double) turned / headSize);
        }
        boolean factors = gguf.names().contains("rope_freqs.weight");
        String kind = gguf.text(facts.key("rope.scaling.type")).orElse("none");
        OptionalDouble linear = facts.number("rope.scale_linear"); // how old files say it
        if (factors && !kind.equals("none")) {
            throw facts.problem("rotary positions must be stretched one way; got " + facts.key("rope.scaling.type")
                    + " \"" + kind + "\" and rope_freqs.weight");
        }
        if (factors) {
            json.add("rope_scaling", llama3(base));
        } else if (!kind.equals("none")) {
            json.add("rope_scaling", scaling(kind));
        } else if (linear.isPresent() && linear.getAsDouble() != 1) {
            json.add("rope_scaling", stretched("linear", linear.getAsDouble()));
        }
    }

    private JsonObject scaling(String kind) {
        JsonObject scaling = stretched(kind, facts.positive("rope.scaling.factor"));
        switch (kind) {
            case "linear" -> {}
            case "yarn" -> {
                scaling.addProperty(
                        "original_max_position_embeddings", facts.count("rope.scaling.original_context_length"));
                facts.number("rope.scaling.attn_factor")
                        .ifPresent(factor -> scaling.addProperty("attention_factor", factor));
            }
            default ->
                throw facts.problem(
                        facts.key("rope.scaling.type") + " must be one of [none, linear, yarn]; got \"" + kind + "\"");
        }
        return scaling;
    }

    private static JsonObject stretched(String kind, double factor) {
        JsonObject scaling = new JsonObject();
        scaling.addProperty("rope_type", kind);
        scaling.addProperty("factor", factor);
        return scaling;
    }

    /** Llama 3 and its kin write the factors of all turns and not how they were made: that is found again. */
    private JsonObject llama3(double base) {
        float[] factors;
        try (Scope scratch = Scope.open()) {
            factors = gguf.single("rope_freqs.weight", scratch).floats();
        }
        double largest = 0;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        for (int original : new int[] {8192, 4096, 2048, 16_384, 32_768}) {
            if (explains(factors, base, largest, original)) {
                JsonObject scaling = stretched("llama3", largest);
                scaling.addProperty("low_freq_factor", 1.0);
                scaling.addProperty("high_freq_factor", 4.0);
                scaling.addProperty("original_max_position_embeddings", original);
                return scaling;
            }
        }
        throw facts.problem("rope_freqs.weight must be factors as Llama 3 stretches rotary positions (low 1, high 4);"
                + " got " + factors.length + " others, up to " + largest);
    }

    private boolean explains(float[] factors, double base, double factor, double original) {
        if (factors.length != headSize / 2 || !(factor > 0)) {
            return false;
        }
        for (int i = 0; i < factors.length; i++) {
            double length = 2 * Math.PI * Math.pow(base, 2.0 * i / headSize);
            double smooth = Math.min(1, Math.max(0, (original / length - 1) / 3));
            double expected = 1 / ((1 - smooth) / factor + smooth);
            if (Math.abs(factors[i] - expected) > 1e-4 * expected) {
                return false;
            }
        }
        return true;
    }
}
