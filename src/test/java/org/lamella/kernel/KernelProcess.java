// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A kernel in a virtual machine of its own, run from its jar, and the front end's side of the five sockets. */
final class KernelProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target/lamella-kernel.jar").toAbsolutePath();
    private static final String KEY = "a key";
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final Gson GSON = new Gson();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A message of the protocol. */
    record Message(String socket, String type, String parent, JsonObject content) {
        String text(String name) {
            return content.get(name).getAsString();
        }

        /** Returns a format of a bundle. */
        String data(String mimeType) {
            return content.getAsJsonObject("data").get(mimeType).getAsString();
        }
    }

    /** What came back for one cell. */
    record Outcome(JsonObject reply, List<Message> outputs) {
        String status() {
            return reply.get("status").getAsString();
        }

        List<String> types() {
            return outputs.stream().map(Message::type).toList();
        }

        String printed(String stream) {
            StringBuilder text = new StringBuilder();
            outputs.stream()
                    .filter(output -> output.type().equals("stream")
                            && output.text("name").equals(stream))
                    .forEach(output -> text.append(output.text("text")));
            return text.toString();
        }

        Message only(String type) {
            List<Message> found = outputs.stream()
                    .filter(output -> output.type().equals(type))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError("one " + type + " was expected; got " + this);
            }
            return found.get(0);
        }

        String value() {
            return only("execute_result").data("text/plain");
        }

        /** Returns the traceback as it is read, without colours. */
        String traceback() {
            List<String> lines = new ArrayList<>();
            only("error").content().getAsJsonArray("traceback").forEach(line -> lines.add(line.getAsString()));
            return String.join("\n", lines).replaceAll("\u001b\\[[0-9;]*m", "");
        }
    }

    private final Process process;
    private final ZMQ.Context context = ZMQ.context(1);
    private final Map<String, ZMQ.Socket> sockets = new LinkedHashMap<>();
    private final ZMQ.Socket heartbeat = context.socket(SocketType.REQ);
    private final ZMQ.Poller poller;
    private final List<Message> received = new ArrayList<>();
    private final String session = UUID.randomUUID().toString();

    private KernelProcess(Process process, Map<String, Integer> ports) {
        this.process = process;
        open("shell", SocketType.DEALER, ports);
        open("control", SocketType.DEALER, ports);
        open("stdin", SocketType.DEALER, ports);
        open("iopub", SocketType.SUB, ports);
        heartbeat.connect("tcp://127.0.0.1:" + ports.get("hb"));
        poller = context.poller(sockets.size());
        sockets.values().forEach(socket -> poller.register(socket, ZMQ.Poller.POLLIN));
    }

    private void open(String name, SocketType type, Map<String, Integer> ports) {
        ZMQ.Socket socket = context.socket(type);
        socket.setHWM(0);
        socket.setLinger(0);
        if (type == SocketType.DEALER) {
            socket.setIdentity(session.getBytes(StandardCharsets.US_ASCII));
        } else {
            socket.subscribe(new byte[0]);
        }
        socket.connect("tcp://127.0.0.1:" + ports.get(name));
        sockets.put(name, socket);
    }

    static String java() {
        return System.getProperty(
                "lamella.test.java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    static ProcessBuilder command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(java(), "-Xmx512m", "-jar", JAR.toString()));
        words.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    /** Starts a kernel and waits until it answers on every socket. */
    static KernelProcess start(Map<String, String> environment) {
        try {
            Map<String, Integer> ports = freePorts();
            Path file = Files.createTempFile("kernel-", ".json");
            file.toFile().deleteOnExit();
            Map<String, Object> connection = new LinkedHashMap<>();
            ports.forEach((name, port) -> connection.put(name + "_port", port));
            connection.putAll(
                    Map.of("transport", "tcp", "ip", "127.0.0.1", "key", KEY, "signature_scheme", "hmac-sha256"));
            Files.writeString(file, GSON.toJson(connection));
            ProcessBuilder builder = command(file.toString());
            builder.environment().keySet().removeIf(name -> name.startsWith("IJAVA_") || name.equals("JPY_PARENT_PID"));
            builder.environment().putAll(environment);
            Path log = Files.createTempFile("kernel-", ".log");
            log.toFile().deleteOnExit();
            KernelProcess kernel =
                    new KernelProcess(builder.redirectOutput(log.toFile()).start(), ports);
            kernel.awaitReady(log);
            return kernel;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static Map<String, Integer> freePorts() throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        List<ServerSocket> open = new ArrayList<>();
        for (String name : List.of("shell", "control", "stdin", "iopub", "hb")) {
            ServerSocket socket = new ServerSocket(0);
            open.add(socket);
            ports.put(name, socket.getLocalPort());
        }
        for (ServerSocket socket : open) {
            socket.close();
        }
        return ports;
    }

    private void awaitReady(Path log) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            String id = send("shell", "kernel_info_request", Map.of());
            if (next(Duration.ofMillis(500), message -> isIdle(message, id)).isPresent()) {
                received.clear();
                return;
            }
        }
        throw new AssertionError("the kernel does not answer:\n" + Files.readString(log));
    }

    private static boolean isIdle(Message message, String id) {
        return message.type().equals("status")
                && message.parent().equals(id)
                && message.text("execution_state").equals("idle");
    }

    Process process() {
        return process;
    }

    /** Sends a request and returns its id. */
    String send(String socket, String type, Map<String, ?> content) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> header = Map.of(
                "msg_id",
                id,
                "username",
                "test",
                "session",
                session,
                "date",
                "2026-01-01T00:00:00.000000Z",
                "msg_type",
                type,
                "version",
                "5.3");
        String[] parts = {GSON.toJson(header), "{}", "{}", GSON.toJson(content)};
        ZMQ.Socket out = Objects.requireNonNull(sockets.get(socket), socket);
        out.sendMore(DELIMITER);
        out.sendMore(signature(parts));
        for (int part = 0; part < 3; part++) {
            out.sendMore(parts[part]);
        }
        out.send(parts[3]);
        return id;
    }

    private static String signature(String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            for (String part : parts) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the first message not yet taken that fits, and takes it; empty when none comes in time. */
    Optional<Message> next(Duration limit, Predicate<Message> wanted) {
        long end = System.nanoTime() + limit.toNanos();
        int seen = 0;
        while (true) {
            for (; seen < received.size(); seen++) {
                if (wanted.test(received.get(seen))) {
                    return Optional.of(received.remove(seen));
                }
            }
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return Optional.empty();
            }
            if (poller.poll(Math.min(millis, 200)) > 0) {
                sockets.forEach(this::receive);
            }
        }
    }

    private void receive(String name, ZMQ.Socket socket) {
        byte[] frame = socket.recv(ZMQ.DONTWAIT);
        if (frame == null) {
            return;
        }
        while (!Arrays.equals(frame, DELIMITER)) {
            frame = socket.recv();
        }
        String signature = socket.recvStr();
        String[] parts = {socket.recvStr(), socket.recvStr(), socket.recvStr(), socket.recvStr()};
        if (!signature.equals(signature(parts))) {
            throw new AssertionError("a message is not signed: " + String.join(" ", parts));
        }
        JsonObject header = JsonParser.parseString(parts[0]).getAsJsonObject();
        JsonObject parent = JsonParser.parseString(parts[1]).getAsJsonObject();
        received.add(new Message(
                name,
                header.get("msg_type").getAsString(),
                parent.has("msg_id") ? parent.get("msg_id").getAsString() : "",
                JsonParser.parseString(parts[3]).getAsJsonObject()));
    }

    /** Asks and returns the content of the reply. */
    JsonObject ask(String socket, String request, Map<String, ?> content) {
        String id = send(socket, request, content);
        String reply = request.replace("_request", "_reply");
        return next(
                        PATIENCE,
                        message ->
                                message.type().equals(reply) && message.parent().equals(id))
                .orElseThrow(() -> new AssertionError("no " + reply))
                .content();
    }

    /** Sends a cell and returns the id of the request. */
    String submit(String code, Map<String, ?> options) {
        Map<String, Object> content = new LinkedHashMap<>(Map.of(
                "code", code,
                "silent", false,
                "store_history", true,
                "user_expressions", Map.of(),
                "allow_stdin", false,
                "stop_on_error", true));
        content.putAll(options);
        return send("shell", "execute_request", content);
    }

    /** Runs a cell to its end. */
    Outcome run(String... lines) {
        return outcome(submit(String.join("\n", lines), Map.of()));
    }

    /** Runs a cell to its end. */
    Outcome run(String code, Map<String, ?> options) {
        return outcome(submit(code, options));
    }

    /** Waits for the end of a cell that was sent. */
    Outcome outcome(String id) {
        JsonObject reply = next(
                        PATIENCE,
                        message -> message.type().equals("execute_reply")
                                && message.parent().equals(id))
                .orElseThrow(() -> new AssertionError("no execute_reply; got " + received))
                .content();
        List<Message> outputs = new ArrayList<>();
        Optional<Message> message = next(PATIENCE, any -> any.parent().equals(id));
        while (message.isPresent() && !isIdle(message.get(), id)) {
            if (!List.of("status", "execute_input").contains(message.get().type())) {
                outputs.add(message.get());
            }
            message = next(PATIENCE, any -> any.parent().equals(id));
        }
        if (message.isEmpty()) {
            throw new AssertionError("the cell never became idle; got " + outputs);
        }
        return new Outcome(reply, outputs);
    }

    /** Waits until a cell that was sent prints a text, so that it surely runs. */
    void awaitPrinted(String id, String text) {
        await(
                text,
                message -> message.type().equals("stream")
                        && message.parent().equals(id)
                        && message.text("text").contains(text));
    }

    /** Waits for a message. */
    void await(String name, Predicate<Message> wanted) {
        if (next(PATIENCE, wanted).isEmpty()) {
            throw new AssertionError(name + " did not come; got " + received);
        }
    }

    /** Asks the running cell to stop. */
    void interrupt() {
        ask("control", "interrupt_request", Map.of());
    }

    boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether the heartbeat answers. */
    boolean beats() {
        heartbeat.setReceiveTimeOut(5000);
        heartbeat.send("beat");
        return "beat".equals(heartbeat.recvStr());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        sockets.values().forEach(ZMQ.Socket::close);
        heartbeat.setLinger(0);
        heartbeat.close();
        context.term();
    }
}
