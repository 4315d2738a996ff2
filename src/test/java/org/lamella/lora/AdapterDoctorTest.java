// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.model.Golden;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Every trap of PEFT, made in an adapter of four layers (queries and values, rank 4), and the whole table that names it. */
final class AdapterDoctorTest {

    private static final String FILE = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";
    private static final String STEM = "base_model.model.bert.encoder.layer.";

    private static Transformer model = GoldenTraining.model("bert", "model");

    @TempDir
    Path temporary;

    @BeforeAll
    static void loadTheModel() {
        model = GoldenTraining.model("bert", "model");
    }

    @AfterAll
    static void freeTheModel() {
        model.close();
    }

    /** Returns a copy of the usual adapter with fields of its configuration replaced; null takes one away. */
    private Path with(String... fields) {
        return copy("bert/adapters/query-value", fields);
    }

    private Path copy(String source, String... fields) {
        try {
            Path folder = Files.createTempDirectory(temporary, "adapter");
            for (String file : List.of(CONFIG, FILE)) {
                Files.copy(Golden.path(source + "/" + file), folder.resolve(file));
            }
            JsonObject config = new Gson().fromJson(Files.readString(folder.resolve(CONFIG)), JsonObject.class);
            for (String field : fields) {
                String name = field.substring(0, field.indexOf('='));
                String value = field.substring(field.indexOf('=') + 1);
                config.remove(name);
                if (!value.isEmpty()) {
                    config.add(name, JsonParser.parseString(value));
                }
            }
            Files.writeString(folder.resolve(CONFIG), new Gson().toJson(config));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path tensors(Path folder, BiConsumer<Map<String, Tensor>, Scope> change) {
        try (Scope scope = Scope.open();
                SafeTensors whole = SafeTensors.open(folder.resolve(FILE))) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            whole.names().forEach(name -> tensors.put(name, whole.tensor(name, scope)));
            change.accept(tensors, scope);
            SafeTensors.write(folder.resolve(FILE), tensors, whole.metadata());
            return folder;
        }
    }

    private static List<String> rows(Diagnosis diagnosis) {
        return diagnosis.table().stream()
                .map(row -> row.getString(0) + " | " + row.getString(1) + " | " + row.getString(2) + " | "
                        + row.getString(3) + " | " + row.getString(4))
                .toList();
    }

    private static List<String> rows(Path folder) {
        return rows(AdapterDoctor.inspect(folder));
    }

    @Test
    void listsOfLayersThatMeanSomethingElse() {
        assertThat(rows(with("layers_to_transform=[]")))
                .containsExactly("warning | layers_to_transform" + " | is an empty list" + " | adapts all layers"
                        + " | leave the field out to say all; to say none, leave the adapter away");
        assertThat(rows(with("layers_to_transform=[0,1,2,3,-1]", "layers_pattern=\"layer\"")))
                .containsExactly("warning | layers_to_transform" + " | holds -1, which no layer is called"
                        + " | adapts nothing for it: numbers do not count from the end"
                        + " | name the layers by their numbers, 0 to depth - 1");
        assertThat(rows(AdapterDoctor.inspect(with("layers_to_transform=[0,1,2,3,-1,7]"), model)))
                .containsExactly(
                        "warning | layers_to_transform" + " | holds -1, which no layer is called"
                                + " | adapts nothing for it: numbers do not count from the end"
                                + " | name the layers by their numbers, 0 to depth - 1",
                        "warning | layers_to_transform" + " | holds 7, in a model with layers 0 to 3"
                                + " | adapts nothing for it" + " | name the layers by their numbers, 0 to depth - 1");
        assertThat(rows(with("layers_to_transform=[0,1,2,3,7]")))
                .containsExactly("warning | layers_to_transform" + " | holds 7; the file has no pair there"
                        + " | starts new pairs there, or adapts nothing if there is no such layer"
                        + " | see whether the layer exists: inspect(folder, model)");
        assertThat(rows(with("target_modules=\"query\"", "layers_to_transform=[0]")))
                .containsExactly(
                        "error | layers_to_transform" + " | stands beside target_modules that are a regular expression"
                                + " | refuses both together"
                                + " | put the layers into the expression, or the targets into a list",
                        "error | bert.encoder.layer.0.attention.self.query"
                                + " | has a pair that the configuration does not mean; so have 7 more"
                                + " | drops it without a word"
                                + " | Lamella goes by the tensors; load it here and save it again");
        assertThat(rows(with("layers_pattern=\"layer\"")))
                .containsExactly("error | layers_pattern" + " | stands without layers_to_transform"
                        + " | refuses one without the other" + " | name the layers by their numbers, 0 to depth - 1");
        assertThat(rows(with("layers_to_transform=[0,1]")))
                .containsExactly("error | bert.encoder.layer.2.attention.self.query"
                        + " | has a pair that the configuration does not mean; so have 3 more"
                        + " | drops it without a word"
                        + " | Lamella goes by the tensors; load it here and save it again");
        assertThat(rows(AdapterDoctor.inspect(copy("bert/adapters/layers-1-3", "layers_to_transform=[1,2,3]"), model)))
                .containsExactly("error | bert.encoder.layer.2.attention.self.query"
                        + " | has no pair, though the configuration means it; so have 1 more"
                        + " | warns, and starts a new pair, which changes nothing until it is trained"
                        + " | Lamella goes by the tensors; load it here and save it again");
    }

    @Test
    void targetsThatMeanNothingOrGoPastTheLayers() {
        assertThat(rows(with("target_modules=[\"query\",\"value\",\"q_proj\"]")))
                .containsExactly("warning | target_modules" + " | names q_proj, which means no module in the file"
                        + " | adapts nothing for it" + " | leave it out, or spell it as the model does");
        assertThat(rows(with(
                        "target_modules=[\"query\",\"value\",\"word_embeddings\"]", "layers_to_transform=[0,1,2,3]")))
                .containsExactly("error | target_modules"
                        + " | names word_embeddings, which is in no layer, beside layers_to_transform"
                        + " | does not adapt word_embeddings" + " | leave it out, or the layers");
        assertThat(rows(copy(
                        "bert/adapters/query-value",
                        "target_modules=[\"query\",\"value\",\"bert.encoder.layer.3.attention.self.query\"]",
                        "layers_to_transform=[0,1,2]")))
                .containsExactly(
                        "error | target_modules"
                                + " | names bert.encoder.layer.3.attention.self.query in full, outside of layers 0, 1, 2"
                                + " | adapts it: a full name goes past layers_to_transform"
                                + " | name the end of the path only",
                        "error | bert.encoder.layer.3.attention.self.value"
                                + " | has a pair that the configuration does not mean" + " | drops it without a word"
                                + " | Lamella goes by the tensors; load it here and save it again");
    }

    @Test
    void patternsThatMeanNothingOrOverlap() {
        assertThat(rows(with("rank_pattern={\"layer.9.attention.self.query\":2}")))
                .containsExactly("warning | rank_pattern"
                        + " | has \"layer.9.attention.self.query\", which no module with a pair is called"
                        + " | gives those modules the value for all; before 0.21 without a warning"
                        + " | write the end of the module's path, as a regular expression");
        assertThat(rows(with("alpha_pattern={\"layer.1.*\":2,\".*query\":4}")))
                .containsExactly("warning | alpha_pattern"
                        + " | .*query and layer.1.* both mean bert.encoder.layer.1.attention.self.query"
                        + " | takes the first, and sorts them when it saves: another one may be the first after"
                        + " that"
                        + " | write patterns of which one alone matches a module; Lamella does when it saves");
        assertThat(rows(with("rank_pattern={\"layer.1.*\":4,\".*query\":2}")))
                .containsExactly(
                        "error | bert.encoder.layer.0.attention.self.query"
                                + " | has rank 4; the configuration says 2; so have 2 more"
                                + " | fails with a size mismatch"
                                + " | Lamella goes by the tensors; load it here and save it again",
                        "warning | rank_pattern"
                                + " | .*query and layer.1.* both mean bert.encoder.layer.1.attention.self.query"
                                + " | takes the first, and sorts them when it saves: another one may be the first after"
                                + " that"
                                + " | write patterns of which one alone matches a module; Lamella does when it saves");
        assertThat(rows(with("rank_pattern={\"(query\":2}")))
                .containsExactly("error | adapter_config.json" + " | cannot be understood: Unclosed group near index 15"
                        + " | fails, or takes it for something else" + " | compare the field with one that PEFT wrote");
    }

    @Test
    void startsThatAreLost() {
        assertThat(rows(with("init_lora_weights=\"pissa_niter_4\"")))
                .containsExactly(
                        "error | init_lora_weights" + " | is \"pissa_niter_4\", whose random start is not in the file"
                                + " | draws another start each time it loads, and so another base model"
                                + " | save it in Python with path_initial_model_for_weight_conversion while the trained"
                                + " model is still in memory");
        assertThat(rows(with("init_lora_weights=\"pissa\"")))
                .containsExactly("warning | init_lora_weights" + " | is \"pissa\", not converted"
                        + " | computes the start again from the base model it finds, and changes that model"
                        + " | save it in Python with path_initial_model_for_weight_conversion, or load it here and"
                        + " save it: Lamella converts");
        assertThat(rows(with("init_lora_weights=\"olora\"")))
                .containsExactly("error | init_lora_weights" + " | is \"olora\", not converted"
                        + " | starts again from the base model it finds, and changes that model"
                        + " | save it in Python with path_initial_model_for_weight_conversion");
    }

    @Test
    void headsPoolersAndEmbeddings() {
        assertThat(rows(tensors(with(), (map, scope) -> map.keySet().removeIf(name -> name.contains("classifier")))))
                .containsExactly("error | modules_to_save"
                        + " | means a head, but the file has no classifier or score: PEFT's conversion of PiSSA"
                        + " loses it" + " | fails with a KeyError"
                        + " | take the head from the training before the conversion, or train again");
        assertThat(rows(with("modules_to_save=[\"classifier\",\"score\",\"clasifier\"]")))
                .containsExactly("warning | modules_to_save" + " | names clasifier, of which the file has nothing"
                        + " | leaves the base model's as it is" + " | spell it as the model does, or leave it out");
        assertThat(rows(tensors(
                        with(),
                        (map, scope) -> map.put(
                                "base_model.model.bert.embeddings.word_embeddings.weight",
                                scope.floats(new float[64], 2, 32)))))
                .containsExactly("error | bert.embeddings.word_embeddings.weight"
                        + " | is in the adapter: the vocabulary was resized, or embeddings were trained"
                        + " | fails with a size mismatch unless the base model was resized alike before"
                        + " | Lamella keeps the base model's vocabulary; load and merge it in Python");
        assertThat(rows(copy("deberta/adapters/query-value")))
                .containsExactly("warning | modules_to_save"
                        + " | has no pooler; DeBERTa's published checkpoints have none either"
                        + " | draws a random pooler whenever it loads, which was frozen in training: answers"
                        + " differ each time"
                        + " | train again with \"pooler\" in modules_to_save; Lamella does; inspect(folder, model)"
                        + " says whether the model has one");
        try (Transformer bare = GoldenTraining.model("deberta", "encoder")) {
            assertThat(rows(AdapterDoctor.inspect(copy("deberta/adapters/query-value"), bare)))
                    .containsExactly("error | Lamella"
                            + " | head must fit encoder, whose pooler.dense.weight is [32, 32]; got none: the model's"
                            + " checkpoint has no pooler, and Hugging Face's random one was not saved with the"
                            + " adapter; train again with \"pooler\" in modules_to_save" + " | may load it"
                            + " | see the message; the adapter cannot be used here");
        }
    }

    @Test
    void tensorsThatDisagreeWithTheConfiguration() {
        assertThat(rows(with("r=8")))
                .containsExactly("error | bert.encoder.layer.0.attention.self.query"
                        + " | has rank 4; the configuration says 8; so have 7 more" + " | fails with a size mismatch"
                        + " | Lamella goes by the tensors; load it here and save it again");
        assertThat(rows(with("r=", "lora_alpha=")))
                .containsExactly(
                        "error | bert.encoder.layer.0.attention.self.query"
                                + " | has rank 4; the configuration says 8; so have 7 more"
                                + " | fails with a size mismatch"
                                + " | Lamella goes by the tensors; load it here and save it again",
                        "warning | r | is not there | takes its default, 8 | write the value it was trained with",
                        "warning | lora_alpha" + " | is not there" + " | takes its default, 8"
                                + " | write the value it was trained with");
        assertThat(rows(tensors(with(), (map, scope) -> map.remove(STEM + "0.attention.self.query.lora_B.weight"))))
                .containsExactly("error | bert.encoder.layer.0.attention.self.query"
                        + " | must have A (r, inputs) and B (outputs, r); got [4, 32] and []"
                        + " | fails, or warns and leaves what is missing as it starts" + " | save the adapter again");
        assertThat(rows(with("use_dora=true")))
                .containsExactly("error | bert.encoder.layer.0.attention.self.query"
                        + " | has no lora_magnitude_vector; use_dora is true; so have 7 more"
                        + " | warns, and takes the base model's" + " | set use_dora as it was trained");
        assertThat(rows(tensors(
                        with(),
                        (map, scope) ->
                                map.put(STEM + "0.attention.self.query.lora_B.weight", scope.full(Double.NaN, 32, 4)))))
                .containsExactly("error | base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight"
                        + " | holds a number that is not finite" + " | loads it; every answer is NaN"
                        + " | the training diverged; take a checkpoint from before");
        assertThat(rows(tensors(with(), (map, scope) -> {
                    map.put("base_model.model.bert.pooler.dense.lora_A.weight", scope.floats(new float[128], 4, 32));
                    map.put("base_model.model.bert.pooler.dense.lora_B.weight", scope.floats(new float[128], 32, 4));
                })))
                .contains("error | bert.pooler.dense | has a pair, and is in no layer | loads it"
                        + " | Lamella adapts layers; load and merge it in Python");
        assertThat(rows(with("r=\"eight\"", "layers_to_transform={}", "target_modules=3", "modules_to_save=7")))
                .containsExactly(
                        "error | r | is \"eight\", not a number above 0 | fails, or scales every pair by it"
                                + " | write the value it was trained with",
                        "error | layers_to_transform | is {}, neither a layer nor a list of layers"
                                + " | fails, or takes it for something else | write the list of layers that have pairs",
                        "error | bert.encoder.layer.0.attention.self.query"
                                + " | has rank 4; the configuration says 8; so have 7 more"
                                + " | fails with a size mismatch"
                                + " | Lamella goes by the tensors; load it here and save it again");
    }

    @Test
    void otherMethodsVariantsAndFields() {
        assertThat(rows(with("peft_type=\"IA3\"")))
                .containsExactly("error | peft_type" + " | is IA3, another method than LoRA" + " | loads it as IA3"
                        + " | Lamella has LoRA, rank-stabilised LoRA, DoRA and PiSSA; train again with one of these");
        assertThat(rows(with("layer_replication=[[0,2],[1,3]]")))
                .containsExactly(
                        "error | layer_replication" + " | is [[0,2],[1,3]]" + " | computes another variant of LoRA"
                                + " | Lamella has LoRA, rank-stabilised LoRA, DoRA and PiSSA; train again without it");
        assertThat(rows(with("bias=\"some\"")))
                .containsExactly("error | Lamella"
                        + " | bias must be \"none\", \"lora_only\" or \"all\"; got \"some\""
                        + " | may load it" + " | see the message; the adapter cannot be used here");
        assertThat(rows(with("a_field=3")))
                .containsExactly("note | a_field" + " | is no field of PEFT 0.21.2" + " | warns and ignores it"
                        + " | see whether a newer PEFT computes something else with it; Lamella keeps it when it"
                        + " saves");
    }

    @Test
    void sizesThatAreNone() {
        assertThat(rows(with("lora_alpha=0")))
                .containsExactly("error | lora_alpha | is 0, not a number above 0 | fails, or scales every pair by it"
                        + " | write the value it was trained with");
        assertThat(rows(with("layers_to_transform=\"0-3\"")))
                .contains("error | layers_to_transform | is \"0-3\", neither a layer nor a list of layers"
                        + " | fails, or takes it for something else | write the list of layers that have pairs");
    }

    @Test
    void anotherBaseModel() {
        try (Transformer other = GoldenTraining.model("deberta", "model")) {
            assertThat(rows(AdapterDoctor.inspect(with(), other)))
                    .containsExactly(
                            "error | bert.encoder.layer.0.attention.self.query"
                                    + " | is no module of model, which has 4 layers of [attention.self.query_proj,"
                                    + " attention.self.key_proj, attention.self.value_proj, attention.output.dense,"
                                    + " intermediate.dense, output.dense]" + " | fails, or drops the pair"
                                    + " | lay it over the model it was trained on: tiny-bert",
                            "warning | target_modules" + " | names query, which means no module of the model"
                                    + " | adapts nothing for it" + " | leave it out, or spell it as the model does",
                            "warning | target_modules" + " | names value, which means no module of the model"
                                    + " | adapts nothing for it" + " | leave it out, or spell it as the model does");
        }
        Path narrow = tensors(
                with(),
                (map, scope) ->
                        map.put(STEM + "0.attention.self.query.lora_A.weight", scope.floats(new float[192], 4, 48)));
        assertThat(rows(AdapterDoctor.inspect(narrow, model)))
                .containsExactly("error | bert.encoder.layer.0.attention.self.query"
                        + " | is for (32, 48); model has (32, 32)" + " | fails, or drops the pair"
                        + " | lay it over the model it was trained on: tiny-bert");
    }

    @Test
    void filesThatAreMissingBrokenOrPickled() throws IOException {
        Path folder = with();
        Files.writeString(folder.resolve("adapter_model.bin"), "x");
        assertThat(rows(folder))
                .containsExactly("note | adapter_model.bin" + " | is a Python pickle beside the safetensors file"
                        + " | reads the safetensors file" + " | delete it: who loads it runs whatever code it holds");
        Files.delete(folder.resolve(FILE));
        assertThat(rows(folder))
                .containsExactly("error | adapter_model.bin"
                        + " | is a Python pickle, which can run code; there is no adapter_model.safetensors"
                        + " | loads it with weights_only=True"
                        + " | load it in Python and save it with safe_serialization=True");
        Path broken = with();
        Files.write(broken.resolve(FILE), new byte[] {1, 2, 3});
        Files.writeString(broken.resolve(CONFIG), "{");
        assertThat(rows(broken))
                .containsExactly(
                        "error | adapter_config.json | is not JSON | fails | save the adapter again",
                        "error | adapter_model.safetensors"
                                + " | file must start with 8 bytes of header length; it has 3 bytes" + " | fails"
                                + " | copy the file again: it is not whole, or not what it is called");
        assertThat(rows(Files.createDirectories(temporary.resolve("nothing"))))
                .containsExactly(
                        "error | adapter_config.json | is missing | fails | save the adapter again",
                        "error | adapter_model.safetensors | is missing | fails | save the adapter again");
        assertThat(rows(temporary.resolve("absent")))
                .containsExactly("error | folder" + " | absent is no folder" + " | looks for the name on the hub"
                        + " | name the folder that holds adapter_config.json");
    }

    private static List<Path> foldersOfPeft() throws IOException {
        try (Stream<Path> versions = Files.list(Golden.path("bert/versions"));
                Stream<Path> variants = Files.list(Golden.path("bert/adapters"))) {
            return Stream.concat(versions, variants)
                    .filter(Files::isDirectory)
                    .filter(path -> !List.of("pissa", "pissa-converted")
                            .contains(path.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("foldersOfPeft")
    void whatPeftItselfSavedIsHealthy(Path folder) {
        String name = folder.getFileName().toString();
        assertThat(AdapterDoctor.inspect(folder).findings().stream().filter(f -> f.severity() != Finding.Severity.NOTE))
                .isEmpty();
        if (!name.equals("encoder")) {
            assertThat(AdapterDoctor.inspect(folder, model).healthy()).isTrue();
        }
    }

    @Test
    void everythingThatLamellaWritesIsHealthyAndNothingIsNoted() {
        try (PeftCheck check = new PeftCheck(Golden.path("peft").resolveSibling(""), temporary)) {
            for (PeftCase each : PeftCase.of(5, PeftCase.VARIANTS.size() * 3)) {
                check.write(each);
                Path folder = temporary.resolve("adapters").resolve(each.name());
                Diagnosis diagnosis = AdapterDoctor.inspect(folder, check.model(each));
                assertThat(rows(diagnosis)).as(each.name()).isEmpty();
            }
        }
    }
}
