// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The benchmarks' own solutions pass in the sandbox, changed ones do not; files from {@code $LAMELLA_DATA}. */
class CodeProblemsIT {

    private static final CodeLimits LIMITS =
            CodeLimits.standard().time(Duration.ofSeconds(60)).memory(4L << 30);
    // pass, too, in 3 to 30 seconds each; checked by hand
    private static final Set<String> SLOW =
            Set.of("Mbpp/123", "Mbpp/271", "Mbpp/389", "Mbpp/392", "Mbpp/592", "Mbpp/599", "Mbpp/603");
    // what a function returns, changed: another number, truth, text or member; nothing becomes something
    private static final String CHANGED = """

            def _changed(function):
                def other(*arguments, **named):
                    result = function(*arguments, **named)
                    if isinstance(result, bool):
                        return not result
                    if result is None:
                        return 1
                    if isinstance(result, (int, float, complex)):
                        return result + 1
                    if isinstance(result, str):
                        return result + 'x'
                    if isinstance(result, list):
                        return result + [None]
                    if isinstance(result, tuple):
                        return result + (None,)
                    return None
                return other
            """;

    @Test
    void humanEval() throws IOException {
        List<CodeProblem> problems = CodeProblem.humanEval(file("humaneval/HumanEval.jsonl.gz"));
        assertThat(problems).hasSize(164);
        requirePassing(problems);
        requireChangedFailing(problems);
        assertThat(asPublished(problems)).isEqualTo(164);
    }

    @Test
    void humanEvalPlus() {
        List<CodeProblem> problems = CodeProblem.humanEvalPlus(file("humaneval-plus/HumanEvalPlus.jsonl.gz"));
        assertThat(problems).hasSize(164);
        requirePassing(problems);
    }

    @Test
    void mbppBase() throws IOException {
        List<CodeProblem> problems = CodeProblem.mbppBase(file("mbpp-plus/MbppPlus.jsonl.gz"));
        assertThat(problems).hasSize(378);
        requirePassing(problems);
        requireChangedFailing(problems);
        assertThat(asPublished(problems)).isEqualTo(360);
    }

    @Test
    void mbppPlus() {
        List<CodeProblem> problems = CodeProblem.mbppPlus(file("mbpp-plus/MbppPlus.jsonl.gz"));
        assertThat(problems).hasSize(378);
        requirePassing(
                problems.stream().filter(each -> !SLOW.contains(each.id())).toList());
    }

    @Test
    void mbpp() {
        List<CodeProblem> problems = CodeProblem.mbpp(file("mbpp/mbpp.jsonl.gz"));
        assertThat(problems).hasSize(974);
        requirePassing(problems);
        // all of them, once by hand
        requireChangedFailing(IntStream.range(0, problems.size() / 3)
                .mapToObj(i -> problems.get(3 * i))
                .toList());
    }

    private static void requirePassing(List<CodeProblem> problems) {
        CodeSandbox sandbox = CodeSandboxTest.here(LIMITS);
        assertThat(problems.stream()
                        .parallel()
                        .flatMap(problem -> failed(sandbox, problem))
                        .toList())
                .as("reference solutions that do not pass")
                .isEmpty();
    }

    private static void requireChangedFailing(List<CodeProblem> problems) {
        CodeSandbox sandbox = CodeSandboxTest.here(LIMITS);
        assertThat(problems.stream()
                        .parallel()
                        .filter(problem -> unseen(sandbox, problem))
                        .map(CodeProblem::id)
                        .toList())
                .as("changed solutions that pass")
                .isEmpty();
    }

    private static Stream<String> failed(CodeSandbox sandbox, CodeProblem problem) {
        CodeRun run = sandbox.run(problem.program(problem.reference()));
        return run.outcome() == CodeOutcome.PASSED
                ? Stream.empty()
                : Stream.of(problem.id() + " " + run.outcome() + " " + run.message());
    }

    private static boolean unseen(CodeSandbox sandbox, CodeProblem problem) {
        String changed =
                problem.reference() + CHANGED + problem.entryPoint() + " = _changed(" + problem.entryPoint() + ")\n";
        return sandbox.run(problem.program(changed)).outcome() == CodeOutcome.PASSED;
    }

    /** Returns how many prompts are the published ones; the others lack a web address that those have, and nothing else. */
    private static long asPublished(List<CodeProblem> problems) throws IOException {
        Map<String, String> published = new HashMap<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file("pissa-dataset/python/test.json.gz")))) {
            JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonArray()
                    .forEach(each -> {
                        JsonObject prompt = each.getAsJsonObject();
                        published.put(
                                prompt.get("output").getAsString(),
                                prompt.get("instruction").getAsString());
                    });
        }
        assertThat(problems).allSatisfy(problem -> assertThat(plain(problem.instruction()))
                .isEqualTo(plain(published.getOrDefault(problem.id(), ""))));
        return problems.stream()
                .filter(problem -> problem.instruction().equals(published.get(problem.id())))
                .count();
    }

    private static String plain(String prompt) {
        return prompt.replaceAll(" https?://\\S+", "").replace("  ", " ");
    }

    private static Path file(String name) {
        Path path = Path.of(System.getenv().getOrDefault("LAMELLA_DATA", "")).resolve(name);
        String why = "skipped: $LAMELLA_DATA holds no " + name;
        if (!Files.isRegularFile(path)) {
            System.out.println(why);
        }
        assumeTrue(Files.isRegularFile(path), why);
        return path;
    }
}
