// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * Finds an architecture's weights in a file by the names they may have: with or without the prefix, with the old names
 * of norm weights.
 */
final class WeightsFile {

    /** What a model's folder holds the weights in. */
    static final String FILE = "model.safetensors";

    private final TensorFile file;
    private final String fileName;
    private final Architecture architecture;
    private final DType dtype;
    private final Scope owner;
    private final boolean prefixed;
    // a weight may be asked for twice: the table of embeddings that is the matrix of words, too
    private final Map<String, Tensor> made = new HashMap<>();

    /** Finds weights in an open file of that name, to be of that type; the tensors belong to the scope. */
    WeightsFile(TensorFile file, String fileName, Architecture architecture, DType dtype, Scope owner) {
        this.dtype = dtype;
        this.file = file;
        this.fileName = fileName;
        this.architecture = architecture;
        this.owner = owner;
        prefixed = file.names().stream().anyMatch(name -> name.startsWith(architecture.prefix()));
    }

    static SafeTensors open(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.noneMatch(file -> file.toString().contains(".safetensors"))) {
                boolean pickled = Files.isRegularFile(folder.resolve("pytorch_model.bin"));
                throw new FormatException(
                        FILE,
                        "must be in the model's folder; found none"
                                + (pickled
                                        ? "; pytorch_model.bin is a Python pickle, which can run code and is not read:"
                                                + " load it in Python and save it with safe_serialization=True"
                                        : ""));
            }
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
        return SafeTensors.open(folder);
    }

    /** Returns weights of the encoder, which are named without the prefix. */
    List<Tensor> encoder(List<Architecture.Weight> weights, String path) {
        return weights.stream()
                .map(weight -> tensor(weight.under(architecture.prefix() + path)))
                .toList();
    }

    /** Returns a weight that is named in full. */
    Tensor whole(Architecture.Weight weight) {
        return tensor(weight);
    }

    /** Returns what stands before the head; nothing when the family or the file has none. */
    List<Tensor> pooler() {
        List<Architecture.Weight> weights = architecture.pooler();
        boolean present = weights.stream().anyMatch(weight -> file.names().contains(place(weight.name())));
        return present ? weights.stream().map(this::tensor).toList() : List.of();
    }

    /** Returns what says which word comes next; nothing when the family or the file has none. */
    List<Tensor> language() {
        List<Architecture.Weight> weights = architecture.language();
        boolean present = weights.stream().allMatch(weight -> file.names().contains(place(weight.name())));
        return present ? weights.stream().map(this::tensor).toList() : List.of();
    }

    /** Returns the dtype in the file of a weight of the encoder. */
    DType dtype(Architecture.Weight weight) {
        return file.dtype(place(architecture.prefix() + weight.name()));
    }

    /** Returns the file's own head, if it has one and the pooler that the head reads. */
    Optional<Head> head(Config config, List<Tensor> pooler) {
        String answering = architecture.head(1).stream()
                .filter(weight -> weight.shape().size() == 2)
                .reduce((before, last) -> last)
                .orElseThrow()
                .name();
        boolean lacksPooler = !architecture.pooler().isEmpty() && pooler.isEmpty();
        if (!file.names().contains(answering) || lacksPooler) {
            return Optional.empty();
        }
        int outputs = (int) file.shape(answering)[0];
        List<String> labels = outputs == 1 ? List.of() : config.labels().orElseGet(() -> Head.unnamedLabels(outputs));
        if (outputs != 1 && labels.size() != outputs) {
            throw new FormatException(
                    "config.json",
                    "id2label must name " + outputs + " labels, as " + answering + " has in " + fileName + "; got "
                            + labels);
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        for (Architecture.Weight weight : architecture.head(outputs)) {
            parameters.put(weight.name(), single(weight));
        }
        return Optional.of(Head.of(labels, parameters));
    }

    private Tensor tensor(Architecture.Weight weight) {
        return made.computeIfAbsent(required(weight), this::read);
    }

    // a head is in single precision whatever the weights are in
    private Tensor single(Architecture.Weight weight) {
        return file.single(required(weight), owner);
    }

    private Tensor read(String place) {
        if (dtype == DType.F32) {
            return file.single(place, owner);
        }
        if (file.dtype(place) == dtype) {
            return file.tensor(place, owner);
        }
        try (Scope scratch = Scope.open()) {
            return file.single(place, scratch).to(dtype, owner);
        }
    }

    private String required(Architecture.Weight weight) {
        String place = place(weight.name());
        if (!file.names().contains(place)) {
            throw new FormatException(
                    fileName,
                    place + " must be there for a model of type " + architecture.type() + "; got "
                            + file.names().size() + " tensors without it");
        }
        List<Long> got = Arrays.stream(file.shape(place)).boxed().toList();
        if (!got.equals(weight.shape())) {
            throw new FormatException(
                    fileName,
                    place + " must have shape " + weight.shape() + ", as the model's configuration says; got " + got);
        }
        return place;
    }

    private String place(String weight) {
        String prefix = architecture.prefix();
        String full = !prefixed && weight.startsWith(prefix) ? weight.substring(prefix.length()) : weight;
        String old = full.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return !file.names().contains(full) && file.names().contains(old) ? old : full;
    }
}
