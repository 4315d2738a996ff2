// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.Matrix;
import org.lamella.data.Split;
import org.lamella.model.Golden;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;

/** Adapters laid into the weights for good, and whole models written as Hugging Face has them. */
final class MergeTest {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "bert, every-linear, model",
        "bert, dora, model",
        "bert, pissa, model",
        "bert, patterns, model",
        "bert, regression, regression",
        "roberta, dora, model",
        "roberta, every-linear, model",
        "deberta, every-linear, model",
        "deberta, pissa, model",
        "deberta, new-pooler, encoder"
    })
    void aMergedModelAnswersAsTheAdaptedOneAlsoOnceSavedAndLoaded(String family, String adapter, String base) {
        try (Transformer model = Transformer.load(Golden.path(family + "/" + base))) {
            Transformer adapted = model.with(Adapter.load(Golden.path(family + "/adapters/" + adapter)));
            Split split = (adapter.equals("regression") ? Tiny.regression(8) : Tiny.task(8)).train();
            Matrix expected = adapted.predict(split).logits();

            assertClose(adapted.merged().predict(split).logits(), expected);
            adapted.save(temporary.resolve("whole"));
            try (Transformer whole = Transformer.load(temporary.resolve("whole"))) {
                assertClose(whole.predict(split).logits(), expected);
                assertThat(whole.overlay()).isEmpty();
            }
            assertThat(model.with(Adapter.load(Golden.path(family + "/adapters/" + adapter)))
                            .predict(split)
                            .logits())
                    .as("the base model is as it was")
                    .isEqualTo(expected);
        }
    }

    private static void assertClose(Matrix actual, Matrix expected) {
        for (int i = 0; i < expected.values().length; i++) {
            assertThat(actual.values()[i])
                    .isCloseTo(expected.values()[i], within(1e-5 * Math.max(1, Math.abs(expected.values()[i]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"bert", "roberta", "deberta"})
    void aSavedModelHasTheNamesAndShapesOfHuggingFaces(String family) throws IOException {
        Path golden = Golden.path(family + "/model");
        try (Transformer model = Transformer.load(golden)) {
            model.save(temporary.resolve("again"));
        }

        SafeTensors expected = SafeTensors.open(golden);
        SafeTensors actual = SafeTensors.open(temporary.resolve("again"));
        assertThat(actual.names()).isEqualTo(expected.names());
        expected.names().forEach(name -> assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name)));
        assertThat(config(temporary.resolve("again"))).isEqualTo(config(golden));
        assertThat(temporary.resolve("again/tokenizer.json")).hasSameBinaryContentAs(golden.resolve("tokenizer.json"));
    }

    private static JsonObject config(Path folder) throws IOException {
        return new Gson().fromJson(Files.readString(folder.resolve("config.json")), JsonObject.class);
    }

    @Test
    void aModelWithoutAnAdapterHasNothingToMerge() {
        try (Transformer model = Tiny.model("model")) {
            assertThatThrownBy(model::merged)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("model must carry an adapter to merge; use model.with(adapter).merged()");
        }
    }

    @Test
    void aMergedModelClosesWithItsBase() {
        Transformer model = Tiny.model("model");
        Transformer merged =
                model.with(Adapter.load(Tiny.adapter("query-value"))).merged();
        model.close();

        assertThatThrownBy(() -> merged.predict("oil"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("model \"model\" is closed; load it again");
    }
}
