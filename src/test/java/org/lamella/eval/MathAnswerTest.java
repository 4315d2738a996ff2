// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.model.Continuation;
import org.lamella.model.Continuations;

class MathAnswerTest {

    private static final String PHRASE = "The answer is: ";

    @Test
    void formulasGetTheFormThatTheBenchmarksOwnCodeGivesThem() throws IOException {
        for (JsonElement each : golden().getAsJsonArray("formulas")) {
            String formula = each.getAsJsonArray().get(0).getAsString();
            assertThat(FormulaForm.of(formula)).as(formula).isEqualTo(second(each.getAsJsonArray()));
        }
    }

    @Test
    void numbersAreFoundAsMetaMathFindsThem() throws IOException {
        for (JsonElement each : golden().getAsJsonArray("numbers")) {
            String text = each.getAsJsonArray().get(0).getAsString();
            assertThat(MathAnswer.GSM8K.given(text).map(Double::valueOf).map(number -> number + 0.0))
                    .as(text)
                    .isEqualTo(second(each.getAsJsonArray()).map(Double::valueOf));
        }
    }

    @Test
    void onlyTheLastPhraseCounts() {
        assertThat(MathAnswer.GSM8K.right(PHRASE + "7\n" + PHRASE + "8", "#### 8"))
                .isTrue();
        assertThat(MathAnswer.GSM8K.right(PHRASE + "8\n" + PHRASE + "7", "#### 8"))
                .isFalse();
        assertThat(MathAnswer.GSM8K.right("It is 8.", "#### 8")).isFalse();
        assertThat(MathAnswer.MATH.right("It is $8$.", "8")).isFalse();
    }

