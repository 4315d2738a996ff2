// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Interval;
import org.lamella.base.Names;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.data.Split;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Evaluations of the same examples side by side. The first is the reference: each difference is that of a row minus the
 * reference's, with its 95 % interval from the same resamples of the examples on both sides.
 *
 * <p>An interval that holds zero does not show a difference. It speaks for other examples, not for other training
 * seeds: repeat with several seeds before a layer choice is called better.
 */
public final class Comparison implements Result {

    private final List<Evaluation> evaluations;
    private final Provenance provenance;

    private Comparison(List<Evaluation> evaluations, Provenance provenance) {
        this.evaluations = evaluations;
        this.provenance = provenance;
    }

    static Comparison of(List<Evaluation> evaluations) {
        Evaluation reference = evaluations.get(0);
        evaluations.forEach(other -> requireSameExamples(reference, other));
        List<Evaluation> distinct = distinctNames(evaluations);
        return new Comparison(distinct, describe(distinct));
    }

    private static void requireSameExamples(Evaluation reference, Evaluation other) {
        Split wanted = reference.predictions().split();
        Split given = other.predictions().split();
        boolean same = wanted.task().name().equals(given.task().name())
                && wanted.size() == given.size()
                && wanted.hash().equals(given.hash());
        if (!same) {
            throw new IllegalArgumentException("evaluations must be of the same examples, " + wanted + " as \""
                    + reference.name() + "\"; got " + given + " of \"" + other.name() + "\"");
        }
    }

    private static List<Evaluation> distinctNames(List<Evaluation> evaluations) {
        Set<String> taken = new HashSet<>();
        List<Evaluation> distinct = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            String name = evaluation.name();
            for (int n = 2; !taken.add(name); n++) {
                name = evaluation.name() + " (" + n + ")";
            }
            distinct.add(name.equals(evaluation.name()) ? evaluation : evaluation.named(name));
        }
        return List.copyOf(distinct);
    }

    private static Provenance describe(List<Evaluation> evaluations) {
        Evaluation reference = evaluations.get(0);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < evaluations.size(); i++) {
            String recipe = evaluations.get(i).provenance().recipe();
            lines.append(
                    recipe.contains("var measured = ")
                            ? recipe.replace("var measured = ", "var measured" + i + " = ")
                            : "var measured" + i + " = " + recipe);
            lines.append(recipe.endsWith(";") ? "\n" : ";\n");
        }
        String others = IntStream.range(1, evaluations.size())
                .mapToObj(i -> "measured" + i)
                .collect(Collectors.joining(", "));
        Provenance all = Provenance.of(lines + "var compared = measured0.against(" + others + ");");
        for (String fact : List.of("task", "split", "examples", "examples hash", "intervals")) {
            all = all.with(fact, reference.provenance().facts().getOrDefault(fact, ""));
        }
        for (Evaluation evaluation : evaluations) {
            for (String warning : evaluation.provenance().warnings()) {
                all = all.warning("\"" + evaluation.name() + "\": " + warning);
            }
        }
        for (Evaluation other : evaluations.subList(1, evaluations.size())) {
            List<String> differences = recipeDifferences(reference, other);
            if (!differences.isEmpty()) {
                all = all.warning("\"" + other.name() + "\" differs from \"" + reference.name()
                        + "\" beyond the layers: " + String.join(", ", differences));
            }
        }
        return all.finished();
    }

    private static List<String> recipeDifferences(Evaluation reference, Evaluation other) {
        if (reference.recipe().isEmpty() || other.recipe().isEmpty()) {
            return List.of();
        }
        return other.recipe().get().differences(reference.recipe().get());
    }

    /** Returns this comparison with more evaluations of the same examples behind the others. */
    public Comparison and(Evaluation... more) {
        List<Evaluation> all = new ArrayList<>(evaluations);
        all.addAll(List.of(more));
        Comparison both = of(all);
        for (String warning : provenance.warnings()) {
            both = both.provenance.warnings().contains(warning) ? both : both.warning(warning);
        }
        return both;
    }

    /** Returns this comparison with one more thing that a reader should be careful about. */
    public Comparison warning(String sentence) {
        return new Comparison(evaluations, provenance.warning(sentence));
    }

    /** Returns the evaluations in their order, the reference first; of equal names the later ones are numbered. */
    public List<Evaluation> evaluations() {
        return evaluations;
    }

    /**
     * Returns how much more the named evaluation reaches than the reference, paired, at the 95 % level.
     *
     * @param name the name of an evaluation here
     * @param metric a metric of the task, or {@code loss}
     */
    public Interval difference(String name, String metric) {
        Evaluation reference = evaluations.get(0);
        reference.scores().requireKnown(metric);
        return find(name).scores().minus(reference.scores(), metric, Scores.BOOTSTRAP);
    }

    private Evaluation find(String name) {
        List<String> known = evaluations.stream().map(Evaluation::name).toList();
        return evaluations.stream()
                .filter(evaluation -> evaluation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("name must be one of " + String.join(", ", known)
                        + "; got \"" + name + "\"" + Names.didYouMean(name, known)));
    }

    /**
     * Returns the rows metric by metric, the loss last, in each the evaluations in their order: name, metric, value, low,
     * high, difference, difference low, difference high, parameters, seconds.
     *
     * <p>Differences are this row minus the first of its metric, and missing in that one. Parameters are the trained
     * numbers, head included; seconds those of training; both are missing where they are not known.
     */
    @Override
    public Table table() {
        ComparisonTable table = new ComparisonTable();
        Evaluation reference = evaluations.get(0);
        for (String metric : reference.scores().names()) {
            for (Evaluation evaluation : evaluations) {
                table.add(
                        evaluation,
                        metric,
                        evaluation == reference ? Interval.exactly(Double.NaN) : difference(evaluation.name(), metric));
            }
        }
        return table.named(
                provenance.titled(reference.predictions().split() + ", difference = row minus " + reference.name()));
    }

    /** Returns a group of bars for each metric, one bar an evaluation, with their intervals. */
    @Override
    public Figure chart() {
        return Bars.of(evaluations, provenance).note(sentence()).figure();
    }

    private String sentence() {
        String metric = evaluations.get(0).scores().names().get(0);
        return evaluations.stream()
                .map(evaluation -> String.format(
                        Locale.ROOT,
                        "%s %.3f",
                        evaluation.name(),
                        evaluation.value(metric).value()))
                .collect(Collectors.joining(
                        ", ",
                        metric + " on "
                                + evaluations.get(0).predictions().split().name() + ": ",
                        "."));
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line with the first metric of each evaluation. */
    @Override
    public String toString() {
        return sentence();
    }
}
