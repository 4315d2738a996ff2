// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.base.picture.Bitmap;
import org.lamella.base.picture.Picture;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.GoldenPictures;
import org.lamella.model.Llava;
import org.lamella.model.Predictions;
import org.lamella.model.Projector;
import org.lamella.model.Transformer;
import org.lamella.model.VisionShape;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** From pictures of two colours to a model that says their name: a tower from scratch, a projector, pairs, a boundary. */
final class SeeingModelTest {

    private static final List<String> COLOURS = List.of("oil", "gold", "wheat");

    @TempDir
    private Path folder;

    private Task task;
    private Transformer tower;
    private Transformer model;

    @BeforeEach
    void prepare() {
        task = colours(60);
        tower = VisionShape.standard()
                .side(16)
                .patch(8)
                .width(32)
                .layers(3)
                .heads(2)
                .fresh(folder.resolve("fresh"), 0);
        model = Llava.assemble(tower, Projector.seeded(0), Transformer.load(Golden.path("decoders/llama/model")));
    }

    @AfterEach
    void free() {
        model.close();
        tower.close();
    }

    /** Returns pictures of one of three colours, somewhat noisy, with a question each. */
    private static Task colours(int count) {
        SplittableRandom random = new SplittableRandom(7);
        StringColumn picture = StringColumn.create("picture");
        StringColumn question = StringColumn.create("question");
        StringColumn label = StringColumn.create("label");
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[3 * 12 * 18];
            int colour = i % 3;
            for (int at = 0; at < rgb.length; at++) {
                rgb[at] = (byte) (random.nextInt(60) + (at % 3 == colour ? 180 : 20));
            }
            picture.append(
                    Picture.of("colour " + i, Bitmap.of(12, 18, rgb).png()).address());
            question.append("the price of");
            label.append(COLOURS.get(colour));
        }
        Table table = Table.create("colours", picture, question, label);
        return Task.from(table).image("picture").text("question").label("label").labels(COLOURS.toArray(String[]::new));
    }

    private static Task pictures(Task task) {
        Table table = task.train().table();
        return Task.from(table).image("picture").label("label").labels(COLOURS.toArray(String[]::new));
    }

    @Test
    void aTowerTrainsFromScratchInAllItsWeightsAndIsLoadedAgain() {
        Task seen = pictures(task);
        Training how = Training.standard().epochs(8).batchSize(8).learningRate(3e-3);
        Run run = Lora.everything().train(tower, seen.train(), how);

        assertThat(run.evaluate(seen.test()).value("accuracy").value()).isGreaterThan(0.9);
        assertThat(run.adapter().parameters()).isGreaterThan(30_000);
        assertThatThrownBy(() -> run.adapter().save(folder.resolve("adapter")))
                .hasMessage("adapter must be pairs and a head to be saved; got all weights of a model, which"
                        + " run.model().merged().save(folder) writes");

        Path place = folder.resolve("trained");
        run.model().merged().save(place);
        try (Transformer again = Transformer.load(place)) {
            Predictions expected = run.model().predict(seen.test());
            Predictions predicted = again.predict(seen.test());
            for (int i = 0; i < predicted.size(); i++) {
                Golden.assertClose(
                        floats(predicted.logits().row(i)),
                        floats(expected.logits().row(i)),
                        1e-6,
                        "row " + i);
            }
            assertThat(again.toString()).isEqualTo("trained: clip_vision_model, 3 layers x 32");
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> floats[i] = (float) values[i]);
        return floats;
    }

    @Test
    void whatWasPutTogetherIsSavedAndLoadedAsTheSameModel() {
        PromptFormat format = PromptFormat.of("<image>\n{prompt} {answer}");
        Split asked = task.answers().format(format).test();
        assertThat(model.toString()).isEqualTo("model+fresh: llava, 4 layers x 32");
        assertThat(model.tower().layers()).isEqualTo(LayerSet.all(3));
        model.save(folder.resolve("whole"));
        try (Transformer again = Transformer.load(folder.resolve("whole"))) {
            double[] expected = losses(model.predict(asked));
            double[] loaded = losses(again.predict(asked));
            Golden.assertClose(floats(loaded), floats(expected), 1e-6, "losses");
            assertThat(again.generate(asked, Generation.greedy().maxTokens(4)).texts())
                    .isEqualTo(model.generate(asked, Generation.greedy().maxTokens(4))
                            .texts());
        }
        assertThat(model.recipe())
                .startsWith("Llava.assemble(Transformer.load(Path.of(")
                .contains("Projector.seeded(0)");
    }

    private static double[] losses(Predictions predictions) {
        return IntStream.range(0, predictions.size())
                .mapToDouble(predictions::loss)
                .toArray();
    }

    @Test
    void projectorPairsAndTowerLearnTogetherAndAreKeptTogether() {
        PromptFormat format = PromptFormat.of("<image>\n{prompt} {answer}");
        Task learnt = task.answers().format(format);
        Task asked = task.format(format);
        assertThat(asked.test().examples().stream().map(e -> e.pictures()).toList())
                .isEqualTo(
                        learnt.test().examples().stream().map(e -> e.pictures()).toList());
        Lora recipe = Lora.on(LayerSet.of(4, 1, 3))
                .rank(4)
                .tower(Lora.on(LayerSet.of(3, 0, 1)).rank(2))
                .trainProjector();
        assertThat(recipe.toString())
                .isEqualTo("Lora.on(LayerSet.parse(\"0101\")).rank(4).alpha(8).trainProjector()"
                        + ".tower(Lora.on(LayerSet.parse(\"110\")).rank(2).alpha(8))");
        Training how = Training.standard().epochs(12).batchSize(8).learningRate(1e-2);

        Run run = recipe.train(model, learnt.train(), how);

        Transformer chooses = run.model().choosing(COLOURS, " ");
        double accuracy =
                Evaluation.measure(chooses, asked.test()).value("accuracy").value();
        assertThat(accuracy).isGreaterThan(0.8);
        assertThat(Evaluation.measure(model.choosing(COLOURS, " "), asked.test())
                        .value("accuracy")
                        .value())
                .isLessThan(accuracy);

        run.adapter().save(folder.resolve("adapter"));
        Adapter loaded = Adapter.load(folder.resolve("adapter"));
        Golden.assertClose(
                floats(losses(model.with(loaded).predict(learnt.test()))),
                floats(losses(run.model().predict(learnt.test()))),
                1e-6,
                "losses under the adapter that was saved");
        assertThat(loaded.toString())
                .startsWith("Adapter on 0101, layers [1, 3] of 4 and on 110, layers [0, 1] of 3 of the tower");
        assertThat(loaded.keeping(1).tower()).isPresent();
        assertThat(loaded.keeping(0).tower()).isEmpty();
        assertThat(loaded.keeping(0).parameters()).isZero();
        assertThat(recipe.trainableParameters(model)).isEqualTo(loaded.parameters());
        Cost cost = Cost.of(model, recipe, 8, 16);
        assertThat(cost.trained()).isEqualTo(loaded.parameters());
        assertThat(cost.table().stringColumn("layer").asList()).contains("tower", "projector", "3");
        assertThat(cost.flops())
                .isGreaterThan(Cost.of(model, Lora.on(LayerSet.of(4, 1, 3)).rank(4), 8, 16)
                        .flops());
    }

    @Test
    void aModelOfTextsAloneSaysThatItDoesNotLook() {
        try (Transformer words = Transformer.load(Golden.path("decoders/llama/model"))) {
            assertThat(words.provenance(task.train(), "").warnings())
                    .containsExactly("pictures of train are not looked at: model reads texts alone");
        }
        assertThat(model.provenance(task.train(), "").warnings()).isEmpty();
    }

    @Test
    void aPromptNeedsAMarkForEachPicture() {
        Picture picture = GoldenPictures.picture("rgb.png");
        Generation greedy = Generation.greedy().maxTokens(2);

        assertThatThrownBy(() -> model.generate("the price of", picture, greedy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prompt must have one <image> for each picture, 1; got 0: \"the price of\"; a task puts"
                        + " one there by format(PromptFormat.of(\"<image>\\n{prompt}\"))");
        assertThatThrownBy(() -> model.generate("<image> and <image>", picture, greedy))
                .hasMessage("prompt must have one <image> for each picture, 1; got 2: \"<image> and <image>\"");
        assertThatThrownBy(() -> model.generate("<image>", greedy))
                .hasMessage("prompt must have one <image> for each picture, 0; got 1: \"<image>\"");
        assertThatThrownBy(() -> model.maxTokens(3)
                        .predict(task.answers()
                                .format(PromptFormat.of("<image>{prompt} {answer}"))
                                .test()))
                .hasMessageStartingWith("maxTokens must leave room for pictures, 4 tokens each; got 3 for ");
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedByName() {
        assertThatThrownBy(() -> Llava.assemble(model, Projector.seeded(0), tower))
                .hasMessage("vision must be a vision tower; got model+fresh: llava, 4 layers x 32");
        assertThatThrownBy(() -> Llava.assemble(tower, Projector.seeded(0), tower))
                .hasMessage("language must be a decoder of texts alone; got fresh: clip_vision_model, 3 layers x 32");
        assertThatThrownBy(() -> Lora.on(LayerSet.all(3))
                        .tower(Lora.on(LayerSet.all(3)))
                        .train(tower, pictures(task).train(), Training.standard()))
                .hasMessage("model must have a vision tower beside its language for tower(...); got fresh,"
                        + " clip_vision_model");
        assertThatThrownBy(() -> tower.predict("a text")).hasMessageContaining("no head yet");
        assertThatThrownBy(() -> model.choosing(List.of("oil", "oil"), " "))
                .hasMessageStartingWith("labels must begin with different tokens; got \"oil\" and \"oil\"");
        assertThatThrownBy(() -> Llava.assemble(
                        tower, Projector.seeded(0).states(-9), Transformer.load(Golden.path("decoders/llama/model"))))
                .hasMessage("[config.json] vision_feature_layer must be -4 to 3, a state of the tower; got [-9.0]");
    }
}
