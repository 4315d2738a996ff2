// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.Matrix;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Golden;
import org.lamella.model.Position;
import org.lamella.model.Representations;
import org.lamella.model.Transformer;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Scores of decoders: where they are read, and what the published code reads instead. */
final class DecoderScoresTest {

    private static final List<String> WORDS = List.of("oil", "bank", "wheat", "trade", "ship", "loan", "crop", "fed");

    private static Split split() {
        StringColumn prompt = StringColumn.create("prompt");
        StringColumn answer = StringColumn.create("answer");
        for (int i = 0; i < 24; i++) {
            prompt.append("the " + WORDS.get(i % 8) + " of the " + WORDS.get(i / 3));
            answer.append(" rose in " + WORDS.get(i % 5) + WORDS.get(i / 4));
        }
        Table table = Table.create("tiny", prompt, answer);
        return Task.from(table)
                .text("prompt")
                .answer("answer")
                .format(PromptFormat.of("{prompt}:{answer}\n"))
                .validation(table)
                .test(table)
                .train();
    }

    private static Transformer model() {
        return Transformer.load(Golden.path("decoders/llama/model"));
    }

    @Test
    void theLastTokenIsTheSameNewLineInEveryAnswerSoThatLayerZeroIsUndefined() {
        try (Transformer model = model()) {
            LayerScores scores = Cka.scoreLayers(model, split());

            assertThat(scores.layers().get(0)).isInstanceOf(LayerScore.Undefined.class);
            assertThat(scores.layers().get(0).note()).isEqualTo("undefined: the input is constant");
            assertThat(scores.layers().subList(1, 4)).allMatch(LayerScore.Defined.class::isInstance);
        }
    }

    @Test
    void thePublishedCodeScoresTheConstantZeroPicksItAndReadsTheLastStateAfterTheNorm() {
        try (Transformer model = model()) {
            LayerScores published = Cka.scoreLayers(model, split(), Protocol.published());
            LayerScores before =
                    Cka.scoreLayers(model, split(), Protocol.published().lastNorm(false));

            assertThat(published.topShare(0.5).indices()).contains(0);
            Representations states = model.representations(split(), Position.LAST);
            Matrix last = states.layer(4);
            double unnormed = Cka.between(states.layer(3), last, Protocol.published());
            assertThat(cka(before, 3)).isCloseTo(unnormed, within(1e-6));
            assertThat(Math.abs(cka(published, 3) - unnormed)).isGreaterThan(1e-4);
            IntStream.range(1, 3)
                    .forEach(layer -> assertThat(cka(published, layer)).isCloseTo(cka(before, layer), within(1e-6)));
        }
    }

    private static double cka(LayerScores scores, int layer) {
        return ((LayerScore.Defined) scores.layers().get(layer)).value();
    }

    @Test
    void theProtocolThatWasUsedStandsInTheProvenance() {
        try (Transformer model = model()) {
            assertThat(Cka.scoreLayers(model, split(), Protocol.published())
                            .provenance()
                            .facts())
                    .containsEntry("position", "last")
                    .containsEntry("last state", "after the last norm")
                    .containsEntry("candidates", Candidates.ALL_LAYERS.words());
        }
    }
}
