// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.lora.Lora;
import org.lamella.lora.Run;
import org.lamella.lora.Training;
import org.lamella.model.Continuations;
import org.lamella.model.Golden;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.LayerScores;
import tech.tablesaw.api.Table;

class PictureProtocolTest {

    @TempDir
    private Path folder;

    @Test
    void isAsPublished() {
        PictureProtocol protocol = Paper.scienceQa();

        assertThat(protocol.layers().mask()).isEqualTo("01010111111111111010000000000001");
        assertThat(protocol.trainableParameters()).isEqualTo(159_907_840);
        assertThat(protocol.layers(LayerSet.all(32)).trainableParameters()).isEqualTo(319_815_680);
        assertThat(protocol.recipe().rank()).isEqualTo(128);
        assertThat(protocol.training().toString()).contains(".accumulation(16)").contains(".learningRate(2.0E-5)");
        assertThat(protocol.table().rowCount()).isEqualTo(11);
    }

    private Task questions() throws IOException {
        StringBuilder lines = new StringBuilder();
        List<String> pictures = List.of("rgb.png", "tall.png", "rgb.jpg", "grey.png", "palette.png", "cmyk.jpg");
        for (int i = 0; i < 12; i++) {
            String image = i < 6 ? "\"" + pictures.get(i) + "\"" : "null";
            if (i < 6) {
                Files.copy(Golden.path("pictures/" + pictures.get(i)), folder.resolve(pictures.get(i)));
            }
            lines.append("{\"question\": \"a ")
                    .append(i)
                    .append("\", \"choices\": [\"a\", \"b\"], \"answer\": ")
                    .append(i % 2)
                    .append(", \"hint\": \"\", \"image\": ")
                    .append(image)
                    .append("}\n");
        }
        for (String part : List.of("train", "validation", "test")) {
            Files.writeString(folder.resolve("text_sample_" + part + ".jsonl"), lines);
        }
        return Task.load("scienceqa", folder);
    }

    @Test
    void runsOnATinyModelOfLlavasForm() throws IOException {
        Task task = questions();
        PictureProtocol protocol = Paper.scienceQa()
                .layers(LayerSet.of(4, 1, 3))
                .recipe(Lora.on(LayerSet.of(4, 1, 3)).rank(2))
                .training(Training.standard().epochs(1).batchSize(2));
        Split learnt = protocol.learnt(task);
        assertThat(learnt.size()).isEqualTo(6);
        assertThat(learnt.example(1).texts())
                .containsExactly(
                        "USER: <image>\na 1\nA. a\nB. b\nAnswer with the option's letter from the given choices directly."
                                + " ASSISTANT:",
                        " B");
        try (Transformer whole = Transformer.load(Golden.path("llava/llama/model"))) {
            LayerScores scores = Cka.scoreLayers(whole, protocol.scored(task), protocol.scoring());
            Table table = scores.table();
            assertThat(table.stringColumn("note").get(0)).contains("the input has only 2 distinct rows");

            Run run = protocol.recipe().train(whole, learnt, protocol.training());
            Split measured = protocol.measured(task);
            Continuations written = run.model().generate(measured, protocol.generation());

            assertThat(protocol.marks(written, measured).size()).isEqualTo(6);
        }
    }
}
