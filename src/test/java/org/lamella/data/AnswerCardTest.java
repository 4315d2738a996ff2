// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;

/** Known tasks whose truth is an answer, read from the publishers' own kinds of file. */
class AnswerCardTest {

    @TempDir
    Path folder;

    @Test
    void problemsAndSolutionsAreReadFromLines() throws IOException {
        Files.writeString(folder.resolve("train.jsonl"), "{\"question\": \"1 + 1?\", \"answer\": \"2\\n#### 2\"}\n");
        Files.writeString(folder.resolve("test.jsonl"), "{\"question\": \"2 + 2?\", \"answer\": \"4\\n#### 4\"}\n");

        Task task = Task.load("gsm8k", folder);

        assertThat(task.kind()).isEqualTo(Task.Kind.GENERATION);
        assertThat(task.test().example(0)).isEqualTo(Example.answered("2 + 2?", "4\n#### 4"));
        assertThat(task.metrics()).containsExactly("token accuracy", "token probability");
        assertThat(task.pairs()).isFalse();
    }

    @Test
    void aPromptMayLieInTwoFieldsOfAJsonList() throws IOException {
        Path file = folder.resolve("SVAMP.json");
        Files.writeString(
                file, "[{\"Body\": \"I have 2.\", \"Question\": \"How many?\", \"Answer\": 2.0, \"ID\": \"a\"}]");

        Task task = Task.load("svamp", folder);

        assertThat(task).hasToString("svamp: generation, train 0, validation 0, test 1");
        assertThat(task.test().example(0)).isEqualTo(Example.answered("I have 2. How many?", "2.0"));

        Files.writeString(file, "{\"Body\": 1}");
        assertThatThrownBy(() -> Task.load("svamp", folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[SVAMP.json] file must hold a list of JSON objects; got {\"Body\": 1}");
        Files.writeString(file, "[1]");
        assertThatThrownBy(() -> Task.load("svamp", folder))
                .hasMessage("[SVAMP.json] object 1 must be a JSON object; got 1");
    }

    @Test
    void recordsAreReadFromXmlAndNothingElseIs() throws IOException {
        Path file = folder.resolve("ASDiv.xml");
        String problem = "<Problem ID=\"1\"><Body>A &amp; B.</Body><Question>How many?</Question>"
                + "<Answer>9 (apples)</Answer></Problem>";
        Files.writeString(file, "<File><ProblemSet>" + problem + "</ProblemSet></File>");

        assertThat(Task.load("asdiv", folder).test().example(0))
                .isEqualTo(Example.answered("A & B. How many?", "9 (apples)"));

        Files.writeString(
                file, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><File>&e;" + problem + "</File>");
        assertThatThrownBy(() -> Task.load("asdiv", folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(
                        "[ASDiv.xml] text must be XML without entities of its own; DOCTYPE is disallowed");
        Files.writeString(file, "<File>");
        assertThatThrownBy(() -> Task.load("asdiv", folder))
                .hasMessageStartingWith("[ASDiv.xml] text must be XML without entities of its own; ");
        Files.writeString(file, "<File/>");
        assertThatThrownBy(() -> Task.load("asdiv", folder))
                .hasMessage("[ASDiv.xml] file must hold elements that hold elements with text; got none");
    }

    @Test
    void aTaskMayHaveATestAlone() throws IOException {
        Files.writeString(
                folder.resolve("test.jsonl"),
                "{\"problem\": \"Half of 1?\", \"answer\": \"\\\\frac{1}{2}\", \"level\": 1}\n");

        Task task = Task.load("math-500", folder);

        assertThat(task).hasToString("math-500: generation, train 0, validation 0, test 1");
        assertThat(task.test().example(0)).isEqualTo(Example.answered("Half of 1?", "\\frac{1}{2}"));
    }

    @Test
    void numbersThatOnlyPythonWritesAreMissingValues() throws IOException {
        String line =
                "{\"prompt\": \"NaN \\\" or -Infinity\", \"canonical_solution\": \"x\", \"plus_input\": [NaN, -Infinity, [Infinity], -"
                        + "9".repeat(2000) + "]}";
        Files.writeString(folder.resolve("MbppPlus.jsonl"), line + "\n");

        assertThat(Task.load("mbpp-plus", folder).test().example(0))
                .isEqualTo(Example.answered("NaN \" or -Infinity", "x"));
    }

    @Test
    void aPersonsDataComeFirstAndMustBeAsLongAsPublished() throws IOException {
        Files.createDirectories(folder.resolve("humaneval"));
        String line = "{\"prompt\": \"def f():\", \"canonical_solution\": \"    pass\"}\n";
        Files.writeString(folder.resolve("humaneval/HumanEval.jsonl"), line.repeat(164));

        Task task = loaded("humaneval");

        assertThat(task).hasToString("humaneval: generation, train 0, validation 0, test 164");
        assertThat(task.notes().toString())
                .contains("read from " + folder.resolve("humaneval") + ", as many examples as published");

        Files.writeString(folder.resolve("humaneval/HumanEval.jsonl"), line);
        assertThatThrownBy(() -> loaded("humaneval"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(
                        "file must hold 164 examples; got 1; Task.load(\"humaneval\", folder) reads what a folder holds, whole or"
                                + " not");
    }

    /** As if the test's folder were {@code $LAMELLA_DATA}. */
    private Task loaded(String name) {
        System.setProperty("lamella.data", folder.toString());
        try {
            return Task.load(name);
        } finally {
            System.clearProperty("lamella.data");
        }
    }

    @Test
    void aFileOfSeveralPartsMustHoldThemAll() throws IOException {
        Files.writeString(folder.resolve("mbpp.jsonl"), "{\"text\": \"Write f.\", \"code\": \"def f(): pass\"}\n");

        assertThatThrownBy(() -> Task.load("mbpp", folder))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching("\\[mbpp.jsonl] file must hold rows [0-9]+ to [0-9]+; got 1");
    }

    @Test
    void whatNoHubHasSaysWhereItIs() {
        assertThatThrownBy(() -> loaded("svamp"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "svamp must be read from a folder of yours, since no package and no hub has it in this form:"
                                + " $LAMELLA_DATA/svamp, or Task.load(\"svamp\", folder); its files: SVAMP.json of github.com/arkilpatel/SVAMP");
        assertThatThrownBy(() -> Task.load("svamp", folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder + "] folder must hold svamp as one of SVAMP.json, SVAMP.json.gz; got an empty"
                        + " folder");
    }

    private static final String FACTS = """
            <benchmark><entries><entry category="Airport" eid="Id2" size="2">
              <originaltripleset><otriple>not read</otriple></originaltripleset>
              <modifiedtripleset>
                <mtriple>Aarhus_Airport | runwayLength | 2702.0</mtriple>
                <mtriple>Aarhus | country | Denmark</mtriple>
              </modifiedtripleset>
              %s
            </entry></entries></benchmark>
            """;

    @Test
    void factsAndSentencesOfWebNlgAreReadFromFoldersOrArchives() throws IOException {
        String plain = FACTS.formatted("<lex comment=\"good\" lid=\"Id1\">One.</lex><lex lid=\"Id2\">Two.</lex>");
        String enriched =
                FACTS.formatted("<lex><references><reference>x</reference></references><text>Three.</text></lex>");
        Files.createDirectories(folder.resolve("train/2triples"));
        Files.writeString(folder.resolve("train/2triples/Airport.xml"), plain);
        zip(folder.resolve("webnlg-v1.6-en-test-xml.zip"), "test/2triples/Airport.xml", enriched);

        String facts = "Aarhus_Airport | runwayLength | 2702.0 && Aarhus | country | Denmark";
        assertThat(Task.load("webnlg", folder).train().examples())
                .containsExactly(Example.answered(facts, "One."), Example.answered(facts, "Two."));

        Files.delete(folder.resolve("train/2triples/Airport.xml"));
        Files.delete(folder.resolve("train/2triples"));
        Files.delete(folder.resolve("train"));
        assertThat(Task.load("webnlg", folder).test().examples()).containsExactly(Example.answered(facts, "Three."));

        zip(folder.resolve("webnlg-v1.6-en-test-xml.zip"), "train/2triples/Airport.xml", enriched);
        assertThatThrownBy(() -> Task.load("webnlg", folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder.resolve("webnlg-v1.6-en-test-xml.zip")
                        + "] place must hold XML files in test; got none");
    }

    private static void zip(Path file, String entry, String text) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void factsAndSentencesOfDartAreReadFromJson() throws IOException {
        Path file = folder.resolve("dart-v1.1.1-full-dev.json");
        Files.writeString(file, """
                [{"tripleset": [["Mars Hill", "JOINED", "1973"], ["Mars Hill", "IN", "Carolina"]],
                  "subtree_was_extended": true,
                  "annotations": [{"source": "wiki", "text": "One."}, {"source": "wiki", "text": "Two."}]}]
                """);

        String facts = "Mars Hill | JOINED | 1973 && Mars Hill | IN | Carolina";
        Task task = Task.load("dart", folder);
        assertThat(task).hasToString("dart: generation, train 0, validation 2, test 0");
        assertThat(task.validation().examples())
                .containsExactly(Example.answered(facts, "One."), Example.answered(facts, "Two."));

        Files.writeString(file, "[{\"tripleset\": 1}]");
        assertThatThrownBy(() -> Task.load("dart", folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[dart-v1.1.1-full-dev.json] object 1 must hold tripleset, lists of three texts, and"
                        + " annotations with source and text");
    }
}