    @Test
    void knownAnswersAreReadFromSolutions() {
        assertThat(MathAnswer.GSM8K.known("She makes $18.\n#### 1,018")).isEqualTo("1018");
        assertThat(MathAnswer.MATH.known("so $\\boxed{1}$, no: $x=\\boxed{\\dfrac{1}{2}}$."))
                .isEqualTo("\\frac{1}{2}");
        assertThat(MathAnswer.NUMBERS.known("100 (km/hour); 80 (km/hour)")).isEqualTo("100;80");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "51.0                       | 51",
                "9 (apples)                 | 9 apples.",
                "100 (km/hour); 80 (km/h)   | 100 and 80",
                "1/6                        | 0.1667",
                "-(1/3)                     | -1/3",
                "9:10                       | 9:10.",
                "The 60th caller.           | the 60th  caller",
                "1234                       | 1,234",
                "0.5                        | .5"
            })
    void numbersAndWordsAreRight(String written, String given) {
        assertThat(MathAnswer.NUMBERS.right(PHRASE + given, written)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "51.0                       | 15",
                "100 (km/hour); 80 (km/h)   | 80 and 100",
                "100 (km/hour); 80 (km/h)   | 100",
                "9:10                       | 9",
                "Market                     | Fall",
                "5                          | 5/0",
                "7                          | NaN"
            })
    void otherNumbersAndWordsAreWrong(String written, String given) {
        assertThat(MathAnswer.NUMBERS.right(PHRASE + given, written)).isFalse();
    }

    @Test
    void whatHoldsNoAnswerIsRefusedWithItsEnd() {
        assertThatThrownBy(() -> MathAnswer.GSM8K.known("so it is\n#### many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("known answer must be a number, alone or after ####; got \"so it is\\n#### many\"");
        assertThatThrownBy(() -> MathAnswer.GSM8K.known("#### NaN"))
                .hasMessage("known answer must be a number, alone or after ####; got \"#### NaN\"");
        assertThatThrownBy(() -> MathAnswer.MATH.known("$\\boxed{{1}$"))
                .hasMessage("known answer must stand in \\boxed{}; got \"$\\boxed{{1}$\"");
        assertThatThrownBy(() -> MathAnswer.NUMBERS.known(" ")).hasMessage("known answer must not be empty; got \" \"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-",
                "{",
                "}",
                "\\frac",
                "\\sqrt",
                "\\sqrt{",
                "/",
                "1/",
                ",123",
                ".",
                ".\n",
                " ",
                "\\text{ ",
                "=",
                "\\boxed",
                "\\boxed{",
                "9:",
                "The answer is: ",
                "\u0663",
                "\uD835\uDC65",
                "a",
                "1;",
                "-("
            })
    void aMillionCharactersTakeLinearTime(String piece) {
        String text = PHRASE + piece.repeat(1_000_000 / piece.length());
        assertTimeout(Duration.ofSeconds(5), () -> {
            for (MathAnswer rule : MathAnswer.values()) {
                rule.right(text, "5");
                rule.right(text + PHRASE + "5", "5");
                known(rule, text);
            }
        });
    }

    private static void known(MathAnswer rule, String text) {
        try {
            assertThat(rule.known(text)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hostileTextsAreWrongAndNoError(MathAnswer rule) {
        for (String text :
                List.of("", PHRASE, PHRASE + "\n", PHRASE + ".", PHRASE + "1/0", PHRASE + "NaN", PHRASE + "\0")) {
            assertThat(rule.right(text, "72")).as(text).isFalse();
        }
    }

    @Test
    void marksKeepEveryGenerationAndTheirAccuracy() {
        Marks marks =
                MathAnswer.GSM8K.mark(List.of("one", "two"), List.of(PHRASE + "1", "no"), List.of("#### 1", "#### 2"));

        assertThat(marks).hasToString("1 of 2 right, accuracy 0.5000 (0.0945 to 0.9055)");
        Marks none = MathAnswer.GSM8K.mark(
                Collections.nCopies(24, "p"), Collections.nCopies(24, "no"), Collections.nCopies(24, "#### 2"));
        assertThat(none.accuracy()).hasToString("0.0000 (0.0000 to 0.1380)");
        assertThat(marks.table().print())
                .contains("The answer is: 1")
                .contains("no")
                .contains("known");
        assertThatThrownBy(() -> MathAnswer.GSM8K.mark(List.of("one"), List.of(), List.of()))
                .hasMessage("generations must be as many as prompts, 1; got 0");
    }

    @Test
    void marksSayHowManyTextsWereCut() {
        Continuations written = new Continuations(
                List.of(
                        continuation("1", Continuation.End.END_TOKEN),
                        continuation("2", Continuation.End.MAX_TOKENS),
                        continuation("", Continuation.End.CONTEXT_FULL),
                        continuation("", Continuation.End.STOP)),
                List.of(),
                1);

        Marks marks = MathAnswer.GSM8K.mark(written, List.of("#### 1", "#### 2", "#### 3", "#### 4"));

        assertThat(marks)
                .hasToString("2 of 4 right, accuracy 0.5000 (0.1500 to 0.8500); 1 of 4 texts was cut at 2 tokens:"
                        + " raise maxTokens; 1 of 4 texts was cut where the model's context was full: shorten the"
                        + " prompts");
        assertThat(written.unended()).isEqualTo(2);
        assertThat(new Continuations(written.all().subList(0, 1), List.of(), 1).unendedBecause())
                .isEmpty();
    }

    private static Continuation continuation(String answer, Continuation.End end) {
        return new Continuation("p", PHRASE + answer, List.of(1L, 2L), end, 1);
    }

    private static Optional<String> second(JsonArray pair) {
        return pair.get(1).isJsonNull()
                ? Optional.empty()
                : Optional.of(pair.get(1).getAsString());
    }

    private static JsonObject golden() throws IOException {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(MathAnswerTest.class.getResourceAsStream("/golden/answers/answers.json")),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    @Test
    void nothingAfterThePhraseIsNoAnswer() {
        for (MathAnswer rule : MathAnswer.values()) {
            assertThat(rule.given("so it is. " + PHRASE)).as(rule.name()).isEmpty();
        }
        assertThat(MathAnswer.MATH.right(PHRASE, "\\boxed{}")).isFalse();
    }

    @Test
    void aLetterIsRightAloneOrBeforeAFullStop() {
        for (String right : List.of("B", "b", " B\n", "B. the second", "B.")) {
            assertThat(MathAnswer.LETTER.right(right, " B")).as(right).isTrue();
        }
        for (String wrong : List.of("A", "", "Because", "b. the second", "The answer is B", "BB", "(B)", "A. B")) {
            assertThat(MathAnswer.LETTER.right(wrong, "B")).as(wrong).isFalse();
        }
    }
}
