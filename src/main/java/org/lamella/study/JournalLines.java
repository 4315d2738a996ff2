// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;
import org.lamella.base.Matrix;
import org.lamella.base.Names;
import org.lamella.data.Split;

/** How the lines of a journal are written and read: JSON, what a person looks for first, the logits last. */
final class JournalLines {

    private static final String FORMAT = "lamella study 1";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private JournalLines() {}

    /** Returns the first line: what was measured, on which all lines agree. */
    static String head(Split measured) {
        JsonObject line = new JsonObject();
        line.addProperty("journal", FORMAT);
        line.addProperty("measured", describe(measured));
        line.addProperty("hash", measured.hash());
        return GSON.toJson(line);
    }

    private static String describe(Split measured) {
        return measured.task().name() + " " + measured.name() + ", " + measured.size() + " examples";
    }

    /** Throws unless the first line is that of a journal of these examples. */
    static void requireHead(String file, String text, Split measured) {
        JsonObject line = object(file, 1, text);
        boolean head = Stream.of("journal", "measured", "hash")
                .allMatch(name -> line.has(name) && line.get(name).isJsonPrimitive());
        if (!head || !text(line, "journal").equals(FORMAT)) {
            throw new FormatException(
                    file, "line 1 must be the head of a study's journal; got " + Names.shortened(text));
        }
        if (!text(line, "hash").equals(measured.hash())) {
            throw new FormatException(
                    file,
                    "journal must be of a study measured on " + describe(measured) + " (hash " + measured.hash()
                            + "); got one on " + text(line, "measured") + " (hash " + text(line, "hash")
                            + "); choose another file");
        }
    }

    /** Returns the line of a finished run. */
    static String of(String key, Cell cell, long seed, Outcome outcome) {
        JsonObject line = new JsonObject();
        line.addProperty("key", key);
        line.add("cell", GSON.toJsonTree(cell.levels()));
        line.addProperty("seed", seed);
        line.addProperty("recipe", cell.experiment().recipe().toString());
        line.addProperty("training", cell.experiment().training().toString());
        line.addProperty("version", outcome.version());
        line.add("warnings", GSON.toJsonTree(outcome.warnings()));
        if (outcome.logits().isPresent()) {
            Matrix logits = outcome.logits().get();
            line.addProperty("parameters", outcome.parameters());
            line.addProperty("steps", outcome.steps());
            line.addProperty("seconds", outcome.seconds());
            line.addProperty("rows", logits.rows());
            line.addProperty("columns", logits.columns());
            line.addProperty("logits", pack(logits));
        } else {
            line.addProperty("diverged", outcome.trouble());
        }
        return GSON.toJson(line);
    }

    /** Reads a line that {@link #of} wrote into a map from keys to outcomes. */
    static void read(String file, int number, String text, Map<String, Outcome> finished) {
        JsonObject line = object(file, number, text);
        try {
            finished.put(text(line, "key"), outcome(line));
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw new FormatException(
                    file, "line " + number + " must be a finished run; got " + Names.shortened(text), e);
        }
    }

    private static Outcome outcome(JsonObject line) {
        String version = text(line, "version");
        if (line.has("diverged")) {
            return Outcome.diverged(text(line, "diverged"), version);
        }
        List<String> warnings = new ArrayList<>();
        JsonElement listed = line.get("warnings");
        if (listed == null || !listed.isJsonArray()) {
            throw new IllegalArgumentException("warnings must be a list; got " + listed);
        }
        for (JsonElement warning : listed.getAsJsonArray()) {
            warnings.add(warning.getAsString());
        }
        return new Outcome(
                field(line, "parameters").getAsLong(),
                field(line, "steps").getAsInt(),
                field(line, "seconds").getAsDouble(),
                warnings,
                Optional.of(unpack(
                        field(line, "rows").getAsInt(), field(line, "columns").getAsInt(), text(line, "logits"))),
                "",
                version);
    }

    private static JsonObject object(String file, int number, String text) {
        try {
            JsonElement element = GSON.fromJson(text, JsonElement.class);
            if (element != null && element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw unreadable(file, number, text, e);
        }
        throw unreadable(file, number, text, null);
    }

    private static FormatException unreadable(String file, int number, String text, @Nullable Exception cause) {
        String problem = "line " + number + " must be one JSON object; got " + Names.shortened(text);
        return cause == null ? new FormatException(file, problem) : new FormatException(file, problem, cause);
    }

    private static String text(JsonObject line, String name) {
        return field(line, name).getAsString();
    }

    private static JsonElement field(JsonObject line, String name) {
        JsonElement value = line.get(name);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IllegalArgumentException(name + " must be there; got none");
        }
        return value;
    }

    // logits are single precision, so nothing is lost
    private static String pack(Matrix logits) {
        double[] values = logits.values();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static Matrix unpack(int rows, int columns, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return Matrix.of(rows, columns, values);
    }
}
