// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.lamella.base.Names;

/**
 * Named tensors and metadata in a GGUF file, the form in which llama.cpp keeps models: version 2 or 3, with numbers as
 * F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1 or Q8_0.
 *
 * <p>Opening reads and checks the header only. Plain numbers are views of the mapped file; quantised ones are turned
 * into single precision when a tensor is asked for, with the bits that Python's gguf gives, about 0.2 s a hundred
 * million. Names and the order of rows are llama.cpp's own.
 *
 * <p>Metadata are asked for by key and kind: a key that is not there is empty, a value of another kind an error.
 */
public final class Gguf implements TensorFile {

    private final FileMaps maps = new FileMaps();
    private final GgufHeader header;

    private Gguf(GgufHeader header) {
        this.header = header;
    }

    /**
     * Opens a file.
     *
     * @throws org.lamella.base.FormatException if it is not a GGUF file, not a whole one, or has a tensor of a type that
     *     is not read here
     */
    public static Gguf open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("weights must be a GGUF file; got " + file + ", which is no file");
        }
        return new Gguf(GgufHeader.read(file));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    /** Returns the type that {@link #tensor} has: single precision for quantised ones. */
    @Override
    public DType dtype(String name) {
        return entry(name).type().dtype();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /** Returns how the file holds a tensor, as llama.cpp calls it, for instance {@code Q4_1}. */
    public String form(String name) {
        return entry(name).type().name();
    }

    @Override
    public long bytes() {
        return header.entries().values().stream()
                .mapToLong(GgufHeader.Entry::bytes)
                .sum();
    }

    @Override
    public Tensor tensor(String name, Scope owner) {
        GgufHeader.Entry entry = entry(name);
        try (Scope scratch = Scope.open()) {
            return Functions.place(tensor(entry, scratch), owner);
        }
    }

    private Tensor tensor(GgufHeader.Entry entry, Scope scratch) {
        DType dtype = entry.type().dtype();
        if (entry.bytes() == 0) {
            return Functions.empty(dtype, entry.shape(), scratch);
        }
        if (!entry.type().quantised()) {
            return maps.view(header.path(), header.size(), dtype, entry.start(), entry.shape(), scratch);
        }
        long width = entry.type().bytes();
        long blocks = entry.bytes() / width;
        Tensor bytes =
                maps.view(header.path(), header.size(), DType.U8, entry.start(), new long[] {blocks, width}, scratch);
        Tensor halves = maps.view(
                header.path(), header.size(), DType.F16, entry.start(), new long[] {blocks, width / 2}, scratch);
        return GgufBlocks.numbers(entry.type(), bytes, halves, entry.shape(), scratch);
    }

    @Override
    public Tensor single(String name, Scope owner) {
        if (dtype(name) == DType.F32) {
            return tensor(name, owner);
        }
        try (Scope scratch = Scope.open()) {
            return Functions.call("single").with(tensor(name, scratch)).one(owner);
        }
    }

    /** Returns all metadata in the file's order; of a list how many of what it holds, {@code 49152 x string}. */
    @Override
    public Map<String, String> metadata() {
        Map<String, String> texts = new LinkedHashMap<>();
        header.values().forEach((key, value) -> texts.put(key, value.toString()));
        return Collections.unmodifiableMap(texts);
    }

    /** Returns a text of the metadata. */
    public Optional<String> text(String key) {
        return value(key).map(GgufValue::text);
    }

    /** Returns a whole number of the metadata. */
    public OptionalLong whole(String key) {
        return value(key).map(value -> OptionalLong.of(value.whole())).orElse(OptionalLong.empty());
    }

    /** Returns a number of the metadata, whole or not. */
    public OptionalDouble number(String key) {
        return value(key).map(value -> OptionalDouble.of(value.number())).orElse(OptionalDouble.empty());
    }

    /** Returns a truth value of the metadata. */
    public Optional<Boolean> flag(String key) {
        return value(key).map(GgufValue::flag);
    }

    /** Returns how many items a list of the metadata has; 0 when there is none. */
    public long count(String key) {
        return value(key).map(value -> Math.max(0, value.count())).orElse(0L);
    }

    /** Returns a list of texts of the metadata. */
    public Optional<List<String>> texts(String key) {
        return value(key).map(GgufValue::texts);
    }

    /** Returns a list of whole numbers of the metadata. */
    public Optional<long[]> wholes(String key) {
        return value(key).map(GgufValue::wholes);
    }

    /** Returns a list of numbers of the metadata. */
    public Optional<double[]> numbers(String key) {
        return value(key).map(GgufValue::numbers);
    }

    private Optional<GgufValue> value(String key) {
        return Optional.ofNullable(header.values().get(key));
    }

    /** Lets the map of the file go; tensors taken from it stay. Asked for another tensor, it maps the file again. */
    @Override
    public void close() {
        maps.close();
    }

    private GgufHeader.Entry entry(String name) {
        GgufHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException("tensor must be one of the "
                    + header.entries().size() + " in " + header.name() + "; got \"" + name + "\""
                    + Names.didYouMean(name, header.entries().keySet()));
        }
        return entry;
    }

    /** Returns where it was read from and how many tensors it holds. */
    @Override
    public String toString() {
        return header.path() + ", " + header.entries().size() + " tensors, " + bytes() + " bytes";
    }
}
