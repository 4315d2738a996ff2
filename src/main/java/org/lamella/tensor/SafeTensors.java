// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lamella.base.Names;

/**
 * Named tensors in safetensors files, the form in which Hugging Face keeps weights.
 *
 * <p>Opening reads and checks the headers only. A tensor is a view of the mapped file: nothing is copied, files may be
 * larger than the heap and than 2 GB, and pages are read when first used. The file must not be changed in place while
 * views of it are open; {@link #write} replaces it instead.
 */
public final class SafeTensors implements TensorFile {

    private record Place(SafeTensorsFile file, SafeTensorsFile.Entry entry) {}

    private final FileMaps maps = new FileMaps();
    private final Path source;
    private final TreeMap<String, Place> places = new TreeMap<>();
    private final TreeMap<String, String> metadata = new TreeMap<>();

    private SafeTensors(Path source) {
        this.source = source;
    }

    /**
     * Opens a file, the shards that a {@code *.safetensors.index.json} names, or the one of these that a folder holds.
     *
     * <p>In a folder {@code model.safetensors} comes first, then its index, then the only other one.
     *
     * @throws org.lamella.base.FormatException if a file is not a safetensors file, or not a whole one
     */
    public static SafeTensors open(Path fileOrFolder) {
        Path source = SafeTensorsIndex.find(fileOrFolder);
        SafeTensors opened = new SafeTensors(source);
        if (source.toString().endsWith(".json")) {
            SafeTensorsIndex.read(source).forEach((file, names) -> opened.add(SafeTensorsFile.read(file), names));
        } else {
            SafeTensorsFile file = SafeTensorsFile.read(source);
            opened.add(file, file.entries().keySet());
        }
        return opened;
    }

    private void add(SafeTensorsFile file, Set<String> names) {
        for (String name : names) {
            SafeTensorsFile.Entry entry = file.entries().get(name);
            if (entry == null) {
                throw file.problem("tensor \"" + name + "\" must be in this file, the index says; it is not");
            }
            places.put(name, new Place(file, entry));
        }
        file.metadata().forEach(metadata::putIfAbsent);
    }

    /** Returns the names of all tensors in alphabetical order. */
    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    /** Returns the type of a tensor. */
    @Override
    public DType dtype(String name) {
        return place(name).entry().dtype();
    }

    /** Returns the shape of a tensor. */
    @Override
    public long[] shape(String name) {
        return place(name).entry().shape().clone();
    }

    /** Returns what the file says about itself, for instance {@code format} = {@code pt}; empty when it says nothing. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Returns how many bytes all tensors take. */
    @Override
    public long bytes() {
        return places.values().stream()
                .mapToLong(place -> place.entry().bytes())
                .sum();
    }

    /**
     * Returns a tensor as a frozen view of the file; changes of it would not reach the file.
     *
     * <p>Views outlive this object. A tensor that does not start at a multiple of its element size, which files by
     * others may contain, is read into memory instead.
     */
    @Override
    public Tensor tensor(String name, Scope owner) {
        SafeTensorsFile file = place(name).file();
        SafeTensorsFile.Entry entry = place(name).entry();
        FileMaps.requireUnchanged(file.path(), file.size());
        long start = file.start() + entry.begin();
        try (Scope scratch = Scope.open()) {
            Tensor tensor = start % entry.dtype().bytes() == 0 && entry.bytes() > 0
                    ? maps.view(file.path(), file.size(), entry.dtype(), start, entry.shape(), scratch)
                    : file.copy(entry, scratch);
            return Functions.place(tensor, owner);
        }
    }

    /** Returns a tensor in single precision: a frozen view where the file has it so, otherwise a converted copy. */
    @Override
    public Tensor single(String name, Scope owner) {
        if (dtype(name) == DType.F32) {
            return tensor(name, owner);
        }
        try (Scope scratch = Scope.open()) {
            return Functions.call("single").with(tensor(name, scratch)).one(owner);
        }
    }

    /** Lets the map of the file go; tensors taken from it stay. Asked for another tensor, it maps the file again. */
    @Override
    public void close() {
        maps.close();
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("tensor must be one of the " + places.size() + " in "
                    + source.getFileName() + "; got \"" + name + "\"" + Names.didYouMean(name, places.keySet()));
        }
        return place;
    }

    /**
     * Writes a file, whole or not at all: to a new file beside it, which then takes its name.
     *
     * <p>The same tensors give the same bytes, whatever the order of the maps: those that Python's safetensors writes.
     *
     * @param file where to; what is there is replaced
     * @param tensors tensors by name; names other than {@code __metadata__}
     * @param metadata what the file says about itself; Hugging Face wants {@code format} = {@code pt}
     * @throws java.io.UncheckedIOException if it cannot be written; the old file stays as it was
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        SafeTensorsWriter.write(file, tensors, metadata);
    }

    /** Returns where it was read from and how many tensors it holds. */
    @Override
    public String toString() {
        return source + ", " + places.size() + " tensors, " + bytes() + " bytes";
    }
}
