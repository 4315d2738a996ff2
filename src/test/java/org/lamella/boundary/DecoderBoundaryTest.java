// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Choice;
import org.lamella.base.Interval;
import org.lamella.base.LayerSet;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Comparison;
import org.lamella.eval.Evaluation;
import org.lamella.eval.TextMetric;
import org.lamella.lora.Adapter;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Sweeps, curves, controls and search on a tiny Llama under an adapter that PEFT made. */
final class DecoderBoundaryTest {

    private static final List<String> WORDS =
            List.of("oil", "bank", "profit", "loss", "stock", "price", "shares", "it");

    private static final double ROUNDING = 1e-12; // of a mean, summed in another order

    private static Transformer model;
    private static Adapter adapter;
    private static Split split;
    private static Curves curves;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        model = Transformer.load(Golden.path("decoders/llama/model"));
        adapter = Adapter.load(Golden.path("decoders/llama/adapters/every-linear"));
        split = answers(24);
        curves = Boundary.curves(model, adapter, split);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Split answers(int n) {
        SplittableRandom random = new SplittableRandom(3);
        return Task.from(Table.create(
                        "words",
                        StringColumn.create("prompt", IntStream.range(0, n).mapToObj(i -> words(random, 9) + i)),
                        StringColumn.create("answer", IntStream.range(0, n).mapToObj(i -> " " + words(random, 4)))))
                .text("prompt")
                .answer("answer")
                .train();
    }

