// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** One row a split: sizes, labels, lengths, notes. */
final class Summary implements Listing {

    private static final int MOST_LABEL_COLUMNS = 12;

    private final Task task;
    private final List<Split> splits;
    private final Optional<TextLengths> lengths;
    private final Table table;

    private Summary(Task task, Optional<TextLengths> lengths) {
        this.task = task;
        this.splits = task.splits();
        this.lengths = lengths;
        this.table = make();
    }

    static Summary of(Task task) {
        return new Summary(task, Optional.empty());
    }

    static Summary of(Task task, TextLengths lengths) {
        return new Summary(task, Optional.of(lengths));
    }

    @Override
    public Table table() {
        return table.copy();
    }

    private Table make() {
        List<Column<?>> columns = new ArrayList<>();
        columns.add(texts("split", Split::name));
        columns.add(counts("examples", Split::size));
        columns.add(counts("distinct texts", Summary::distinct));
        if (task.kind() == Task.Kind.REGRESSION) {
            addTargets(columns);
        } else if (task.kind() == Task.Kind.CLASSIFICATION && task.labels().size() <= MOST_LABEL_COLUMNS) {
            addLabels(columns);
        } else if (task.kind() == Task.Kind.CLASSIFICATION) {
            columns.add(counts("labels", split -> IntStream.of(labelCounts(split))
                    .map(Integer::signum)
                    .sum()));
            columns.add(texts("most frequent", split -> extreme(split, Comparator.reverseOrder())));
            columns.add(texts("least frequent", split -> extreme(split, Comparator.naturalOrder())));
        }
        if (splits.stream().anyMatch(split -> unlabelled(split) > 0)) {
            columns.add(counts("unlabelled", Summary::unlabelled));
        }
        lengths.ifPresent(found -> addLengths(columns, found));
        columns.add(texts("note", this::notes));
        return Table.create(task.name(), columns);
    }

    private void addLabels(List<Column<?>> columns) {
        for (int label = 0; label < task.labels().size(); label++) {
            int at = label;
            String name = task.labels().get(label);
            boolean taken = columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
            columns.add(counts(taken ? "label " + name : name, split -> labelCounts(split)[at]));
        }
    }

    private void addTargets(List<Column<?>> columns) {
        columns.add(numbers("lowest target", split -> Lengths.of(targets(split)).quantile(0)));
        columns.add(numbers("mean target", split -> Lengths.of(targets(split)).mean()));
        columns.add(
                numbers("highest target", split -> Lengths.of(targets(split)).quantile(1)));
    }

    private void addLengths(List<Column<?>> columns, TextLengths found) {
        List<Lengths> each = splits.stream()
                .map(split -> Lengths.of(Arrays.stream(found.tokens(split.examples()))
                        .asDoubleStream()
                        .toArray()))
                .toList();
        String unit = found.name();
        columns.add(lengthColumn("mean " + unit, each, Lengths::mean));
        columns.add(lengthColumn("median " + unit, each, l -> l.quantile(0.5)));
        columns.add(lengthColumn("95 % " + unit, each, l -> l.quantile(0.95)));
        columns.add(lengthColumn("longest in " + unit, each, l -> l.quantile(1)));
        if (found.limit() < Integer.MAX_VALUE) {
            columns.add(lengthColumn("share cut at " + found.limit(), each, l -> l.shareAbove(found.limit())));
        }
    }

    private static Column<?> lengthColumn(String name, List<Lengths> each, ToDoubleFunction<Lengths> number) {
        return DoubleColumn.create(name, each.stream().mapToDouble(number));
    }

    private Column<?> texts(String name, Function<Split, String> text) {
        return StringColumn.create(name, splits.stream().map(text));
    }

    private Column<?> counts(String name, Function<Split, Integer> count) {
        return IntColumn.create(name, splits.stream().mapToInt(count::apply));
    }

    private Column<?> numbers(String name, ToDoubleFunction<Split> number) {
        return DoubleColumn.create(name, splits.stream().mapToDouble(number));
    }

    private static int distinct(Split split) {
        return new HashSet<>(split.examples().stream().map(Example::texts).toList()).size();
    }

    private int[] labelCounts(Split split) {
        int[] counts = new int[task.labels().size()];
        split.examples().stream()
                .mapToInt(Example::label)
                .filter(label -> label >= 0)
                .forEach(label -> counts[label]++);
        return counts;
    }

    // ties go to the label that comes first
    private String extreme(Split split, Comparator<Integer> order) {
        int[] counts = labelCounts(split);
        return IntStream.range(0, counts.length)
                .filter(label -> counts[label] > 0)
                .boxed()
                .min(Comparator.comparing((Integer label) -> counts[label], order))
                .map(label -> String.format(Locale.ROOT, "%s %,d", task.labels().get(label), counts[label]))
                .orElse("");
    }

    private static int unlabelled(Split split) {
        return (int)
                IntStream.range(0, split.size()).filter(i -> !split.known(i)).count();
    }

    private static double[] targets(Split split) {
        return split.examples().stream()
                .mapToDouble(Example::target)
                .filter(Double::isFinite)
                .toArray();
    }

    private String notes(Split split) {
        String prefix = split.name() + ": ";
        return task.notes().stream()
                .filter(note -> note.startsWith(prefix))
                .map(note -> note.substring(prefix.length()))
                .collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return table.print();
    }
}
