// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.base.Importance;
import org.lamella.base.Sample;

/**
 * What an adapter knows of its making.
 *
 * @param model the base model's name, empty when unknown
 * @param settings the recipe, name to value, in order
 * @param seconds how long the training took, not a number when unknown
 * @param maxTokens where texts were cut
 * @param pickedOn the samples its layers or boundary were picked on
 * @param trainedOn the samples it was trained on
 * @param pickedBy the scores its layers were picked by
 * @param recipe the expression that makes the adapter again
 * @param config the adapter_config.json it was read from, with the fields we do not know; empty for a new one
 */
record Origin(
        String model,
        Map<String, String> settings,
        double seconds,
        int maxTokens,
        List<Sample> pickedOn,
        List<Sample> trainedOn,
        List<Importance> pickedBy,
        String recipe,
        JsonObject config) {

    Origin {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        pickedOn = List.copyOf(pickedOn);
        trainedOn = List.copyOf(trainedOn);
        pickedBy = List.copyOf(pickedBy);
        config = config.deepCopy();
    }

    @Override
    public JsonObject config() {
        return config.deepCopy();
    }

    Origin with(String setting, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(setting, value);
        return new Origin(model, more, seconds, maxTokens, pickedOn, trainedOn, pickedBy, recipe, config);
    }

    Origin alsoPickedOn(Sample sample) {
        List<Sample> more = new ArrayList<>(pickedOn);
        more.add(sample);
        return new Origin(model, settings, seconds, maxTokens, more, trainedOn, pickedBy, recipe, config);
    }

    Origin took(double duration) {
        return new Origin(model, settings, duration, maxTokens, pickedOn, trainedOn, pickedBy, recipe, config);
    }

    /** Returns this with a call at the end of what makes the adapter again. */
    Origin then(String call) {
        String more = recipe + call;
        return new Origin(model, settings, seconds, maxTokens, pickedOn, trainedOn, pickedBy, more, config);
    }
}
