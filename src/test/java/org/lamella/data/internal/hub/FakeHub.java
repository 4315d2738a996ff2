// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** A hub on this machine that holds one large file and misbehaves as it is told. */
public final class FakeHub implements AutoCloseable {

    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What was asked. */
    record Seen(String method, String path, String range, String token, String proxyName) {}

    /** One way to answer. */
    interface Answer {
        void to(HttpExchange exchange, byte[] content) throws IOException;
    }

    private final HttpServer server;
    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Answer> heads = new ArrayDeque<>();
    private final Deque<Answer> gets = new ArrayDeque<>();
    private final byte[] content;

    private FakeHub(byte[] content, HttpServer server) {
        this.content = content;
        this.server = server;
    }

    public static FakeHub holding(byte[] content) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeHub hub = new FakeHub(content, server);
        server.createContext("/", hub::handle);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "fake-hub");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return hub;
    }

    /** Answers the next descriptions so, and then well. */
    FakeHub describing(Answer... answers) {
        heads.addAll(Arrays.asList(answers));
        return this;
    }

    /** Answers the next downloads so, and then well. */
    FakeHub sending(Answer... answers) {
        gets.addAll(Arrays.asList(answers));
        return this;
    }

    public String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<String> ranges() {
        return seen().stream()
                .filter(each -> each.method().equals("GET"))
                .map(Seen::range)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Headers asked = exchange.getRequestHeaders();
        String method = exchange.getRequestMethod();
        seen.add(new Seen(
                method,
                exchange.getRequestURI().getRawPath(),
                Optional.ofNullable(asked.getFirst("Range")).orElse(""),
                Optional.ofNullable(asked.getFirst("Authorization")).orElse(""),
                Optional.ofNullable(asked.getFirst("Proxy-Authorization")).orElse("")));
        Deque<Answer> script = method.equals("HEAD") ? heads : gets;
        Answer answer = script.isEmpty() ? (method.equals("HEAD") ? described() : sent()) : script.poll();
        try {
            answer.to(exchange, content);
        } catch (IOException e) {
            // a connection that was cut on purpose
        } finally {
            exchange.close();
        }
    }

    public static String sha256(byte[] bytes) {
        return hash("SHA-256", new byte[0], bytes);
    }

    static String gitHash(byte[] bytes) {
        return hash("SHA-1", ("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static String hash(String algorithm, byte[] before, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before);
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A description as of a large file. */
    static Answer described() {
        return (exchange, content) -> {
            Headers headers = exchange.getResponseHeaders();
            headers.set("X-Repo-Commit", COMMIT);
            headers.set("X-Linked-Etag", '"' + sha256(content) + '"');
            headers.set("X-Linked-Size", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /** A description as of a small file, with this entity tag and this size. */
    static Answer describedAs(String tag, String size) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.getResponseHeaders().set("Content-Length", size);
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /** The bytes that were asked for. */
    static Answer sent() {
        return (exchange, content) -> send(exchange, content, content.length);
    }

    /** So many of the bytes that were asked for, and the end of the connection. */
    static Answer cutAfter(int bytes) {
        return (exchange, content) -> {
            send(exchange, content, bytes);
            sleep(50); // else the end of the connection overtakes its last bytes
        };
    }

    /** Other bytes of the same number. */
    static Answer sentWrong() {
        return (exchange, content) -> {
            byte[] wrong = content.clone();
            wrong[wrong.length / 2] ^= 1;
            send(exchange, wrong, wrong.length);
        };
    }

    /** All bytes, whatever part was asked for. */
    static Answer sentWhole() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    /** The file and more, without a word of its size. */
    static Answer sentMore() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().write(content);
        };
    }

    /** A file of another size. */
    static Answer sentOfSize(int bytes) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, bytes);
            exchange.getResponseBody().write(new byte[bytes]);
        };
    }

    /** Some bytes, and then nothing for a long time. */
    static Answer stalledAfter(int bytes) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            OutputStream out = exchange.getResponseBody();
            out.write(content, 0, bytes);
            out.flush();
            sleep(3000);
        };
    }

    static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Answer refused(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private static void send(HttpExchange exchange, byte[] content, int bytes) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from =
                range == null ? 0 : Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, Math.min(bytes, content.length - from));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
