// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Sample;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** The golden representations with their scores, and scores of matrices. */
final class GoldenStates {

    static final Path FOLDER = Path.of("src/test/resources/golden");

    private GoldenStates() {}

    static JsonObject json(String file) {
        try {
            return JsonParser.parseString(Files.readString(FOLDER.resolve(file)))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Matrix> states(String name) {
        List<Matrix> states = new ArrayList<>();
        SafeTensors file = SafeTensors.open(FOLDER.resolve("cka/representations.safetensors"));
        try (Scope scope = Scope.open()) {
            for (int i = 0; file.names().contains(name + "." + i); i++) {
                Tensor state = file.tensor(name + "." + i, scope);
                states.add(Matrix.of((int) state.size(0), (int) state.size(1), state.floats()));
            }
        }
        return states;
    }

    /** Returns numbers, NaN where the file has null. */
    static double[] numbers(JsonArray array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonElement element = array.get(i);
            numbers[i] = element.isJsonNull() ? Double.NaN : element.getAsDouble();
        }
        return numbers;
    }

    static LayerScores score(List<Matrix> states, Protocol protocol) {
        return score(states, protocol, Measured.Sizes.standard(0));
    }

    static LayerScores score(List<Matrix> states, Protocol protocol, Measured.Sizes sizes) {
        return Cka.score(Source.of(states, 7), protocol, sizes, named("rows"), Provenance.of("test"));
    }

    static Sample named(String name) {
        return new Sample() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean overlaps(Sample other) {
                return other == this;
            }
        };
    }
}
