// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Interval;
import org.lamella.base.LayerSet;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import tech.tablesaw.api.Table;

class StudyTest {

    @TempDir
    Path folder;

    @Test
    void everyLevelMeetsEveryLevel() {
        Study study = Fixture.study(16).vary(Factor.ranks(4, 8));

        Table plan = study.table();

        assertThat(study.runs()).isEqualTo(8);
        assertThat(plan.stringColumn("layers").asList())
                .containsExactly("upper", "upper", "lower", "lower", "upper", "upper", "lower", "lower");
        assertThat(plan.stringColumn("rank").asList()).containsExactly("4", "8", "4", "8", "4", "8", "4", "8");
        assertThat(plan.longColumn("seed").asList()).containsExactly(0L, 0L, 0L, 0L, 1L, 1L, 1L, 1L);
        assertThat(plan.stringColumn("recipe").get(0)).isEqualTo("Lora.on(LayerSet.parse(\"0011\")).rank(4).alpha(4)");
    }

    @Test
    void levelsOfAMapWithoutOrderAreSorted() {
        Factor factor = Factor.layers(Map.of("b", LayerSet.of(4, 1), "a", LayerSet.of(4, 0), "c", LayerSet.of(4, 2)));

        assertThat(factor).hasToString("layers: a, b, c");
    }

    @Test
    void whatChangesAResultChangesTheKey() {
        Experiment experiment = Fixture.experiment(16);
        Task other = Tiny.task(24);
        Set<String> keys = new LinkedHashSet<>();

        keys.add(Fingerprints.of("a", experiment));
        keys.add(Fingerprints.of("b", experiment));
        keys.add(Fingerprints.of("a", experiment.seed(1)));
        keys.add(Fingerprints.of("a", experiment.rank(4)));
        keys.add(Fingerprints.of("a", experiment.layers(LayerSet.of(4, 1))));
        keys.add(Fingerprints.of("a", experiment.recipe(experiment.recipe().dora())));
        keys.add(Fingerprints.of("a", experiment.training(experiment.training().epochs(2))));
        keys.add(Fingerprints.of("a", experiment.training(experiment.training().loraPlus(16))));
        keys.add(Fingerprints.of(
                "a", Experiment.of(experiment.recipe(), experiment.training(), other.train(), experiment.measured())));
        keys.add(Fingerprints.of(
                "a", Experiment.of(experiment.recipe(), experiment.training(), experiment.train(), other.test())));

        assertThat(keys).hasSize(10);
        assertThat(Fingerprints.of("a", experiment.metric("macro F1").note("said", "twice")))
                .isEqualTo(keys.iterator().next());
    }

    @Test
    void meansDeviationsAndPairedDifferencesAreThoseOfTheSeeds() {
        Findings found = new Fixture().run(Fixture.study(40).seeds(0, 1, 2));

        List<Double> upper = found.values("upper");
        List<Double> lower = found.values("lower");
        Table table = found.table();

        double mean = upper.stream().mapToDouble(d -> d).average().orElseThrow();
        assertThat(found.value("upper").value()).isCloseTo(mean, within(1e-12));
        double squares =
                upper.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
        assertThat(table.doubleColumn("deviation").get(0)).isCloseTo(Math.sqrt(squares / 2), within(1e-12));
        double difference = 0;
        for (int s = 0; s < 3; s++) {
            difference += (lower.get(s) - upper.get(s)) / 3;
        }
        assertThat(table.doubleColumn("difference").get(1)).isCloseTo(difference, within(1e-12));
        assertThat(table.doubleColumn("difference").isMissing(0)).isTrue();
        assertThat(found.against("lower").difference("upper").value()).isCloseTo(-difference, within(1e-12));
        Interval interval = found.value("upper");
        assertThat(interval.value()).isBetween(interval.low(), interval.high());
        assertThat(table.intColumn("n").asList()).containsExactly(3, 3);
        assertThat(found.provenance().warnings()).containsExactly("\"upper\": careful", "\"lower\": careful");
        assertThat(found.chart()).isNotNull();
        assertThat(found.runs().table().rowCount()).isEqualTo(6);
    }

    @Test
    void aDifferenceFromItselfIsNothingAndItsIntervalToo() {
        Study twice = Study.of(Fixture.experiment(16))
                .vary(Factor.of("name").level("a", e -> e).level("b", e -> e))
                .seeds(0, 1);
        Fixture runner = new Fixture();

        Findings found = runner.run(twice);

        assertThat(runner.done).as("one key, one run").hasSize(2);
        assertThat(found.difference("b")).isEqualTo(Interval.exactly(0));
    }

    @Test
    void aStopKeepsWhatIsFinishedAndTheNextRunGoesOn() {
        Study study = Fixture.study(16).journal(folder.resolve("study.jsonl"));
        Fixture runner = new Fixture();
        Runner stopping = experiment -> runner.done.size() == 3 ? Optional.empty() : runner.run(experiment);

        Findings part = study.run(Fixture.MODEL, stopping, Provenance.of("fixture"));
        runner.done.clear();
        Findings whole = runner.run(study);

        assertThat(part.provenance().warnings()).contains("stopped after 3 of 4 runs");
        assertThat(part.table().stringColumn("note").asList()).containsExactly("", "1 of 2 runs are finished");
        assertThat(part.table().intColumn("n").asList()).containsExactly(2, 1);
        assertThat(runner.done).hasSize(1);
        assertThat(whole.provenance().warnings()).noneMatch(warning -> warning.startsWith("stopped"));
    }

