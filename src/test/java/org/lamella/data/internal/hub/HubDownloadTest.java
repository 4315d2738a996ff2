// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lamella.data.internal.hub.FakeHub.COMMIT;
import static org.lamella.data.internal.hub.FakeHub.cutAfter;
import static org.lamella.data.internal.hub.FakeHub.describedAs;
import static org.lamella.data.internal.hub.FakeHub.refused;
import static org.lamella.data.internal.hub.FakeHub.sent;
import static org.lamella.data.internal.hub.FakeHub.sentMore;
import static org.lamella.data.internal.hub.FakeHub.sentOfSize;
import static org.lamella.data.internal.hub.FakeHub.sentWhole;
import static org.lamella.data.internal.hub.FakeHub.sentWrong;
import static org.lamella.data.internal.hub.FakeHub.stalledAfter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.FormatException;
import org.lamella.base.Progress;
import org.lamella.base.Seed;

/** Whatever the hub does, the cache holds the right bytes or none. */
class HubDownloadTest {

    private static final Patience SHORT =
            new Patience(3, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(500));
    private static final HubRepository REPOSITORY = HubRepository.ofDatasets("some/thing", COMMIT);
    private static final HubFile FILE = HubFile.of(REPOSITORY, "deep/big file.bin");
    private static final byte[] CONTENT = content(300_000);

    @TempDir
    Path cache;

    private FakeHub hub = unopened();

