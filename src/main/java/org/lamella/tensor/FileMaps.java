// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** Maps of files as tensors, one for each file and type of number, made when first needed. */
final class FileMaps {

    private final Scope scope = Scope.heldBy(this);
    private final Map<Path, Map<DType, Tensor>> mapped = new HashMap<>();

    /**
     * Returns a part of a file as a tensor that shares the file's memory.
     *
     * @param size how many bytes the file had when its header was read
     * @param start the first byte, a multiple of the type's size
     */
    Tensor view(Path file, long size, DType dtype, long start, long[] shape, Scope owner) {
        requireUnchanged(file, size);
        long first = start / dtype.bytes();
        return Functions.call("view")
                .with(map(file, size, dtype))
                .with(first)
                .with(first + Transfer.elements(shape))
                .with(Operand.of(shape))
                .one(owner);
    }

    private synchronized Tensor map(Path file, long size, DType dtype) {
        return mapped.computeIfAbsent(file, f -> new EnumMap<>(DType.class))
                .computeIfAbsent(dtype, type -> Functions.call("mapped")
                        .with(Operand.of(file.toAbsolutePath().toString()))
                        .with(size / type.bytes())
                        .with(type.code())
                        .one(scope));
    }

    /** Lets all maps go; views of them stay. Asked for another view, it maps the file again. */
    synchronized void close() {
        mapped.values().forEach(types -> types.values().forEach(Tensor::close));
        mapped.clear();
    }

    // reading past the end of a map would end the process
    static void requireUnchanged(Path file, long size) {
        try {
            if (Files.size(file) != size) {
                throw new FormatException(
                        String.valueOf(file.getFileName()),
                        "file must have the " + size + " bytes it was opened with; got " + Files.size(file));
            }
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }
}
