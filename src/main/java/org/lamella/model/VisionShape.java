// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.lamella.base.Disk;
import org.lamella.base.Folders;
import org.lamella.base.Seed;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The shape of a small vision tower that is trained from scratch: the fields of Hugging Face's {@code CLIPVisionConfig} that
 * decide its size. An immutable value.
 *
 * <pre>{@code
 * Transformer fresh = VisionShape.standard().width(96).layers(4).fresh(Path.of("target/tower"), 0);
 * Run run = Lora.everything().train(fresh, shapes.train(), how);
 * run.model().merged().save(Path.of("target/shapes-tower"));
 * }</pre>
 *
 * @param side how many pixels pictures are wide and high ({@code image_size})
 * @param patch how many pixels a patch is ({@code patch_size})
 * @param width of the states ({@code hidden_size})
 * @param layers how many
 * @param heads of attention; they divide the width
 * @param inner the width of the feed-forward part ({@code intermediate_size})
 */
public record VisionShape(int side, int patch, int width, int layers, int heads, int inner) {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
    private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

    /** Checks that patches fill the picture, and heads the width. */
    public VisionShape {
        require("side", side);
        require("patch", patch);
        require("width", width);
        require("layers", layers);
        require("heads", heads);
        require("inner", inner);
        if (side % patch != 0) {
            throw new IllegalArgumentException("side must be a multiple of patch, " + patch + "; got " + side);
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException("width must be a multiple of heads, " + heads + "; got " + width);
        }
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1; got " + value);
        }
    }

    /** Returns the shape for pictures of 64 pixels: 64 patches of 8, width 128, 4 layers, 4 heads, inner width 512. */
    public static VisionShape standard() {
        return new VisionShape(64, 8, 128, 4, 4, 512);
    }

    /** Returns this shape for pictures of so many pixels. */
    public VisionShape side(int pixels) {
        return new VisionShape(pixels, patch, width, layers, heads, inner);
    }

    /** Returns this shape with patches of so many pixels. */
    public VisionShape patch(int pixels) {
        return new VisionShape(side, pixels, width, layers, heads, inner);
    }

    /** Returns this shape with states of that width, the feed-forward part four times as wide. */
    public VisionShape width(int numbers) {
        return new VisionShape(side, patch, numbers, layers, heads, 4 * numbers);
    }

    /** Returns this shape with so many layers. */
    public VisionShape layers(int count) {
        return new VisionShape(side, patch, width, count, heads, inner);
    }

    /** Returns this shape with so many heads. */
    public VisionShape heads(int count) {
        return new VisionShape(side, patch, width, layers, count, inner);
    }

    /** Returns this shape with a feed-forward part of that width. */
    public VisionShape inner(int numbers) {
        return new VisionShape(side, patch, width, layers, heads, numbers);
    }

    /**
     * Returns a fresh tower of this shape, written as a folder that {@link Transformer#load(Path)} and Python's {@code
     * CLIPVisionModel} read. Its numbers are drawn as Hugging Face draws CLIP's; they depend on seed and name alone.
     *
     * @param folder replaced whole or not at all
     */
    public Transformer fresh(Path folder, long seed) {
        Folders.replace(folder, List.of("config.json", "model.safetensors", PictureFormat.FILE), place -> {
            try (Scope scope = Scope.open()) {
                SafeTensors.write(
                        place.resolve("model.safetensors"),
                        weights(new Seed(seed).child("vision tower"), scope),
                        Map.of("format", "pt"));
                Files.writeString(place.resolve("config.json"), GSON.toJson(config()) + "\n");
                Files.writeString(place.resolve(PictureFormat.FILE), GSON.toJson(format()) + "\n");
            } catch (IOException e) {
                throw Disk.unwritable(folder, e);
            }
        });
        return Transformer.load(folder);
    }

    private Map<String, Tensor> weights(Seed seed, Scope scope) {
        ClipVision tower = new ClipVision(Config.parse(GSON.toJson(config())));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        tower.embedding().forEach(weight -> put(weights, weight.under(tower.prefix()), seed, scope));
        for (int layer = 0; layer < layers; layer++) {
            String path = tower.prefix() + tower.path(layer) + ".";
            tower.layer().forEach(weight -> put(weights, weight.under(path), seed, scope));
        }
        tower.pooler().forEach(weight -> put(weights, weight, seed, scope));
        return weights;
    }

    private void put(Map<String, Tensor> weights, Architecture.Weight weight, Seed seed, Scope scope) {
        float[] numbers = new float[Math.toIntExact(weight.numbers())];
        SplittableRandom random = seed.child(weight.name()).random();
        double deviation = deviation(weight.name());
        float start = weight.name().contains("norm") && weight.name().endsWith("weight") ? 1 : 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = start + (deviation == 0 ? 0 : (float) (deviation * random.nextGaussian()));
        }
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        weights.put(weight.name(), scope.floats(numbers, shape));
    }

    // CLIPPreTrainedModel._init_weights; norms start at 1, biases at 0
    private double deviation(String name) {
        if (name.endsWith("bias") || name.contains("norm")) {
            return 0;
        }
        double root = Math.pow(width, -0.5);
        if (name.endsWith("class_embedding") || name.contains("out_proj")) {
            return root;
        }
        if (name.contains("_embedding")) {
            return 0.02;
        }
        return name.contains("fc1") ? Math.pow(2.0 * width, -0.5) : root * Math.pow(2.0 * layers, -0.5);
    }

    private JsonObject config() {
        JsonObject config = new JsonObject();
        JsonArray classes = new JsonArray();
        classes.add("CLIPVisionModel");
        config.add("architectures", classes);
        config.addProperty("model_type", "clip_vision_model");
        config.addProperty("image_size", side);
        config.addProperty("patch_size", patch);
        config.addProperty("hidden_size", width);
        config.addProperty("num_hidden_layers", layers);
        config.addProperty("num_attention_heads", heads);
        config.addProperty("intermediate_size", inner);
        config.addProperty("num_channels", 3);
        config.addProperty("projection_dim", width);
        config.addProperty("hidden_act", "quick_gelu");
        config.addProperty("layer_norm_eps", 1e-5);
        config.addProperty("attention_dropout", 0.0);
        config.addProperty("initializer_range", 0.02);
        config.addProperty("dtype", "float32");
        return config;
    }

    private JsonObject format() {
        JsonObject format = new JsonObject();
        format.addProperty("image_processor_type", "CLIPImageProcessor");
        for (String step : List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb")) {
            format.addProperty(step, true);
        }
        JsonObject size = new JsonObject();
        size.addProperty("shortest_edge", side);
        format.add("size", size);
        JsonObject crop = new JsonObject();
        crop.addProperty("height", side);
        crop.addProperty("width", side);
        format.add("crop_size", crop);
        format.addProperty("resample", 3);
        format.addProperty("rescale_factor", 1 / 255.0);
        format.add("image_mean", GSON.toJsonTree(MEAN));
        format.add("image_std", GSON.toJsonTree(DEVIATION));
        return format;
    }
}
