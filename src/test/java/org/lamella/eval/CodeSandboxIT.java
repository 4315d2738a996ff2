// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that try to get out of the sandbox (src/test/resources/escapes); each would print ESCAPED. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodeSandboxIT {

    private static final CodeLimits LIMITS = new CodeLimits(Duration.ofSeconds(2), 256 << 20, 8 << 20, 1 << 16);
    private static final String SLIP = "(SyntaxError|NameError|ImportError|ModuleNotFoundError|AttributeError).*";

    private Path folder = Path.of("");
    private CodeSandbox sandbox;
    private Set<Long> before = Set.of();
    private ServerSocket server;
    private ServerSocketChannel local;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        this.folder = folder;
        sandbox = CodeSandboxTest.here(LIMITS);
        before = processes();
        Files.writeString(folder.resolve("secret"), "ESCAPED");
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        local = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        local.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
    }

    @AfterAll
    void close() throws IOException {
        if (server != null) {
            server.close();
            local.close();
        }
    }

    static List<String> names() throws IOException {
        return resource("index.txt").lines().toList();
    }

    @Test
    void thereAreMoreThanAHundredAttempts() throws IOException {
        assertThat(names()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("names")
    void none(String name) throws IOException {
        Set<String> temporary = written();

        CodeRun run = sandbox.run(resource(name + ".py")
                .replace("@PORT@", Integer.toString(server.getLocalPort()))
                .replace("@FOLDER@", folder.toString())
                .replace("@HOME@", System.getProperty("user.home"))
                .replace("@PID@", Long.toString(ProcessHandle.current().pid())));

        assertThat(run.output()).as(run.toString()).doesNotContain("ESCAPED");
        assertThat(run.message()).doesNotMatch(SLIP);
        assertThat(run.seconds()).isLessThan(20);
        assertThat(processes()).as("processes left behind").isSubsetOf(before);
        assertThat(files(folder)).containsExactlyInAnyOrder("secret", "socket");
        assertThat(written()).as("files left behind").isSubsetOf(temporary);
        assertThat(Path.of("/usr/escaped")).doesNotExist();
        assertThat(Path.of("/escaped")).doesNotExist();
    }

    // those of this Java; a process whose parents died is not among them, but bubblewrap's name would be
    private static Set<Long> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").matches(".*/(bwrap|prlimit|setpriv)")
                        || ancestors(process)
                                .anyMatch(pid -> pid == ProcessHandle.current().pid()))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static Stream<Long> ancestors(ProcessHandle process) {
        return Stream.iterate(
                        process.parent(), parent -> parent.isPresent(), parent -> parent.flatMap(ProcessHandle::parent))
                .flatMap(parent -> parent.stream().map(ProcessHandle::pid));
    }

    // by the names that attempts write to; other programs of the machine leave files there as well
    private static Set<String> written() throws IOException {
        return files(Path.of("/tmp")).stream()
                .filter(name -> name.matches("x|link|disk|python.*|.*escaped.*"))
                .collect(Collectors.toSet());
    }

    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CodeSandboxIT.class.getResourceAsStream("/escapes/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
