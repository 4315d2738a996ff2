// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeSandboxTest {

    /** Returns a sandbox, or skips and says why there is none. */
    static CodeSandbox here(CodeLimits limits) {
        String why = "";
        try {
            return CodeSandbox.open(limits);
        } catch (IllegalStateException e) {
            why = "skipped: " + e.getMessage();
        }
        System.out.println(why);
        assumeTrue(false, why);
        throw new IllegalStateException(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "print(6 * 7)                             | PASSED       | ''",
                "assert 1 == 2, 'no'                      | FAILED       | AssertionError: no",
                "assert 1 == 2                            | FAILED       | AssertionError",
                "1 / 0                                    | ERROR        | ZeroDivisionError: division by zero",
                "def f(:                                  | ERROR        | SyntaxError: invalid syntax",
                "import sys; sys.exit(0)                  | ERROR        | stopped with status 0 before its end",
                "import os; os._exit(3)                   | ERROR        | stopped with status 3 before its end",
                "import os; os.abort()                    | ERROR        | killed by signal 6",
                "import os; os.kill(os.getpid(), 9)       | ERROR        | killed by signal 9",
                "while True: pass                         | TIMEOUT      | stopped after 1 seconds",
                "x = 'a' * 10**10                         | MEMORY       | MemoryError",
                "print('x' * 10**6)                       | OUTPUT_LIMIT | 'stopped after it had printed 65,536 bytes'",
                "input()                                  | ERROR        | EOFError: EOF when reading a line",
                "raise SystemExit(0)                      | ERROR        | stopped with status 0 before its end"
            })
    void everyEndHasItsNameAndReason(String program, CodeOutcome outcome, String message) {
        CodeRun run = here(CodeLimits.standard().time(Duration.ofSeconds(1))).run(program);

        assertThat(run.message()).isEqualTo(message);
        assertThat(run.outcome()).isEqualTo(outcome);
    }

    @Test
    void whatIsPrintedIsKept() {
        CodeRun run = here(CodeLimits.standard()).run("print('grüße')\nprint('end', end='')");

        assertThat(run.output()).isEqualTo("grüße\nend");
    }

    @Test
    void filesAreLimitedInNumberToo() {
        CodeLimits limits = new CodeLimits(Duration.ofSeconds(5), 256 << 20, 1 << 20, 1 << 16);
        CodeRun run = here(limits).run("""
                made = 0
                try:
                    while made < 100_000:
                        open(f"/tmp/{made}", "w").close()
                        made += 1
                except OSError as error:
                    print(made, error.strerror)
                """);

        assertThat(run.output()).isEqualTo("255 No space left on device\n"); // and /tmp itself
        assertThat(run.outcome()).isEqualTo(CodeOutcome.PASSED);
    }

    @Test
    void aLongProgramIsRun() {
        CodeRun run = here(CodeLimits.standard()).run("x = 1\n".repeat(100_000) + "print(x)");

        assertThat(run.output()).isEqualTo("1\n");
    }

    @Test
    void withoutBubblewrapNothingIsRunAndTheMessageSaysHowToInstallIt(@TempDir Path empty) {
        assertThatThrownBy(() -> CodeSandbox.open(CodeLimits.standard(), List.of(empty)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("code must run in a sandbox (bubblewrap 0.8 or newer); got no bwrap in " + empty
                        + "; to install it: apt-get install bubblewrap");
    }

    @Test
    void limitsThatNoProgramCouldKeepAreRefused() {
        assertThatThrownBy(() -> CodeLimits.standard().time(Duration.ZERO))
                .hasMessage("time must be 1 to 3600 whole seconds; got PT0S");
        assertThatThrownBy(() -> CodeLimits.standard().memory(1))
                .hasMessage("memory must be at least 67108864 bytes; got 1");
    }
}