    @Test
    void aRealStudyTrainsMeasuresAndIsFoundAgain() {
        List<String> trainings = new ArrayList<>();
        Study study = Fixture.study(16).journal(folder.resolve("study.jsonl"));

        try (Transformer model = Tiny.model("encoder")) {
            Findings first = Progress.listening(event -> note(event, trainings), () -> study.run(model));
            assertThat(trainings).hasSize(4);
            Findings again = Progress.listening(event -> note(event, trainings), () -> study.run(model));
            assertThat(trainings).hasSize(4);
            Trial alone = study.cells().get(1).experiment().seed(1).run(model);

            Evaluation kept = again.evaluation("lower", 1);
            assertThat(kept.metrics()).isEqualTo(alone.evaluation().metrics());
            assertThat(again.table().print()).isEqualTo(first.table().print());
            assertThat(again.values("lower").get(1)).isEqualTo(alone.value().value());
            assertThat(first.table().longColumn("parameters").get(0))
                    .isEqualTo(study.experiment().recipe().trainableParameters(model));
            assertThat(first.provenance().warnings())
                    .containsExactly(
                            "\"upper\": trained and reported on the same examples: the adapter was trained on train,"
                                    + " which shares examples with validation",
                            "\"lower\": trained and reported on the same examples: the adapter was trained on train,"
                                    + " which shares examples with validation");
            assertThat(first.provenance().recipe())
                    .contains(
                            "    .vary(Factor.of(\"layers\").level(\"upper\", e -> e.layers(LayerSet.parse(\"0011\")))"
                                    + ".level(\"lower\", e -> e.layers(LayerSet.parse(\"1100\"))))\n    .seeds(0, 1)\n");
        }
    }

    @Test
    void aTrainingStoppedInTheMiddleGoesOnFromItsCheckpointToTheSameNumbers() {
        Experiment longer = Fixture.experiment(16)
                .training(Fixture.experiment(16).training().epochs(3));
        Study study = Study.of(longer).vary(Fixture.layers());
        Path journal = folder.resolve("study.jsonl");
        Study kept = study.journal(journal).checkpoints(2);
        int[] begun = {0};

        try (Transformer model = Tiny.model("encoder")) {
            Findings whole = study.run(model);
            Findings part =
                    Progress.listening(event -> interruptAtTheBeginning(2, event, begun), () -> kept.run(model));
            Path halfway = folder.resolve("study.jsonl.checkpoints");
            assertThat(Thread.interrupted()).isFalse();
            assertThat(part.table().intColumn("n").asList()).containsExactly(1, 0);
            assertThat(halfway).isDirectory();
            Findings resumed = kept.run(model);

            assertThat(part.provenance().warnings()).contains("stopped after 1 of 2 runs");
            for (String cell : whole.cells()) {
                assertThat(resumed.evaluation(cell, 0).metrics())
                        .isEqualTo(whole.evaluation(cell, 0).metrics());
            }
            assertThat(halfway).doesNotExist();
        }
    }

    private static void interruptAtTheBeginning(int training, Progress.Event event, int[] heard) {
        boolean begins =
                event.work().equals("training") && event.state() == Progress.State.RUNNING && event.done() == 0;
        if (begins && ++heard[0] == training) {
            Thread.currentThread().interrupt();
        }
    }

    private static void note(Progress.Event event, List<String> trainings) {
        if (event.work().equals("training") && event.state() == Progress.State.FINISHED) {
            trainings.add(event.work());
        }
    }

    @Test
    void theProtocolOfThePaperRunsOnAModelOfItsKind() {
        GlueProtocol rte = Paper.glue("roberta-base", "rte").task(Tiny.task(16)).layers(LayerSet.of(4, 1, 3));

        try (Transformer model = Tiny.model("encoder")) {
            GlueProtocol short1 = rte.training(rte.training().epochs(1).maxTokens(32));
            Trial trial = short1.run(model, 0);

            assertThat(trial.run().steps()).isEqualTo(1);
            assertThat(trial.provenance().facts())
                    .containsEntry("protocol", short1.toString())
                    .containsKey("quirk PADDING");
            assertThat(rte.scores(model).depth()).isEqualTo(4);
            assertThat(rte.fisher(model).depth()).isEqualTo(4);
        }
    }

    @Test
    void wrongStudiesAreErrors() {
        Study study = Fixture.study(16);
        Findings found = new Fixture().run(study);

        assertThatThrownBy(() -> study.vary(Fixture.layers()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("factor must be a new one of the study; got \"layers\" twice");
        assertThatThrownBy(() -> study.vary(Factor.of("empty")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("factor must have a level; got \"empty\" without one");
        assertThatThrownBy(() -> study.checkpoints(10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("journal must be chosen before checkpoints, which lie beside it; got none");
        assertThatThrownBy(() -> study.seeds(1, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seeds must be some different numbers; got [1, 2, 1]");
        assertThatThrownBy(() -> Factor.ranks(8, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("level must be a new one of factor \"rank\"; got \"8\" twice");
        assertThatThrownBy(() -> found.against("uper"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cell must be one of upper; lower; got \"uper\"; did you mean \"upper\"?");
        assertThatThrownBy(() -> found.metric("acuracy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metric must be one of accuracy, macro F1; got \"acuracy\"; did you mean \"accuracy\"?");
        assertThatThrownBy(() -> found.evaluation("upper", 9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seed must be one that \"upper\" finished with; got 9");
    }
}
