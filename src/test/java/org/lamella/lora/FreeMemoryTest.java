// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.lamella.model.Golden;
import org.lamella.model.Transformer;

/** A training that would not fit is refused before it starts, with what would fit. */
final class FreeMemoryTest {

    private static final Transformer MODEL = Transformer.load(Golden.path("decoders/llama/model"));
    private static final Lora RECIPE = Lora.on(MODEL.layers()).rank(4);
    private static final Training HOW = Training.standard().batchSize(16).maxTokens(64);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    private static double bytes(Training how) {
        return Cost.of(MODEL, RECIPE, how).allocated();
    }

    @Test
    void whatFitsIsTaken() {
        assertThatNoException().isThrownBy(() -> FreeMemory.require(MODEL, RECIPE, HOW, bytes(HOW)));
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheBatchAndTheLengthThatDo() {
        double free = bytes(HOW.batchSize(4)) * 1.001;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FreeMemory.require(MODEL, RECIPE, HOW, free))
                .withMessageMatching(
                        "a step must fit into memory; got \\S+ GB for 16 texts of 64 tokens, and \\S+ GB free;"
                                + " batchSize\\(4\\), maxTokens\\(16\\).* fit, each by itself");
    }

    @Test
    void whereNothingFitsTheRecipeIsTooLarge() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FreeMemory.require(MODEL, RECIPE, HOW, 1000))
                .withMessageEndingWith("neither fewer nor shorter texts fit: take fewer layers or a smaller rank");
    }
}
