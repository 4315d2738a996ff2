// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.Transformer;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Marks of written texts: intervals, differences, several known texts, and what a tiny Llama writes. */
final class TextMarksTest {

    private static final List<String> PROMPTS = List.of("one", "two", "three");
    private static final List<List<String>> KNOWN =
            List.of(List.of("a red cat", "the cat is red"), List.of("blue"), List.of("green dogs run"));

    private static TextMarks marks(String... written) {
        return TextMarks.of(
                PROMPTS, List.of(written), KNOWN, TextMetric.EXACT_MATCH, TextMetric.ROUGE_L, TextMetric.BLEU);
    }

    @Test
    void theNearestKnownTextCounts() {
        TextMarks marks = marks("The cat is red.", "blue", "dogs");

        assertThat(marks.value("exact match").value()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(marks.value("ROUGE-L").value()).isCloseTo((1 + 1 + 0.5) / 3, within(1e-12));
        assertThat(marks.value("exact match").low())
                .isLessThan(marks.value("exact match").high());
        Table texts = marks.texts().table();
        assertThat(texts.intColumn("known texts").asList()).containsExactly(2, 1, 1);
        assertThat(texts.doubleColumn("ROUGE-L").get(2)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void differencesArePairedByPrompt() {
        TextMarks all = marks("a red cat", "blue", "green dogs run").named("all");
        TextMarks none = marks("x", "y", "z").named("none");

        assertThat(all.minus(none, "exact match").toString()).isEqualTo("1.0000 (1.0000 to 1.0000)");
        assertThat(all.minus(all, "BLEU").toString()).isEqualTo("0.0000 (0.0000 to 0.0000)");
        Table against = all.against(none).table();
        assertThat(against.columnNames())
                .containsExactly(
                        "name", "metric", "value", "low", "high", "difference", "difference low", "difference high");
        assertThat(against.doubleColumn("difference").isMissing(0)).isTrue();
        assertThat(against.doubleColumn("difference").get(1)).isEqualTo(-1);
        assertThatThrownBy(() -> all.minus(
                        TextMarks.of(List.of("four"), List.of("x"), List.of(List.of("x")), TextMetric.BLEU), "BLEU"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("marks must be of the same prompts as \"all\"; got \"texts\" of 1 prompts");
        assertThatThrownBy(() -> all.value("blue"))
                .hasMessage("metric must be one of exact match, ROUGE-L, BLEU; got \"blue\"; did you mean \"BLEU\"?");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> TextMarks.of(PROMPTS, List.of("x"), KNOWN, TextMetric.BLEU))
                .hasMessage("known must be as many as the written texts, at least one; got 3 for 1");
        assertThatThrownBy(() -> TextMarks.of(List.of("a"), List.of("x"), List.of(List.of()), TextMetric.BLEU))
                .hasMessage("known must hold at least one text for each written one; got none for text 0");
        assertThatThrownBy(() -> TextMarks.of(PROMPTS, List.of("x", "y", "z"), KNOWN))
                .hasMessage(
                        "metrics must be at least one of BLEU, chrF, ROUGE-1, ROUGE-2, ROUGE-L, exact match, token F1;"
                                + " got none");
        assertThatThrownBy(() -> TextMetric.named("bleu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"BLEU\"?");
        assertThat(TextMetric.BLEU.of("the cat is red and runs", "the cat is red and runs"))
                .isCloseTo(100, within(1e-9));
        assertThat(TextMetric.right(MathAnswer.GSM8K).recipe()).isEqualTo("TextMetric.right(MathAnswer.GSM8K)");
        assertThat(TextMetric.TOKEN_F1.recipe()).isEqualTo("TextMetric.named(\"token F1\")");
        assertThat(TextMetric.right(MathAnswer.GSM8K).of("so. The answer is: 18", "... #### 18"))
                .isEqualTo(1);
    }

    @Test
    void aModelWritesOnceForEachPromptWhateverItIsKnownBy() {
        Split split = Task.from(Table.create(
                        "words",
                        StringColumn.create("prompt", IntStream.range(0, 9).mapToObj(i -> "shares rose " + i % 3)),
                        StringColumn.create("answer", IntStream.range(0, 9).mapToObj(i -> " answer " + i))))
                .text("prompt")
                .answer("answer")
                .train();
        Generation brief = Generation.greedy().maxTokens(5);
        try (Transformer model = Transformer.load(Golden.path("decoders/llama/model"))) {
            TextMarks marks = TextMarks.measure(model, split, brief, TextMetric.CHRF);

            Table texts = marks.texts().table();
            assertThat(texts.stringColumn("prompt").asList())
                    .containsExactly("shares rose 0", "shares rose 1", "shares rose 2");
            assertThat(texts.intColumn("known texts").asList()).containsOnly(3);
            assertThat(texts.stringColumn("written").asList())
                    .isEqualTo(model.generate(texts.stringColumn("prompt").asList(), brief)
                            .texts());
            assertThat(marks.provenance().warnings())
                    .anyMatch(warning -> warning.endsWith(" of 3 texts were cut at 5 tokens: raise maxTokens"));
            assertThat(marks.provenance().recipe())
                    .endsWith(", Generation.greedy().maxTokens(5), TextMetric.named(\"chrF\"));");
            assertThat(marks.chart().toString()).isEqualTo(marks.toString());
        }
    }
}