    private static String words(SplittableRandom random, int most) {
        return IntStream.rangeClosed(0, random.nextInt(most))
                .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" "));
    }

    private static double mean(Measure measure, Predictions predictions) {
        return IntStream.range(0, predictions.size())
                .mapToDouble(i -> measure.of(predictions)[i])
                .average()
                .orElseThrow();
    }

    @Test
    void anAnswerWrittenTwiceMakesNothingSurer() {
        List<String> prompts = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        split.examples().forEach(example -> IntStream.range(0, 2).forEach(again -> {
            prompts.add(example.texts().get(0));
            answers.add(example.answer().orElseThrow());
        }));
        Split twice = Task.from(Table.create(
                        "words", StringColumn.create("prompt", prompts), StringColumn.create("answer", answers)))
                .text("prompt")
                .answer("answer")
                .train();

        List<String> each =
                twice.examples().stream().map(example -> example.texts().get(0)).toList();
        Split single = twice.only(IntStream.range(0, twice.size())
                .filter(i -> each.indexOf(each.get(i)) == i)
                .toArray());

        Sweep once = Boundary.sweep(model, adapter, single);
        Sweep both = Boundary.sweep(model, adapter, twice);

        for (int b = 0; b <= 4; b++) {
            Interval loss = both.evaluation(b).loss();
            assertThat(loss.low()).isCloseTo(once.evaluation(b).loss().low(), within(1e-5));
            assertThat(loss.high()).isCloseTo(once.evaluation(b).loss().high(), within(1e-5));
        }
        assertThat(both.boundary().value()).isEqualTo(once.boundary().value());
        assertThat(both.boundary().rule()).isEqualTo(once.boundary().rule());
        assertThat(Boundary.trace(model, adapter, twice).adapted(2).high())
                .isCloseTo(Boundary.trace(model, adapter, single).adapted(2).high(), within(1e-5));
        assertThat(twice.size()).isEqualTo(2 * single.size());
        assertThat(both.provenance().facts())
                .containsEntry(
                        "intervals",
                        "95 % of 2,000 resamples of the " + single.size()
                                + " prompts, each with all its answers, seed 0");
        assertThat(once.provenance().facts())
                .containsEntry("intervals", "95 % of 2,000 resamples of the examples, seed 0");
    }

    @Test
    void pairsOnWordsCountAsTheFirstLayerAndAsOneAfterTheLast() {
        Adapter words =
                Adapter.load(Golden.path("decoders/llama/adapters/words")).fittedTo(model);
        Split few = answers(6);

        Sweep sweep = Boundary.sweep(model, words, few);

        for (int b = 0; b <= 4; b++) {
            assertThat(sweep.evaluation(b).predictions().logits())
                    .as("boundary " + b)
                    .isEqualTo(model.with(words.keeping(b)).predict(few).logits());
        }
        assertThat(sweep.evaluation(0).predictions().logits())
                .isEqualTo(model.predict(few).logits());
        assertThat(sweep.provenance().warnings())
                .contains(
                        "weights before the layers (1, model.embed_tokens.weight first) count as the first layer: kept from"
                                + " boundary 1 on",
                        "the matrix of words counts as the layer after the last: adapted at boundary 4 alone, and in sets of"
                                + " layers that hold the last");
        assertThat(Boundary.sweep(model, adapter, few).provenance().warnings()).noneMatch(w -> w.contains("matrix"));
    }

    @Test
    void aTraceReadsByTheAdaptedWordsAndBareByTheFrozenOnes() {
        Adapter words = Adapter.load(Golden.path("decoders/llama/adapters/words"));
        Split few = answers(6);

        Trace trace = Boundary.trace(model, words, few);

        assertThat(trace.adapted(4).value())
                .isCloseTo(mean(Measure.PROBABILITY, model.with(words).predict(few)), within(ROUNDING));
        assertThat(trace.bare(4).value()).isCloseTo(mean(Measure.PROBABILITY, model.predict(few)), within(ROUNDING));
        Found found = Boundary.search(
                model,
                words,
                few,
                Search.by(TextMetric.CHRF)
                        .generation(Generation.greedy().maxTokens(4))
                        .shortlist(1));
        assertThat(found.boundary().value()).isEqualTo(4);
    }

    @Test
    void everyCurveIsWhatSwitchingPairsOffGives() {
        LayerSet all = LayerSet.all(4);
        for (Measure measure : Measure.values()) {
            Curves read = curves.in(measure);
            double whole = mean(measure, model.with(adapter).predict(split));
            double none = mean(measure, model.with(adapter.keeping(0)).predict(split));
            double sign = measure.moreIsBetter() ? 1 : -1;
            for (int b = 0; b <= 4; b++) {
                LayerSet below = all.below(b);
                assertThat(read.retention(b).value())
                        .as(measure + " below " + b)
                        .isCloseTo(
                                mean(measure, model.with(adapter.keeping(below)).predict(split)), within(ROUNDING));
                assertThat(read.suffix(b).value())
                        .as(measure + " from " + b)
                        .isCloseTo(
                                mean(
                                        measure,
                                        model.with(adapter.keeping(below.complement()))
                                                .predict(split)),
                                within(ROUNDING));
            }
            for (int layer = 0; layer < 4; layer++) {
                LayerSet one = all.only(layer);
                double without = mean(
                        measure, model.with(adapter.keeping(one.complement())).predict(split));
                double alone = mean(measure, model.with(adapter.keeping(one)).predict(split));
                assertThat(read.leaveOneOut(layer).value()).isCloseTo(sign * (whole - without), within(1e-9));
                assertThat(read.onlyOneIn(layer).value()).isCloseTo(sign * (alone - none), within(1e-9));
            }
        }
    }

    @Test
    void whatSetsOfLayersShareIsComputedOnce() {
        List<LayerSet> prefixes =
                IntStream.rangeClosed(0, 4).mapToObj(LayerSet.all(4)::below).toList();

        assertThat(new MaskedAnswers("", model.with(adapter), split, prefixes).passes())
                .isEqualTo(4 + 4 * 5 / 2);
        assertThat(new MaskedAnswers("", model.with(adapter), split, List.of(LayerSet.all(4), LayerSet.all(4)))
                        .passes())
                .isEqualTo(4);
        List<LayerSet> every = IntStream.range(0, 16)
                .mapToObj(bits -> LayerSet.where(4, layer -> (bits >> layer & 1) == 1))
                .toList();
        assertThat(new MaskedAnswers("", model.with(adapter), split, every).passes())
                .isEqualTo(2 + 4 + 8 + 16);
    }

    @Test
    void theReadingEndsInTheModelsOwnAnswer() {
        Trace trace = curves.trace();
        for (Measure measure : Measure.values()) {
            assertThat(trace.in(measure).adapted(4).value())
                    .isCloseTo(mean(measure, model.with(adapter).predict(split)), within(ROUNDING));
            assertThat(trace.in(measure).bare(4).value())
                    .isCloseTo(mean(measure, model.predict(split)), within(ROUNDING));
        }
        assertThat(trace.adapted(0)).isEqualTo(trace.bare(0));
        assertThat(trace.in(Measure.RANK).adapted(4).value()).isGreaterThanOrEqualTo(1);
        assertThat(trace.chart().toString()).isEqualTo(trace.toString());
    }

    @Test
    void measuresOfAnAnswerAgreeWithItsTokens() {
        Predictions predictions = model.predict(split);
        for (int i = 0; i < predictions.size(); i++) {
            assertThat(predictions.probability(i)).isBetween(Math.exp(-predictions.loss(i)), 1.0);
            assertThat(predictions.rank(i)).isGreaterThanOrEqualTo(1);
            if (predictions.rightTokens(i) == predictions.answerTokens(i)) {
                assertThat(predictions.rank(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void curvesAreATableAndAPicture() {
        Table table = curves.table();

        assertThat(table.columnNames())
                .containsExactly(
                        "layer",
                        "reading",
                        "reading low",
                        "reading high",
                        "retention",
                        "retention low",
                        "retention high",
                        "suffix",
                        "suffix low",
                        "suffix high",
                        "leave one out",
                        "leave one out low",
                        "leave one out high",
                        "only one in",
                        "only one in low",
                        "only one in high");
        assertThat(table.rowCount()).isEqualTo(5);
        assertThat(table.doubleColumn("leave one out").isMissing(4)).isTrue();
        assertThat(curves.provenance().recipe()).contains("var curves = Boundary.curves(model, adapter, ");
        assertThat(curves.in(Measure.LOSS).provenance().recipe()).endsWith(").in(Measure.LOSS);");
        assertThatThrownBy(() -> curves.retention(5)).hasMessage("boundary must be 0 to 4; got 5");
        assertThatThrownBy(() -> curves.leaveOneOut(4)).hasMessage("layer must be 0 to 3; got 4");
    }

    @Test
    void controlsAreThoseSetsAndTheShrunkenWhole() {
        Comparison controls = Boundary.controls(model, adapter, 2, split);

        List<String> names =
                controls.evaluations().stream().map(Evaluation::name).toList();
        assertThat(names.subList(0, 4)).containsExactly("whole adapter", "below 2", "from 2 on", "last 2");
        assertThat(names.subList(4, 8)).allMatch(name -> name.startsWith("random 2, seed "));
        assertThat(names.get(8)).isEqualTo("no pair"); // of six sets of two layers four are left
        assertThat(controls.evaluations().subList(4, 8).stream()
                        .map(each -> each.provenance().facts().get("kept layers")))
                .containsExactlyInAnyOrder("1010", "1001", "0101", "0110");
        double factor =
                adapter.norms().of(LayerSet.parse("1100")) / adapter.norms().of(LayerSet.all(4));
        assertThat(factor).isBetween(0.3, 0.95);
        Evaluation shrunk = Evaluation.measure(model.with(adapter.scaled(factor)), split);
        assertThat(controls.evaluations().get(9).metrics()).isEqualTo(shrunk.metrics());
        Evaluation below = Evaluation.measure(model.with(adapter.keeping(2)), split);
        assertThat(controls.evaluations().get(1).metrics()).isEqualTo(below.metrics());
        assertThat(controls.and(below.named("again")).evaluations()).hasSize(11);
        assertThat(controls.table().longColumn("parameters").get(1))
                .isEqualTo(adapter.keeping(2).parameters());
    }

    @Test
    void controlsOnWhatTheBoundaryWasChosenOnWarn() {
        Comparison controls = Boundary.controls(model, adapter, new Choice(2, "a look", split), split.head(6));

        assertThat(controls.provenance().warnings())
                .contains("\"below 2\": picked and reported on the same examples: layers or boundary were picked on "
                        + split.name() + ", which shares examples with "
                        + split.head(6).name());
        assertThat(controls.table().name()).endsWith(", picked and reported on the same examples");
        assertThat(controls.chart().asJavascript("target")).contains("picked and reported on the same examples");
        assertThatThrownBy(() -> Boundary.controls(model, adapter, 0, split))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("boundary must keep some of the adapted layers [0, 1, 2, 3] and drop others; got 0");
        assertThatThrownBy(() -> Boundary.masks(model, adapter, split, Map.of()))
                .hasMessage("masks must be at least one set of layers by a name; got none");
    }

    @Test
    void anySetsOfLayersAreMeasuredBesideTheWhole() {
        Map<String, LayerSet> masks = new LinkedHashMap<>();
        masks.put("odd", LayerSet.parse("0101"));
        masks.put("even", LayerSet.parse("1010"));

        Comparison beside = Boundary.masks(model, adapter, split, masks);

        assertThat(beside.evaluations().get(2).metrics())
                .isEqualTo(Evaluation.measure(model.with(adapter.keeping(LayerSet.parse("1010"))), split)
                        .metrics());
    }

    @Test
    void aSearchWritesWithTheBestByLossBothEndsAndThoseAskedFor() {
        Search search = Search.by(TextMetric.CHRF)
                .generation(Generation.greedy().maxTokens(6))
                .shortlist(1)
                .also(2);

        Found found = Boundary.search(model, adapter, split, search);

        List<Integer> tried =
                new ArrayList<>(found.table().intColumn("boundary").asList());
        assertThat(tried).contains(0, 2, 4).isSorted();
        assertThat(found.marks(2).texts().table().stringColumn("written").asList())
                .isEqualTo(model.with(adapter.keeping(2))
                        .generate(split, Generation.greedy().maxTokens(6))
                        .texts());
        assertThat(found.boundary().value()).isBetween(0, 4);
        assertThat(found.cheapest()).isLessThanOrEqualTo(4);
        assertThat(found.provenance().recipe())
                .endsWith(", Search.by(TextMetric.named(\"chrF\")).generation(Generation.greedy().maxTokens(6))"
                        + ".shortlist(1).also(2));");
        assertThat(found.provenance().warnings())
                .anyMatch(warning -> warning.contains("good partly by luck: report on other examples"));
        assertThat(found.chart().toString()).isEqualTo(found.toString());
    }

    @Test
    void aStoppedSearchKeepsTheBoundariesThatAreDone() {
        Search search = Search.by(TextMetric.CHRF)
                .generation(Generation.greedy().maxTokens(4).batchSize(4))
                .shortlist(2);
        AtomicInteger writings = new AtomicInteger();

        Found found = Progress.listening(
                event -> {
                    if (event.work().equals("writing") && event.done() == 0 && writings.incrementAndGet() == 2) {
                        Thread.currentThread().interrupt();
                    }
                },
                () -> Boundary.search(model, adapter, split, search));

        assertThat(found.table().intColumn("boundary").asList()).containsExactly(4);
        assertThat(found.provenance().warnings())
                .anyMatch(warning -> warning.matches("stopped: wrote with 1 of \\d boundaries"));
        assertThat(found.boundary().value()).isEqualTo(4);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aScaledAdapterChangesThatMuchLessAndTravels() {
        Adapter half = adapter.scaled(0.5);
        half.save(folder.resolve("half"));

        assertThat(half.norms().of(LayerSet.all(4))).isCloseTo(adapter.norms().of(LayerSet.all(4)) / 2, within(1e-6));
        assertThat(model.with(Adapter.load(folder.resolve("half")))
                        .predict(split)
                        .logits())
                .isEqualTo(model.with(half).predict(split).logits());
        assertThat(model.with(adapter.scaled(1)).predict(split).logits())
                .isEqualTo(model.with(adapter).predict(split).logits());
        assertThatThrownBy(() -> adapter.scaled(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("factor must be above 0; got 0.0; keeping(0) takes all pairs off");
    }

    @Test
    void whatIsReadAfterAllLayersIsNotLaidOver() throws IOException {
        Path copy = folder.resolve("norm");
        adapter.save(copy);
        Path file = copy.resolve("adapter_model.safetensors");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(read(file, scope));
            tensors.put("base_model.model.model.norm.weight", scope.full(2, model.width()));
            SafeTensors.write(file, tensors, Map.of("format", "pt"));
        }
        Path config = copy.resolve("adapter_config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"modules_to_save\": *(null|\\[[^]]*])", "\"modules_to_save\": [\"norm\"]"));
        assertThatThrownBy(() -> model.with(Adapter.load(copy)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "adapter must leave model.norm.weight of model alone, which is read after all layers; merge it"
                                + " in Python (merge_and_unload) and load the whole model");
    }

    private static Map<String, Tensor> read(Path file, Scope scope) {
        SafeTensors all = SafeTensors.open(file);
        return all.names().stream().collect(Collectors.toMap(name -> name, name -> all.tensor(name, scope)));
    }

    @Test
    void fewExamplesMakeNoBoundary() {
        assertThat(Boundary.sweep(model, adapter, split.head(1)).boundary().rule())
                .isEqualTo("no boundary: 1 example is too few to tell, at least 8");
        assertThat(Boundary.sweep(model, adapter, split).provenance().warnings())
                .anyMatch(warning -> warning.endsWith(": report on other examples"));
        assertThatThrownBy(() -> Search.by(TextMetric.CHRF).also(-1))
                .hasMessage("boundaries must be at least 0; got -1");
        assertThatThrownBy(() -> Boundary.search(
                        model, adapter, split, Search.by(TextMetric.CHRF).also(9)))
                .hasMessage("boundaries that are written with in any case must be 0 to 4; got 9");
    }

    @Test
    void aBoundaryChosenElsewhereKeepsWhatItWasChosenOn() {
        Split other = split.head(6);
        CurveRules rules = curves.trace().rules();

        assertThat(rules.beside("sweep", new Choice(3, "a look", other))
                        .boundary("sweep")
                        .pickedOn())
                .isEqualTo(other);
        assertThat(Boundary.controls(model, adapter, new Choice(2, "a look", other), split)
                        .provenance()
                        .recipe())
                .contains(".pickedOn(new Choice(2, \"a look\", " + other.recipe()
                        + ")).keeping(LayerSet.parse(\"1100\"))");
        assertThatThrownBy(() -> rules.beside("x", new Choice(99, "a look", other)))
                .hasMessage("boundary must be 0 to 4; got 99");
    }

    @Test
    void controlsOfLengthsGoWithoutTheShrunkenWhole() {
        Adapter dora = Lora.on(model.layers())
                .rank(2)
                .dora()
                .train(model, split.head(8), Training.standard().epochs(1).batchSize(4))
                .adapter();

        Comparison controls = Boundary.controls(model, dora, 2, split.head(8));

        assertThat(controls.evaluations().stream().map(Evaluation::name))
                .noneMatch(name -> name.startsWith("whole, times"));
        assertThat(controls.provenance().warnings())
                .anyMatch(warning -> warning.startsWith("the adapter was not shrunk"));
        assertThat(controls.provenance().recipe()).doesNotContain(";.named").contains("measured0.against(measured1, ");
    }
}
