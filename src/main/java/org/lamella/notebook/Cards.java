// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Disk;

/** Tells for each card that set-up fetches whether that was done: every file is there with its size. */
final class Cards {

    private static final String FOLDER = "/org/lamella/cards/";

    private Cards() {}

    static List<Part> parts(Path home) {
        Optional<JsonObject> index = read("index.json");
        if (index.isEmpty()) {
            return List.of(Part.missing("cards", "none in this library", "build it again: mvn package"));
        }
        List<Part> parts = new ArrayList<>();
        for (String kind : List.of("models", "tasks")) {
            JsonArray names = index.get().getAsJsonArray(kind);
            for (JsonElement name : names == null ? new JsonArray() : names) {
                part(home, kind, name.getAsString()).ifPresent(parts::add);
            }
        }
        return parts;
    }

    // what only Hugging Face's hub has is fetched on first use: nothing that could be missing
    private static Optional<Part> part(Path home, String kind, String name) {
        String title = (kind.equals("models") ? "model " : "task ") + name;
        String remedy = "run environment/start --fetch " + name;
        Optional<JsonObject> card = read(kind + "/" + name + ".json");
        if (card.isEmpty()) {
            return Optional.of(Part.missing(title, "no card", "build the library again: mvn package"));
        }
        if (!card.get().has("source")) {
            return Optional.empty();
        }
        Path folder = home.resolve(kind).resolve(name);
        List<String> lacking = new ArrayList<>();
        for (JsonElement element : card.get().getAsJsonArray("files")) {
            JsonObject file = element.getAsJsonObject();
            Path path = folder.resolve(file.get("name").getAsString());
            if (size(path) != file.get("bytes").getAsLong()
                    || !Disk.sha256(path).equals(file.get("sha256").getAsString())) {
                lacking.add(file.get("name").getAsString());
            }
        }
        String seen = lacking.isEmpty() ? folder.toString() : "not whole: " + String.join(", ", lacking);
        return Optional.of(Part.of(title, lacking.isEmpty(), Files.isDirectory(folder) ? seen : "not fetched", remedy));
    }

    private static long size(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(path + " must be readable; got " + e.getMessage(), e);
        }
    }

    private static Optional<JsonObject> read(String name) {
        try (InputStream in = Cards.class.getResourceAsStream(FOLDER + name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.ofNullable(
                            new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), JsonObject.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
