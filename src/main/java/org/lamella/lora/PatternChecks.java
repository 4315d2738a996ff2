// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The patterns that give single modules a rank or an alpha of their own. */
final class PatternChecks {

    private PatternChecks() {}

    static void patterns(Evidence evidence, List<Finding> findings) {
        for (String field : List.of("rank_pattern", "alpha_pattern")) {
            JsonElement patterns = evidence.config().get(field);
            if (patterns != null && patterns.isJsonObject()) {
                TreeSet<String> unused =
                        new TreeSet<>(patterns.getAsJsonObject().keySet());
                for (String path : evidence.pairs().keySet()) {
                    List<Map.Entry<String, JsonElement>> matching =
                            evidence.match().patterns(field, path);
                    matching.forEach(entry -> unused.remove(entry.getKey()));
                    overlap(field, path, matching).ifPresent(findings::add);
                }
                unused.forEach(key -> findings.add(Finding.warning(
                        field,
                        "has \"" + key + "\", which no module with a pair is called",
                        "gives those modules the value for all; before 0.21 without a warning",
                        "write the end of the module's path, as a regular expression")));
            }
        }
    }

    // PEFT takes the first key that matches, and sorts the keys when it saves
    private static Optional<Finding> overlap(String field, String path, List<Map.Entry<String, JsonElement>> matching) {
        boolean differ = matching.stream().map(Map.Entry::getValue).distinct().count() > 1;
        if (!differ) {
            return Optional.empty();
        }
        TreeSet<String> keys = new TreeSet<>();
        matching.forEach(entry -> keys.add(entry.getKey()));
        return Optional.of(Finding.warning(
                field,
                String.join(" and ", keys) + " both mean " + path,
                "takes the first, and sorts them when it saves: another one may be the first after that",
                "write patterns of which one alone matches a module; Lamella does when it saves"));
    }
}
