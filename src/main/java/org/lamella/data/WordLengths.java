// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;

/** Counts runs of characters that are not white space: what a summary shows when no tokenizer is at hand. */
final class WordLengths implements TextLengths {

    @Override
    public String name() {
        return "words";
    }

    @Override
    public int limit() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int[] tokens(List<Example> examples) {
        return examples.stream()
                .mapToInt(example ->
                        example.texts().stream().mapToInt(WordLengths::words).sum())
                .toArray();
    }

    private static int words(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean white = Character.isWhitespace(text.charAt(i));
            if (!white && !inside) {
                words++;
            }
            inside = !white;
        }
        return words;
    }
}
