// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Asks the hub and follows where it points. The token goes to the hub's own host only, never along a redirect to
 * another, and never from https to http.
 */
final class HubClient {

    private static final int MOST_REDIRECTS = 10;

    /**
     * What the hub says of a file before it is downloaded.
     *
     * @param hash the hash that its bytes must have
     * @param bytes how many there are
     */
    record Description(HubHash hash, long bytes) {}

    private final HubSettings settings;
    private final Patience patience;
    private final Proxies proxies;
    private final HttpClient http;

    HubClient(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        this.proxies = Proxies.of(settings.environment());
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.silence())
                .proxy(proxies)
                .build();
    }

    /** Asks for hash and size; the card's own knowledge must agree. */
    Description describe(HubFile file) throws IOException, InterruptedException {
        HttpResponse<Arriving> answer = send("HEAD", file, Map.of());
        answer.body().close();
        String commit = header(answer, "X-Repo-Commit").orElse("");
        if (!commit.isEmpty() && !commit.equals(file.repository().commit())) {
            throw Refusal.lasting(
                    "the hub must answer for commit " + file.repository().commit() + "; got " + commit);
        }
        HubHash hash = header(answer, "X-Linked-Etag")
                .or(() -> header(answer, "ETag"))
                .flatMap(HubHash::parse)
                .or(() -> file.sha256().map(HubHash::new))
                .orElseThrow(() -> Refusal.lasting("the hub must say a sha256 or a git hash of it; got "
                        + header(answer, "ETag").orElse("none")));
        OptionalLong told = number(header(answer, "X-Linked-Size")
                .or(() -> answer.statusCode() == 200 ? header(answer, "Content-Length") : Optional.empty()));
        long bytes = told.orElse(file.bytes().orElse(-1));
        if (bytes < 0) {
            throw Refusal.lasting("the hub must say its size; got none");
        }
        if (file.bytes().orElse(bytes) != bytes) {
            throw Refusal.lasting(
                    "size must be " + file.bytes().orElse(bytes) + " bytes, as the card says; the hub has " + bytes);
        }
        if (hash.isSha256() && !file.sha256().orElse(hash.hex()).equals(hash.hex())) {
            throw Refusal.lasting(
                    "sha256 must be " + file.sha256().orElse("") + ", as the card says; the hub has " + hash.hex());
        }
        return new Description(hash, bytes);
    }

    /** Asks for the bytes from a place on; answers 200 (all of them), 206 (from there on) or 416 (nothing there). */
    HttpResponse<Arriving> bytes(HubFile file, long from) throws IOException, InterruptedException {
        return send("GET", file, from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-"));
    }

    private HttpResponse<Arriving> send(String method, HubFile file, Map<String, String> headers)
            throws IOException, InterruptedException {
        URI address = file.address(settings.endpoint());
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            HttpResponse<Arriving> answer = http.send(request(method, address, headers), Arriving.ofFiles());
            int status = answer.statusCode();
            Optional<String> location = header(answer, "Location");
            if (status < 300 || status >= 400 || location.isEmpty()) {
                return accepted(answer, file);
            }
            URI next = address.resolve(location.get());
            // the hub describes a large file in the answer that points to where its bytes are
            if (method.equals("HEAD") && !settings.isHub(next)) {
                return answer;
            }
            answer.body().close();
            if (!"https".equals(next.getScheme()) && !next.getScheme().equals(address.getScheme())) {
                throw Refusal.lasting("the hub must not point from https to " + next.getScheme());
            }
            address = next;
        }
        throw Refusal.lasting("the hub must come to an end; got more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpRequest request(String method, URI address, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience.silence())
                .header("User-Agent", "lamella; java/" + Runtime.version().feature())
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (!settings.token().isEmpty() && settings.isHub(address)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        // Java keeps this one to the proxy; an Authenticator instead would make it drop the token
        proxies.nameFor(address).ifPresent(name -> request.header("Proxy-Authorization", "Basic " + name));
        return request.build();
    }

    private HttpResponse<Arriving> accepted(HttpResponse<Arriving> answer, HubFile file) throws IOException {
        int status = answer.statusCode();
        if (status == 200 || status == 206 || status == 416) {
            return answer;
        }
        answer.body().close();
        if (status == 408 || status == 429 || status >= 500) {
            throw Refusal.passing("the hub answered " + status, seconds(header(answer, "Retry-After")));
        }
        throw Refusal.lasting("the hub answered " + status
                + header(answer, "X-Error-Code").map(code -> " (" + code + ")").orElse("")
                + remedy(status, file));
    }

    private String remedy(int status, HubFile file) {
        return switch (status) {
            case 401, 403 ->
                settings.token().isEmpty()
                        ? "; put a token into HF_TOKEN, whose owner may read "
                                + file.repository().id()
                        : "; the owner of the token must be allowed to read "
                                + file.repository().id();
            case 404 -> "; there is no such file in commit " + file.repository().commit();
            case 407 ->
                "; the proxy wants a name and a password, in HTTPS_PROXY; Java gives them for https only with"
                        + " -Djdk.http.auth.tunneling.disabledSchemes=";
            default -> "";
        };
    }

    private static Duration seconds(Optional<String> value) {
        return Duration.ofSeconds(number(value).orElse(0));
    }

    static OptionalLong number(Optional<String> value) {
        String digits = value.orElse("").strip();
        return digits.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    static Optional<String> header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name);
    }
}
