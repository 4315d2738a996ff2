// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.lamella.base.LayerSet;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Sets of equally many layers, importance against cost: on the front is a set when no other of that size is at least as
 * important and costs less, or costs no more and is more important.
 *
 * <p>{@link #layers()} is one of them: at first the cheapest that keeps nine tenths of the greatest importance; {@link
 * #keeping} and {@link #within} choose another. Made by {@link LayerScores#top(int, java.util.function.ToDoubleFunction)}.
 */
public final class Front implements Result {

    private static final double KEPT = 0.9;

    /**
     * A set of layers with its sums.
     *
     * @param layers the layers
     * @param importance the sum of the layers' importances
     * @param cost what the cost function says of the set, in its unit
     * @param onFront whether no other set beats it
     */
    public record Point(LayerSet layers, double importance, double cost, boolean onFront) {}

    private final List<Point> points;
    private final Point chosen;
    private final Provenance provenance;

    private Front(List<Point> points, Point chosen, Provenance provenance) {
        this.points = List.copyOf(points);
        this.chosen = chosen;
        this.provenance = provenance;
    }

    static Front of(FrontSearch search, UnaryOperator<LayerSet> noted, Provenance scores, int n) {
        List<FrontSearch.Found> front = search.front();
        List<Point> points = Stream.concat(front.stream(), search.bestFromEachLowest().stream())
                .distinct()
                .map(set -> new Point(noted.apply(set.layers()), set.importance(), set.cost(), front.contains(set)))
                .sorted(Comparator.comparingDouble(Point::cost).thenComparingDouble(Point::importance))
                .toList();
        String lines = scores.recipe() + "\n// cost is the caller's function from sets of layers to numbers"
                + "\nvar front = scores.top(" + n + ", cost);";
        Provenance provenance = scores.recipe(lines).with("front", words(search));
        if (!search.exact()) {
            provenance = provenance.warning("more than " + FrontSearch.MOST_BESIDE
                    + " unbeaten sets grew side by side; some were left out, and the front may lack a set");
        }
        return new Front(points, points.get(points.size() - 1), provenance).keeping(KEPT);
    }

    private static String words(FrontSearch search) {
        return search.everySet()
                ? "every set was tried"
                : "grown from each lowest layer; exact for a cost that is a sum over layers plus a part that depends on"
                        + " the lowest";
    }

    /**
     * Returns the sets on the front and, to compare, the most important set above each lowest layer, cheapest first.
     */
    public List<Point> points() {
        return points;
    }

    private List<Point> front() {
        return points.stream().filter(Point::onFront).toList();
    }

    /** Returns the chosen set. */
    public LayerSet layers() {
        return chosen.layers();
    }

    /** Returns the chosen set with its importance and its cost. */
    public Point chosen() {
        return chosen;
    }

    /**
     * Returns this front with another choice: the cheapest set that loses at most {@code 1 − share} of the greatest
     * importance.
     *
     * @param share more than 0, at most 1; 1 is the most important set
     */
    public Front keeping(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be more than 0 and at most 1; got " + share);
        }
        List<Point> front = front();
        double most = front.get(front.size() - 1).importance();
        double least = most - (1 - share) * Math.abs(most);
        Point cheapest = front.stream()
                .filter(point -> point.importance() >= least)
                .findFirst()
                .orElseThrow();
        return new Front(points, cheapest, provenance);
    }

    /**
     * Returns this front with another choice: the most important set that costs at most the budget.
     *
     * @param budget in the unit of the cost
     */
    public Front within(double budget) {
        List<Point> front = front();
        Point best = front.stream()
                .filter(point -> point.cost() <= budget)
                .reduce((cheaper, dearer) -> dearer)
                .orElseThrow(() -> new IllegalArgumentException("budget must be at least "
                        + front.get(0).cost() + ", the cost of the cheapest set on the front; got " + budget));
        return new Front(points, best, provenance);
    }

    /** Returns one row a set, cheapest first: its mask, importance, cost, whether it is on the front, whether it is chosen. */
    @Override
    public Table table() {
        StringColumn layers = StringColumn.create("layers");
        DoubleColumn importance = DoubleColumn.create("importance");
        DoubleColumn cost = DoubleColumn.create("cost");
        BooleanColumn onFront = BooleanColumn.create("on the front");
        BooleanColumn chosenOne = BooleanColumn.create("chosen");
        for (Point point : points) {
            layers.append(point.layers().mask());
            importance.append(point.importance());
            cost.append(point.cost());
            onFront.append(point.onFront());
            chosenOne.append(point.equals(chosen));
        }
        return Table.create(title(), layers, importance, cost, onFront, chosenOne);
    }

    /** Returns importance over cost: the front as a line, the other sets as points, a mark at the chosen one. */
    @Override
    public Figure chart() {
        List<Point> front = front();
        List<Point> beaten = new ArrayList<>(points);
        beaten.removeAll(front);
        Chart chart = Chart.titled(title())
                .horizontal("cost")
                .vertical("importance, summed")
                .line("on the front", costs(front), importances(front));
        if (!beaten.isEmpty()) {
            chart = chart.points("most important above a layer", costs(beaten), importances(beaten));
        }
        return chart.mark(chosen.cost(), chosen.layers().mask())
                .note("Importance over cost of sets of " + chosen.layers().size() + " layers, " + front.size()
                        + " of them on the front; chosen is " + chosen.layers() + ".")
                .figure();
    }

    private String title() {
        return "Importance and cost of sets of " + chosen.layers().size() + " layers";
    }

    private static double[] costs(List<Point> some) {
        return some.stream().mapToDouble(Point::cost).toArray();
    }

    private static double[] importances(List<Point> some) {
        return some.stream().mapToDouble(Point::importance).toArray();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line, for instance {@code 000111, layers [3, 4, 5] of 6 at cost 3.0 with importance 0.95}. */
    @Override
    public String toString() {
        return chosen.layers() + " at cost " + chosen.cost() + " with importance " + chosen.importance();
    }
}
