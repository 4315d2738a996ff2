// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.data.internal.hub.FakeHub;

/** Cards whose files only the hub has: fetched on first use, found ever after. */
class HubCardTest {

    @TempDir
    Path folder;

    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void moveCaches() {
        set("lamella.home", folder.resolve("home").toString());
        set("HF_HUB_CACHE", folder.resolve("hub").toString());
        set("HF_TOKEN_PATH", folder.resolve("none").toString());
    }

    private void set(String name, String value) {
        before.putIfAbsent(name, System.getProperty(name, ""));
        System.setProperty(name, value);
    }

    @AfterEach
    void moveBack() {
        before.forEach((name, value) -> {
            if (value.isEmpty()) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private static Card card(String more) {
        return CardReader.read(
                "tasks",
                "t",
                "{\"name\": \"t\", \"kind\": \"classification\", \"title\": \"T\", \"licence\": \"L\","
                        + " \"hub\": {\"id\": \"some/thing\", \"revision\": \"" + FakeHub.COMMIT + "\"}" + more
                        + ", \"files\": [{\"name\": \"t.parquet\"}], \"format\": \"parquet\","
                        + " \"columns\": {\"text\": [\"body\"], \"label\": \"topic\"}, \"written\": \"numbers\","
                        + " \"labels\": [\"no\", \"yes\"],"
                        + " \"splits\": {\"train\": {\"file\": \"t.parquet\", \"examples\": 30}}}");
    }

    private byte[] parquet() throws SQLException, IOException {
        Path file = folder.resolve("made.parquet");
        try (Connection database = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = database.createStatement()) {
            statement.execute("COPY (SELECT 'text ' || i AS body, i % 2 AS topic FROM range(30) AS t(i)) TO '" + file
                    + "' (FORMAT parquet)");
        }
        return Files.readAllBytes(file);
    }

    @Test
    void loadsATaskFromTheHubOnceAndThenFromTheCache() throws Exception {
        byte[] content = parquet();
        Card card = card("");
        try (FakeHub hub = FakeHub.holding(content)) {
            set("HF_ENDPOINT", hub.address());

            Task task = Shelf.fetched(card);

            assertThat(task.train().size()
                            + task.validation().size()
                            + task.test().size())
                    .isEqualTo(30);
        }
        Path cached = folder.resolve("hub/datasets--some--thing/snapshots/" + FakeHub.COMMIT);
        assertThat(card.folder()).isEqualTo(cached);
        assertThat(card.installed()).isTrue();
        assertThat(Shelf.fetched(card).labels()).containsExactly("no", "yes");

        Path blob = cached.resolve("t.parquet").toRealPath();
        byte[] damaged = content.clone();
        damaged[40] ^= 1;
        Files.write(blob, damaged);

        assertThatThrownBy(() -> Shelf.fetched(card))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + cached.resolve("t.parquet") + "] sha256 must be " + FakeHub.sha256(content) + "; got "
                        + FakeHub.sha256(damaged) + "; delete it, and it is fetched again");
    }

    @Test
    void saysWhereItLookedWhenItIsOffline() {
        set("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(() -> Task.load("glue/rte"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("\\[nyu-mll/glue/rte/[a-z]+-00000-of-00001.parquet] must be in the cache "
                        + folder.resolve("hub")
                        + " while HF_HUB_OFFLINE is set; got none of commit bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c");
        assertThat(Card.task("glue/rte").installed()).isFalse();
        assertThatThrownBy(() -> Card.model("minilm").fetch())
                .hasMessageStartingWith("[sentence-transformers/all-MiniLM-L6-v2/config.json] must be in the cache ");
        assertThatThrownBy(() -> Card.task("reuters-r8").fetch())
                .hasMessage("reuters-r8 must have a hub source to be fetched from Java;"
                        + " run environment/start --fetch reuters-r8");
    }

    @Test
    void findsAPackagedModelInTheCacheToo() throws IOException {
        Card card = Card.model("minilm");
        assertThat(card.folder()).isEqualTo(folder.resolve("home/models/minilm"));

        Path cached = folder.resolve("hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/"
                + card.hubRevision().orElseThrow());
        Files.createDirectories(cached);
        for (Card.Entry entry : card.files()) {
            Files.write(
                    cached.resolve(entry.name()),
                    new byte[(int) Math.min(1, entry.bytes().orElse(0))]);
        }
        assertThat(card.folder()).isEqualTo(folder.resolve("home/models/minilm"));
        for (Card.Entry entry : card.files()) {
            try (var file =
                    new java.io.RandomAccessFile(cached.resolve(entry.name()).toFile(), "rw")) {
                file.setLength(entry.bytes().orElse(0));
            }
        }
        assertThat(card.folder()).isEqualTo(cached);
        assertThat(card.fetch()).isEqualTo(cached);
    }

    @Test
    void saysHowToConvertWhatTheHubHasInAnotherForm() {
        Path home = folder.resolve("home/models/deberta-v3-base");

        assertThatThrownBy(() -> Card.model("deberta-v3-base").path("config.json"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("deberta-v3-base must be converted once, since the hub has it in another form; where Python"
                        + " has transformers, sentencepiece and torch, run: python -c \"from transformers import"
                        + " AutoModel, AutoTokenizer; AutoModel.from_pretrained('microsoft/deberta-v3-base',"
                        + " revision='8ccc9b6f36199bec6961081d44eb72fb3f7353f3').save_pretrained(r'" + home + "');"
                        + " AutoTokenizer.from_pretrained('microsoft/deberta-v3-base',"
                        + " revision='8ccc9b6f36199bec6961081d44eb72fb3f7353f3').save_pretrained(r'" + home + "')\"");
    }

    @Test
    void refusesABranchAsRevision() {
        assertThatThrownBy(() -> CardReader.read(
                        "models",
                        "m",
                        "{\"name\": \"m\", \"kind\": \"encoder\", \"title\": \"T\", \"licence\": \"L\","
                                + " \"hub\": {\"id\": \"some/thing\", \"revision\": \"main\"},"
                                + " \"files\": [{\"name\": \"a\"}]}"))
                .hasMessage("[m.json] hub.revision must be a commit of 40 hexadecimal digits, since branches and tags"
                        + " move; got \"main\"");
    }
}
