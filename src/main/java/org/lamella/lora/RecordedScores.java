// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;
import org.lamella.base.Importance;
import org.lamella.base.Names;

/** The scores that layers were picked by, as they stand in the header of an adapter's file. */
final class RecordedScores {

    static final String NOTE = "lamella.scores";

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    // JSON has no number that is none: undefined is null
    private record Written(
            @Nullable String measure,
            @Nullable String sample,
            @Nullable List<@Nullable Double> importance) {}

    private RecordedScores() {}

    static String json(List<Importance> scores) {
        return GSON.toJson(scores.stream()
                .map(each -> new Written(each.measure(), each.sample(), nulls(each.values())))
                .toList());
    }

    private static List<@Nullable Double> nulls(List<Double> values) {
        List<@Nullable Double> written = new ArrayList<>();
        values.forEach(value -> written.add(Double.isFinite(value) ? value : null));
        return written;
    }

    /** Returns the scores of a note in that file. */
    static List<Importance> parse(String file, String text) {
        List<Importance> scores = new ArrayList<>();
        for (Written written : written(file, text)) {
            if (written == null
                    || written.measure() == null
                    || written.sample() == null
                    || written.importance() == null) {
                throw unreadable(file, text, null);
            }
            List<Double> values = new ArrayList<>();
            written.importance().forEach(value -> values.add(value == null ? Double.NaN : value));
            scores.add(new Importance(written.measure(), written.sample(), values));
        }
        return scores;
    }

    private static List<@Nullable Written> written(String file, String text) {
        try {
            List<@Nullable Written> found = GSON.fromJson(text, new TypeToken<List<@Nullable Written>>() {}.getType());
            return found == null ? List.of() : found;
        } catch (JsonParseException e) {
            throw unreadable(file, text, e);
        }
    }

    private static FormatException unreadable(String file, String text, @Nullable Exception cause) {
        String sentence =
                NOTE + " must be a JSON list of measure, sample and importance; got \"" + Names.shortened(text) + "\"";
        return cause == null ? new FormatException(file, sentence) : new FormatException(file, sentence, cause);
    }
}
