// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamella.base.FormatException;
import org.lamella.tensor.Tensor;

/**
 * The vision tower of CLIP (Radford et al. 2021) as Hugging Face's {@code CLIPVisionModel} computes it: a picture cut into
 * patches, a class token before them, learnt positions, a norm before all layers and one before each part of a layer.
 *
 * <p>Its tokens are the class token and the patches, as many for every picture, so that no batch has padding. A head reads
 * the mean of the patches, as {@code CLIPForImageClassification} does.
 */
final class ClipVision implements Architecture {

    // B pictures, T PATCHES + 1 tokens, N = B T, D WIDTH, H HEADS, K SIZE (of a head), G patches in a row, S side
    private static final String SCRIPT = """
            # pixels (B, 3, S, S)
            def embed(self, pixels: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              B = torch.size(pixels, 0)
              p = torch.conv2d(torch.type_as(pixels, w[1]), w[1], None, [PATCH, PATCH])  # (B, D, G, G)
              patches = torch.transpose(torch.flatten(p, 2), 1, 2)
              first = torch.expand(torch.view(w[0], [1, 1, WIDTH]), [B, 1, WIDTH])
              x = torch.add(torch.cat([first, patches], 1), w[2])  # (B, T, D)
              return torch.layer_norm(torch.view(x, [-1, WIDTH]), [WIDTH], w[3], w[4], EPSILON)

            # one attention head after another: (N, D) -> (B, H, T, K)
            def spread(self, x: Tensor) -> Tensor:
              return torch.transpose(torch.view(x, [-1, PATCHES + 1, HEADS, SIZE]), 1, 2)

            # rows: the tokens whose state the caller wants, all of them when it has no elements
            def layer(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
              h = torch.layer_norm(x, [WIDTH], w[12], w[13], EPSILON)
              h1 = self.single(h, pairs, 0, 2)
              q = self.spread(self.told(h, h1, w[0], w[1], pairs, 0, low))
              k = self.spread(self.told(h, h1, w[2], w[3], pairs, 1, low))
              v = self.spread(self.told(h, h1, w[4], w[5], pairs, 2, low))
              c = torch.scaled_dot_product_attention(q, k, v, None, attention, False, scale=SCALE)
              c1 = torch.reshape(torch.transpose(c, 1, 2), [-1, WIDTH])
              if torch.numel(rows) > 0:
                x0 = torch.index_select(x, 0, rows)
                c2 = torch.index_select(c1, 0, rows)
              else:
                x0 = x
                c2 = c1
              x1 = torch.add(x0, self.adapted(c2, w[6], w[7], pairs, 3, low))
              h2 = torch.layer_norm(x1, [WIDTH], w[14], w[15], EPSILON)
              f = ACTIVATION(self.adapted(h2, w[8], w[9], pairs, 4, low)OPTIONS)  # (N, F)
              return torch.add(x1, self.adapted(f, w[10], w[11], pairs, 5, low))

            # from the states of all patches (B PATCHES, D)
            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], before: float, after: float) -> Tensor:
              return torch.linear(torch.mean(torch.view(x, [-1, PATCHES, WIDTH]), [1]), head[0], head[1])
            """;

    private static final String TYPE = "clip_vision_model";

    private final String prefix;
    private final int depth;
    private final int width;
    private final int heads;
    private final int inner;
    private final int side;
    private final int patch;
    private final double epsilon;
    private final double initializerRange;
    private final double attentionDropout;
    private final Activation activation;

    /** Reads a configuration of a tower alone, or of a whole CLIP; what a file leaves out is as Hugging Face has it. */
    ClipVision(Config config) {
        this(requireClip(config.section("vision_config").orElse(config)), "vision_model.");
    }

    /** Returns the fields of a tower, which is CLIP's. */
    static Config requireClip(Config seeing) {
        String type = seeing.text("model_type", TYPE);
        if (!type.equals(TYPE)) {
            throw new FormatException(
                    "config.json", "vision_config.model_type must be \"" + TYPE + "\"; got \"" + type + "\"");
        }
        return seeing;
    }

    /** Reads the tower of a larger model, whose weights have that prefix. */
    ClipVision(Config config, String prefix) {
        this.prefix = prefix;
        depth = config.count("num_hidden_layers", 12);
        width = config.count("hidden_size", 768);
        heads = config.count("num_attention_heads", 12);
        inner = config.count("intermediate_size", 3072);
        side = config.count("image_size", 224);
        patch = config.count("patch_size", 32);
        epsilon = config.number("layer_norm_eps", 1e-5);
        initializerRange = config.number("initializer_range", 0.02);
        attentionDropout = config.rate("attention_dropout", 0);
        activation = Activation.named("hidden_act", config.text("hidden_act", "quick_gelu"));
        int channels = config.count("num_channels", 3);
        if (channels != 3) {
            throw new FormatException("config.json", "num_channels must be 3; got " + channels);
        }
        if (width % heads != 0) {
            throw new FormatException(
                    "config.json",
                    "hidden_size must be a multiple of num_attention_heads, " + heads + "; got " + width);
        }
        if (side % patch != 0) {
            throw new FormatException(
                    "config.json", "image_size must be a multiple of patch_size, " + patch + "; got " + side);
        }
    }

