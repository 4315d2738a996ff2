// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs Python programs that nobody has read, each alone in a sandbox of its own. Where there is no sandbox nothing is run.
 *
 * <p>The sandbox is bubblewrap: namespaces of its own for processes, network, users and the rest, so that there is no network
 * and no other process; of the file system {@code /usr} alone, read-only, and an empty {@code /tmp} of limited size, for a limited number
 * of files; no environment and no rights. Inside, a filter of system calls allows no second process or thread, no socket, no shared
 * memory and nothing that has to do with the kernel itself, and limits hold for time, memory, files and output. What is
 * left when the program ends is killed with its namespace. One sandbox may be used by several threads.
 *
 * <pre>{@code
 * CodeSandbox sandbox = CodeSandbox.open();
 * sandbox.run("print(6 * 7)").output();                      // 42
 * sandbox.run("while True: pass").outcome();                 // TIMEOUT
 * sandbox.run("import socket; socket.socket()").message();   // PermissionError: [Errno 1] Operation not permitted
 * }</pre>
 *
 * <p>What a sandbox cannot do: a program may lie about its own answer, and a fault of the kernel may let it out.
 */
public final class CodeSandbox {

    static final String RULE = "code must run in a sandbox (bubblewrap 0.8 or newer); ";
    private static final String INSTALL = "; to install it: apt-get install bubblewrap";

    private final List<String> command;
    private final CodeLimits limits;

    private CodeSandbox(List<String> command, CodeLimits limits) {
        this.command = List.copyOf(command);
        this.limits = limits;
    }

    /**
     * Returns a sandbox with {@link CodeLimits#standard}, after it has run a first program.
     *
     * @throws IllegalStateException when there is none here; the message says why and how to install it
     */
    public static CodeSandbox open() {
        return open(CodeLimits.standard());
    }

    /**
     * Returns a sandbox with other limits, after it has run a first program.
     *
     * @throws IllegalStateException when there is none here; the message says why and how to install it
     */
    public static CodeSandbox open(CodeLimits limits) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin");
        return open(limits, Stream.of(path.split(":")).map(Path::of).toList());
    }

    /** Returns a sandbox whose bubblewrap lies in one of those folders. */
    static CodeSandbox open(CodeLimits limits, List<Path> path) {
        String architecture = System.getProperty("os.arch", "");
        if (!System.getProperty("os.name", "").equals("Linux") || !CallFilter.knows(architecture)) {
            throw new IllegalStateException(RULE + "got " + System.getProperty("os.name") + " on " + architecture
                    + "; only Linux on amd64 and aarch64 has one");
        }
        boolean root = System.getProperty("user.name", "").equals("root");
        List<String> command = SandboxTools.find(path).words(CallFilter.file(architecture), limits, root);
        CodeSandbox sandbox = new CodeSandbox(command, limits);
        CodeRun first = sandbox.run("print(6 * 7)");
        if (first.outcome() != CodeOutcome.PASSED || !first.output().equals("42\n")) {
            throw new IllegalStateException(RULE + "got " + first.message() + INSTALL
                    + ", and allow user namespaces where the system does not");
        }
        return sandbox;
    }

    /** Returns what a program may use. */
    public CodeLimits limits() {
        return limits;
    }

    /**
     * Runs a program and waits for its end. It reads no input. Cost: about 0.1 seconds more than the program itself.
     *
     * @param program in Python 3
     * @throws IllegalStateException when the thread is interrupted; the program is killed
     */
    public CodeRun run(String program) {
        try {
            return SandboxProcess.run(command, limits, program);
        } catch (IOException e) {
            throw new IllegalStateException(RULE + "got " + e.getMessage() + INSTALL, e);
        }
    }
}
