// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lamella.base.Importance;

/** What an adapter brings besides its pairs: the head, a pooler, embeddings. */
final class HeadChecks {

    private static final Set<String> HEADS = Set.of("classifier", "score");
    private static final List<String> EMBEDDINGS =
            List.of("embed_tokens.weight", "word_embeddings.weight", "wte.weight", "lm_head.weight");

    private HeadChecks() {}

    static void saved(Evidence evidence, List<Finding> findings) {
        List<String> names = evidence.match().texts("modules_to_save");
        boolean classifies =
                evidence.text("task_type").filter("SEQ_CLS"::equals).isPresent();
        boolean head = HEADS.stream().anyMatch(name -> has(evidence, name));
        if ((classifies || names.stream().anyMatch(HEADS::contains)) && !head) {
            findings.add(Finding.error(
                    "modules_to_save",
                    "means a head, but the file has no classifier or score: PEFT's conversion of PiSSA loses it",
                    "fails with a KeyError",
                    "take the head from the training before the conversion, or train again"));
        }
        for (String name : names) {
            if (!HEADS.contains(name) && !has(evidence, name)) {
                findings.add(Finding.warning(
                        "modules_to_save",
                        "names " + name + ", of which the file has nothing",
                        "leaves the base model's as it is",
                        "spell it as the model does, or leave it out"));
            }
        }
    }

    private static boolean has(Evidence evidence, String module) {
        return evidence.others().stream()
                .anyMatch(name -> name.startsWith(module + ".") || name.contains("." + module + "."));
    }

    static void pooler(Evidence evidence, List<Finding> findings) {
        boolean deberta = evidence.pairs().keySet().stream().anyMatch(path -> path.startsWith("deberta."))
                || evidence.text("base_model_name_or_path")
                        .filter(name -> name.toLowerCase(Locale.ROOT).contains("deberta"))
                        .isPresent();
        boolean classifies =
                evidence.text("task_type").filter("SEQ_CLS"::equals).isPresent();
        if (deberta
                && classifies
                && !has(evidence, "pooler")
                && evidence.model().isEmpty()) {
            findings.add(Finding.warning(
                    "modules_to_save",
                    "has no pooler; DeBERTa's published checkpoints have none either",
                    "draws a random pooler whenever it loads, which was frozen in training: answers differ each time",
                    "train again with \"pooler\" in modules_to_save; Lamella does; inspect(folder, model) says whether the"
                            + " model has one"));
        }
    }

    static void scores(Evidence evidence, List<Finding> findings) {
        String note = evidence.file().metadata().get(RecordedScores.NOTE);
        if (note != null) {
            for (Importance scores : RecordedScores.parse(PeftWriter.WEIGHTS, note)) {
                findings.add(Finding.note(
                        RecordedScores.NOTE,
                        "says that layers were picked by " + scores,
                        "ignores it",
                        "nothing to do; report on other examples than these"));
            }
        }
    }

    // without a model, a module that was trained whole is taken to be as large as it was
    private static boolean asLargeAsTheBase(Evidence evidence, String name) {
        String module = name.substring(0, name.lastIndexOf('.'));
        boolean trained =
                evidence.match().texts("modules_to_save").stream().anyMatch(saved -> PeftMatch.isMeant(saved, module));
        return evidence.model()
                .map(model -> model.frozen().entrySet().stream()
                        .filter(weight -> weight.getKey().endsWith(name))
                        .anyMatch(weight -> Arrays.equals(
                                weight.getValue().shape(), evidence.file().shape(key(evidence, name)))))
                .orElse(trained);
    }

    // the model has one matrix for both, and its name is that of the embeddings
    private static boolean shared(Evidence evidence, String name) {
        return name.endsWith("lm_head.weight")
                && evidence.model().stream()
                        .flatMap(model -> model.frozen().entrySet().stream())
                        .filter(weight -> EMBEDDINGS.stream().anyMatch(weight.getKey()::endsWith))
                        .anyMatch(weight -> !weight.getKey().endsWith("lm_head.weight")
                                && Arrays.equals(
                                        weight.getValue().shape(),
                                        evidence.file().shape(key(evidence, name))));
    }

    private static String key(Evidence evidence, String name) {
        return evidence.file().names().stream()
                .filter(key -> key.replace(".modules_to_save.default.", ".").endsWith(name))
                .findFirst()
                .orElseThrow();
    }

    static void vocabulary(Evidence evidence, List<Finding> findings) {
        for (String name : evidence.others()) {
            boolean words = EMBEDDINGS.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end));
            if (words && shared(evidence, name)) {
                findings.add(Finding.error(
                        name,
                        "is in the adapter: the matrix of words was trained apart from the embeddings, which are one in the"
                                + " model",
                        "loads it",
                        "Lamella keeps them one; load and merge it in Python"));
            } else if (words && !asLargeAsTheBase(evidence, name)) {
                findings.add(Finding.error(
                        name,
                        "is in the adapter: the vocabulary was resized, or embeddings were trained",
                        "fails with a size mismatch unless the base model was resized alike before",
                        "Lamella keeps the base model's vocabulary; load and merge it in Python"));
            }
        }
    }
}