    /** Returns how many pixels a picture is wide and high. */
    int side() {
        return side;
    }

    /** Returns how many pixels a patch is wide and high. */
    int patch() {
        return patch;
    }

    /** Returns how many patches a picture is cut into. */
    int patches() {
        return (side / patch) * (side / patch);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String className() {
        return "CLIP";
    }

    @Override
    public String className(Purpose purpose) {
        return purpose == Purpose.LABELS ? "CLIPForImageClassification" : "CLIPVisionModel";
    }

    /** Returns the configuration of a tower, or for a head of a whole CLIP, whose language is never made. */
    @Override
    public JsonObject saved(JsonObject config, Purpose purpose) {
        boolean whole = config.has("vision_config");
        if (purpose == Purpose.LABELS && !whole) {
            JsonObject clip = new JsonObject();
            clip.addProperty("model_type", "clip");
            clip.add("vision_config", config);
            clip.add("text_config", new JsonObject());
            return clip;
        }
        if (purpose == Purpose.STATES && whole) {
            JsonObject tower = config.getAsJsonObject("vision_config");
            tower.addProperty("model_type", type());
            return tower;
        }
        return config;
    }

    /** Returns the name in a tower by itself. */
    @Override
    public String saved(String name) {
        return name.startsWith(prefix) ? "vision_model." + name.substring(prefix.length()) : name;
    }

    @Override
    public boolean bare() {
        return false;
    }

    @Override
    public Optional<Integer> sees() {
        return Optional.of(side);
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int vocabulary() {
        return 1;
    }

    @Override
    public int types() {
        return 0;
    }

    @Override
    public int limit() {
        return patches() + 1;
    }

    @Override
    public double initializerRange() {
        return initializerRange;
    }

    @Override
    public String script() {
        return SCRIPT.replace("PATCHES", String.valueOf(patches()))
                .replace("PATCH", String.valueOf(patch))
                .replace("WIDTH", String.valueOf(width))
                .replace("HEADS", String.valueOf(heads))
                .replace("SIZE", String.valueOf(width / heads))
                .replace("SCALE", Double.toString(Math.pow((double) width / heads, -0.5)))
                .replace("EPSILON", Double.toString(epsilon))
                .replace("ACTIVATION", activation.function())
                .replace("OPTIONS", activation.options());
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public List<Weight> embedding() {
        return List.of(
                Weight.of("embeddings.class_embedding", width),
                Weight.of("embeddings.patch_embedding.weight", width, 3, patch, patch),
                Weight.of("embeddings.position_embedding.weight", patches() + 1L, width),
                Weight.of("pre_layrnorm.weight", width), // so Hugging Face spells it
                Weight.of("pre_layrnorm.bias", width));
    }

    @Override
    public String path(int layer) {
        return "encoder.layers." + layer;
    }

    @Override
    public List<Weight> layer() {
        List<Weight> weights = new ArrayList<>();
        for (LinearModule linear : linears()) {
            weights.add(Weight.of(linear.name() + ".weight", linear.outputs(), linear.inputs()));
            weights.add(Weight.of(linear.name() + ".bias", linear.outputs()));
        }
        for (String norm : List.of("layer_norm1", "layer_norm2")) {
            weights.add(Weight.of(norm + ".weight", width));
            weights.add(Weight.of(norm + ".bias", width));
        }
        return List.copyOf(weights);
    }

    @Override
    public List<LinearModule> linears() {
        return List.of(
                new LinearModule("self_attn.q_proj", width, width),
                new LinearModule("self_attn.k_proj", width, width),
                new LinearModule("self_attn.v_proj", width, width),
                new LinearModule("self_attn.out_proj", width, width),
                new LinearModule("mlp.fc1", width, inner),
                new LinearModule("mlp.fc2", inner, width));
    }

    /** Counts the class token of the last layer as well, which the head does not read. */
    @Override
    public Work work(BatchShape shape, boolean atHead, Dropout rates) {
        Work work = EncoderWork.of(linears(), heads, shape, false, rates, 0);
        List<Work.Kept> kept = new ArrayList<>(work.kept());
        long gate = (long) shape.tokens() * inner;
        kept.add(new Work.Kept("gate of the activation", gate, List.of("mlp.fc1"), Optional.empty(), false));
        return new Work(work.products(), kept, work.passing());
    }

    @Override
    public List<String> defaultTargets() {
        return List.of("q_proj", "v_proj");
    }

    /** Returns the norm of the class token, which nothing here reads: it belongs to the model that is saved. */
    @Override
    public List<Weight> pooler() {
        return List.of(
                Weight.of(prefix + "post_layernorm.weight", width), Weight.of(prefix + "post_layernorm.bias", width));
    }

    @Override
    public List<Weight> head(int outputs) {
        return List.of(Weight.of("classifier.weight", outputs, width), Weight.of("classifier.bias", outputs));
    }

    @Override
    public Position headPosition() {
        return Position.MEAN;
    }

    @Override
    public Tensor headRows(Batch batch) {
        return batch.patches();
    }

    @Override
    public Dropout dropout() {
        return new Dropout(0, attentionDropout, 0, 0);
    }
}
