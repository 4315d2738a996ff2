// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Names;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * The tensors of a GGUF file as Hugging Face has them: under its names, with what llama.cpp changed put back. For llama
 * that is the order of the rows of queries and keys, whose halves it interleaves; for Gemma the 1 that it adds to norms.
 */
final class GgufWeights implements TensorFile {

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");
    private static final Map<String, String> WHOLE = Map.of(
            "token_embd.weight", "model.embed_tokens.weight",
            "output_norm.weight", "model.norm.weight",
            "output.weight", "lm_head.weight");
    private static final Map<String, String> PARTS = Map.of(
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_output", "self_attn.o_proj",
            "ffn_gate", "mlp.gate_proj",
            "ffn_up", "mlp.up_proj",
            "ffn_down", "mlp.down_proj",
            "attn_norm", "input_layernorm");
    private static final Map<String, String> NORMS = Map.of("ffn_norm", "post_attention_layernorm");
    private static final Map<String, String> NORMS_OF_GEMMA2 = Map.of(
            "post_attention_norm", "post_attention_layernorm",
            "ffn_norm", "pre_feedforward_layernorm",
            "post_ffw_norm", "post_feedforward_layernorm");
    // how to stretch rotary positions: read with the configuration
    private static final String FACTORS = "rope_freqs.weight";

    // one script for the whole process
    private static final class Compiled {
        static final Script SCRIPT = Script.compile("""
                # rows (heads, K/2, 2) in the order (heads, 2, K/2)
                def halves(self, x: Tensor, heads: int) -> Tensor:
                  y = torch.view(x, [heads, torch.size(x, 0) // heads // 2, 2, -1])
                  return torch.reshape(torch.transpose(y, 1, 2), torch.size(x))
                def less(self, x: Tensor) -> Tensor:
                  return torch.sub(x, 1)
                """);
    }

    private final GgufFacts facts;
    private final TreeMap<String, String> places = new TreeMap<>();

    GgufWeights(GgufFacts facts) {
        this.facts = facts;
        for (String place : facts.gguf().names()) {
            if (!place.equals(FACTORS)) {
                places.put(named(place), place);
            }
        }
    }

    // a tensor that is silently left out would make another model
    private String named(String place) {
        String whole = WHOLE.get(place);
        if (whole != null) {
            return whole;
        }
        Matcher layer = LAYER.matcher(place);
        Map<String, String> norms = facts.architecture().equals("gemma2") ? NORMS_OF_GEMMA2 : NORMS;
        if (layer.matches()) {
            String part = PARTS.getOrDefault(layer.group(2), norms.get(layer.group(2)));
            if (part != null) {
                return "model.layers." + layer.group(1) + "." + part + "." + layer.group(3);
            }
        }
        throw facts.problem("tensors must be those of a plain " + facts.architecture() + "; got \""
                + Names.shortened(place) + "\", which is none of its");
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public DType dtype(String name) {
        return facts.gguf().dtype(place(name));
    }

    @Override
    public long[] shape(String name) {
        return facts.gguf().shape(place(name));
    }

    @Override
    public long bytes() {
        return facts.gguf().bytes();
    }

    @Override
    public Map<String, String> metadata() {
        return facts.gguf().metadata();
    }

    @Override
    public Tensor tensor(String name, Scope owner) {
        String place = place(name);
        try (Scope scratch = Scope.open()) {
            return put(place, facts.gguf().tensor(place, scratch), owner);
        }
    }

    @Override
    public Tensor single(String name, Scope owner) {
        String place = place(name);
        try (Scope scratch = Scope.open()) {
            return put(place, facts.gguf().single(place, scratch), owner);
        }
    }

    private Tensor put(String place, Tensor tensor, Scope owner) {
        boolean llama = facts.architecture().equals("llama");
        boolean gemma = facts.architecture().startsWith("gemma");
        if (llama && place.contains(".attn_q.")) {
            return halves(place, tensor, facts.count("attention.head_count"), owner);
        }
        if (llama && place.contains(".attn_k.")) {
            int heads = facts.count("attention.head_count");
            return halves(place, tensor, facts.count("attention.head_count_kv", heads), owner);
        }
        return gemma && place.endsWith("norm.weight")
                ? Compiled.SCRIPT.call("less").with(tensor).one(owner)
                : owner.take(tensor);
    }

    private Tensor halves(String place, Tensor tensor, int heads, Scope owner) {
        long[] shape = tensor.shape();
        if (shape.length == 0 || shape[0] % (2L * heads) != 0) {
            throw facts.problem("rows of " + place + " must be a multiple of two for each of " + heads
                    + " heads; got the shape " + Arrays.toString(shape));
        }
        return Compiled.SCRIPT.call("halves").with(tensor).with((long) heads).one(owner);
    }

    private String place(String name) {
        String place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("tensor must be one of the " + places.size() + " in " + facts.gguf()
                    + "; got \"" + name + "\"" + Names.didYouMean(name, places.keySet()));
        }
        return place;
    }

    @Override
    public void close() {
        facts.gguf().close();
    }
}
