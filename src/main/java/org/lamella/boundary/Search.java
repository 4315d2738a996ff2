// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.lamella.eval.TextMetric;
import org.lamella.model.Generation;

/**
 * How a boundary is searched by what the model writes: every boundary is tried by its loss, which is cheap, and the best of
 * them, both ends and those a person names by a metric of their texts. The paper's own search is not public (arXiv
 * 2503.23360); this one is ours. Immutable.
 *
 * @param metric judges the texts
 * @param generation how words are chosen, and how many at the most
 * @param shortlist how many boundaries of the lowest loss are written with
 * @param also boundaries that are written with in any case
 */
public record Search(TextMetric metric, Generation generation, int shortlist, List<Integer> also) {

    /** Checks and copies. */
    public Search {
        if (shortlist < 1) {
            throw new IllegalArgumentException("shortlist must be at least 1; got " + shortlist);
        }
        Objects.requireNonNull(metric, "metric must say how texts are judged; got null; TextMetric.CHRF is one");
        Objects.requireNonNull(generation, "generation must say how to write; got null; Generation.greedy() is one");
        also = List.copyOf(also);
        also.stream().filter(boundary -> boundary < 0).findFirst().ifPresent(boundary -> {
            throw new IllegalArgumentException("boundaries must be at least 0; got " + boundary);
        });
    }

    /** Returns a search by a metric of texts that are written greedily, on the five boundaries of the lowest loss. */
    public static Search by(TextMetric metric) {
        return new Search(metric, Generation.greedy(), 5, List.of());
    }

    /** Returns this search with another way to write. */
    public Search generation(Generation other) {
        return new Search(metric, other, shortlist, also);
    }

    /** Returns this search on so many boundaries of the lowest loss. */
    public Search shortlist(int count) {
        return new Search(metric, generation, count, also);
    }

    /** Returns this search on more boundaries, for instance those of {@link CurveRules}. */
    public Search also(Integer... boundaries) {
        return new Search(metric, generation, shortlist, Arrays.asList(boundaries));
    }

    /** Returns the expression that makes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "Search.by(" + metric.recipe() + ").generation(" + generation + ").shortlist(" + shortlist + ")");
        if (!also.isEmpty()) {
            text.append(".also(")
                    .append(also.toString(), 1, also.toString().length() - 1)
                    .append(")");
        }
        return text.toString();
    }
}
