// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.picture.Picture;

/**
 * The tokens of one example as a model takes them, special tokens included, cut where they were too many. Where a picture
 * stands there is one token for each of its patches.
 */
final class Tokens {

    private final long[] ids;
    private final long[] types;
    private final List<String> texts;
    private final int uncut;
    private final int prompt;
    private final boolean ended;
    private final List<Picture> pictures;
    private final int[] marks; // where pictures stand

    Tokens(long[] ids, long[] types, List<String> texts, int uncut) {
        this(ids, types, texts, uncut, ids.length, false, List.of(), new int[0]);
    }

    private Tokens(
            long[] ids,
            long[] types,
            List<String> texts,
            int uncut,
            int prompt,
            boolean ended,
            List<Picture> pictures,
            int[] marks) {
        this.pictures = pictures;
        this.marks = marks;
        this.ids = ids;
        this.types = types;
        this.texts = texts;
        this.uncut = uncut;
        this.prompt = prompt;
        this.ended = ended;
    }

    /** Returns what stands for a picture in a tower: its class token and its patches, without numbers. */
    static Tokens of(Picture picture, int places) {
        return new Tokens(new long[places], new long[places], List.of(), places).seeing(List.of(picture), -1);
    }

    /** Returns these tokens with pictures in place of those of a number. */
    Tokens seeing(List<Picture> some, long mark) {
        int[] places =
                IntStream.range(0, ids.length).filter(t -> ids[t] == mark).toArray();
        return new Tokens(ids, types, texts, uncut, prompt, ended, List.copyOf(some), places);
    }

    /** Returns these tokens with those of a number repeated. */
    Tokens repeating(long mark, int times) {
        int[] from = IntStream.range(0, ids.length)
                .flatMap(t -> IntStream.generate(() -> t).limit(ids[t] == mark ? times : 1))
                .toArray();
        return new Tokens(
                IntStream.of(from).mapToLong(t -> ids[t]).toArray(),
                IntStream.of(from).mapToLong(t -> types[t]).toArray(),
                IntStream.of(from).mapToObj(texts::get).toList(),
                from.length);
    }

    /** Returns the first of these tokens. */
    Tokens first(int limit) {
        return limit >= ids.length
                ? this
                : new Tokens(Arrays.copyOf(ids, limit), Arrays.copyOf(types, limit), texts.subList(0, limit), uncut);
    }

    /** Returns the pictures in the order in which they stand. */
    List<Picture> pictures() {
        return pictures;
    }

    /** Returns the places where patches stand. */
    int[] marks() {
        return marks.clone();
    }

    /** Returns these tokens, of which those from a position on are an answer that is to be written. */
    Tokens answeredFrom(int position) {
        return new Tokens(ids, types, texts, uncut, Math.min(position, ids.length), ended, pictures, marks);
    }

    /** Returns these tokens with the one that ends an answer, if there is room for it. */
    Tokens ended(long id, String text, int limit) {
        if (ids.length >= limit) {
            return new Tokens(ids, types, texts, uncut + 1, prompt, false, pictures, marks);
        }
        long[] more = Arrays.copyOf(ids, ids.length + 1);
        more[ids.length] = id;
        List<String> named = new ArrayList<>(texts);
        named.add(text);
        return new Tokens(
                more, Arrays.copyOf(types, more.length), List.copyOf(named), uncut + 1, prompt, true, pictures, marks);
    }

    /** Returns how many tokens stand before the answer: all of them when there is none. */
    int prompt() {
        return prompt;
    }

    /** Returns the place of the last token of the text itself. */
    int last() {
        return ids.length - (ended ? 2 : 1);
    }

    /** Returns how many tokens the answer has. */
    int answer() {
        return ids.length - Math.max(1, prompt);
    }

    int length() {
        return ids.length;
    }

    long id(int position) {
        return ids[position];
    }

    long type(int position) {
        return types[position];
    }

    String text(int position) {
        return texts.get(position);
    }

    /** Returns the number of tokens before anything was cut. */
    int uncut() {
        return uncut;
    }

    /** Returns how many tokens were cut. */
    int missing() {
        return uncut - ids.length;
    }

    boolean cut() {
        return uncut > ids.length;
    }

    /** Returns what a reader must know of a text that was cut; empty when it was not. */
    String cutClause() {
        return cut() ? ", cut at " + length() + " of " + uncut : "";
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
