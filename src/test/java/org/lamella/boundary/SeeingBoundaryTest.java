// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Adapter;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Golden;
import org.lamella.model.GoldenPictures;
import org.lamella.model.Llava;
import org.lamella.model.Position;
import org.lamella.model.Projector;
import org.lamella.model.Representations;
import org.lamella.model.Transformer;
import org.lamella.model.VisionShape;
import org.lamella.score.Cka;
import org.lamella.score.LayerScores;
import org.lamella.score.Protocol;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Scores, traces and boundaries of a model with two towers: everything that exists works on its language layers. */
final class SeeingBoundaryTest {

    private static final List<String> LABELS = List.of("oil", "gold");

    @TempDir
    private Path folder;

    private static Task task() {
        StringColumn picture = StringColumn.create("picture");
        StringColumn question = StringColumn.create("question");
        StringColumn label = StringColumn.create("label");
        List<String> names = List.of(
                "rgb.png", "tall.png", "rgb.jpg", "grey.png", "palette.png", "cmyk.jpg", "poor.jpg", "bits.png");
        for (int i = 0; i < names.size(); i++) {
            picture.append(GoldenPictures.picture(names.get(i)).address());
            question.append("the price of " + i);
            label.append(LABELS.get(i % 2));
        }
        Table table = Table.create("pictures", picture, question, label);
        return Task.from(table)
                .image("picture")
                .text("question")
                .label("label")
                .labels("oil", "gold")
                .validation(table)
                .test(table);
    }

    @Test
    void cutsCurvesAndScoresAreOfTheLanguageAndATowerHasItsOwn() {
        PromptFormat format = PromptFormat.of("<image>\n{prompt} {answer}");
        Split learnt = task().answers().format(format).train();
        Split asked = task().format(format).test();
        try (Transformer tower = VisionShape.standard()
                        .side(24)
                        .width(32)
                        .layers(3)
                        .heads(2)
                        .fresh(folder, 0);
                Transformer model = Llava.assemble(
                        tower, Projector.seeded(0), Transformer.load(Golden.path("decoders/llama/model")))) {
            Lora recipe = Lora.on(LayerSet.of(4, 1, 3))
                    .tower(Lora.on(LayerSet.of(3, 0)).rank(2))
                    .trainProjector();
            Adapter adapter = recipe.train(
                            model,
                            learnt,
                            Training.standard().epochs(3).batchSize(4).learningRate(1e-2))
                    .adapter();

            Transformer chooses = model.choosing(LABELS, " ");
            Sweep sweep = Boundary.sweep(chooses, adapter, asked);

            for (int boundary : List.of(0, 1, 2, 4)) {
                double expected = Evaluation.measure(chooses.with(adapter.keeping(boundary)), asked)
                        .value("loss")
                        .value();
                assertThat(sweep.table().doubleColumn("loss").get(boundary))
                        .as("boundary " + boundary)
                        .isCloseTo(expected, within(1e-5));
            }
            LayerSet every = LayerSet.all(4);
            List<LayerSet> cuts =
                    IntStream.rangeClosed(0, 4).mapToObj(every::below).toList();
            int passes = new MaskedAnswers("", chooses.with(adapter), asked, cuts).passes();
            assertThat(passes)
                    .as("4 of the bare model, 4 and 3 + 2 + 1 of the others")
                    .isEqualTo(4 + 4 + 6);
            assertThat(sweep.table().doubleColumn("loss").get(0))
                    .isNotEqualTo(sweep.table().doubleColumn("loss").get(1));
            assertThat(Boundary.trace(chooses, adapter, asked).table().rowCount())
                    .isEqualTo(5);

            LayerScores scores = Cka.scoreLayers(model, learnt, Protocol.corrected());
            assertThat(scores.topShare(0.5).depth()).isEqualTo(4);
            LayerScores seen = Cka.scoreLayers(model.tower(), learnt, Protocol.corrected());
            assertThat(seen.topShare(0.5).depth()).isEqualTo(3);
            Representations states = model.tower().representations(learnt, Position.CLS);
            assertThat(states.layer(3).rows()).isEqualTo(8);
        }
    }
}
