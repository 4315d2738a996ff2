// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.model.Golden;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Adapter and run folders with one thing wrong: one sentence that names the file and what is wrong in it. */
final class BrokenAdapterTest {

    private static final String STEM = "base_model.model.bert.encoder.layer.";

    @TempDir
    Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void copyAWholeAdapter() throws IOException {
        folder = Files.createDirectories(temporary.resolve("adapter"));
        for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(Golden.path("bert/adapters/query-value/" + file), folder.resolve(file));
        }
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Adapter.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder + "/" + message.substring(1));
    }

    private void tensors(Consumer<Map<String, Tensor>> change, Scope scope) {
        Path file = folder.resolve("adapter_model.safetensors");
        SafeTensors whole = SafeTensors.open(Golden.path("bert/adapters/query-value/adapter_model.safetensors"));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        whole.names().forEach(name -> tensors.put(name, whole.tensor(name, scope)));
        change.accept(tensors);
        SafeTensors.write(file, tensors, whole.metadata());
    }

    private void config(String from, String to) throws IOException {
        String text = Files.readString(Golden.path("bert/adapters/query-value/adapter_config.json"));
        String changed = text.replace(from, to);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(folder.resolve("adapter_config.json"), changed);
    }

    @Test
    void aFolderWithoutItsFilesNamesTheMissingOne() throws IOException {
        Path nothing = temporary.resolve("nothing");
        assertThatThrownBy(() -> Adapter.load(nothing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must hold an adapter; got " + nothing + ", which is no folder");
        Files.delete(folder.resolve("adapter_model.safetensors"));
        refused("[adapter_model.safetensors] must be in the adapter's folder; found none");
        Files.writeString(folder.resolve("adapter_model.bin"), "pickled");
        refused(
                "[adapter_model.safetensors] must be in the adapter's folder; found none; adapter_model.bin is a Python pickle, which can run code and is not read: load it in Python and"
                        + " save it with safe_serialization=True");
        Files.delete(folder.resolve("adapter_config.json"));
        refused("[adapter_config.json] must be in the adapter's folder; found none");
    }

    @Test
    void aTruncatedFileSaysSo() throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        long content = whole.length
                - 8
                - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        Files.write(file, Arrays.copyOf(whole, whole.length - 100));
        refused("[adapter_model.safetensors] tensors must take " + content + " bytes after the header; the file has "
                + (content - 100) + ": it is truncated");
        Files.write(file, new byte[0]);
        refused("[adapter_model.safetensors] file must start with 8 bytes of header length; it has 0 bytes");
    }

    @Test
    void unexpectedTensorsAreNamed() {
        String down = STEM + "0.attention.self.query.lora_A.weight";
        String up = STEM + "0.attention.self.query.lora_B.weight";
        try (Scope scope = Scope.open()) {
            tensors(all -> all.put("transformer.wte", scope.floats(new float[] {1}, 1)), scope);
            refused("[adapter_model.safetensors] tensors must be named base_model.model....; got \"transformer.wte\"");

            tensors(all -> all.put(STEM + "0.x.lora_magnitude_vector", scope.floats(new float[] {1}, 1)), scope);
            refused("[adapter_model.safetensors] bert.encoder.layer.0.x must have lora_A and lora_B; got one of them");
            tensors(all -> all.put(STEM + "0.x.lora_embedding_A", scope.floats(new float[] {1}, 1)), scope);
            refused("[adapter_model.safetensors] pairs must be lora_A.weight and lora_B.weight of numbered layers; got"
                    + " \"" + STEM + "0.x.lora_embedding_A\"");

            tensors(all -> all.remove(up), scope);
            refused("[adapter_model.safetensors] bert.encoder.layer.0.attention.self.query must have lora_A and"
                    + " lora_B; got one of them");

            tensors(all -> all.put(up, scope.floats(new float[96], 32, 3)), scope);
            refused("[adapter_model.safetensors] bert.encoder.layer.0.attention.self.query must have A (r, inputs) and"
                    + " B (outputs, r); got F32 (4, 32) and F32 (32, 3)");

            tensors(all -> all.put(down, scope.floats(new float[] {1}, 1)), scope);
            refused("[adapter_model.safetensors] bert.encoder.layer.0.attention.self.query must have A (r, inputs) and"
                    + " B (outputs, r); got F32 (1) and F32 (32, 4)");

            tensors(
                    all -> all.put(
                            down.replace(".layer.0.", ".layer.99999999999."), scope.floats(new float[128], 4, 32)),
                    scope);
            refused("[adapter_model.safetensors] layer must be a number below 100000; got \"" + STEM
                    + "99999999999.attention.self.query.lora_A.weight\"");

            tensors(Map::clear, scope);
            refused("[adapter_model.safetensors] must hold lora_A and lora_B tensors of numbered layers; got []");
        }
    }

    @Test
    void notFiniteNumbersAreNamed() {
        String up = STEM + "0.attention.self.query.lora_B.weight";
        try (Scope scope = Scope.open()) {
            float[] broken = new float[128];
            broken[5] = Float.NaN;
            tensors(all -> all.put(up, scope.floats(broken, 32, 4)), scope);
            refused("[adapter_model.safetensors] every number must be finite; " + up + " has one that is not");
        }
    }

    @Test
    void aConfigurationThatIsNoneSaysWhatIsWrong() throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, "");
        refused("[adapter_config.json] must hold a JSON object; got an empty file");
        Files.writeString(file, "[]");
        refused("[adapter_config.json] must hold a JSON object; got []");
        Files.writeString(file, "{\"r\": ");
        refused("[adapter_config.json] must be JSON; End of input at line 1 column 7 path $.r");
        Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
        refused("[adapter_config.json] must be UTF-8; it is not");
        Files.writeString(file, "{}");
        refused("[adapter_config.json] peft_type must be \"LORA\", the only method read here; got \"\"; Lamella has"
                + " LoRA, rank-stabilised LoRA, DoRA and PiSSA");
    }

    @Test
    void eachFieldOfTheConfigurationIsChecked() throws IOException {
        config("\"peft_type\": \"LORA\"", "\"peft_type\": [1]");
        refused("[adapter_config.json] peft_type must be a text; got [1]");
        config("\"use_dora\": false", "\"use_dora\": true");
        refused("[adapter_model.safetensors] bert.encoder.layer.0.attention.self.query must have a"
                + " lora_magnitude_vector if use_dora is true in adapter_config.json, and none if not; got [" + STEM
                + "0.attention.self.query.lora_A.weight, " + STEM + "0.attention.self.query.lora_B.weight]");
        config("\"use_qalora\": false", "\"use_qalora\": true");
        refused("[adapter_config.json] use_qalora must be false, since it is not read here; got true");
        config("\"use_rslora\": false", "\"use_rslora\": \"perhaps\"");
        refused("[adapter_config.json] use_rslora must be true or false; got \"perhaps\"");
        config("\"bias\": \"none\"", "\"bias\": \"some\"");
        refused("[adapter_config.json] bias must be \"none\", \"lora_only\" or \"all\"; got \"some\"");
        String text = Files.readString(Golden.path("bert/adapters/query-value/adapter_config.json"));
        String alpha = text.replaceAll("(?s).*(\"lora_alpha\": [0-9.]+).*", "$1");
        for (String wrong : List.of("\"eight\"", "null", "0", "-8", "1e400", "[8]")) {
            config(alpha, "\"lora_alpha\": " + wrong);
            refused("[adapter_config.json] lora_alpha must be a number above 0; got " + wrong);
        }
        config("\"r\": 4", "\"r\": \"4\"");
        refused("[adapter_config.json] r must be a number above 0; got \"4\"");
        config("\"layers_to_transform\": null", "\"layers_to_transform\": \"0-3\"");
        refused("[adapter_config.json] layers_to_transform must be a layer, a list of layers or null; got \"0-3\"");
        config("\"layers_to_transform\": null", "\"layers_to_transform\": [0, \"1\"]");
        refused("[adapter_config.json] layers_to_transform must be a layer, a list of layers or null; got [0,\"1\"]");
        config("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"query\": \"x\"}");
        refused("[adapter_config.json] alpha_pattern must give numbers; got \"x\" for \"query\"");
        config("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"query\": 0}");
        refused("[adapter_config.json] alpha_pattern must give numbers above 0; got 0 for \"query\"");
        config("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"(query\": 2}");
        refused("[adapter_config.json] alpha_pattern must name modules by regular expressions; got \"(query\"");
        config("\"init_lora_weights\": true", "\"init_lora_weights\": \"olora\"");
        refused("[adapter_config.json] init_lora_weights must leave the base model as it is (true, false,"
                + " \"gaussian\"); got \"olora\"; save it from Python with path_initial_model_for_weight_conversion");
        config("\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa_niter_4\"");
        refused("[adapter_config.json] init_lora_weights must be \"pissa\", whose start can be computed again; got"
                + " \"pissa_niter_4\", whose random start is lost; save it from Python with"
                + " path_initial_model_for_weight_conversion");
    }

    @Test
    void anAdapterOfAnotherModelSaysWhatDiffers() throws IOException {
        Path deep = temporary.resolve("deep");
        try (Transformer model = Tiny.model("encoder")) {
            Run run = Lora.on(LayerSet.of(4, 3))
                    .train(model, Tiny.task(8).train(), Training.standard().epochs(1));
            run.adapter().save(deep);
        }
        Path shallow = Tiny.copy("encoder", temporary.resolve("shallow"));
        Path config = shallow.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3"));
        try (Transformer model = Transformer.load(shallow)) {
            assertThatThrownBy(() -> model.with(Adapter.load(deep)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "adapter must fit shallow with layers 0 to 2; got a pair on layer 3; the adapter was made for encoder");
            assertThatThrownBy(() -> model.with(Adapter.load(deep).keeping(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("adapter must belong to a model of depth 4; got shallow of depth 3");
        }
    }

    @Test
    void aRunFolderThatIsNoneSaysWhatIsWrong() throws IOException {
        Path run = Files.createDirectories(temporary.resolve("run"));
        assertThatThrownBy(() -> Run.load(run))
                .isInstanceOf(FormatException.class)
                .hasMessage("[run.json] must be in the run's folder; found none in " + run);
        Files.writeString(run.resolve("run.json"), "{}");
        assertThatThrownBy(() -> Run.load(run))
                .isInstanceOf(FormatException.class)
                .hasMessage("[run.json] must hold recipe and steps of a run; got another file");
        Files.writeString(run.resolve("run.json"), "{\"recipe\": null, \"steps\": {\"step\": [1], \"loss\": [2]}}");
        assertThatThrownBy(() -> Run.load(run))
                .hasMessage("[run.json] must hold recipe and steps of a run; got another file");
        Files.writeString(run.resolve("run.json"), "{\"recipe\": 3, \"steps\": [");
        assertThatThrownBy(() -> Run.load(run))
                .isInstanceOf(FormatException.class)
                .hasMessage("[run.json] must be JSON; End of input at line 1 column 25 path $.steps[0]");
        Files.writeString(
                run.resolve("run.json"),
                "{\"model\": \"mine\", \"folder\": \"/no/such\", \"recipe\": \"x\", \"steps\": {\"step\": [1], \"loss\": [2]}}");
        assertThatThrownBy(() -> Run.load(run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("[run.json] model must lie where it was when the run was saved, \"/no/such\"; got no such"
                        + " folder; load \"mine\" from where it is and use Run.load(folder, model)");
    }
}
