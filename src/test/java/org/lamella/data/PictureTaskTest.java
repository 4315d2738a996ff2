// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.picture.Bitmap;
import org.lamella.base.picture.Picture;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PictureTaskTest {

    private static final List<String> ANSWERS = List.of(
            "circle",
            "green",
            "red",
            "gray",
            "yes",
            "teal",
            "black",
            "rectangle",
            "yellow",
            "triangle",
            "brown",
            "blue",
            "no");

    @TempDir
    private Path folder;

    private static byte[] picture(int number) {
        return Bitmap.of(2, 1, new byte[] {(byte) number, 0, 0, 0, 0, (byte) number})
                .png();
    }

    private void easyVqa() throws IOException {
        for (String part : List.of("train", "test")) {
            StringBuilder questions = new StringBuilder("[");
            try (OutputStream out = Files.newOutputStream(folder.resolve(part + "-images.zip"));
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (int i = 0; i < 40; i++) {
                    zip.putNextEntry(new ZipEntry(i + ".png"));
                    zip.write(picture(i));
                    questions
                            .append(i == 0 ? "" : ", ")
                            .append("[\"what shape is it?\", \"")
                            .append(ANSWERS.get(i % 13))
                            .append("\", ")
                            .append(i)
                            .append("], [\"is it a circle?\", \"")
                            .append(i % 2 == 0 ? "yes" : "no")
                            .append("\", ")
                            .append(i)
                            .append("]");
                }
            }
            Files.writeString(folder.resolve(part + "-questions.json"), questions.append("]"));
        }
    }

    @Test
    void easyVqaIsQuestionsAboutPicturesInAZip() throws IOException {
        easyVqa();

        Task task = Task.load("easy-vqa", folder);

        assertThat(task).hasToString("easy-vqa: classification, 13 labels, train 72, validation 8, test 80");
        assertThat(task.labels()).isEqualTo(ANSWERS);
        Table table = task.test().table();
        assertThat(table.columnNames()).containsExactly("picture", "question", "label");
        Example third = task.test().example(4);
        assertThat(third.texts()).containsExactly("what shape is it?");
        assertThat(third.pictures().get(0).bitmap().at(0, 0, 0)).isEqualTo(2);
        assertThat(third.pictures().get(0).name()).isEqualTo("2.png");
        assertThat(task.notes())
                .contains("validation: 8 of 80 training examples held out, stratified, seed 0, examples of one"
                        + " picture kept together");
    }

    @Test
    void questionsAboutOnePictureAreHeldOutTogether() throws IOException {
        easyVqa();
        Task task = Task.load("easy-vqa", folder);

        Set<Picture> held = pictures(task.validation());

        assertThat(pictures(task.train())).doesNotContainAnyElementsOf(held);
        assertThat(held).hasSize(4);
    }

    @Test
    void fewTextsOnManyPicturesDoNotChainAllExamplesIntoOne() {
        StringColumn picture = StringColumn.create("picture");
        StringColumn question = StringColumn.create("question");
        StringColumn label = StringColumn.create("label");
        for (int i = 0; i < 400; i++) {
            picture.append("pictures.zip!/" + i / 2 + ".png");
            question.append(i % 2 == 0 ? "what shape?" : "is it red?");
            label.append(ANSWERS.get(i % 13));
        }
        Table table = Table.create("own", picture, question, label);

        Task task = Task.from(table).image("picture").text("question").label("label");

        assertThat(task).hasToString("own: classification, 13 labels, train 288, validation 32, test 80");
        assertThat(pictures(task.train())).doesNotContainAnyElementsOf(pictures(task.validation()));
        assertThat(pictures(task.train())).doesNotContainAnyElementsOf(pictures(task.test()));
        assertThat(pictures(task.validation())).hasSize(16);
    }

    private static Set<Picture> pictures(Split split) {
        return split.examples().stream()
                .map(example -> example.pictures().get(0))
                .collect(Collectors.toSet());
    }

    @Test
    void labelsBecomeAnswersOfTheSameExamplesInTheSameParts() throws IOException {
        easyVqa();
        Task task = Task.load("easy-vqa", folder);
        PromptFormat format = PromptFormat.of("<image>\n{prompt}\nAnswer: {answer}");

        Task asked = task.format(format);
        Task answered = task.answers().format(format);

        Example example = answered.validation().example(0);
        assertThat(example.texts().get(0)).startsWith("<image>\n").endsWith("?\nAnswer:");
        assertThat(example.answer().orElseThrow()).startsWith(" ");
        for (int i = 0; i < asked.validation().size(); i++) {
            assertThat(asked.validation().example(i).texts().get(0))
                    .isEqualTo(answered.validation().example(i).texts().get(0));
            assertThat(asked.validation().example(i).pictures())
                    .isEqualTo(answered.validation().example(i).pictures());
        }
        assertThat(answered.recipe()).contains(".answers().format(PromptFormat.of(");
        assertThat(asked.train().overlaps(answered.train())).isTrue();
    }

    @Test
    void scienceQaIsAskedAsInThePaper() throws IOException {
        Files.write(folder.resolve("cat.png"), picture(9));
        Files.writeString(folder.resolve("text_sample_train.jsonl"), """
                {"question": "What is it?", "choices": ["a cat", "a dog"], "answer": 1, "hint": "Look.", "image": "cat.png"}
                {"question": "Who?", "choices": ["you", "me", "we"], "answer": "C", "hint": "", "image": null}
                """);
        Files.copy(folder.resolve("text_sample_train.jsonl"), folder.resolve("text_sample_validation.jsonl"));
        Files.copy(folder.resolve("text_sample_train.jsonl"), folder.resolve("text_sample_test.jsonl"));

        Task task = Task.load("scienceqa", folder);

        assertThat(task.train().example(0).texts())
                .containsExactly(
                        "<image>\nContext: Look.\nWhat is it?\nA. a cat\nB. a dog\nAnswer with the option's letter from the"
                                + " given choices directly.",
                        "B");
        assertThat(task.train().example(0).pictures().get(0).bitmap().width()).isEqualTo(2);
        assertThat(task.train().example(1).texts())
                .containsExactly(
                        "Who?\nA. you\nB. me\nC. we\nAnswer with the option's letter from the given choices directly.",
                        "C");
        assertThat(task.train().example(1).pictures()).isEmpty();
        assertThat(task.train().where(example -> !example.pictures().isEmpty()).size())
                .isEqualTo(1);
    }

    @Test
    void aTablesColumnOfAddressesIsAColumnOfPictures() {
        Table table = Table.create(
                "own",
                StringColumn.create(
                        "file",
                        Picture.of("a", picture(1)).address(),
                        Picture.of("b", picture(2)).address()),
                StringColumn.create("kind", "x", "y"));

        Task task =
                Task.from(table).image("file").label("kind").validation(table).test(table);

        assertThat(task.train().example(1).texts()).containsExactly("b");
        assertThat(task.train().table().columnNames()).containsExactly("picture", "label");
        assertThat(task.recipe()).startsWith("Task.from(table).image(\"file\").label(\"kind\")");
        assertThatThrownBy(() -> Task.from(table).image("fil"))
                .hasMessage("image must name a column of table own (file, kind); got \"fil\"; did you mean \"file\"?");
        assertThatThrownBy(() -> Task.from(table).image("file").answer("kind"))
                .hasMessage("answer must follow one text, the prompt; got none");
    }
}
