// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The twelve published tunings of decoders (paper-cka, sections 2.4 and 2.7). */
final class InstructionProtocolTest {

    @Test
    void allTwelveHaveThePublishedLayersAndAsManyParameters() {
        Map<String, Long> half =
                Map.of("llama-2-7b", 159_907_840L, "mistral-7b", 167_772_160L, "gemma-7b", 200_015_872L);
        half.forEach((model, parameters) -> {
            for (String data : List.of("metamath", "python")) {
                InstructionProtocol lora = Paper.instructions(model, data);

                assertThat(lora.layers()).isEqualTo(Paper.mask(model, data));
                assertThat(lora.trainableParameters()).isEqualTo(parameters);
                assertThat(lora.pissa().trainableParameters()).isEqualTo(parameters);
                assertThat(lora.layers(LayerSet.all(lora.layers().depth())).trainableParameters())
                        .isEqualTo(2 * parameters);
            }
        });
    }

    @Test
    void recipeAndTrainingAreTheScripts() {
        InstructionProtocol protocol =
                Paper.instructions("llama-2-7b", "metamath").pissa();

        assertThat(protocol.recipe().toString())
                .contains(".rank(128).alpha(128", ".pissa()")
                .doesNotContain("dropout(0.");
        assertThat(protocol.training().toString())
                .contains(
                        "epochs(1)",
                        "batchSize(1)",
                        "accumulation(16)",
                        "learningRate(2.0E-5)",
                        "COSINE",
                        "warmup(0.03)")
                .contains("maxTokens(512)");
        assertThat(protocol).hasToString("Paper.instructions(\"llama-2-7b\", \"metamath\").pissa()");
        assertThat(protocol.published()).containsEntry("gsm8k", 54.79).containsEntry("mbpp", 40.50);
        assertThat(Paper.instructions("gemma-7b", "python").published()).containsEntry("humaneval", 51.56);
        assertThat(protocol.table().stringColumn("fact").asList())
                .contains("layers", "differs", "trainable parameters");
    }

    @Test
    void theFirstHundredThousandAreLearntAndTheFirst128ScoredInAlpacasFormat() {
        StringColumn instruction = StringColumn.create("instruction");
        StringColumn output = StringColumn.create("output");
        for (int i = 0; i < 200; i++) {
            instruction.append("What is " + i + " + 1?");
            output.append("The answer is: " + (i + 1));
        }
        Table table = Table.create("metamath", instruction, output);
        Task task = Task.from(table)
                .text("instruction")
                .answer("output")
                .validation(0)
                .test(0);
        InstructionProtocol protocol = Paper.instructions("mistral-7b", "metamath");

        Split scored = protocol.scored(task);

        assertThat(scored.size()).isEqualTo(128);
        assertThat(scored.example(127).texts())
                .containsExactly(
                        "Below is an instruction that describes a task. Write a response that appropriately completes the"
                                + " request.\n\n### Instruction:\nWhat is 127 + 1?\n\n### Response:",
                        "The answer is: 128\n");
        assertThat(protocol.learnt(task).size()).isEqualTo(200);
    }

    @Test
    void anUnknownModelOrSetOfDataNamesThoseKnown() {
        assertThatThrownBy(() -> Paper.instructions("llama-2", "metamath"))
                .hasMessage("model must be one of llama-2-7b, mistral-7b, gemma-7b; got \"llama-2\"; did you mean"
                        + " \"llama-2-7b\"?");
        assertThatThrownBy(() -> Paper.instructions("gemma-7b", "math"))
                .hasMessageStartingWith("data must be one of metamath, python; got \"math\"");
    }
}
