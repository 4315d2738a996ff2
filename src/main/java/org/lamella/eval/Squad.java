// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Short answers as SQuAD's own script judges them: without case, ASCII punctuation, articles and double blanks. */
final class Squad {

    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private Squad() {}

    static TextMetric.Counting exact() {
        return new TextMetric.Mean((written, known) -> {
            List<String> own = words(written);
            return known.stream().anyMatch(text -> words(text).equals(own)) ? 1 : 0;
        });
    }

    static TextMetric.Counting f1() {
        return new TextMetric.Mean((written, known) -> known.stream()
                .mapToDouble(text -> f1(words(written), words(text)))
                .max()
                .orElseThrow());
    }

    private static double f1(List<String> written, List<String> known) {
        return Rouge.f(Grams.of(written, 1).common(Grams.of(known, 1)), written.size(), known.size());
    }

    private static List<String> words(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return Stream.of(ARTICLES.matcher(bare).replaceAll(" ").split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
