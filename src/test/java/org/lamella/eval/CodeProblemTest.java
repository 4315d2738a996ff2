// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.FormatException;
import org.lamella.model.Continuation;
import org.lamella.model.Continuations;

class CodeProblemTest {

    private static final String HUMAN_EVAL =
            "{\"task_id\": \"HumanEval/0\", \"prompt\": \"def f(x):\\n    \\\"\\\"\\\" Twice x. \\\"\\\"\\\"\\n\","
                    + " \"entry_point\": \"f\", \"canonical_solution\": \"    return 2 * x\\n\","
                    + " \"test\": \"def check(candidate):\\n    assert candidate(2) == 4\\n\"}\n";

    @TempDir
    Path folder;

    @Test
    void aFencedProgramIsFoundAndEndsBeforeItsExamples() {
        assertThat(CodeAnswer.of("Here:\r\n```python\r\ndef f(x):\r\n    return x\r\n```\nIt returns x."))
                .isEqualTo("def f(x):\n    return x");
        assertThat(CodeAnswer.of("```python\ndef f(x):\n    return x")).isEqualTo("\ndef f(x):\n    return x");
        assertThat(CodeAnswer.of("def f(x):\n    return x\n\nassert f(1) == 1")).isEqualTo("def f(x):\n    return x");
        assertThat(CodeAnswer.of("def f(): pass\n# Example usage:\nf()")).isEqualTo("def f(): pass");
        assertThat(CodeAnswer.of("def f(): pass\nif __name__ == \"__main__\":\n    f()"))
                .isEqualTo("def f(): pass");
        assertThat(CodeAnswer.of("    return x\n")).isEqualTo("    return x\n");
        assertThat(CodeAnswer.of("")).isEmpty();
    }

    @Test
    void aProblemIsReadWithThePaperPrompt() throws IOException {
        Path file = Files.writeString(folder.resolve("HumanEval.jsonl"), HUMAN_EVAL);

        CodeProblem problem = CodeProblem.humanEval(file).get(0);

        assertThat(problem.instruction())
                .isEqualTo(
                        "Below is an instruction that describes a task. Write a response that appropriately completes"
                                + " the request.\n\n\n### Instruction:\nCreate a Python script for this problem:\ndef f(x):\n\t"
                                + "\"\"\" Twice x. \"\"\"\n\n\n### Response:");
        assertThat(problem.program("    return x"))
                .isEqualTo("def f(x):\n    \"\"\" Twice x. \"\"\"\n    return x\ndef check(candidate):\n"
                        + "    assert candidate(2) == 4\n\ncheck(f)\n");
    }

    @Test
    void aSentenceOfMbppEndsWithAPointInThePrompt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mbpp.jsonl"),
                "{\"task_id\": 7, \"text\": \"Write f\", \"code\": \"def f(x):\\r\\n  return x\", \"test_setup_code\": \"\","
                        + " \"test_list\": [\"assert f('    ') == '    '\", \"assert f(1) == 1\"]}\n");

        CodeProblem problem = CodeProblem.mbpp(file).get(0);

        assertThat(problem.instruction())
                .endsWith("### Instruction:\nWrite f. Your code should satisfy the following assertion:\n```python\n"
                        + "assert f('\t') == '\t'\n```\n\n### Response:");
        assertThat(problem.entryPoint()).isEqualTo("f");
        assertThat(problem.program(problem.reference()))
                .isEqualTo("\"\"\"\nWrite f\n\"\"\"\ndef f(x):\n  return x\n\nassert f('    ') == '    '\n"
                        + "assert f(1) == 1\n");
    }

    @Test
    void aBenchmarkIsFoundByItsName() throws IOException {
        Files.createDirectories(folder.resolve("humaneval"));
        Files.writeString(folder.resolve("humaneval/HumanEval.jsonl"), HUMAN_EVAL);

        assertThat(loaded("humaneval")).extracting(CodeProblem::id).containsExactly("HumanEval/0");
        assertThatThrownBy(() -> loaded("mbpp-base"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mbpp-base must lie in $LAMELLA_DATA/mbpp-plus as MbppPlus.jsonl or MbppPlus.jsonl.gz; got"
                        + " none in " + folder.resolve("mbpp-plus"));
        assertThatThrownBy(() -> loaded("human-eval"))
                .hasMessage("problems must be one of humaneval, humaneval-plus, mbpp, mbpp-base, mbpp-plus; got"
                        + " \"human-eval\"; did you mean \"humaneval\"?");
    }

    /** As if the test's folder were {@code $LAMELLA_DATA}. */
    private List<CodeProblem> loaded(String name) {
        System.setProperty("lamella.data", folder.toString());
        try {
            return CodeProblem.load(name);
        } finally {
            System.clearProperty("lamella.data");
        }
    }

    @Test
    void whatIsNoProblemIsNamedWithItsLine() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), HUMAN_EVAL + "{\"task_id\": \"HumanEval/1\"}\n");
        assertThatThrownBy(() -> CodeProblem.humanEval(file))
                .isInstanceOf(FormatException.class)
                .hasMessage("[a.jsonl] line 2 must have entry_point; got task_id");
        Path broken = Files.writeString(folder.resolve("b.jsonl"), "[1, 2\n");
        assertThatThrownBy(() -> CodeProblem.mbpp(broken))
                .hasMessage("[b.jsonl] line 1 must be one JSON object; got [1, 2");
        Path empty = Files.writeString(folder.resolve("c.jsonl"), "\n");
        assertThatThrownBy(() -> CodeProblem.mbppPlus(empty))
                .hasMessage("[c.jsonl] file must hold one problem a line; got an empty file");
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 0", "1, 1, 1, 1", "10, 3, 1, 0.3", "5, 2, 2, 0.7", "200, 10, 100, 0.999229", "4, 2, 3, 1"})
    void theProbabilityIsUnbiased(int n, int c, int k, double expected) {
        assertThat(CodeMarks.pass(n, c, k)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void moreProgramsThanThereAreCannotBeDrawn() {
        assertThatThrownBy(() -> CodeMarks.pass(2, 1, 3))
                .hasMessage("k must be 1 to 2, the programs of a problem; got 3");
    }

    @Test
    void everyProgramIsKeptWithItsEnd() throws IOException {
        CodeSandbox sandbox = CodeSandboxTest.here(CodeLimits.standard());
        Path file = Files.writeString(folder.resolve("HumanEval.jsonl"), HUMAN_EVAL);

        CodeMarks marks = CodeMarks.of(
                sandbox,
                CodeProblem.humanEval(file),
                List.of(List.of("    return 2 * x", "    return x", "    return y")));

        assertThat(marks.pass(2).value()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(marks.table().stringColumn("outcome").asList()).containsExactly("passed", "failed", "error");
        assertThat(marks.table().stringColumn("message").asList())
                .containsExactly("", "AssertionError", "NameError: name 'y' is not defined");
        assertThat(marks.toString()).endsWith("; passed 1, failed 1, error 1");
        Continuation cut = new Continuation("p", "    return 2 * x", List.of(1L), Continuation.End.MAX_TOKENS, 1);
        Continuations written = new Continuations(List.of(cut), List.of(), 1);
        assertThat(CodeMarks.of(sandbox, CodeProblem.humanEval(file), written).toString())
                .endsWith("; passed 1; 1 of 1 text was cut at 1 tokens: raise maxTokens");
    }
}
