// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.lamella.base.picture.Picture;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Examples with pictures that make.py recorded. */
public final class GoldenPictures {

    private GoldenPictures() {}

    /** Returns a JSON file. */
    public static JsonObject json(String name) {
        try {
            return JsonParser.parseString(Files.readString(Golden.path(name))).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the picture of a name. */
    public static Picture picture(String name) {
        return Picture.of(Golden.path("pictures/" + name));
    }

    static List<Picture> pictures(JsonArray names) {
        List<Picture> pictures = new ArrayList<>();
        names.forEach(name -> pictures.add(picture(name.getAsString())));
        return pictures;
    }

    /** Returns the prompts with their answers and pictures. */
    public static List<Example> examples(JsonObject expected) {
        List<Example> examples = new ArrayList<>();
        for (JsonElement element : expected.getAsJsonArray("examples")) {
            JsonObject one = element.getAsJsonObject();
            examples.add(Example.answered(
                            one.get("prompt").getAsString(), one.get("answer").getAsString())
                    .pictures(pictures(one.getAsJsonArray("pictures"))));
        }
        return examples;
    }

    /** Returns those as a model takes them; the split beside them knows only their number. */
    public static Batches answered(Transformer model, JsonObject expected) {
        List<Example> examples = examples(expected);
        StringColumn prompt = StringColumn.create("prompt");
        StringColumn answer = StringColumn.create("answer");
        for (int i = 0; i < examples.size(); i++) {
            prompt.append("prompt " + i);
            answer.append("answer " + i);
        }
        Table table = Table.create("golden", prompt, answer);
        Split split = Task.from(table)
                .text("prompt")
                .answer("answer")
                .validation(table)
                .test(table)
                .train();
        return Batches.of(split, model.weights().tokenizer().encodeAnswered(examples, model.maxTokens()));
    }

    /** Returns pictures with their labels. */
    public static Split labelled(JsonObject expected, String... labels) {
        StringColumn file = StringColumn.create("file");
        StringColumn label = StringColumn.create("label");
        for (int i = 0; i < expected.getAsJsonArray("pictures").size(); i++) {
            file.append(picture(expected.getAsJsonArray("pictures").get(i).getAsString())
                    .address());
            label.append(expected.getAsJsonArray("labels").get(i).getAsString());
        }
        Table table = Table.create("golden", file, label);
        return Task.from(table)
                .image("file")
                .label("label")
                .labels(labels)
                .validation(table)
                .test(table)
                .train();
    }
}
