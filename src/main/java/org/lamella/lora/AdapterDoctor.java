// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.lamella.base.Names;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;

/**
 * Says what is wrong with anyone's adapter: what PEFT would do silently, what it would refuse, and what belongs to another
 * base model. It reports and never throws for what a folder holds; nothing in the folder is changed.
 */
public final class AdapterDoctor {

    private static final List<BiConsumer<Evidence, List<Finding>>> CHECKS = List.of(
            MethodChecks::start,
            MethodChecks::fields,
            LayerChecks::layers,
            LayerChecks::targets,
            PatternChecks::patterns,
            TensorChecks::layers,
            TensorChecks::pairs,
            TensorChecks::coverage,
            TensorChecks::numbers,
            HeadChecks::saved,
            HeadChecks::pooler,
            HeadChecks::vocabulary,
            HeadChecks::scores,
            ModelChecks::shapes);

    private AdapterDoctor() {}

    /**
     * Returns what is wrong with a folder as far as it can be told without its base model. Every tensor is read once.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     */
    public static Diagnosis inspect(Path folder) {
        return inspect(folder, Optional.empty());
    }

    /**
     * Returns what is wrong with a folder, and with laying it over a model.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     * @param model what the adapter is to be laid over
     */
    public static Diagnosis inspect(Path folder, Transformer model) {
        return inspect(folder, Optional.of(model.base()));
    }

    private static Diagnosis inspect(Path folder, Optional<Transformer> model) {
        List<Finding> findings = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            findings.add(Finding.error(
                    "folder",
                    folder.getFileName() + " is no folder",
                    "looks for the name on the hub",
                    "name the folder that holds " + PeftWriter.CONFIG));
            return new Diagnosis(findings);
        }
        Optional<JsonObject> config = config(folder, findings);
        Optional<SafeTensors> opened = tensors(folder, findings);
        try (SafeTensors file = opened.orElse(null)) {
            if (config.isPresent() && file != null) {
                Evidence evidence = new Evidence(config.get(), file, model);
                run(MethodChecks::method, evidence, findings);
                if (MethodChecks.isLora(config.get())) { // the fields of other methods mean something else
                    CHECKS.forEach(check -> run(check, evidence, findings));
                    refusal(folder, model, findings);
                }
            }
        }
        return new Diagnosis(findings);
    }

    // a check that trips over what the folder holds must not keep the others from looking
    private static void run(BiConsumer<Evidence, List<Finding>> check, Evidence evidence, List<Finding> findings) {
        try {
            check.accept(evidence, findings);
        } catch (RuntimeException e) {
            findings.add(Finding.error(
                    PeftWriter.CONFIG,
                    "cannot be understood: "
                            + Names.shortened(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")),
                    "fails, or takes it for something else",
                    "compare the field with one that PEFT wrote"));
        }
    }

    private static Optional<JsonObject> config(Path folder, List<Finding> findings) {
        String problem;
        try {
            JsonElement element =
                    new Gson().fromJson(Files.readString(folder.resolve(PeftWriter.CONFIG)), JsonElement.class);
            if (element != null && element.isJsonObject()) {
                return Optional.of(element.getAsJsonObject());
            }
            problem = "holds no JSON object";
        } catch (JsonParseException e) {
            problem = "is not JSON";
        } catch (IOException e) {
            problem = Files.exists(folder.resolve(PeftWriter.CONFIG)) ? "cannot be read" : "is missing";
        }
        findings.add(Finding.error(PeftWriter.CONFIG, problem, "fails", "save the adapter again"));
        return Optional.empty();
    }

    private static Optional<SafeTensors> tensors(Path folder, List<Finding> findings) {
        Path weights = folder.resolve(PeftWriter.WEIGHTS);
        boolean pickle = Files.exists(folder.resolve("adapter_model.bin"));
        if (pickle) {
            findings.add(
                    Files.exists(weights)
                            ? Finding.note(
                                    "adapter_model.bin",
                                    "is a Python pickle beside the safetensors file",
                                    "reads the safetensors file",
                                    "delete it: who loads it runs whatever code it holds")
                            : Finding.error(
                                    "adapter_model.bin",
                                    "is a Python pickle, which can run code; there is no " + PeftWriter.WEIGHTS,
                                    "loads it with weights_only=True",
                                    "load it in Python and save it with safe_serialization=True"));
        }
        if (!Files.exists(weights)) {
            if (!pickle) {
                findings.add(Finding.error(PeftWriter.WEIGHTS, "is missing", "fails", "save the adapter again"));
            }
            return Optional.empty();
        }
        try {
            return Optional.of(SafeTensors.open(weights));
        } catch (RuntimeException e) {
            findings.add(Finding.error(
                    PeftWriter.WEIGHTS,
                    said(e),
                    "fails",
                    "copy the file again: it is not whole, or not what it is called"));
            return Optional.empty();
        }
    }

    // what no check has seen, and our own reader still refuses
    private static void refusal(Path folder, Optional<Transformer> model, List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR)) {
            return;
        }
        try (Adapter adapter = Adapter.load(folder)) {
            model.ifPresent(base -> base.with(adapter));
        } catch (RuntimeException e) {
            findings.add(Finding.error(
                    "Lamella", said(e), "may load it", "see the message; the adapter cannot be used here"));
        }
    }

    private static String said(RuntimeException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^\\[[^\\]]*\\] ", "");
    }
}
