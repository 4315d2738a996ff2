// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.base.Provenance;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a protocol says of itself.
 *
 * @param settings one value a setting
 * @param facts what its results must carry: its lines, its quirks, what was chosen where the paper is silent
 */
record GlueNotes(Map<String, String> settings, Map<String, String> facts) {

    static GlueNotes of(GlueProtocol protocol, Switches switches) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("protocol", protocol.toString());
        facts.putAll(switches.facts());
        facts.put(
                "chosen here",
                "measured on validation after the last step"
                        + (protocol.card().equals("glue/mnli-pooled") ? ", matched and mismatched as one" : ""));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("model", protocol.model());
        settings.put("task", protocol.card());
        settings.put("layers", protocol.layers().toString());
        settings.put("recipe", protocol.recipe().toString());
        settings.put("training", protocol.training().toString());
        settings.put("metric", protocol.metric() + " on validation");
        return new GlueNotes(settings, facts);
    }

    Provenance provenance() {
        Provenance provenance = Provenance.of(facts.getOrDefault("protocol", ""));
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            provenance = provenance.with(fact.getKey(), fact.getValue());
        }
        return provenance;
    }

    Table table() {
        Map<String, String> rows = new LinkedHashMap<>(settings);
        rows.putAll(facts);
        return Table.create(
                facts.getOrDefault("protocol", ""),
                StringColumn.create("setting", rows.keySet()),
                StringColumn.create("value", rows.values()));
    }
}
