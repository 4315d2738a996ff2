// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;

/**
 * What an adapter's folder says, read without believing it: configuration, names and shapes of the tensors, and the model
 * where there is one.
 */
final class Evidence {

    /** The shapes of a pair; a tensor that is not there has none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Shapes(long[] down, long[] up, boolean magnitude) {
        boolean whole() {
            return down.length == 2 && up.length == 2 && down[0] == up[1];
        }

        long rank() {
            return down.length == 2 ? down[0] : -1;
        }
    }

    private static final Pattern PAIR =
            Pattern.compile("(.+)\\.lora_(?:embedding_)?(A|B|magnitude_vector)(?:\\.default)?(?:\\.weight)?");

    private final JsonObject config;
    private final SafeTensors file;
    private final Optional<Transformer> model;
    private final TreeMap<String, Shapes> pairs = new TreeMap<>();
    private final TreeSet<String> others = new TreeSet<>();

    Evidence(JsonObject config, SafeTensors file, Optional<Transformer> model) {
        this.config = config;
        this.file = file;
        this.model = model;
        file.names().forEach(this::sort);
    }

    private void sort(String key) {
        String path = key.startsWith(PeftWriter.PREFIX) ? key.substring(PeftWriter.PREFIX.length()) : key;
        Matcher pair = PAIR.matcher(path);
        if (!pair.matches()) {
            others.add(path.replace(".modules_to_save.default.", "."));
            return;
        }
        Shapes known = pairs.getOrDefault(pair.group(1), new Shapes(new long[0], new long[0], false));
        pairs.put(
                pair.group(1),
                switch (pair.group(2)) {
                    case "A" -> new Shapes(file.shape(key), known.up(), known.magnitude());
                    case "B" -> new Shapes(known.down(), file.shape(key), known.magnitude());
                    default -> new Shapes(known.down(), known.up(), true);
                });
    }

    JsonObject config() {
        return config;
    }

    SafeTensors file() {
        return file;
    }

    Optional<Transformer> model() {
        return model;
    }

    PeftMatch match() {
        return new PeftMatch(config);
    }

    /** Returns the shapes of the pairs by the path of their module. */
    Map<String, Shapes> pairs() {
        return pairs;
    }

    /** Returns the names of the tensors that belong to no pair. */
    Set<String> others() {
        return others;
    }

    /** Returns whether our own note says that the pair in the file stands for none. */
    boolean silent() {
        String layers = file.metadata().getOrDefault("lamella.layers", "1");
        return layers.indexOf('1') < 0;
    }

    /** Returns the paths of every module that could have a pair, as the file calls them; without a model those with one. */
    Collection<String> modules() {
        if (model.isEmpty()) {
            return pairs.keySet();
        }
        List<String> paths = new ArrayList<>();
        Transformer base = model.get();
        for (int layer = 0; layer < base.depth(); layer++) {
            for (var linear : base.linears()) {
                paths.add(shortened(base.modulePath(layer, linear)));
            }
        }
        return paths;
    }

    // an adapter of an encoder alone calls bert.encoder.layer only encoder.layer
    private String shortened(String path) {
        String first = path.substring(0, path.indexOf('.') + 1);
        boolean whole = pairs.isEmpty() || pairs.keySet().stream().anyMatch(pair -> pair.startsWith(first));
        return whole ? path : path.substring(first.length());
    }

    /** Returns the model's depth, of our note where there is no model; 0 when nobody says it. */
    int depth() {
        String note = file.metadata().getOrDefault("lamella.depth", "0");
        return model.map(Transformer::depth).orElse(note.matches("\\d{1,5}") ? Integer.parseInt(note) : 0);
    }

    Optional<String> text(String field) {
        return match().expression(field);
    }

    boolean flag(String field) {
        return config.has(field)
                && config.get(field).isJsonPrimitive()
                && config.get(field).getAsString().equals("true");
    }

    /** Returns a number of the configuration; without it, what PEFT takes. */
    double number(String field, double otherwise) {
        boolean there = config.has(field)
                && config.get(field).isJsonPrimitive()
                && config.getAsJsonPrimitive(field).isNumber();
        return there ? config.get(field).getAsDouble() : otherwise;
    }
}
