// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What method an adapter is of, where its training started, and fields that nobody knows. */
final class MethodChecks {

    static final String OURS = "Lamella has LoRA, rank-stabilised LoRA, DoRA and PiSSA";

    // fields whose mere presence makes another model of it
    static final List<String> OTHER = List.of(
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "layer_replication",
            "monteclora_config",
            "target_parameters",
            "trainable_token_indices",
            "use_bdlora",
            "velora_config");
    private static final List<String> FLAGS = List.of("fan_in_fan_out", "lora_bias", "use_qalora");

    private MethodChecks() {}

    static void method(Evidence evidence, List<Finding> findings) {
        String method = evidence.text("peft_type").orElse("nothing");
        if (!method.equals("LORA")) {
            findings.add(Finding.error(
                    "peft_type",
                    "is " + method + ", another method than LoRA",
                    "loads it as " + method,
                    OURS + "; train again with one of these"));
            return;
        }
        for (String field : FLAGS) {
            if (evidence.flag(field)) {
                findings.add(other(field, "is true"));
            }
        }
        for (String field : OTHER) {
            if (holdsSomething(evidence.config().get(field))) {
                findings.add(other(field, "is " + evidence.config().get(field)));
            }
        }
        for (String field : List.of("r", "lora_alpha")) {
            if (!evidence.config().has(field)) {
                findings.add(Finding.warning(
                        field, "is not there", "takes its default, 8", "write the value it was trained with"));
            }
            wrongSize(evidence.config(), field)
                    .ifPresent(wrong -> findings.add(Finding.error(
                            field,
                            "is " + wrong + ", not a number above 0",
                            "fails, or scales every pair by it",
                            "write the value it was trained with")));
        }
        wrongLayers(evidence.config())
                .ifPresent(wrong -> findings.add(Finding.error(
                        "layers_to_transform",
                        "is " + wrong + ", neither a layer nor a list of layers",
                        "fails, or takes it for something else",
                        "write the list of layers that have pairs")));
    }

    /** Returns whether a configuration says that it is LoRA's. */
    static boolean isLora(JsonObject config) {
        return new PeftMatch(config)
                .expression("peft_type")
                .filter("LORA"::equals)
                .isPresent();
    }

    /** Returns what stands where a rank or an alpha should, if it is no number above 0. */
    static Optional<JsonElement> wrongSize(JsonObject config, String field) {
        return Optional.ofNullable(config.get(field)).filter(value -> !number(value) || !positive(value.getAsDouble()));
    }

    /** Returns what stands where layers should, if it is neither nothing nor one nor a list of them. */
    static Optional<JsonElement> wrongLayers(JsonObject config) {
        return Optional.ofNullable(config.get("layers_to_transform"))
                .filter(value -> !value.isJsonNull() && !number(value) && !numbers(value));
    }

    private static boolean number(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static boolean numbers(JsonElement value) {
        return value.isJsonArray() && value.getAsJsonArray().asList().stream().allMatch(MethodChecks::number);
    }

    private static boolean positive(double number) {
        return number > 0 && number < Double.POSITIVE_INFINITY;
    }

    private static Finding other(String field, String problem) {
        return Finding.error(field, problem, "computes another variant of LoRA", OURS + "; train again without it");
    }

    static boolean holdsSomething(@Nullable JsonElement value) {
        return value != null
                && !value.isJsonNull()
                && !(value.isJsonArray() && value.getAsJsonArray().isEmpty())
                && !(value.isJsonObject() && value.getAsJsonObject().size() == 0)
                && !(value.isJsonPrimitive() && value.getAsString().equals("false"));
    }

    static void start(Evidence evidence, List<Finding> findings) {
        String start = evidence.text("init_lora_weights").orElse("");
        String convert = "save it in Python with path_initial_model_for_weight_conversion";
        if (start.startsWith("pissa_niter_")) {
            findings.add(Finding.error(
                    "init_lora_weights",
                    "is \"" + start + "\", whose random start is not in the file",
                    "draws another start each time it loads, and so another base model",
                    convert + " while the trained model is still in memory"));
        } else if (start.equals("pissa")) {
            findings.add(Finding.warning(
                    "init_lora_weights",
                    "is \"pissa\", not converted",
                    "computes the start again from the base model it finds, and changes that model",
                    convert + ", or load it here and save it: Lamella converts"));
        } else if (Set.of("olora", "corda", "lora_ga", "loftq", "mica").contains(start)) {
            findings.add(Finding.error(
                    "init_lora_weights",
                    "is \"" + start + "\", not converted",
                    "starts again from the base model it finds, and changes that model",
                    convert));
        }
    }

    static void fields(Evidence evidence, List<Finding> findings) {
        Set<String> unknown = new TreeSet<>(evidence.config().keySet());
        unknown.removeAll(PeftDefaults.fields());
        unknown.removeAll(Set.of("eva_config", "enable_lora", "merge_weights", "runtime_config", "use_mora"));
        for (String field : unknown) {
            findings.add(Finding.note(
                    field,
                    "is no field of PEFT 0.21.2",
                    "warns and ignores it",
                    "see whether a newer PEFT computes something else with it; Lamella keeps it when it saves"));
        }
    }
}
