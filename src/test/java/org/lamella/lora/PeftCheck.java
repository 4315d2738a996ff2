// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamella.model.Batch;
import org.lamella.model.Head;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * Writes cases as PEFT folders, with what the models answer under them. {@code environment/peft-check} runs it and lets
 * PEFT answer too; {@link PeftContractTest} compares with answers that PEFT gave.
 */
final class PeftCheck implements AutoCloseable {

    private final Path golden;
    private final Path folder;
    private final Map<PeftBase, Transformer> models = new HashMap<>();

    PeftCheck(Path golden, Path folder) {
        this.golden = golden;
        this.folder = folder;
    }

    /** {@code GOLDEN-FOLDER FOLDER SEED COUNT}: writes cases.json, ours.safetensors, bases/ and adapters/. */
    public static void main(String[] words) throws IOException {
        Path folder = Path.of(words[1]);
        List<PeftCase> cases = PeftCase.of(Long.parseLong(words[2]), Integer.parseInt(words[3]));
        JsonArray told = new JsonArray();
        try (PeftCheck check = new PeftCheck(Path.of(words[0]), folder);
                Scope scope = Scope.open()) {
            Map<String, Tensor> answers = new TreeMap<>();
            for (PeftCase each : cases) {
                Answer answer = check.write(each);
                answers.put(each.name(), scope.floats(answer.loaded(), answer.loaded().length));
                told.add(check.told(each, answer));
            }
            SafeTensors.write(folder.resolve("ours.safetensors"), answers, Map.of());
        }
        Files.writeString(
                folder.resolve("cases.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(told));
    }

    private JsonObject told(PeftCase each, Answer answer) {
        JsonObject json = new JsonObject();
        json.addProperty("name", each.name());
        json.addProperty("family", each.base().family());
        json.addProperty("base", each.base().name());
        json.addProperty("outputs", each.outputs());
        json.addProperty("fingerprint", answer.fingerprint());
        return json;
    }

    /**
     * What came of a case.
     *
     * @param fingerprint of what was written
     * @param made the answer under the adapter as it was made
     * @param loaded the answer under the adapter read from its folder
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Answer(String fingerprint, float[] made, float[] loaded) {}

    /** Returns the base model of a case, loaded once. */
    Transformer model(PeftCase each) {
        return models.computeIfAbsent(
                each.base(), base -> Transformer.load(base.write(golden, folder.resolve("bases"))));
    }

    Answer write(PeftCase each) {
        Transformer model = model(each);
        Path place = folder.resolve("adapters").resolve(each.name());
        float[] made;
        try (Adapter adapter = each.adapter(model)) {
            each.save(adapter, place);
            made = answer(each, model.with(adapter));
        }
        try (Adapter loaded = Adapter.load(place)) {
            return new Answer(fingerprint(place), made, answer(each, model.with(loaded)));
        }
    }

    private float[] answer(PeftCase each, Transformer adapted) {
        try (SafeTensors file = SafeTensors.open(
                        golden.resolve(each.base().family()).resolve("adapters/expected.safetensors"));
                Scope scope = Scope.open()) {
            PaddedBatch padded = new PaddedBatch(file, "batch.", scope);
            Batch batch = padded.batch(scope);
            Optional<Head> head = adapted.head();
            if (head.isPresent()) {
                return adapted.pass()
                        .answer(batch, adapted.overlay(), head.get(), scope)
                        .floats();
            }
            List<Tensor> states = adapted.pass().states(batch, adapted.overlay(), scope);
            return states.get(adapted.depth()).floats();
        }
    }

    /** Returns a hash of all that PEFT reads of a folder: the configuration and the tensors, not our notes about them. */
    static String fingerprint(Path folder) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(Files.readAllBytes(folder.resolve("adapter_config.json")));
            byte[] file = Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
            int start = 8
                    + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
            JsonObject header =
                    new Gson().fromJson(new String(file, 8, start - 8, StandardCharsets.UTF_8), JsonObject.class);
            header.remove("__metadata__");
            for (String name : new java.util.TreeSet<>(header.keySet())) {
                JsonObject entry = header.getAsJsonObject(name);
                String line = name + " " + entry.get("dtype").getAsString() + " " + entry.get("shape") + " "
                        + entry.get("data_offsets") + "\n";
                hash.update(line.getBytes(StandardCharsets.UTF_8));
            }
            hash.update(Arrays.copyOfRange(file, start, file.length));
            return HexFormat.of().formatHex(hash.digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        models.values().forEach(Transformer::close);
    }
}
