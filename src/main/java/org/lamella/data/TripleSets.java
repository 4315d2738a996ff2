// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.lamella.base.FormatException;
import org.w3c.dom.Element;

/**
 * Reads sets of facts with the sentences that say them, as WebNLG and DART publish them. A row is one sentence: its facts
 * {@code subject | relation | object}, joined by {@code &&} in the published order, the sentence, and the category or source.
 * Sets of both read alike, so that what was trained on one can be measured on the other.
 */
final class TripleSets {

    private static final List<String> COLUMNS = List.of("triples", "text", "category");
    private static final String WITHIN = " | ";
    private static final String BETWEEN = " && ";

    private TripleSets() {}

    /**
     * Reads WebNLG's XML, versions 1 to 3: the modified triples of each entry, and of its {@code lex} the sentence, which
     * enriched versions keep in {@code text}. Entries without a sentence give no row.
     *
     * @param place the folder or archive
     * @param files the content of its XML files by name, in order
     */
    static Grid webNlg(String place, Map<String, String> files) {
        List<Grid.Row> rows = new ArrayList<>();
        files.forEach((file, xml) -> {
            for (Element entry : XmlRecords.elements(XmlRecords.document(file, xml), "entry")) {
                String triples = XmlRecords.elements(entry, "mtriple").stream()
                        .map(triple -> triple.getTextContent().strip())
                        .collect(Collectors.joining(BETWEEN));
                String where = "entry " + entry.getAttribute("eid") + " of " + file;
                for (Element lexicalisation : XmlRecords.elements(entry, "lex")) {
                    rows.add(new Grid.Row(
                            where, List.of(triples, sentence(lexicalisation), entry.getAttribute("category"))));
                }
            }
        });
        if (rows.isEmpty()) {
            throw new FormatException(
                    place, "files must hold <entry> elements with <lex>; got none in " + files.size() + " files");
        }
        return new Grid(place, COLUMNS, rows);
    }

    private static String sentence(Element lexicalisation) {
        List<Element> enriched = XmlRecords.elements(lexicalisation, "text");
        return (enriched.isEmpty() ? lexicalisation : enriched.get(0))
                .getTextContent()
                .strip();
    }

    /** Reads DART's list of objects, each a {@code tripleset} with {@code annotations}. */
    static Grid dart(String place, String json) {
        List<Grid.Row> rows = new ArrayList<>();
        JsonArray sets = list(place, json);
        for (int i = 0; i < sets.size(); i++) {
            String where = "object " + (i + 1);
            try {
                JsonObject set = sets.get(i).getAsJsonObject();
                String triples = elements(set.getAsJsonArray("tripleset"))
                        .map(triple -> elements(triple.getAsJsonArray())
                                .map(JsonElement::getAsString)
                                .collect(Collectors.joining(WITHIN)))
                        .collect(Collectors.joining(BETWEEN));
                elements(set.getAsJsonArray("annotations"))
                        .map(JsonElement::getAsJsonObject)
                        .forEach(said -> rows.add(new Grid.Row(
                                where,
                                List.of(
                                        triples,
                                        said.get("text").getAsString().strip(),
                                        said.get("source").getAsString()))));
            } catch (IllegalStateException
                    | ClassCastException
                    | NullPointerException
                    | UnsupportedOperationException e) {
                throw new FormatException(
                        place,
                        where + " must hold tripleset, lists of three texts, and annotations with source and text",
                        e);
            }
        }
        return new Grid(place, COLUMNS, rows);
    }

    private static Stream<JsonElement> elements(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonArray list(String place, String json) {
        try {
            JsonElement all = JsonParser.parseString(json);
            if (all.isJsonArray() && !all.getAsJsonArray().isEmpty()) {
                return all.getAsJsonArray();
            }
        } catch (JsonParseException e) {
            throw FormatException.notJson(place, e);
        }
        throw new FormatException(
                place, "file must hold a list of objects with tripleset and annotations; got another");
    }
}
