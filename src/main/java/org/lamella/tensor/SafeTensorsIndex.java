// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.lamella.base.FormatException;

/** Finds the weights of a folder, and reads the file that says which shard holds which tensor. */
final class SafeTensorsIndex {

    private static final String INDEX = ".safetensors.index.json";

    private SafeTensorsIndex() {}

    /** Returns the safetensors file or the index that a path means. */
    static Path find(Path fileOrFolder) {
        if (Files.isRegularFile(fileOrFolder)) {
            return fileOrFolder;
        }
        if (!Files.isDirectory(fileOrFolder)) {
            throw new IllegalArgumentException(
                    "weights must be a safetensors file or a folder that holds one; nothing is at " + fileOrFolder);
        }
        for (String first : List.of("model.safetensors", "model" + INDEX)) {
            if (Files.isRegularFile(fileOrFolder.resolve(first))) {
                return fileOrFolder.resolve(first);
            }
        }
        List<Path> indexes = ending(fileOrFolder, INDEX);
        List<Path> found = indexes.isEmpty() ? ending(fileOrFolder, ".safetensors") : indexes;
        if (found.size() != 1) {
            throw new IllegalArgumentException("folder must hold model.safetensors or one safetensors file; "
                    + fileOrFolder + " holds " + found.size());
        }
        return found.get(0);
    }

    private static List<Path> ending(Path folder, String end) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(end))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw SafeTensorsFile.unreadable(folder, e);
        }
    }

    /** Returns the names of the tensors of each shard. */
    static Map<Path, Set<String>> read(Path index) {
        Map<Path, Set<String>> shards = new LinkedHashMap<>();
        String file = String.valueOf(index.getFileName());
        try {
            StrictJson.read(file, "index", Files.readString(index), json -> {
                json.beginObject();
                while (json.hasNext()) {
                    if (json.nextName().equals("weight_map")) {
                        readMap(file, index, json, shards);
                    } else {
                        json.skipValue();
                    }
                }
                json.endObject();
            });
        } catch (IOException e) {
            throw SafeTensorsFile.unreadable(index, e);
        }
        if (shards.isEmpty()) {
            throw new FormatException(file, "index must hold a weight_map with at least one tensor");
        }
        shards.keySet().stream()
                .filter(shard -> !Files.isRegularFile(shard))
                .findFirst()
                .ifPresent(missing -> {
                    throw new FormatException(
                            file, "shard must lie beside the index; " + missing.getFileName() + " is missing");
                });
        return shards;
    }

    private static void readMap(String file, Path index, JsonReader json, Map<Path, Set<String>> shards)
            throws IOException {
        Set<String> all = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (!all.add(name)) {
                throw new FormatException(file, "tensor \"" + name + "\" must be there once; it is there twice");
            }
            Path shard = index.resolveSibling(shard(file, json.nextString()));
            shards.computeIfAbsent(shard, s -> new TreeSet<>()).add(name);
        }
        json.endObject();
    }

    private static String shard(String index, String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.equals("..")) {
            throw new FormatException(
                    index, "shard must be the name of a file in the same folder; got \"" + name + "\"");
        }
        return name;
    }
}
