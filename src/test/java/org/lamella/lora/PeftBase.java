// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * A base model of the cases: a golden model as it is, in a 16-bit type, or of three times its layers.
 *
 * @param family bert, roberta or deberta
 * @param kind a golden model ({@code model}, {@code regression}, {@code encoder}) or {@code deep}: the first with 12 layers
 * @param stored the type of its weights in the file
 */
record PeftBase(String family, String kind, DType stored) {

    /** Every family in every kind. */
    static final List<PeftBase> SINGLE = Stream.of("bert", "roberta", "deberta")
            .flatMap(family -> Stream.of("model", "regression", "encoder", "deep")
                    .map(kind -> new PeftBase(family, kind, DType.F32)))
            .toList();

    private static final Pattern LAYER = Pattern.compile("(.*\\.layer\\.)(\\d+)(\\..*)");
    private static final Script SCRIPT = Script.compile("""
            def to(self, x: Tensor, type: int) -> Tensor:
              return torch.to(x, type)
            """);

    PeftBase stored(DType type) {
        return new PeftBase(family, kind, type);
    }

    String name() {
        return family + "-" + kind + "-" + stored.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Returns how many layers of this model stand for one of the golden model's. */
    private int times() {
        return kind.equals("deep") ? 3 : 1;
    }

    /** Writes the model's folder, once, and returns it. */
    Path write(Path golden, Path bases) {
        Path source = golden.resolve(family).resolve(kind.equals("deep") ? "model" : kind);
        Path folder = bases.resolve(name());
        if (Files.exists(folder.resolve("model.safetensors"))) {
            return folder;
        }
        try (Scope scope = Scope.open();
                Stream<Path> files = Files.list(source)) {
            Files.createDirectories(folder);
            for (Path file :
                    files.filter(file -> !file.endsWith("model.safetensors")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
            config(folder.resolve("config.json"));
            SafeTensors weights = SafeTensors.open(source);
            SafeTensors.write(folder.resolve("model.safetensors"), tensors(weights, scope), weights.metadata());
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void config(Path file) throws IOException {
        JsonObject config = new Gson().fromJson(Files.readString(file), JsonObject.class);
        config.addProperty(
                "num_hidden_layers", times() * config.get("num_hidden_layers").getAsInt());
        Files.writeString(file, new Gson().toJson(config));
    }

    private Map<String, Tensor> tensors(SafeTensors weights, Scope scope) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : weights.names()) {
            Tensor tensor = cast(weights.tensor(name, scope), stored, scope);
            Matcher layer = LAYER.matcher(name);
            for (int copy = 0; copy < times(); copy++) {
                String place = layer.matches()
                        ? layer.group(1) + (Integer.parseInt(layer.group(2)) + 4 * copy) + layer.group(3)
                        : name;
                tensors.put(place, tensor);
            }
        }
        return tensors;
    }

    /** Returns a tensor in another floating type; whole numbers stay as they are. */
    static Tensor cast(Tensor tensor, DType type, Scope owner) {
        long code =
                switch (type) {
                    case F16 -> 5;
                    case BF16 -> 15;
                    default -> 6;
                };
        return tensor.dtype() == DType.F32 && type != DType.F32
                ? SCRIPT.call("to").with(tensor).with(code).one(owner)
                : tensor;
    }
}
