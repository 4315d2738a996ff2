// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.base.picture.Picture;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batch;
import org.lamella.model.Golden;
import org.lamella.model.GoldenPictures;
import org.lamella.model.Llava;
import org.lamella.model.Projector;
import org.lamella.model.Transformer;
import org.lamella.model.VisionShape;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Python loads towers, whole models and adapters that were written here, without a warning, and answers the same. Needs the
 * environment of the golden files in {@code LAMELLA_PEER}; without it nothing of this is checked.
 */
final class VisionPeerIT {

    private static final List<String> PICTURES = List.of("rgb.png", "tall.png", "rgb.jpg", "grey.png");
    private static final List<String> LABELS = List.of("circle", "rectangle", "triangle");

    @TempDir
    private Path folder;

    private final Map<String, Tensor> ours = new LinkedHashMap<>();

    private static Split shapes() {
        StringColumn file = StringColumn.create("file");
        StringColumn label = StringColumn.create("label");
        for (int i = 0; i < PICTURES.size(); i++) {
            file.append(GoldenPictures.picture(PICTURES.get(i)).address());
            label.append(LABELS.get(i % 3));
        }
        Table table = Table.create("shapes", file, label);
        return Task.from(table)
                .image("file")
                .label("label")
                .labels(LABELS.toArray(String[]::new))
                .validation(table)
                .test(table)
                .train();
    }

    private static void shake(Adapter adapter) {
        SplittableRandom random = new SplittableRandom(1);
        try (Scope scope = Scope.open()) {
            adapter.everyPair().forEach(pair -> {
                float[] numbers = new float[(int) pair.up().elements()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (float) (0.2 * random.nextGaussian());
                }
                pair.up().overwrite(scope.floats(numbers, pair.up().shape()));
            });
            adapter.whole().saved().values().forEach(tensor -> {
                float[] numbers = tensor.floats();
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] += (float) (0.2 * random.nextGaussian());
                }
                tensor.overwrite(scope.floats(numbers, tensor.shape()));
            });
        }
    }

    @Test
    void transformersAndPeftReadWhatIsWrittenAndAnswerTheSame() throws Exception {
        String peer = System.getenv("LAMELLA_PEER");
        assumeThat(peer)
                .as("LAMELLA_PEER names the environment of the golden files")
                .isNotBlank();
        Training how = Training.standard().epochs(3).batchSize(2).learningRate(1e-3);
        try (Scope scope = Scope.open();
                Transformer tower = VisionShape.standard()
                        .side(24)
                        .width(32)
                        .layers(3)
                        .heads(2)
                        .fresh(folder.resolve("tower"), 3)) {
            Run run = Lora.everything().train(tower, shapes(), how);
            run.model().merged().save(folder.resolve("classifier"));
            Batch batch = tower.batches(shapes()).of(new int[] {0, 1, 2, 3}, scope);
            ours.put(
                    "tower", tower.pass().states(batch, Optional.empty(), scope).get(3));
            try (Transformer classifier = Transformer.load(folder.resolve("classifier"))) {
                ours.put("classifier", answer(classifier, batch, scope));
                Adapter adapter = FreshAdapter.of(
                        Lora.on(LayerSet.of(3, 0, 2)).rank(3).targets("q_proj", "fc2"), classifier, shapes(), how);
                shake(adapter);
                adapter.save(folder.resolve("on-classifier"));
                ours.put("on-classifier", answer(classifier.with(adapter), batch, scope));
            }
            together(tower, scope);
            SafeTensors.write(folder.resolve("ours.safetensors"), ours, Map.of());
        }
        List<String> files = PICTURES.stream()
                .map(name -> GoldenPictures.picture(name).address())
                .toList();
        Files.writeString(
                folder.resolve("told.json"),
                new Gson()
                        .toJson(Map.of(
                                "pictures",
                                files,
                                "labels",
                                LABELS,
                                "adapters",
                                List.of("language", "both"),
                                "prompts",
                                prompts())));
        python(Path.of(peer));
    }

    private static List<String> prompts() {
        return List.of(
                "<image>\nshares rose", "the oil <image>", "a <image> b", "<image>\n\nUSER: net loss ASSISTANT:");
    }

    private static Tensor answer(Transformer model, Batch batch, Scope scope) {
        return model.pass().answer(batch, model.overlay(), model.head().orElseThrow(), scope);
    }

    private void together(Transformer tower, Scope scope) {
        Transformer words = Transformer.load(Golden.path("decoders/llama-biased/model"));
        Transformer model =
                Llava.assemble(tower, Projector.seeded(5).states(-2, -1).withClassToken(), words);
        model.save(folder.resolve("llava"));
        write("llava", model, scope);
        Table table = Table.create(
                "answers",
                StringColumn.create("prompt", List.of("a", "b")),
                StringColumn.create("answer", List.of("c", "d")));
        Split split = Task.from(table)
                .text("prompt")
                .answer("answer")
                .validation(table)
                .test(table)
                .train();
        Lora language = Lora.on(LayerSet.of(4, 0, 3)).rank(2).targets("q_proj", "down_proj");
        Lora both = language.rank(4)
                .tower(Lora.on(LayerSet.of(3, 0, 1)).rank(3).targets("v_proj", "fc1"))
                .trainProjector();
        for (Map.Entry<String, Lora> one :
                Map.of("language", language, "both", both).entrySet()) {
            Adapter adapter = FreshAdapter.of(one.getValue(), model, split, Training.standard());
            shake(adapter);
            adapter.save(folder.resolve(one.getKey()));
            write(one.getKey(), model.with(adapter), scope);
        }
    }

    private void write(String name, Transformer model, Scope scope) {
        for (int i = 0; i < prompts().size(); i++) {
            Picture picture = GoldenPictures.picture(PICTURES.get(i));
            double[] logits = model.logits(prompts().get(i), picture);
            float[] single = new float[logits.length];
            for (int word = 0; word < single.length; word++) {
                single[word] = (float) logits[word];
            }
            ours.put(name + "." + i, scope.floats(single, single.length));
        }
    }

    private void python(Path peer) throws IOException, InterruptedException {
        Process python = new ProcessBuilder(
                        peer.resolve("bin/python").toString(), "src/test/golden/vision_peer.py", folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said).contains("same answers");
    }
}
