// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.model.Golden;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Adapters that PEFT 0.5.0 to 0.21.2 saved, each by that very version, which also gave the logits. */
final class OldPeftTest {

    private static final String FILE = "adapter_model.safetensors";

    @TempDir
    Path temporary;

    private static List<String> folders() throws IOException {
        try (Stream<Path> all = Files.list(Golden.path("bert/versions"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void tenVersionsAreThere() throws IOException {
        assertThat(folders().stream().map(name -> name.replaceFirst("-.*", "")).distinct())
                .containsExactlyInAnyOrder(
                        "0.5.0", "0.6.2", "0.7.1", "0.9.0", "0.11.1", "0.13.2", "0.15.2", "0.17.1", "0.19.1", "0.21.2");
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyVersionsAdapterAnswersAsItDidThereAlsoAfterSavingItAgain(String name) {
        Path folder = Golden.path("bert/versions/" + name);
        try (Transformer model = GoldenTraining.model("bert", "model");
                Adapter read = Adapter.load(folder)) {
            Path again = temporary.resolve(name);
            read.save(again);

            assertThat(logits(model.with(read))).satisfies(ours -> assertAsThere(ours, folder));
            try (Adapter second = Adapter.load(again)) {
                assertThat(logits(model.with(second))).satisfies(ours -> assertAsThere(ours, folder));
            }
        }
    }

    // state_dict() of a whole PeftModel has the adapter's name in each key, and the base model's own head beside the
    // trained one
    @Test
    void keysWithTheAdaptersNameAreReadTheSame() throws IOException {
        Path source = Golden.path("bert/versions/0.5.0-layers");
        Path folder = Files.createDirectories(temporary.resolve("named"));
        Files.copy(source.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        try (Scope scope = Scope.open();
                SafeTensors file = SafeTensors.open(source.resolve(FILE))) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            file.names().forEach(name -> {
                tensors.put(
                        name.replaceFirst("\\.(lora_[AB])\\.", ".$1.default.")
                                .replace(".classifier.", ".classifier.modules_to_save.default."),
                        file.tensor(name, scope));
                if (name.contains(".classifier.")) {
                    tensors.put(name.replace(".classifier.", ".classifier.original_module."), file.tensor(name, scope));
                }
            });
            SafeTensors.write(folder.resolve(FILE), tensors, Map.of());
        }

        try (Transformer model = GoldenTraining.model("bert", "model");
                Adapter read = Adapter.load(folder)) {
            assertAsThere(logits(model.with(read)), source);
        }
    }

    private static void assertAsThere(float[] ours, Path folder) {
        try (Scope scope = Scope.open();
                SafeTensors file = SafeTensors.open(folder.resolve("logits.safetensors"))) {
            Golden.assertClose(ours, file.tensor("logits", scope).floats(), 1e-5, "logits");
        }
    }

    private static float[] logits(Transformer adapted) {
        try (SafeTensors file = SafeTensors.open(Golden.path("bert/adapters/expected.safetensors"));
                Scope scope = Scope.open()) {
            return adapted.pass()
                    .answer(
                            new PaddedBatch(file, "batch.", scope).batch(scope),
                            adapted.overlay(),
                            adapted.head().orElseThrow(),
                            scope)
                    .floats();
        }
    }
}
