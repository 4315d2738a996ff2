// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.Seed;
import org.lamella.tensor.Autograd;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** The loss of answers looks at some hundred words at a time; how many there are changes neither it nor its slope. */
final class AnswerLossTest {

    private static final int TEXTS = 6;
    private static final int LENGTH = 100;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void manyWordsHaveTheLossAndSlopeThatTheyHaveApart(String family) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"));
                Scope scope = Scope.open()) {
            int each = (LENGTH - 1) * model.width();
            float[] states = new float[TEXTS * each];
            RandomGenerator random = new Seed(3).random();
            for (int i = 0; i < states.length; i++) {
                states[i] = (float) random.nextGaussian();
            }

            float[] whole = new float[states.length];
            double loss = slope(model, states, TEXTS, whole, scope);

            double sum = 0;
            for (int text = 0; text < TEXTS; text++) {
                float[] slopes = new float[each];
                sum += slope(model, Arrays.copyOfRange(states, text * each, (text + 1) * each), 1, slopes, scope);
                assertThat(Arrays.copyOfRange(whole, text * each, (text + 1) * each))
                        .containsExactly(slopes, within(1e-6f));
            }
            assertThat(loss).isCloseTo(sum, within(1e-6 * sum));
        }
    }

    private static double slope(Transformer model, float[] states, int texts, float[] slopes, Scope scope) {
        long[] ids = new long[LENGTH];
        Arrays.setAll(ids, i -> 5 + i % 50);
        Tokens answered = new Tokens(ids, new long[LENGTH], List.of(), LENGTH).answeredFrom(0);
        Batch batch = Batch.of(new int[texts], Collections.nCopies(texts, answered), scope);
        Tensor read = scope.floats(states, (long) texts * (LENGTH - 1), model.width());
        read.requireGradient();

        try (GradMode mode = GradMode.enabled()) {
            Tensor loss = model.pass().answerLoss(read, batch, scope);
            Autograd.backward(loss);
            float[] found = read.gradient(scope).floats();
            System.arraycopy(found, 0, slopes, 0, found.length);
            return loss.item();
        }
    }
}
