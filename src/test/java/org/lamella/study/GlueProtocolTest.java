// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.LayerSet;
import org.lamella.lora.Lora;
import org.lamella.model.Tiny;
import org.lamella.score.Candidates;
import org.lamella.score.LayerScores;
import org.lamella.score.TestScores;

class GlueProtocolTest {

    // section 2.1 and 2.2 of the extraction, written a second time as the expressions they mean
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    roberta-base|mnli|epochs(30).batchSize(16).learningRate(5.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|sst2|epochs(60).batchSize(16).learningRate(5.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|mrpc|epochs(30).batchSize(16).learningRate(4.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|cola|epochs(80).batchSize(8).accumulation(4).learningRate(4.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|qnli|epochs(25).batchSize(8).accumulation(4).learningRate(4.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|qqp|epochs(25).batchSize(16).learningRate(5.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|rte|epochs(80).batchSize(32).learningRate(5.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    roberta-base|stsb|epochs(40).batchSize(16).learningRate(4.0E-4).warmup(0.06).weightDecay(0.1).maxTokens(512)
                    deberta-v3-base|mnli|epochs(7).batchSize(32).learningRate(5.0E-4).warmup(0.1).weightDecay(0.0).maxTokens(256)
                    deberta-v3-base|sst2|epochs(24).batchSize(32).learningRate(8.0E-4).warmup(0.1).weightDecay(0.01).maxTokens(128)
                    deberta-v3-base|mrpc|epochs(30).batchSize(32).learningRate(0.001).warmup(0.1).weightDecay(0.01).maxTokens(320)
                    deberta-v3-base|cola|epochs(25).batchSize(32).learningRate(5.0E-4).warmup(0.1).weightDecay(0.0).maxTokens(64)
                    deberta-v3-base|qnli|epochs(5).batchSize(16).accumulation(2).learningRate(5.0E-4).warmup(0.1).weightDecay(0.01).maxTokens(512)
                    deberta-v3-base|qqp|epochs(5).batchSize(32).learningRate(8.0E-4).warmup(0.1).weightDecay(0.01).maxTokens(320)
                    deberta-v3-base|rte|epochs(50).batchSize(32).learningRate(0.0012).warmup(0.1).weightDecay(0.01).maxTokens(320)
                    deberta-v3-base|stsb|epochs(25).batchSize(32).learningRate(0.0022).warmup(0.0).weightDecay(0.01).maxTokens(128)
                    """)
    void trainingIsThatOfThePublishedScripts(String model, String task, String training) {
        assertThat(Paper.glue(model, task).training()).hasToString("Training.standard()." + training + ".seed(0)");
    }

    @Test
    void recipesAreThoseOfThePublishedScripts() {
        assertThat(Paper.glue("roberta-base", "rte").recipe())
                .isEqualTo(Lora.on(LayerSet.parse("011100100011"))
                        .rank(8)
                        .alpha(16)
                        .dropout(0.1)
                        .targets("query", "value"));
        assertThat(Paper.glue("deberta-v3-base", "rte").recipe())
                .isEqualTo(Lora.on(LayerSet.parse("000110001111"))
                        .rank(8)
                        .alpha(16)
                        .targets(
                                "query_proj",
                                "key_proj",
                                "value_proj",
                                "attention.output.dense",
                                "intermediate.dense",
                                "output.dense"));
    }

    @Test
    void metricsAndCardsAreThoseOfThePaper() {
        List<String> seen = new ArrayList<>();
        for (String task : List.of("mnli", "sst2", "mrpc", "cola", "qnli", "qqp", "rte", "stsb")) {
            GlueProtocol protocol = Paper.glue("roberta-base", task);
            seen.add(protocol.card() + " " + protocol.metric());
        }

        assertThat(seen)
                .containsExactly(
                        "glue/mnli-pooled accuracy",
                        "glue/sst2 accuracy",
                        "glue/mrpc accuracy",
                        "glue/cola Matthews",
                        "glue/qnli accuracy",
                        "glue/qqp accuracy",
                        "glue/rte accuracy",
                        "glue/stsb Pearson");
    }

    @Test
    void withersChangeOnePartAndTheLines() {
        GlueProtocol rte = Paper.glue("roberta-base", "rte");

        assertThat(rte.rank(16).recipe().alpha()).isEqualTo(32);
        assertThat(rte.rank(16).trainableParameters()).isEqualTo(294912);
        assertThat(rte.allLayers().trainableParameters()).isEqualTo(294912);
        assertThat(rte.trainableParameters()).isEqualTo(147456);
        assertThat(Paper.glue("deberta-v3-base", "qqp").trainableParameters()).isEqualTo(663552);
        assertThat(rte.layers(LayerSet.of(12, 1)).rank(4))
                .hasToString("Paper.glue(\"roberta-base\", \"rte\").layers(LayerSet.parse(\"010000000000\")).rank(4)");
        assertThat(rte.published()).contains(entry("Table 1, LoRA", 0.866), entry("Table 4, 9 layers", 0.7761));
        assertThatThrownBy(() -> rte.recipe(rte.recipe().targets("key")).trainableParameters())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("recipe must have the published targets and form to be counted without a model; got"
                        + " Lora.on(LayerSet.parse(\"011100100011\")).rank(8).alpha(16).dropout(0.1).targets(\"key\");"
                        + " recipe().trainableParameters(model) counts any");
    }

    @Test
    void layersOfAnotherDepthAreNotCountedWithoutAModel() {
        assertThatThrownBy(() -> Paper.glue("roberta-base", "rte")
                        .layers(LayerSet.of(6, 0))
                        .trainableParameters())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("layers must be of roberta-base's depth, 12, to be counted without a model; got 100000,"
                        + " layers [0] of 6; recipe().trainableParameters(model) counts any");
    }

    @Test
    void everyQuirkIsListedWithWhatHappensHere() {
        assertThat(Paper.glue("deberta-v3-base", "qnli").provenance().facts())
                .contains(
                        entry("quirk DROPPED_LAYER", "on: the layer of lowest CKA is never chosen, whichever it is"),
                        entry(
                                "quirk FROZEN_POOLER",
                                "on: DeBERTa's pooler, which the checkpoint lacks, stays at its random start"),
                        entry(
                                "quirk HALF_PRECISION",
                                "off: single precision: gradients differ by the rounding of fp16 (published: mixed"
                                        + " precision with fp16)"),
                        entry(
                                "quirk PADDING",
                                "off: texts are not padded: the same numbers (published: texts are padded to the"
                                        + " longest length)"),
                        entry(
                                "quirk MICRO_BATCHES",
                                "off: each example of an optimizer step weighs the same (published: micro-batches of"
                                        + " an epoch's end weigh as much as full ones)"));
        assertThat(Paper.glue("roberta-base", "rte").quirks())
                .containsExactly(Quirk.DROPPED_LAYER, Quirk.HALF_PRECISION, Quirk.PADDING);
    }

    @Test
    void aSwitchDoesWhatItSays() {
        GlueProtocol rte = Paper.glue("roberta-base", "rte");

        assertThat(rte.scoring().candidates()).isEqualTo(Candidates.DROP_LOWEST);
        assertThat(rte.without(Quirk.DROPPED_LAYER).scoring().candidates()).isEqualTo(Candidates.DEFINED_LAYERS);
        assertThat(rte.without(Quirk.PADDING)).isSameAs(rte);
        assertThat(rte.without(Quirk.DROPPED_LAYER).with(Quirk.DROPPED_LAYER).does(Quirk.DROPPED_LAYER))
                .isTrue();
        assertThatThrownBy(() -> rte.with(Quirk.HALF_PRECISION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "quirk must be one that this version can do (DROPPED_LAYER); got HALF_PRECISION: here single"
                                + " precision: gradients differ by the rounding of fp16");
        assertThatThrownBy(() -> rte.without(Quirk.FROZEN_POOLER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("quirk must be one of DROPPED_LAYER, HALF_PRECISION, PADDING for roberta-base on rte; got"
                        + " FROZEN_POOLER");
    }

    @Test
    void aFrozenRandomPoolerIsRefusedUntilItIsSwitchedOff() {
        GlueProtocol rte = Paper.glue("deberta-v3-base", "rte").task(Tiny.task(16));

        assertThatThrownBy(() -> Paper.glue("deberta-v3-base", "rte").experiment())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("quirk FROZEN_POOLER must be switched off to run Paper.glue(\"deberta-v3-base\", \"rte\");"
                        + " got it on, as published: DeBERTa's pooler, which the checkpoint lacks, stays at its random"
                        + " start; with .without(Quirk.FROZEN_POOLER) the pooler is trained and saved with the head");
        assertThat(rte.without(Quirk.FROZEN_POOLER).experiment().notes())
                .containsEntry(
                        "quirk FROZEN_POOLER",
                        "off: the pooler is trained and saved with the head (published: DeBERTa's pooler, which the"
                                + " checkpoint lacks, stays at its random start)");
    }

    @Test
    void anotherTaskMustHaveTheMetric() {
        assertThatThrownBy(() -> Paper.glue("roberta-base", "cola").task(Tiny.task(16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task must have the metric Matthews of this protocol; got accuracy, macro F1 of tiny");
    }

    @Test
    void ablationsVaryNothingButLayersOrRank() {
        Ablations ablations = Paper.glue("roberta-base", "rte").ablations();
        LayerScores scores = TestScores.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.91, 0.92, 0.93);
        Study study = Study.seeds(Paper.glue("roberta-base", "rte").task(Tiny.task(16)), 0);

        assertThat(masks(study.vary(ablations.heuristics())))
                .containsExactly(
                        "published 011100100011",
                        "first 111111000000",
                        "last 000000111111",
                        "middle 000111111000",
                        "extremes 111000000111",
                        "alternate 101010101010",
                        "all 111111111111");
        assertThat(masks(study.vary(ablations.counts(scores))))
                .containsExactly(
                        "1 layer 000000000001",
                        "3 layers 000000000111",
                        "6 layers 000000111111",
                        "9 layers 000111111111");
        assertThat(masks(study.vary(ablations.baselines(scores))))
                .containsExactly("published 011100100011", "Fisher 000000111111", "all 111111111111");
        assertThat(study.vary(ablations.ranks()).cells().get(1).experiment().recipe())
                .isEqualTo(Paper.glue("roberta-base", "rte").rank(16).recipe());
    }

    private static List<String> masks(Study study) {
        return study.cells().stream()
                .map(cell ->
                        cell.name() + " " + cell.experiment().recipe().layers().mask())
                .toList();
    }
}
