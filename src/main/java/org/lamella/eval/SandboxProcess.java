// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of one program in the sandbox, from its start to its last byte of output. */
final class SandboxProcess {

    private static final int TERMINATED = 128;
    private static final int CPU_TIME = TERMINATED + 24;
    private static final int KILLED = TERMINATED + 9;
    private static final long LAST_WORDS = 5_000; // milliseconds

    private final Process process;
    private final CodeLimits limits;
    private final String end;
    private final long begin = System.nanoTime();
    private final AtomicInteger printed = new AtomicInteger();
    private final Capture output;
    private final Capture errors;

    private SandboxProcess(Process process, CodeLimits limits, String end) {
        this.process = process;
        this.limits = limits;
        this.end = end;
        this.output = new Capture(process.getInputStream());
        this.errors = new Capture(process.getErrorStream());
    }

    static CodeRun run(List<String> command, CodeLimits limits, String program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        String end = UUID.randomUUID().toString();
        SandboxProcess run = new SandboxProcess(builder.start(), limits, end);
        Judgement judgement = run.finish(program + printing(end));
        String text = run.output.text();
        return new CodeRun(
                judgement.outcome(),
                judgement.message(),
                text.replace(end + "\n", ""),
                (System.nanoTime() - run.begin) / 1e9);
    }

    // printed only by a program that came to its end; one that stops itself before has passed nothing
    private static String printing(String end) {
        return "\n__import__('sys').stdout.flush()\n__import__('sys').__stdout__.write('" + end
                + "\\n')\n__import__('sys').__stdout__.flush()\n";
    }

    private record Judgement(CodeOutcome outcome, String message) {}

    private Judgement finish(String program) {
        Thread writer = new Thread(() -> write(program), "sandbox input");
        writer.setDaemon(true);
        try {
            writer.start();
            output.start();
            errors.start();
            boolean ended = process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS);
            if (ended) { // what it printed last may not be read yet, and killing closes its outputs
                output.join(LAST_WORDS);
                errors.join(LAST_WORDS);
            }
            process.destroyForcibly();
            int status = process.waitFor();
            output.join();
            errors.join();
            return judge(ended, status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("thread must not be interrupted while a program runs; it was killed", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private void write(String program) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(program.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // it ended before it had read all; its end says why
        }
    }

    private Judgement judge(boolean ended, int status) {
        if (printed.get() > limits.output() + end.length() + 1) {
            return new Judgement(
                    CodeOutcome.OUTPUT_LIMIT,
                    String.format(Locale.ROOT, "stopped after it had printed %,d bytes", limits.output()));
        }
        // the system kills what goes on after its time; what was killed before that killed itself, or was too large
        boolean late = System.nanoTime() - begin > limits.time().toNanos() / 2;
        if (!ended || status == CPU_TIME || (status == KILLED && late)) {
            return new Judgement(
                    CodeOutcome.TIMEOUT,
                    String.format(
                            Locale.ROOT,
                            "stopped after %,d seconds",
                            limits.time().toSeconds()));
        }
        if (status == 0 && output.text().contains(end)) {
            return new Judgement(CodeOutcome.PASSED, "");
        }
        String message = Traceback.lastLine(errors.text());
        if (message.startsWith("MemoryError")) {
            return new Judgement(CodeOutcome.MEMORY, message);
        }
        if (message.startsWith("AssertionError")) {
            return new Judgement(CodeOutcome.FAILED, message);
        }
        String how = status > TERMINATED
                ? "killed by signal " + (status - TERMINATED)
                : "stopped with status " + status + " before its end";
        return new Judgement(CodeOutcome.ERROR, message.isEmpty() ? how : message);
    }

    /** Reads one of the two outputs; more than both may have together ends the program. */
    private final class Capture extends Thread {

        private final InputStream in;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Capture(InputStream in) {
            super("sandbox output");
            this.in = in;
            setDaemon(true);
        }

        @Override
        public void run() {
            byte[] buffer = new byte[1 << 13];
            int most = limits.output() + end.length() + 1;
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    int before = printed.getAndAdd(read);
                    kept.write(buffer, 0, Math.max(0, Math.min(read, most - before)));
                    if (before + read > most) {
                        process.destroyForcibly();
                        return;
                    }
                }
            } catch (IOException e) {
                process.destroyForcibly(); // the stream closes with the process
            }
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
