// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.Progress;
import org.lamella.data.PromptFormat;
import org.lamella.data.Task;
import org.lamella.tensor.DType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model writes: where it ends, by what chance, and what it refuses. */
final class GenerationTest {

    private static final List<String> PROMPTS = List.of(
            "shares rose",
            "the oil price of the year fell in the market",
            "a",
            "Grain shipments to",
            "net loss of the company in a week",
            "the bank");

    private static Transformer model;

    @BeforeAll
    static void load() {
        model = Transformer.load(Golden.path("decoders/llama/model"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void whatIsDrawnDependsOnTheSeedAndThePlaceOfThePromptAlone() {
        Generation drawing =
                Generation.sampling(5).temperature(1.5).topP(0.95).topK(40).maxTokens(30);

        Continuations all = model.generate(PROMPTS, drawing);

        assertThat(model.generate(PROMPTS, drawing).texts()).isEqualTo(all.texts());
        assertThat(model.generate(PROMPTS, drawing.batchSize(1)).texts()).isEqualTo(all.texts());
        assertThat(model.generate(PROMPTS, drawing.batchSize(4)).texts()).isEqualTo(all.texts());
        assertThat(model.generate(PROMPTS, Generation.sampling(6).maxTokens(30)).texts())
                .isNotEqualTo(all.texts());
        assertThat(model.generate(List.of("a", "a"), drawing).texts()).doesNotHaveDuplicates();
    }

    @Test
    void drawsFollowTheProbabilitiesOfTheLikeliestTokens() {
        List<String> many = Collections.nCopies(4000, "shares rose");
        Table next = model.next("shares rose", 3).table();
        double sum = next.doubleColumn("probability").sum();

        List<Continuation> drawn = model.generate(
                        many, Generation.sampling(1).topK(3).maxTokens(1).batchSize(500))
                .all();

        for (int i = 0; i < 3; i++) {
            long token = next.intColumn("id").get(i);
            double share = drawn.stream()
                            .filter(one -> one.tokens().equals(List.of(token)))
                            .count()
                    / 4000.0;
            assertThat(share).isCloseTo(next.doubleColumn("probability").get(i) / sum, within(0.03));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-30, Float.MIN_VALUE, Double.MIN_VALUE})
    void theLowestTemperaturesTakeTheLikeliest(double temperature) {
        Generation drawing =
                Generation.sampling(3).temperature(temperature).topP(0.9).maxTokens(12);

        assertThat(model.generate(PROMPTS, drawing).texts())
                .isEqualTo(model.generate(PROMPTS, Generation.greedy().maxTokens(12))
                        .texts());
    }

    @Test
    void aTinyPartOfTheProbabilityLeavesTheLikeliestToken() {
        Generation least = Generation.sampling(3).topP(1e-9).maxTokens(12);
        List<String> greedy =
                model.generate(PROMPTS, Generation.greedy().maxTokens(12)).texts();

        assertThat(model.generate(PROMPTS, least).texts()).isEqualTo(greedy);
        assertThat(model.generate(PROMPTS, Generation.sampling(3).topK(1).maxTokens(12))
                        .texts())
                .isEqualTo(greedy);
    }

    @Test
    void aStopStringEndsTheTextAndIsLeftOut() {
        Generation greedy = Generation.greedy().maxTokens(20);
        Continuation whole = model.generate("Grain shipments to", greedy);
        Continuation stopped = model.generate("Grain shipments to", greedy.stop("nowhere", "stock", "co b"));

        assertThat(whole.text()).contains("co ba cost");
        assertThat(stopped.text())
                .isEqualTo(whole.text().substring(0, whole.text().indexOf("co b")));
        assertThat(stopped.end()).isEqualTo(Continuation.End.STOP);
        assertThat(stopped.tokens())
                .isEqualTo(whole.tokens().subList(0, stopped.tokens().size()));
        assertThat(stopped.tokens().size()).isLessThan(whole.tokens().size());
    }

    @Test
    void aTextEndsWhereTheModelIsFull() {
        Transformer small = model.maxTokens(20);
        String prompt = "the oil price of the year fell in the market"; // 11 tokens

        Continuation full = small.generate(prompt, Generation.greedy());

        assertThat(full.end()).isEqualTo(Continuation.End.CONTEXT_FULL);
        assertThat(full.tokens()).hasSize(9);
        assertThat(full.tokens())
                .isEqualTo(
                        model.generate(prompt, Generation.greedy().maxTokens(9)).tokens());
    }

    @Test
    void textsThatEndEarlyDoNotChangeTheOthers() {
        Generation stopping = Generation.greedy().maxTokens(40).stop("f co", "sai");

        Continuations together = model.generate(PROMPTS, stopping);

        assertThat(together.all().stream().map(Continuation::end).distinct()).hasSizeGreaterThan(1);
        for (int i = 0; i < PROMPTS.size(); i++) {
            Continuation alone = model.generate(PROMPTS.get(i), stopping);
            assertThat(together.all().get(i).tokens()).isEqualTo(alone.tokens());
            assertThat(together.all().get(i).end()).isEqualTo(alone.end());
        }
    }

    @Test
    void aStopKeepsWhatWasWritten() {
        Continuations stopped = Progress.listening(
                event -> {
                    if (event.done() >= 1 && event.state() == Progress.State.RUNNING) {
                        Thread.currentThread().interrupt();
                    }
                },
                () -> model.generate(PROMPTS, Generation.greedy().maxTokens(110).batchSize(1)));

        assertThat(stopped.all()).hasSameSizeAs(PROMPTS);
        assertThat(stopped.all().stream().filter(one -> one.end() == Continuation.End.STOPPED))
                .isNotEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatIsWrittenIsShownAsItGrows() {
        List<String> shown = new ArrayList<>();

        Continuation whole = Progress.listening(
                event -> shown.add(event.text()),
                () -> model.generate("shares rose", Generation.greedy().maxTokens(100)));

        assertThat(shown).hasSizeGreaterThanOrEqualTo(2).allMatch(whole.text()::startsWith);
        assertThat(shown.get(shown.size() - 1)).isEqualTo(whole.text());
    }

    @Test
    void halfPrecisionWritesToo() {
        Transformer half = model.dtype(DType.BF16);
        Generation greedy = Generation.greedy().maxTokens(12);

        Continuations together = half.generate(PROMPTS, greedy);

        assertThat(together.all()).allMatch(one -> one.tokens().size() == 12);
        assertThat(half.logits("shares rose")).hasSize(model.logits("shares rose").length);
        double[] exact = model.logits("shares rose");
        assertThat(half.logits("shares rose")[365]).isCloseTo(exact[365], within(0.05 * Math.abs(exact[365]) + 0.05));
    }

    @Test
    void theNextTokensAreThoseOfTheLargestLogits() {
        double[] logits = model.logits("shares rose");
        Table next = model.next("shares rose", 5).table();

        int best = IntStream.range(0, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
        double sum = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum();
        assertThat(logits).hasSize(model.weights().architecture().vocabulary());
        assertThat(next.columnNames()).containsExactly("token", "id", "probability");
        assertThat(next.rowCount()).isEqualTo(5);
        assertThat(next.intColumn("id").get(0)).isEqualTo(best).isEqualTo(365);
        assertThat(next.stringColumn("token").get(0)).isEqualTo(" co");
        assertThat(next.doubleColumn("probability").get(0)).isCloseTo(Math.exp(logits[best]) / sum, within(1e-9));
        assertThat(next.doubleColumn("probability").asDoubleArray())
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void theTableTellsWhatWasWrittenAndWhyItEnded() {
        Table table = model.generate(PROMPTS, Generation.greedy().maxTokens(3)).table();

        assertThat(table.columnNames()).containsExactly("prompt", "text", "end", "tokens", "seconds", "tokens/s");
        assertThat(table.stringColumn("prompt").asList()).isEqualTo(PROMPTS);
        assertThat(table.stringColumn("end").unique().asList()).containsExactly("maxTokens");
        assertThat(table.intColumn("tokens").min()).isEqualTo(3);
    }

    @Test
    void thePromptsOfASplitAreContinuedBesideTheirAnswers() {
        Table rows = Table.create(
                "tiny",
                StringColumn.create("prompt", "shares rose", "the bank", "grain"),
                StringColumn.create("answer", "a", "b", "c"));
        Task task = Task.from(rows).text("prompt").answer("answer").format(PromptFormat.of("{prompt} in{answer}"));
        Generation greedy = Generation.greedy().maxTokens(5);

        Continuations written = model.generate(task.validation(rows).test(rows).train(), greedy);

        assertThat(written.answers()).containsExactly("a", "b", "c");
        assertThat(written.table().columnNames()).startsWith("prompt", "text", "answer", "end");
        assertThat(written.texts())
                .isEqualTo(model.generate(List.of("shares rose in", "the bank in", "grain in"), greedy)
                        .texts());
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        String longer = "the company said it rose in the bank market ".repeat(20);
        int tokens = model.tokens(longer).table().rowCount();

        refused(() -> model.maxTokens(32).generate(longer, Generation.greedy()))
                .hasMessageStartingWith("prompt must have fewer than 32 tokens, the most after maxTokens(32); got ")
                .hasMessageEndingWith(": \"the company said it rose in the bank market the company s...\"");
        assertThat(tokens).isPositive();
        refused(() -> model.generate(List.of(), Generation.greedy()))
                .hasMessage("prompts must be at least one; got none");
        refused(() -> model.next("a", 0)).hasMessage("count must be at least 1; got 0");
        try (Transformer encoder = Tiny.model("encoder")) {
            refused(() -> encoder.generate("a", Generation.greedy()))
                    .hasMessage("model must be able to write; got encoder, bert");
        }
        try (Transformer qwen = Transformer.load(Golden.path("decoders/qwen2/model"))) {
            refused(() -> qwen.generate("", Generation.greedy()))
                    .hasMessage("prompt must have at least one token; got \"\"");
        }
    }

    @Test
    void whatIsNoWayToWriteIsRefused() {
        refused(() -> Generation.greedy().maxTokens(0)).hasMessage("maxTokens must be at least 1; got 0");
        refused(() -> Generation.greedy().batchSize(0)).hasMessage("batchSize must be at least 1; got 0");
        refused(() -> Generation.greedy().stop("a", ""))
                .hasMessage("stop must name texts of at least one character; got [\"a\", \"\"]");
        refused(() -> Generation.sampling(1).topP(0)).hasMessage("topP must be above 0 and at most 1; got 0.0");
        refused(() -> Generation.sampling(1).topK(-1))
                .hasMessage("topK must be at least 1, or 0 for all tokens; got -1");
        refused(() -> Generation.sampling(1).temperature(0))
                .hasMessage("temperature must be above 0; got 0.0: Generation.greedy() takes the likeliest");
        assertThatThrownBy(() -> Generation.greedy().temperature(0.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "temperature must be asked of Generation.sampling(seed); got Generation.greedy(), which draws"
                                + " nothing");
    }

    private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
