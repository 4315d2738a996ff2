// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The real all-MiniLM-L6-v2 on recorded texts and on Reuters R8. */
class CkaIT {

    private static final JsonObject GOLDEN =
            GoldenStates.json("minilm/minilm.json").getAsJsonObject("cka");
    private static final Offset<Double> TOLERANCE = within(1e-5);

    private final Transformer model = Transformer.load("minilm");

    @Test
    void publishedScoresOfMiniLmAreThoseOfThePublishedCode() {
        LayerScores scores = Cka.scoreLayers(model, goldenTexts(), Protocol.published());

        assertClose(scores.values(), GoldenStates.numbers(GOLDEN.getAsJsonArray("published")));
        GOLDEN.getAsJsonArray("selected").forEach(rule -> assertThat(
                        scores.topShare(rule.getAsJsonObject().get("ratio").getAsDouble())
                                .mask())
                .isEqualTo(rule.getAsJsonObject().get("encoder").getAsString()));
    }

    @Test
    void correctedScoresOfMiniLmAreThoseOfTheReferenceAtEveryPosition() {
        for (Position position : new Position[] {Position.CLS, Position.MEAN}) {
            JsonObject golden = GOLDEN.getAsJsonObject(position == Position.CLS ? "cls" : "mean");
            Protocol protocol = Protocol.corrected().position(position);

            LayerScores debiased = Cka.scoreLayers(model, goldenTexts(), protocol);
            LayerScores biased = Cka.scoreLayers(model, goldenTexts(), protocol.estimator(Estimator.BIASED));

            assertClose(debiased.values(), GoldenStates.numbers(golden.getAsJsonArray("debiased")));
            assertClose(biased.values(), GoldenStates.numbers(golden.getAsJsonArray("biased")));
        }
    }

    @Test
    void scoresOfReutersAreFiniteButForLayer0WhoseInputIsConstant() {
        Split split = Task.load("reuters-r8").train().sample(256, 0);

        LayerScores scores = Cka.scoreLayers(model.maxTokens(64), split);

        assertThat(scores.layers().get(0)).isEqualTo(new LayerScore.Undefined(0, "the input is constant"));
        for (LayerScore score : scores.layers().subList(1, 6)) {
            LayerScore.Defined defined = (LayerScore.Defined) score;
            assertThat(defined.low()).isGreaterThan(0).isLessThan(defined.value());
            assertThat(defined.high()).isGreaterThan(defined.value()).isLessThan(1);
        }
        assertThat(scores.topShare(0.5).pickedOn()).containsExactly(split);
        assertThat(scores.membership(0.5).of(5)).isEqualTo(1);
    }

    @Test
    void scoringAgainGivesTheSameBitsAndLeavesNothingBehind() {
        Split split = Task.load("reuters-r8").train().sample(64, 1);
        double[] first = Cka.scoreLayers(model, split).values();
        long live = Torch.liveTensors();

        LayerScores again = Cka.scoreLayers(model, split);

        assertThat(again.values()).containsExactly(first);
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live); // a cleaner may free what earlier tests left
    }

    @Test
    void streamedSumsGiveTheScoresOfGramMatricesOnRealStates() {
        Split split = Task.load("reuters-r8").train().sample(96, 2);
        Protocol protocol = Protocol.corrected().position(Position.MEAN);
        Transformer brief = model.maxTokens(16);
        Source source = new Source(6, 384, split.size(), reader -> brief.read(split, protocol.position(), reader));

        Measured streamed = Measured.of(source, protocol, new Measured.Sizes(50, 64));
        double[] expected = Cka.scoreLayers(brief, split, protocol).values();

        assertThat(streamed.streamed()).isTrue();
        assertThat(streamed.layers().stream().mapToDouble(Double::doubleValue).toArray())
                .containsExactly(expected, within(1e-9));
    }

    @Test
    void fisherScoresOfMiniLmAreFiniteAndTheSameForTheSameSeed() {
        Split split = Task.load("reuters-r8").train().sample(8, 0);

        LayerScores scores = Fisher.scoreLayers(model.maxTokens(64), split);

        assertThat(scores.topShare(0.5).size()).isEqualTo(3);
        assertThat(Arrays.stream(scores.values()).allMatch(score -> score > 0)).isTrue();
        assertThat(Fisher.scoreLayers(model.maxTokens(64), split).values()).containsExactly(scores.values());
    }

    private static Split goldenTexts() {
        String[] texts = IntStream.range(0, GOLDEN.getAsJsonArray("texts").size())
                .mapToObj(i -> GOLDEN.getAsJsonArray("texts").get(i).getAsString())
                .toArray(String[]::new);
        String[] labels = IntStream.range(0, texts.length)
                .mapToObj(i -> i % 2 == 0 ? "even" : "odd")
                .toArray(String[]::new);
        Table table = Table.create(StringColumn.create("text", texts), StringColumn.create("label", labels));
        return Task.from(table)
                .text("text")
                .label("label")
                .validation(table)
                .test(table)
                .train();
    }

    private static void assertClose(double[] seen, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(seen[i]).as("layer %d", i).isNaN();
            } else {
                assertThat(seen[i]).as("layer %d", i).isCloseTo(expected[i], TOLERANCE);
            }
        }
    }
}
