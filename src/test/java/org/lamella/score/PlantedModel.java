// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A BERT whose layers hardly change what they read, but for some that change it thoroughly: the golden BERT's files with
 * another depth and other weights in its layers.
 */
final class PlantedModel {

    private static final Path GOLDEN = GoldenStates.FOLDER.resolve("bert/model");
    private static final String LAYER = "bert.encoder.layer.";
    // standard deviations of the weights: 32 inputs are multiplied by about 0.1 or by 3
    private static final double QUIET = 0.02;
    private static final double LOUD = 0.5;

    private PlantedModel() {}

    /** Writes the model to a folder and loads it. */
    static Transformer of(LayerSet loud, long seed, Path folder) {
        try {
            for (String file :
                    List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")) {
                Files.copy(GOLDEN.resolve(file), folder.resolve(file));
            }
            String config = Files.readString(GOLDEN.resolve("config.json"))
                    .replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": " + loud.depth());
            Files.writeString(folder.resolve("config.json"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(loud, new Seed(seed), folder.resolve("model.safetensors"));
        return Transformer.load(folder);
    }

    private static void write(LayerSet loud, Seed seed, Path to) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open();
                SafeTensors golden = SafeTensors.open(GOLDEN.resolve("model.safetensors"))) {
            for (String name : golden.names()) {
                if (name.startsWith(LAYER + "0.")) {
                    for (int layer = 0; layer < loud.depth(); layer++) {
                        String planted = name.replace(LAYER + "0.", LAYER + layer + ".");
                        double scale = loud.contains(layer) ? LOUD : QUIET;
                        tensors.put(planted, filled(planted, golden.shape(name), scale, seed, scope));
                    }
                } else if (name.startsWith("bert.embeddings.LayerNorm.")) {
                    tensors.put(name, filled(name, golden.shape(name), 0, seed, scope));
                } else if (!name.startsWith(LAYER)) {
                    tensors.put(name, golden.tensor(name, scope));
                }
            }
            SafeTensors.write(to, tensors, Map.of("format", "pt"));
        }
    }

    // norms do nothing but normalise, biases are zero, matrices are random
    private static Tensor filled(String name, long[] shape, double scale, Seed seed, Scope scope) {
        if (name.endsWith("LayerNorm.weight")) {
            return scope.full(1, shape);
        }
        float[] values = new float[(int) LongStream.of(shape).reduce(1, Math::multiplyExact)];
        if (shape.length == 2) {
            SplittableRandom random = seed.child(name).random();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian());
            }
        }
        return scope.floats(values, shape);
    }
}
