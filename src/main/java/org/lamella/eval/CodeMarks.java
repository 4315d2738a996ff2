// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamella.base.Interval;
import org.lamella.base.Listing;
import org.lamella.model.Continuations;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Every program that a model wrote for programming problems, and what came of it. Immutable.
 *
 * <pre>{@code
 * CodeMarks marks = CodeMarks.of(sandbox, problems, generations);   // one list of texts a problem
 * marks.pass(1);                                                    // 0.2177 (0.1524 to 0.2805)
 * marks.table();                                                    // a row a program: how it ended, and why
 * }</pre>
 */
public final class CodeMarks implements Listing {

    /**
     * One program.
     *
     * @param problem the id of its problem
     * @param sample its number among the problem's, from 1
     * @param generation what the model wrote
     * @param solution the program found in it
     * @param run what came of it
     */
    public record Row(String problem, int sample, String generation, String solution, CodeRun run) {}

    private final List<List<Row>> problems;
    private final String cut;

    private CodeMarks(List<List<Row>> problems, String cut) {
        this.problems = List.copyOf(problems);
        this.cut = cut;
    }

    /**
     * Runs what a model wrote, program after program. Cost: a few tenths of a second a program, or the sandbox's time limit.
     *
     * @param sandbox where the programs run
     * @param problems the problems
     * @param generations for each problem the texts that the model wrote, at least one
     */
    public static CodeMarks of(
            CodeSandbox sandbox, List<CodeProblem> problems, List<? extends List<String>> generations) {
        return of(sandbox, problems, generations, "");
    }

    /**
     * Runs what a model wrote, as many programs a problem as there are; the sentence of the marks says how many texts were
     * cut before they came to an end.
     *
     * @param sandbox where the programs run
     * @param problems the problems
     * @param generations what a model wrote: all of the first problem, then all of the second
     */
    public static CodeMarks of(CodeSandbox sandbox, List<CodeProblem> problems, Continuations generations) {
        List<String> texts = generations.texts();
        int each = problems.isEmpty() ? 0 : texts.size() / problems.size();
        if (each == 0 || texts.size() % problems.size() != 0) {
            throw new IllegalArgumentException("generations must be as many for each of " + problems.size()
                    + " problems, of which there must be one; got " + texts.size());
        }
        List<List<String>> lists = IntStream.range(0, problems.size())
                .mapToObj(i -> texts.subList(i * each, (i + 1) * each))
                .toList();
        return of(sandbox, problems, lists, generations.unendedBecause().orElse(""));
    }

    private static CodeMarks of(
            CodeSandbox sandbox, List<CodeProblem> problems, List<? extends List<String>> generations, String cut) {
        if (problems.isEmpty() || generations.size() != problems.size()) {
            throw new IllegalArgumentException("generations must be a list for each of " + problems.size()
                    + " problems, of which there must be one; got " + generations.size());
        }
        List<List<Row>> rows = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            rows.add(rows(sandbox, problems.get(i), generations.get(i)));
        }
        return new CodeMarks(rows, cut);
    }

    private static List<Row> rows(CodeSandbox sandbox, CodeProblem problem, List<String> generations) {
        if (generations.isEmpty()) {
            throw new IllegalArgumentException("generations of " + problem.id() + " must not be empty; got none");
        }
        List<Row> rows = new ArrayList<>();
        for (String generation : generations) {
            String solution = CodeAnswer.of(generation);
            CodeRun run = sandbox.run(problem.program(solution));
            rows.add(new Row(problem.id(), rows.size() + 1, generation, solution, run));
        }
        return List.copyOf(rows);
    }

    /**
     * Returns the share of problems of which at least one of k programs passes, with the interval of 2,000 resamples of the
     * problems, or Wilson's where all or none pass; for more than k programs a problem, the mean over all choices of k
     * (Chen et al., 2021).
     *
     * @param k from 1 to the number of programs that each problem has
     */
    public Interval pass(int k) {
        double[] shares = problems.stream()
                .mapToDouble(rows -> pass(rows.size(), passed(rows), k))
                .toArray();
        boolean alike = Arrays.stream(shares).distinct().count() == 1 && (shares[0] == 0 || shares[0] == 1);
        return alike ? Scores.share(shares.length, shares[0] == 1 ? shares.length : 0) : Scores.BOOTSTRAP.mean(shares);
    }

    private static int passed(List<Row> rows) {
        return (int) rows.stream()
                .filter(row -> row.run().outcome() == CodeOutcome.PASSED)
                .count();
    }

    /**
     * Returns the probability that of k programs drawn from n at least one is among the c that pass: 1 − C(n − c, k) / C(n, k).
     *
     * @param n how many programs there are
     * @param c how many of them pass
     * @param k how many are drawn, 1 to n
     */
    public static double pass(int n, int c, int k) {
        if (k < 1 || k > n) {
            throw new IllegalArgumentException("k must be 1 to " + n + ", the programs of a problem; got " + k);
        }
        if (c < 0 || c > n) {
            throw new IllegalArgumentException("c must be 0 to " + n + "; got " + c);
        }
        if (n - c < k) {
            return 1;
        }
        double none = 1;
        for (int i = n - c + 1; i <= n; i++) {
            none *= 1.0 - (double) k / i;
        }
        return 1 - none;
    }

    /** Returns every program, problem after problem. */
    public List<Row> rows() {
        return problems.stream().flatMap(List::stream).toList();
    }

    /** Returns one row a program: problem, sample, program, outcome, message, output, seconds. */
    @Override
    public Table table() {
        List<Row> rows = rows();
        return Table.create(
                "programs",
                StringColumn.create("problem", rows.stream().map(Row::problem)),
                IntColumn.create("sample", rows.stream().mapToInt(Row::sample).toArray()),
                StringColumn.create("program", rows.stream().map(Row::solution)),
                StringColumn.create("outcome", rows.stream().map(CodeMarks::outcome)),
                StringColumn.create(
                        "message", rows.stream().map(row -> row.run().message())),
                StringColumn.create("output", rows.stream().map(row -> row.run().output())),
                DoubleColumn.create(
                        "seconds",
                        rows.stream().mapToDouble(row -> row.run().seconds()).toArray()));
    }

    private static String outcome(Row row) {
        return row.run().outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public String toString() {
        String counts = Stream.of(CodeOutcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " "
                        + rows().stream()
                                .filter(row -> row.run().outcome() == outcome)
                                .count())
                .filter(count -> !count.endsWith(" 0"))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "pass@1 %s; %s", pass(1), counts) + (cut.isEmpty() ? "" : "; " + cut);
    }
}
