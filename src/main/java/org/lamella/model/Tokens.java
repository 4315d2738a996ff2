// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tokens of one example as a model takes them, special tokens included, cut where they were too many. */
final class Tokens {

    private final long[] ids;
    private final long[] types;
    private final List<String> texts;
    private final int uncut;
    private final int prompt;
    private final boolean ended;

    Tokens(long[] ids, long[] types, List<String> texts, int uncut) {
        this(ids, types, texts, uncut, ids.length, false);
    }

    private Tokens(long[] ids, long[] types, List<String> texts, int uncut, int prompt, boolean ended) {
        this.ids = ids;
        this.types = types;
        this.texts = texts;
        this.uncut = uncut;
        this.prompt = prompt;
        this.ended = ended;
    }

    /** Returns these tokens, of which those from a position on are an answer that is to be written. */
    Tokens answeredFrom(int position) {
        return new Tokens(ids, types, texts, uncut, Math.min(position, ids.length), ended);
    }

    /** Returns these tokens with the one that ends an answer, if there is room for it. */
    Tokens ended(long id, String text, int limit) {
        if (ids.length >= limit) {
            return new Tokens(ids, types, texts, uncut + 1, prompt, false);
        }
        long[] more = Arrays.copyOf(ids, ids.length + 1);
        more[ids.length] = id;
        List<String> named = new ArrayList<>(texts);
        named.add(text);
        return new Tokens(more, Arrays.copyOf(types, more.length), List.copyOf(named), uncut + 1, prompt, true);
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
