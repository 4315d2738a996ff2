// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.Card;
import org.lamella.data.Home;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Generation;
import org.lamella.model.Llava;
import org.lamella.model.Projector;
import org.lamella.model.Transformer;
import org.lamella.model.VisionShape;

/** SmolLM2-135M, from its GGUF file, with a fresh tower before it, on real questions of easy-VQA. */
final class SeeingSmolLm2IT {

    @TempDir
    private Path folder;

    @Test
    void aRealDecoderSeesLearnsChoosesAndIsSaved() {
        assumeThat(Card.model("smollm2-135m").installed())
                .as("smollm2-135m is fetched")
                .isTrue();
        boolean data = Home.data()
                .filter(place -> place.resolve("easy-vqa").toFile().isDirectory())
                .isPresent();
        assumeThat(data || Card.task("easy-vqa").installed())
                .as("easy-vqa is at hand")
                .isTrue();
        Task task = Task.load("easy-vqa");
        PromptFormat format = PromptFormat.of("<image>\n{prompt}\nAnswer: {answer}");
        Split learnt = task.answers().format(format).train().head(8);
        Split asked = task.format(format).train().head(8);
        try (Transformer words = Transformer.load("smollm2-135m");
                Transformer tower = VisionShape.standard().patch(16).fresh(folder.resolve("tower"), 0);
                Transformer model = Llava.assemble(tower, Projector.seeded(0), words)) {
            Transformer chooses = model.choosing(task.labels(), " ");
            Evaluation before = Evaluation.measure(chooses, asked);

            Run run = Lora.on(model.layers().last(2))
                    .rank(4)
                    .trainProjector()
                    .train(
                            model,
                            learnt,
                            Training.standard().epochs(6).batchSize(4).learningRate(5e-3));

            Evaluation after = Evaluation.measure(chooses.with(run.adapter()), asked);
            assertThat(after.value("loss").value())
                    .isLessThan(before.value("loss").value() - 0.2);

            Generation greedy = Generation.greedy().maxTokens(4);
            Transformer merged = run.model().merged();
            String written = merged.generate(learnt.head(1), greedy).texts().get(0);
            assertThat(written).isNotBlank();
            merged.save(folder.resolve("whole"));
            try (Transformer again = Transformer.load(folder.resolve("whole"))) {
                assertThat(again.generate(learnt.head(1), greedy).texts().get(0))
                        .isEqualTo(written);
                assertThat(again.architecture()).isEqualTo("llava");
            }
        }
    }
}
