// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** The tensors themselves: whole pairs, of the rank and on the modules that the configuration says, finite numbers. */
final class TensorChecks {

    private static final String TRUST = "Lamella goes by the tensors; load it here and save it again";

    private TensorChecks() {}

    static void pairs(Evidence evidence, List<Finding> findings) {
        first(evidence, (path, shapes) -> !shapes.whole())
                .ifPresent(found -> findings.add(Finding.error(
                        found.path(),
                        "must have A (r, inputs) and B (outputs, r); got "
                                + Arrays.toString(found.shapes().down()) + " and "
                                + Arrays.toString(found.shapes().up()) + found.more(),
                        "fails, or warns and leaves what is missing as it starts",
                        "save the adapter again")));
        first(evidence, (path, shapes) -> shapes.whole() && shapes.rank() != rank(evidence, path))
                .ifPresent(found -> findings.add(Finding.error(
                        found.path(),
                        "has rank " + found.shapes().rank() + "; the configuration says " + rank(evidence, found.path())
                                + found.more(),
                        "fails with a size mismatch",
                        TRUST)));
        boolean decomposed = evidence.flag("use_dora");
        first(evidence, (path, shapes) -> shapes.magnitude() != decomposed)
                .ifPresent(found -> findings.add(Finding.error(
                        found.path(),
                        (decomposed
                                        ? "has no lora_magnitude_vector; use_dora is true"
                                        : "has a lora_magnitude_vector; use_dora is not true")
                                + found.more(),
                        decomposed ? "warns, and takes the base model's" : "drops it without a word",
                        "set use_dora as it was trained")));
    }

    /** The first of the pairs that something is true of, and how many more there are. */
    private record Found(String path, Evidence.Shapes shapes, String more) {}

    private static Optional<Found> first(Evidence evidence, BiPredicate<String, Evidence.Shapes> wrong) {
        List<Map.Entry<String, Evidence.Shapes>> all = evidence.pairs().entrySet().stream()
                .filter(pair -> wrong.test(pair.getKey(), pair.getValue()))
                .toList();
        return all.stream().findFirst().map(pair -> new Found(pair.getKey(), pair.getValue(), more(all)));
    }

    private static long rank(Evidence evidence, String path) {
        List<Map.Entry<String, JsonElement>> patterns = evidence.match().patterns("rank_pattern", path);
        return patterns.isEmpty()
                ? (long) evidence.number("r", 8)
                : patterns.get(0).getValue().getAsLong();
    }

    static void layers(Evidence evidence, List<Finding> findings) {
        List<String> outside = evidence.pairs().keySet().stream()
                .filter(path -> !path.matches("(?:.*\\.)?\\d+\\..+") && !OuterPair.on(path))
                .toList();
        if (!outside.isEmpty()) {
            findings.add(Finding.error(
                    outside.get(0),
                    "has a pair, and is in no layer" + more(outside),
                    "loads it",
                    "Lamella adapts layers; load and merge it in Python"));
        }
    }

    static void coverage(Evidence evidence, List<Finding> findings) {
        PeftMatch match = evidence.match();
        if (match.texts("target_modules").isEmpty()
                || match.expression("target_modules")
                        .filter("all-linear"::equals)
                        .isPresent()) {
            return;
        }
        List<String> ignored = evidence.pairs().keySet().stream()
                .filter(path -> !match.targets(path))
                .toList();
        if (!ignored.isEmpty()) {
            findings.add(Finding.error(
                    ignored.get(0),
                    "has a pair that the configuration does not mean" + more(ignored),
                    "drops it without a word",
                    TRUST));
        }
        List<String> missing = evidence.modules().stream()
                .filter(path -> match.targets(path) && !evidence.pairs().containsKey(path))
                .toList();
        if (!missing.isEmpty()) {
            findings.add(Finding.error(
                    missing.get(0),
                    "has no pair, though the configuration means it" + more(missing),
                    "warns, and starts a new pair, which changes nothing until it is trained",
                    TRUST));
        }
        for (int layer : match.layers()) {
            boolean known = evidence.pairs().keySet().stream()
                    .anyMatch(path ->
                            match.layer(path).filter(number -> number == layer).isPresent());
            if (evidence.model().isEmpty() && layer >= 0 && !known) {
                findings.add(Finding.warning(
                        "layers_to_transform",
                        "holds " + layer + "; the file has no pair there",
                        "starts new pairs there, or adapts nothing if there is no such layer",
                        "see whether the layer exists: inspect(folder, model)"));
            }
        }
    }

    private static String more(List<?> paths) {
        return paths.size() == 1 ? "" : "; so have " + (paths.size() - 1) + " more";
    }

    static void numbers(Evidence evidence, List<Finding> findings) {
        for (String name : evidence.file().names()) {
            try (Scope scope = Scope.open()) {
                Tensor tensor = evidence.file().single(name, scope);
                if (tensor.elements() > 0 && !LastGood.finite(List.of(tensor))) {
                    findings.add(Finding.error(
                            name,
                            "holds a number that is not finite",
                            "loads it; every answer is NaN",
                            "the training diverged; take a checkpoint from before"));
                }
            }
            if (!name.startsWith(PeftWriter.PREFIX)) {
                findings.add(Finding.error(
                        name,
                        "does not begin with " + PeftWriter.PREFIX,
                        "drops it without a word",
                        "save the adapter by save_pretrained of the PeftModel"));
            }
        }
    }
}