    @BeforeEach
    void open() throws IOException {
        hub = FakeHub.holding(CONTENT);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private static FakeHub unopened() {
        try {
            FakeHub none = FakeHub.holding(new byte[0]);
            none.close();
            return none;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new Seed(7).random().nextBytes(bytes);
        return bytes;
    }

    private HubSettings settings(String... more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("HF_ENDPOINT", hub.address());
        variables.put("HF_HUB_CACHE", cache.toString());
        variables.put("HF_TOKEN_PATH", cache.resolve("no-token").toString());
        for (int i = 0; i < more.length; i += 2) {
            variables.put(more[i], more[i + 1]);
        }
        return HubSettings.of(variables);
    }

    private HubDownload download(String... more) {
        HubSettings settings = settings(more);
        return HubDownload.of(settings, HubCache.of(settings), SHORT);
    }

    private Path blob() {
        return cache.resolve("datasets--some--thing/blobs").resolve(FakeHub.sha256(CONTENT));
    }

    private Path partial() {
        return blob().resolveSibling(FakeHub.sha256(CONTENT) + ".incomplete");
    }

    private void leave(int bytes) throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), java.util.Arrays.copyOf(CONTENT, bytes));
    }

    /** Every file of the cache that is no lock. */
    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(path -> !Files.isDirectory(path))
                    .map(path -> cache.relativize(path).toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void laysTheFileOutAsPythonsToolsDo() throws IOException {
        Path entry = download().fetch(FILE);

        assertThat(entry).isEqualTo(cache.resolve("datasets--some--thing/snapshots/" + COMMIT + "/deep/big file.bin"));
        assertThat(entry).hasBinaryContent(CONTENT);
        assertThat(Files.readSymbolicLink(entry)).isEqualTo(Path.of("../../../blobs/" + FakeHub.sha256(CONTENT)));
        assertThat(HubCache.pinned(entry)).contains(new HubHash(FakeHub.sha256(CONTENT)));
        assertThat(hub.seen())
                .extracting(FakeHub.Seen::path)
                .containsOnly("/datasets/some/thing/resolve/" + COMMIT + "/deep/big%20file.bin");
        assertThat(download().fetch(FILE)).isEqualTo(entry);
        assertThat(hub.seen()).hasSize(2);
    }

    @Test
    void copiesWhereTheDiskHasNoLinks() throws IOException {
        HubSettings settings = settings();

        Path entry = HubDownload.of(settings, HubCache.of(settings).withoutLinks(), SHORT)
                .fetch(FILE);

        assertThat(Files.isSymbolicLink(entry)).isFalse();
        assertThat(entry).hasBinaryContent(CONTENT);
        assertThat(HubCache.pinned(entry)).isEmpty();
        assertThat(kept()).hasSize(2).noneMatch(name -> name.endsWith(".copying"));
    }

    @Test
    void verifiesASmallFileByGitsHash() {
        hub.describing(describedAs("W/\"" + FakeHub.gitHash(CONTENT) + "\"", "300000"));

        Path entry = download().fetch(FILE);

        assertThat(entry).hasBinaryContent(CONTENT);
        assertThat(HubCache.pinned(entry)).contains(new HubHash(FakeHub.gitHash(CONTENT)));
    }

    @Test
    void goesOnWhereTheConnectionWasCut() {
        hub.sending(cutAfter(100_000), cutAfter(1), cutAfter(0), cutAfter(150_000));

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).hasSize(5).startsWith("").endsWith("bytes=250001-");
    }

    @Test
    void goesOnWithWhatAnEarlierProcessLeft() throws IOException {
        leave(123_456);

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).containsExactly("bytes=123456-");
    }

    @Test
    void finishesAWholePartialWithoutAsking() throws IOException {
        leave(300_000);

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 300_000, 300_001})
    void beginsAnewWhenAPartialIsNotTheBeginningOfTheFile(int bytes) throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), new byte[bytes]);

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void takesTheWholeFileWhenTheRangeIsIgnored() throws IOException {
        leave(1000);
        hub.sending(sentWhole());

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void beginsAnewWhenTheRangeIsRefused() throws IOException {
        leave(1000);
        hub.sending(refused(416), sent());

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).containsExactly("bytes=1000-", "");
    }

    @Test
    void refusesAnotherRangeThanItAskedFor() throws IOException {
        leave(1000);
        hub.sending(refused(206, "Content-Range", "bytes 900-299999/300000"));

        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub must answer from byte 1000 on; got the range"
                + " bytes 900-299999/300000");
    }

    @Test
    void keepsNothingOfWrongBytes() throws IOException {
        hub.sending(sentWrong());

        assertThatThrownBy(() -> download().fetch(FILE))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching("\\[some/thing/deep/big file.bin] sha256 must be " + FakeHub.sha256(CONTENT)
                        + "; got [0-9a-f]{64}; nothing was kept");
        assertThat(kept()).isEmpty();
        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void keepsNothingWhenTheSizeIsALie() throws IOException {
        hub.sending(sentOfSize(299_000));
        fails("[some/thing/deep/big file.bin] cannot be fetched: size must be 300000 bytes, as the hub said before;"
                + " now it says 299000");

        hub.sending(sentMore());
        fails("[some/thing/deep/big file.bin] cannot be fetched: size must be 300000 bytes, as the hub said before;"
                + " more came");
        assertThat(kept()).isEmpty();
    }

    @Test
    void holdsTheHubToWhatTheCardSays() throws IOException {
        HubFile other = new HubFile(REPOSITORY, FILE.name(), OptionalLong.empty(), Optional.of("0".repeat(64)));
        HubFile larger = new HubFile(REPOSITORY, FILE.name(), OptionalLong.of(300_001), Optional.empty());

        fails(
                other,
                "[some/thing/deep/big file.bin] cannot be fetched: sha256 must be " + "0".repeat(64)
                        + ", as the card says; the hub has " + FakeHub.sha256(CONTENT));
        fails(
                larger,
                "[some/thing/deep/big file.bin] cannot be fetched: size must be 300001 bytes, as the card says;"
                        + " the hub has 300000");
        hub.describing(describedAs('"' + FakeHub.gitHash(CONTENT) + '"', "300000"));
        assertThatThrownBy(() -> download().fetch(other))
                .isInstanceOf(FormatException.class)
                .hasMessage("[some/thing/deep/big file.bin] sha256 must be " + "0".repeat(64) + "; got "
                        + FakeHub.sha256(CONTENT) + "; nothing was kept");
        assertThat(kept()).isEmpty();
    }

    @Test
    void refusesADescriptionThatCannotBeVerified() throws IOException {
        hub.describing(describedAs("\"abc\"", "300000"));
        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub must say a sha256 or a git hash of it; got"
                + " \"abc\"");

        hub.describing(refused(200, "X-Repo-Commit", "f".repeat(40)));
        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub must answer for commit " + COMMIT + "; got "
                + "f".repeat(40));
    }

    @ParameterizedTest
    @CsvSource({
        "401, '; put a token into HF_TOKEN, whose owner may read some/thing'",
        "403, '; put a token into HF_TOKEN, whose owner may read some/thing'",
        "404, ; there is no such file in commit 0123456789abcdef0123456789abcdef01234567",
        "418, ''"
    })
    void saysWhyTheHubRefuses(int status, String remedy) throws IOException {
        hub.describing(refused(status));

        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub answered " + status + remedy);
        assertThat(hub.seen()).hasSize(1);
    }

    @Test
    void namesTheHubsOwnCodeAndTheOwnerOfTheToken() {
        hub.describing(refused(403, "X-Error-Code", "GatedRepo"));

        assertThatThrownBy(() -> download("HF_TOKEN", "hf_secret").fetch(FILE))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[some/thing/deep/big file.bin] cannot be fetched: the hub answered 403 (GatedRepo);"
                        + " the owner of the token must be allowed to read some/thing");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void triesAgainWhenTheHubIsBusy(int status) {
        hub.describing(refused(status, "Retry-After", "0"));
        hub.sending(refused(status), cutAfter(100), refused(status));

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void givesUpInTheEndAndKeepsWhatItHas() throws IOException {
        hub.sending(cutAfter(1000), refused(500), refused(500), refused(500));

        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub answered 500");
        assertThat(kept()).containsExactly("datasets--some--thing/blobs/" + FakeHub.sha256(CONTENT) + ".incomplete");
        assertThat(partial()).hasSize(1000);
        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void doesNotWaitForEverForASilentHub() {
        hub.sending(stalledAfter(1000));

        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).containsExactly("", "bytes=1000-");
    }

    @Test
    void givesTheTokenToTheHubAlone() throws IOException {
        try (FakeHub elsewhere = FakeHub.holding(CONTENT)) {
            String target = elsewhere.address().replace("localhost", "127.0.0.1") + "/signed?secret=1";
            hub.describing((exchange, content) -> {
                exchange.getResponseHeaders().set("Location", target);
                exchange.getResponseHeaders().set("X-Linked-Etag", FakeHub.sha256(content));
                exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
                exchange.sendResponseHeaders(302, -1);
            });
            hub.sending(refused(302, "Location", target));
            elsewhere.sending(cutAfter(5000), cutAfter(1));

            assertThat(download("HF_TOKEN", "hf_secret").fetch(FILE)).hasBinaryContent(CONTENT);

            assertThat(hub.seen()).extracting(FakeHub.Seen::token).containsOnly("Bearer hf_secret");
            assertThat(elsewhere.seen())
                    .isNotEmpty()
                    .extracting(FakeHub.Seen::token)
                    .containsOnly("");
            assertThat(elsewhere.seen()).extracting(FakeHub.Seen::method).containsOnly("GET");
        }
    }

    @Test
    void followsARenamedRepositoryWithTheToken() {
        hub.describing(refused(307, "Location", "/datasets/new/thing/resolve/x"));

        assertThat(download("HF_TOKEN", "hf_secret").fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.seen().get(1))
                .isEqualTo(new FakeHub.Seen("HEAD", "/datasets/new/thing/resolve/x", "", "Bearer hf_secret", ""));
    }

    @Test
    void endsACircleOfRedirects() throws IOException {
        FakeHub.Answer again = refused(302, "Location", "/again");
        for (int i = 0; i < 20; i++) {
            hub.describing(again);
        }

        fails("[some/thing/deep/big file.bin] cannot be fetched: the hub must come to an end; got more than 10"
                + " redirects");
    }

    @Test
    void asksNobodyWhenItIsOffline() throws IOException {
        assertThatThrownBy(() -> download("HF_HUB_OFFLINE", "1").fetch(FILE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("[some/thing/deep/big file.bin] must be in the cache " + cache
                        + " while HF_HUB_OFFLINE is set; got none of commit " + COMMIT);
        assertThat(hub.seen()).isEmpty();

        Path entry = download().fetch(FILE);

        assertThat(download("HF_HUB_OFFLINE", "true").fetch(FILE)).isEqualTo(entry);
    }

    @Test
    void saysThatNobodyIsThere() {
        hub.close();

        assertThatThrownBy(() -> download().fetch(FILE))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[some/thing/deep/big file.bin] cannot be fetched: localhost cannot be reached;"
                        + " check the network, HTTPS_PROXY and HF_ENDPOINT");
    }

    @Test
    void goesThroughAProxyAndTellsOnlyItsNameToIt() throws IOException {
        assertThatThrownBy(() -> download("HF_ENDPOINT", "http://hub.invalid", "HTTP_PROXY", "socks5://me:pw@there:1")
                        .fetch(FILE))
                .hasMessage("proxy must be an address like http://proxy.example:3128; got \"socks5://...@there:1\"");
        try (FakeHub proxy = FakeHub.holding(CONTENT)) {
            String address = proxy.address().replace("//", "//me:p%40w@");
            HubDownload through =
                    download("HF_ENDPOINT", "http://hub.invalid", "http_proxy", address, "NO_PROXY", "example.org");

            assertThat(through.fetch(FILE)).hasBinaryContent(CONTENT);
            assertThat(proxy.seen())
                    .hasSize(2)
                    .extracting(FakeHub.Seen::proxyName)
                    .containsOnly("Basic bWU6cEB3");

            HubFile other = HubFile.of(REPOSITORY, "other");
            assertThat(download("http_proxy", address, "no_proxy", "example.org, localhost")
                            .fetch(other))
                    .exists();
            assertThat(hub.seen())
                    .hasSize(1)
                    .extracting(FakeHub.Seen::proxyName)
                    .containsOnly("");
        }
    }

    @Test
    void findsWhatPythonsToolsHaveFetched() throws IOException {
        HubRepository renamed = new HubRepository("models", "New/name", COMMIT, List.of("old-name"));
        Path snapshot = cache.resolve("models--old-name/snapshots/" + COMMIT);
        Files.createDirectories(snapshot);
        Files.write(snapshot.resolve("config.json"), CONTENT);

        assertThat(download().fetch(HubFile.of(renamed, "config.json"))).isEqualTo(snapshot.resolve("config.json"));
        assertThat(hub.seen()).isEmpty();
        assertThat(download().fetch(HubFile.of(renamed, "more.json"))).isEqualTo(snapshot.resolve("more.json"));
    }

    @Test
    void replacesAFileOfTheWrongSizeAndADamagedBlob() throws IOException {
        HubFile known = new HubFile(REPOSITORY, FILE.name(), OptionalLong.of(300_000), Optional.empty());
        Path entry = download().fetch(known);
        Files.write(blob(), new byte[5]);

        assertThat(download().fetch(known)).isEqualTo(entry).hasBinaryContent(CONTENT);
    }

    @Test
    void stopsWhenThePersonSaysSoAndGoesOnLater() {
        List<Progress.Event> heard = new ArrayList<>();
        Thread person = Thread.currentThread();
        hub.sending((exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 200_000);
            exchange.getResponseBody().flush();
            FakeHub.sleep(100);
            person.interrupt();
            FakeHub.sleep(1000);
        });

        assertThatThrownBy(() -> Progress.listening(heard::add, () -> download().fetch(FILE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("[some/thing/deep/big file.bin] was stopped before it was whole; run it again to go on"
                        + " from there");
        assertThat(Thread.interrupted()).isFalse();
        assertThat(heard.get(0).work()).isEqualTo("fetching deep/big file.bin of some/thing");
        assertThat(heard.get(0).total()).isEqualTo(300);
        assertThat(partial()).hasSize(200_000);
        assertThat(download().fetch(FILE)).hasBinaryContent(CONTENT);
        assertThat(hub.ranges()).containsExactly("", "bytes=200000-");
    }

    private void fails(String message) throws IOException {
        fails(FILE, message);
    }

    private void fails(HubFile file, String message) throws IOException {
        assertThatThrownBy(() -> download().fetch(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(message);
        assertThat(kept()).noneMatch(name -> name.contains("snapshots"));
    }
}
