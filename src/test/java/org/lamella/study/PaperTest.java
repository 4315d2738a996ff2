// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.LayerSet;
import org.lamella.score.Candidates;
import org.lamella.score.LayerScores;
import org.lamella.score.TestScores;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class PaperTest {

    // the layers as the extraction of the scripts lists them beside each mask
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    roberta-base|mnli|3 4 6 7 10 11
                    roberta-base|sst2|6 7 8 9 10 11
                    roberta-base|mrpc|1 3 4 7 10 11
                    roberta-base|cola|3 4 6 7 9 10
                    roberta-base|qnli|3 4 6 7 10 11
                    roberta-base|qqp|1 3 6 7 10 11
                    roberta-base|rte|1 2 3 6 10 11
                    roberta-base|stsb|1 3 6 7 10 11
                    deberta-v3-base|mnli|4 5 8 9 10 11
                    deberta-v3-base|sst2|4 5 8 9 10 11
                    deberta-v3-base|mrpc|4 5 6 8 10 11
                    deberta-v3-base|cola|1 4 5 6 8 10
                    deberta-v3-base|qnli|4 5 8 9 10 11
                    deberta-v3-base|qqp|3 4 8 9 10 11
                    deberta-v3-base|rte|3 4 8 9 10 11
                    deberta-v3-base|stsb|1 2 4 8 10 11
                    llama-2-7b|metamath|0 1 2 3 4 5 6 7 8 9 10 12 13 14 16 31
                    llama-2-7b|python|0 1 2 3 4 5 6 7 8 9 11 12 13 16 18 31
                    mistral-7b|metamath|0 1 2 3 4 5 6 7 8 9 10 11 12 14 18 31
                    mistral-7b|python|0 1 2 3 4 5 6 7 8 9 10 11 15 17 18 31
                    gemma-7b|metamath|1 2 3 4 5 6 7 8 9 10 19 25 26 27
                    gemma-7b|python|0 1 2 3 4 5 6 7 8 10 18 25 26 27
                    llava-1.5-7b|scienceqa|1 3 5 6 7 8 9 10 11 12 13 14 15 16 18 31
                    """)
    void masksHaveThePublishedLayers(String model, String data, String layers) {
        LayerSet mask = Paper.mask(model, data);

        assertThat(mask.indices())
                .isEqualTo(
                        Arrays.stream(layers.split(" ")).map(Integer::valueOf).toList());
        assertThat(mask.size()).isEqualTo(mask.depth() / 2);
    }

    @Test
    void thereAre23Masks() {
        Table masks = Paper.masks().table();

        assertThat(masks.rowCount()).isEqualTo(23);
        assertThat(masks.row(0).getString("mask")).isEqualTo("000110110011");
    }

    @ParameterizedTest
    @CsvSource({
        "roberta-base, 12, 8, 294912",
        "roberta-base, 6, 8, 147456",
        "roberta-base, 1, 8, 24576",
        "roberta-base, 3, 8, 73728",
        "roberta-base, 9, 8, 221184",
        "roberta-base, 6, 16, 294912",
        "deberta-v3-base, 12, 8, 1327104",
        "deberta-v3-base, 6, 8, 663552",
        "llama-2-7b, 32, 128, 319815680",
        "llama-2-7b, 16, 128, 159907840",
        "mistral-7b, 32, 128, 335544320",
        "mistral-7b, 16, 128, 167772160",
        "gemma-7b, 28, 128, 400031744",
        "gemma-7b, 14, 128, 200015872",
        "llava-1.5-7b, 32, 128, 319815680",
        "llava-1.5-7b, 16, 128, 159907840"
    })
    void parametersAreThoseOfThePaper(String model, int layers, int rank, long parameters) {
        assertThat(Paper.parameters(model, layers, rank)).isEqualTo(parameters);
    }

    @Test
    void parametersAreListedForAllAndHalfOfTheLayers() {
        Row deberta = Paper.parameters().table().row(1);

        assertThat(deberta.getLong("all layers")).isEqualTo(1327104);
        assertThat(deberta.getLong("half")).isEqualTo(663552);
    }

    @Test
    void onlyTwoPrintedMeansAreNotThoseOfTheirValues() {
        Table errata = Paper.errata().table();

        assertThat(errata.stringColumn("note").asList())
                .containsExactly(
                        "the printed mean 80.82 is not that of the printed values, 80.57; one value 2.02 larger would"
                                + " make it so",
                        "the printed mean 84.96 is not that of the printed values, 84.45; one value 4.09 larger would"
                                + " make it so");
        assertThat(errata.stringColumn("method").asList()).containsExactly("Fisher", "9 layers");
    }

    @Test
    void tableOneHasEightRowsWhoseMeansAreComputed() {
        double[] means = Paper.table(1).table().doubleColumn("mean").asDoubleArray();
        double[] expected = {88.25, 88.50, 80.57, 88.22, 86.35, 87.24, 84.15, 84.68};

        assertThat(means).containsExactly(expected, within(0.006));
    }

    @Test
    void subsetMinusAllLayersIsFigureFour() {
        Table decoders = Paper.table(2).table();
        double[] math = decoders.doubleColumn("gsm8k").asDoubleArray();

        assertThat(decoders.rowCount()).isEqualTo(15);
        assertThat(new double[] {
                    math[3] - math[1],
                    math[4] - math[2],
                    math[8] - math[6],
                    math[9] - math[7],
                    math[13] - math[11],
                    math[14] - math[12]
                })
                .containsExactly(new double[] {4.43, 1.57, 3.26, -0.65, -0.53, -2.95}, within(1e-9));
    }

    @Test
    void theMeansOfTheHeuristicsFollowFromTheAdvantages() {
        assertThat(Paper.heuristics().table().doubleColumn("implied mean").asDoubleArray())
                .containsExactly(new double[] {83.4, 82.2, 84.5, 83.2, 84.3}, within(1e-9));
    }

    @Test
    void theMiddleHeuristicLosesAndWinsByWhatThePaperSays() {
        Table middle = Paper.table(3).table();
        double[] humaneval = middle.doubleColumn("humaneval").asDoubleArray();
        double[] mbpp = middle.doubleColumn("mbpp").asDoubleArray();

        assertThat(humaneval[4] - humaneval[5]).isCloseTo(7.57, within(1e-9));
        assertThat(mbpp[9] - mbpp[8]).isCloseTo(2.73, within(1e-9));
    }

    @Test
    void ourLayersStandBesideTheirsWithTheGap() {
        LayerScores scores = TestScores.of(0.9, 0.8, 0.1, 0.5, 0.45, 0.3);
        PublishedMask theirs = new PublishedMask("six", "rte", LayerSet.parse("110010"));

        MaskComparison compared = MaskComparison.of(scores, theirs);

        assertThat(compared.ours()).isEqualTo(LayerSet.of(6, 0, 1, 3));
        assertThat(compared.agreed()).isEqualTo(2);
        assertThat(compared.gap(3)).isCloseTo(0.05, within(1e-12));
        assertThat(compared.gap(4)).isCloseTo(-0.05, within(1e-12));
        assertThat(compared.table().stringColumn("note").asList())
                .containsExactly("", "", "", "only ours", "only theirs", "");
        assertThat(compared).hasToString("six on rte: 2 of 3 published layers; 3 only ours, 4 only theirs");
        assertThat(compared.provenance().facts()).containsEntry("published mask", "110010");
    }

    @Test
    void theLayerThatTheCodeDropsIsNoCandidate() {
        LayerScores scores = TestScores.of(Candidates.DROP_LOWEST, new double[0][], 1.0, 0.8, 0.1, 0.5, 0.45, 0.3);

        MaskComparison compared = MaskComparison.of(scores, new PublishedMask("six", "rte", LayerSet.parse("010110")));

        assertThat(compared.ours()).isEqualTo(LayerSet.of(6, 1, 3, 4));
        assertThat(compared.gap(0)).isNaN();
        assertThat(compared.table().stringColumn("note").get(0)).isEqualTo("no candidate");
    }

    @Test
    void wrongNamesAreErrorsThatNameTheRightOnes() {
        LayerScores six = TestScores.of(0.9, 0.8, 0.1, 0.5, 0.45, 0.3);
        List<String> tasks = List.of("mnli", "sst2", "mrpc", "cola", "qnli", "qqp", "rte", "stsb");

        assertThatThrownBy(() -> Paper.glue("roberta-bse", "rte"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model must be one of roberta-base, deberta-v3-base; got \"roberta-bse\"; did you mean"
                        + " \"roberta-base\"?");
        assertThatThrownBy(() -> Paper.glue("roberta-base", "sts-b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "task must be one of " + String.join(", ", tasks) + "; got \"sts-b\"; did you mean \"stsb\"?");
        assertThatThrownBy(() -> Paper.mask("gemma-7b", "pyton"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data must be one of metamath, python; got \"pyton\"; did you mean \"python\"?");
        assertThatThrownBy(() -> Paper.compare(six, "roberta-base", "rte"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores must be of 12 layers, as roberta-base has; got 6");
        assertThatThrownBy(() -> Paper.table(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number must be 1 to 5; got 6");
        assertThatThrownBy(() -> Paper.parameters("roberta-base", 13, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers must be 1 to 12, the depth of roberta-base; got 13");
    }
}
