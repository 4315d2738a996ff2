// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.List;

/** The tokens of one example as a model takes them, special tokens included, cut where they were too many. */
final class Tokens {

    private final long[] ids;
    private final long[] types;
    private final List<String> texts;
    private final int uncut;

    Tokens(long[] ids, long[] types, List<String> texts, int uncut) {
        this.ids = ids;
        this.types = types;
        this.texts = texts;
        this.uncut = uncut;
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
