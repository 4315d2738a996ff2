// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Matrix;
import org.lamella.data.Split;
import org.lamella.lora.Adapter;
import org.lamella.model.Golden;
import org.lamella.model.Representations;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;

/** The drift from one model to another, state by state, against CKA of their representations. */
final class DriftTest {

    private static final Split SPLIT = texts();

    @TempDir
    Path temporary;

    private static Split texts() {
        return Tiny.task(40).train();
    }

    @Test
    void eachNumberIsTheCkaOfBothModelsStates() {
        try (Transformer model = Transformer.load(Golden.path("bert/model"))) {
            Transformer adapted = model.with(Adapter.load(Golden.path("bert/adapters/layers-1-3")));
            Protocol protocol = Protocol.corrected().of(model);

            Drift drift = Drift.between(model, adapted, SPLIT);

            Representations one = model.representations(SPLIT, protocol.position());
            Representations other = adapted.representations(SPLIT, protocol.position());
            for (int row = 0; row <= 4; row++) {
                for (int column = 0; column <= 4; column++) {
                    assertThat(drift.values().at(row, column))
                            .as(row + ", " + column)
                            .isCloseTo(
                                    Cka.between(one.layer(row), other.layer(column), Protocol.corrected()),
                                    within(1e-9));
                }
                assertThat(drift.of(row).value()).isCloseTo(drift.values().at(row, row), within(1e-12));
                // at the first token all texts are the same before the first layer
                assertThat(row == 0 || drift.of(row).low() <= drift.of(row).value())
                        .isTrue();
            }
            assertThat(drift.of(1).value()).isCloseTo(1, within(1e-12)); // below the lowest pair nothing moves
            assertThat(drift.of(4).value()).isLessThan(0.9999);
        }
    }

    @Test
    void bothModelsReadTheSameTokens() {
        try (Transformer model = Transformer.load(Golden.path("bert/model"))) {
            Transformer adapted = model.with(Adapter.load(Golden.path("bert/adapters/layers-1-3")));

            Drift drift = Drift.between(model, adapted.maxTokens(4), SPLIT);

            assertThat(drift.of(1).value()).isCloseTo(1, within(1e-12));
            assertThat(drift.values())
                    .isEqualTo(Drift.between(model.maxTokens(4), adapted, SPLIT).values());
            assertThat(drift.provenance().recipe()).contains(".maxTokens(4)");
        }
    }

    @Test
    void aModelHasNotDriftedFromItself() {
        try (Transformer model = Transformer.load(Golden.path("bert/model"))) {
            Drift drift = Drift.between(model, model, SPLIT);

            Matrix own = Cka.scoreLayers(model, SPLIT).matrix().values();
            for (int row = 0; row <= 4; row++) {
                for (int column = 0; column <= 4; column++) {
                    // the same products of matrices, which may be summed in another order
                    double expected = own.at(row, column);
                    assertThat(
                                    Double.isNaN(expected)
                                            ? Double.isNaN(drift.values().at(row, column))
                                            : Math.abs(drift.values().at(row, column) - expected) < 1e-12)
                            .as(row + ", " + column)
                            .isTrue();
                }
            }
            assertThat(drift.table().columnNames()).containsExactly("state", "cka", "low", "high", "step");
            assertThat(drift.table().doubleColumn("step").isMissing(0)).isTrue();
            assertThat(drift.chart().toString()).isEqualTo(drift.toString());
            assertThat(drift.provenance().recipe()).contains("var drift = Drift.between(before, after, ");
        }
    }

    @Test
    void modelsOfOtherSizesAreRefused() throws IOException {
        Path folder = Tiny.copy("model", temporary.resolve("shallow"));
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3"));
        try (Transformer model = Transformer.load(Golden.path("bert/model"));
                Transformer shallow = Transformer.load(folder)) {
            assertThatThrownBy(() -> Drift.between(model, shallow, SPLIT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("models must be of the same depth and width; got model, 4 x 32, and shallow, 3 x 32");
            assertThatThrownBy(() -> Drift.between(model, model, SPLIT.head(2)))
                    .hasMessageContaining("must have at least 4 examples for this estimator");
            assertThatThrownBy(() -> Drift.between(model, model, SPLIT).of(5))
                    .hasMessage("state must be 0 to 4; got 5");
        }
    }
}
