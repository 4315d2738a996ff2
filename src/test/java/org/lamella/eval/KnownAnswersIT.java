// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every known answer of the benchmarks in {@code $LAMELLA_DATA}, given as an answer, is right, and another is wrong. */
class KnownAnswersIT {

    @ParameterizedTest
    @CsvSource({"gsm8k/train.jsonl.gz, 7473", "gsm8k/test.jsonl.gz, 1319", "gsm8k/test_socratic.jsonl.gz, 1319"})
    void gsm8k(String name, int problems) throws IOException {
        List<String> written = text(name)
                .lines()
                .map(line -> field(JsonParser.parseString(line), "answer"))
                .toList();
        assertThat(written).hasSize(problems);
        judge(MathAnswer.GSM8K, written);
    }

    @Test
    void gsm8kAsThePaperHasIt() throws IOException {
        List<String> written =
                JsonParser.parseString(text("pissa-dataset/metamath/test_gsm8k_only.json.gz"))
                        .getAsJsonArray()
                        .asList()
                        .stream()
                        .map(problem -> field(problem, "output"))
                        .toList();
        assertThat(written).hasSize(1319);
        judge(MathAnswer.GSM8K, written);
    }

    @Test
    void svamp() throws IOException {
        List<String> written = JsonParser.parseString(text("svamp/SVAMP.json")).getAsJsonArray().asList().stream()
                .map(problem -> field(problem, "Answer"))
                .toList();
        assertThat(written).hasSize(1000);
        judge(MathAnswer.NUMBERS, written);
    }

    @Test
    void asdiv() throws IOException {
        List<String> written = Pattern.compile("<Answer>(.*?)</Answer>", Pattern.DOTALL)
                .matcher(text("asdiv/ASDiv.xml.gz"))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(written).hasSize(2305);
        judge(MathAnswer.NUMBERS, written);
    }

    private static void judge(MathAnswer rule, List<String> written) {
        for (String each : written) {
            String known = rule.known(each);
            assertThat(rule.right("So it is.\nThe answer is: " + known, each))
                    .as(each)
                    .isTrue();
            assertThat(rule.right("The answer is: 1" + known, each)).as(each).isFalse();
            assertThat(rule.right("It is " + known, each)).as(each).isFalse();
        }
    }

    private static String field(JsonElement problem, String name) {
        JsonObject object = problem.getAsJsonObject();
        return object.get(name).getAsString();
    }

    private static String text(String name) throws IOException {
        Path path = Path.of(System.getenv().getOrDefault("LAMELLA_DATA", "")).resolve(name);
        String why = "skipped: $LAMELLA_DATA holds no " + name;
        if (!Files.isRegularFile(path)) {
            System.out.println(why);
        }
        assumeTrue(Files.isRegularFile(path), why);
        try (InputStream file = Files.newInputStream(path);
                InputStream in = name.endsWith(".gz") ? new GZIPInputStream(file) : file) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
