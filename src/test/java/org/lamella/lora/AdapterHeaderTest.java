// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Importance;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;

/** What src/docs/adapter-format.md says stands in the header of an adapter's file. */
final class AdapterHeaderTest {

    private static final Training ONE = Training.standard().epochs(1);

    @TempDir
    Path temporary;

    @Test
    void theHeaderSaysHowTheAdapterWasMade() {
        Task task = Tiny.task(12);
        Split scored = task.train().head(4);
        try (Transformer model = Tiny.model("model")) {
            LayerSet layers = LayerSet.of(4, 1, 3).pickedOn(scored);
            Run run = Lora.on(layers)
                    .rank(2)
                    .train(
                            model,
                            task.train().head(8),
                            Training.standard().epochs(1).seed(7));
            run.adapter().save(temporary.resolve("adapter"));

            SafeTensors file = SafeTensors.open(temporary.resolve("adapter"));
            Map<String, String> header = file.metadata();
            assertThat(header.keySet())
                    .containsExactly(
                            "format",
                            "lamella.depth",
                            "lamella.labels",
                            "lamella.layers",
                            "lamella.max_tokens",
                            "lamella.picked_on",
                            "lamella.seconds",
                            "lamella.settings",
                            "lamella.trained_on",
                            "lamella.version");
            assertThat(header).containsEntry("lamella.layers", "0101").containsEntry("lamella.depth", "4");
            JsonObject settings = new Gson().fromJson(header.get("lamella.settings"), JsonObject.class);
            assertThat(settings.get("seed").getAsString()).isEqualTo("7");
            assertThat(settings.get("trained on").getAsString())
                    .contains(task.train().head(8).hash());
            assertThat(sample(header, "lamella.picked_on").get("name").getAsString())
                    .isEqualTo(scored.name());
            assertThat(sample(header, "lamella.trained_on").getAsJsonArray("examples"))
                    .hasSize(8);
            assertThat(header.get("lamella.version")).isNotBlank();
        }
    }

    @Test
    void scoresThatPickedTheLayersTravelInTheHeader() {
        Task task = Tiny.task(12);
        try (Transformer model = Tiny.model("model")) {
            Importance scores = new Importance("cka", "train.head(4)", List.of(0.25, Double.NaN, 0.5, -1.0));
            LayerSet layers = LayerSet.of(4, 0, 2).pickedBy(scores);
            Run run = Lora.on(layers).train(model, task.train().head(8), ONE);
            Path folder = temporary.resolve("scored");
            run.adapter().save(folder);

            assertThat(SafeTensors.open(folder).metadata())
                    .containsEntry(
                            "lamella.scores",
                            "[{\"measure\":\"cka\",\"sample\":\"train.head(4)\",\"importance\":[0.25,null,0.5,-1.0]}]");
            Adapter again = Adapter.load(folder);
            assertThat(again.layers().pickedBy()).containsExactly(scores);
            assertThat(again.table().doubleColumn("importance by cka").getDouble(0))
                    .isEqualTo(0.25);
            assertThat(AdapterDoctor.inspect(folder).findings())
                    .containsExactly(Finding.note(
                            "lamella.scores",
                            "says that layers were picked by cka on train.head(4): 0.2500, undefined, 0.5000, -1.000",
                            "ignores it",
                            "nothing to do; report on other examples than these"));
        }
    }

    @Test
    void theFolderNamesTheModelAsTheHubDoes() throws IOException {
        Task task = Tiny.task(12);
        try (Transformer model = Tiny.model("model")) {
            Run run = Lora.on(model.layers()).train(model, task.train().head(8), ONE);
            run.adapter().save(temporary.resolve("folder"));
            assertThat(Files.readString(temporary.resolve("folder").resolve("adapter_config.json")))
                    .contains("\"base_model_name_or_path\": \"model\"");
            assertThat(model.hubId()).isEmpty();
        }
    }

    @Test
    void aRunSaysNothingOfAnAdapterAndWhatIsMeasuredWithOneSaysWhichAndHow() {
        Task task = Tiny.task(12);
        try (Transformer model = Tiny.model("model")) {
            Run run = Lora.headOnly().train(model, task.train().head(8), ONE.maxTokens(1000));
            assertThat(run.provenance().facts()).doesNotContainKey("adapter");
            assertThat(run.provenance().warnings())
                    .contains("texts are cut at 64 tokens, where model cuts; maxTokens asked for 1000");

            String made = "Lora.headOnly()\n    .train(" + model.recipe() + ", "
                    + task.train().head(8).recipe() + ", " + ONE.maxTokens(1000) + ").adapter()";
            assertThat(run.model().recipe()).isEqualTo(model.recipe() + ".with(" + made + ")");
            assertThat(model.with(run.adapter().keeping(2)).recipe()).endsWith(made + ".keeping(2))");

            run.adapter().save(temporary.resolve("head"));
            String loaded = "Adapter.load(Path.of(\"" + temporary.resolve("head") + "\"))";
            assertThat(run.model().with(Adapter.load(temporary.resolve("head"))).recipe())
                    .isEqualTo(model.recipe() + ".with(" + loaded + ")");
            assertThat(run.evaluate(task.test()).provenance().recipe()).contains(".with(" + made + ")");
        }
    }

    private static JsonObject sample(Map<String, String> header, String name) {
        JsonArray samples = new Gson().fromJson(header.get(name), JsonArray.class);
        assertThat(samples).hasSize(1);
        return samples.get(0).getAsJsonObject();
    }

    @Test
    void anAdapterThatIsNotFiniteIsNotSaved() {
        Adapter whole = Adapter.load(Tiny.adapter("query-value"));
        Adapter.Owner owner = new Adapter.Owner();
        Pair pair =
                Pair.of(owner.scope().full(Double.NaN, 1, 32), owner.scope().full(0, 32, 1), 1, false, owner.scope());
        Adapter broken = new Adapter(
                owner,
                Map.of(0, Map.of("attention.self.query", pair)),
                Optional.empty(),
                whole.origin(),
                4,
                whole.place());

        assertThatThrownBy(() -> broken.save(temporary.resolve("broken")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "adapter must hold finite numbers to be saved; "
                                + "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight has one that is not");
        assertThat(List.of(temporary.resolve("broken"))).noneMatch(Files::exists);
    }

    @Test
    void embeddingsAreNoTargets() {
        try (Transformer model = Tiny.model("model")) {
            assertThatThrownBy(() -> Lora.on(model.layers())
                            .targets("query", "word_embeddings")
                            .trainableParameters(model))
                    .hasMessage("targets must name modules of model (query, key, value, attention.output.dense,"
                            + " intermediate.dense, output.dense); got \"word_embeddings\"");
        }
    }
}
