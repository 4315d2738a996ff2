// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.Set;

/** The fields of an adapter_config.json as PEFT 0.21.2 writes them when nobody sets them. */
final class PeftDefaults {

    private static final String FIELDS = """
            {"alora_invocation_tokens": null, "alpha_pattern": {}, "arrow_config": null, "auto_mapping": null,
             "base_model_name_or_path": null, "bias": "none", "corda_config": null, "ensure_weight_tying": false,
             "eva_config": null, "exclude_modules": null, "fan_in_fan_out": false, "inference_mode": true,
             "init_lora_weights": true, "kasa_config": null, "layer_replication": null, "layers_pattern": null,
             "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 8, "lora_bias": false, "lora_dropout": 0.0,
             "lora_ga_config": null, "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null,
             "monteclora_config": null, "peft_type": "LORA", "peft_version": "0.21.2", "qalora_group_size": 16, "r": 8,
             "rank_pattern": {}, "revision": null, "target_modules": null, "target_parameters": null, "task_type": null,
             "trainable_token_indices": null, "use_bdlora": null, "use_dora": false, "use_qalora": false,
             "use_rslora": false, "velora_config": null}
            """;

    private PeftDefaults() {}

    /** Returns the names of all fields. */
    static Set<String> fields() {
        return new Gson().fromJson(FIELDS, JsonObject.class).keySet();
    }

    /** Adds every field that is missing. */
    static void fill(JsonObject config) {
        JsonObject defaults = new Gson().fromJson(FIELDS, JsonObject.class);
        defaults.entrySet().forEach(field -> {
            if (!config.has(field.getKey())) {
                config.add(field.getKey(), field.getValue());
            }
        });
    }
}
