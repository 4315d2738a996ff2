// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.score.LayerScores;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Our choice of layers beside a published one of the same size.
 *
 * <p>The gap of a chosen layer is its importance minus that of the best layer left out; of a layer left out its importance
 * minus that of the worst one chosen, at most 0. A layer on which the two disagree with a gap near 0 was nearly chosen the
 * other way; with a large one the measures disagree.
 */
public final class MaskComparison implements Result {

    private final LayerScores scores;
    private final PublishedMask published;
    private final LayerSet ours;
    private final double nextBest;
    private final double lastChosen;

    private MaskComparison(
            LayerScores scores, PublishedMask published, LayerSet ours, double nextBest, double lastChosen) {
        this.scores = scores;
        this.published = published;
        this.ours = ours;
        this.nextBest = nextBest;
        this.lastChosen = lastChosen;
    }

    static MaskComparison of(LayerScores scores, PublishedMask published) {
        int depth = published.layers().depth();
        if (scores.depth() != depth) {
            throw new IllegalArgumentException(
                    "scores must be of " + depth + " layers, as " + published.model() + " has; got " + scores.depth());
        }
        int n = published.layers().size();
        double[] importances = scores.importances();
        LayerSet ours = scores.top(n);
        LayerSet oneMore = scores.top(n + 1);
        int next = oneMore.indices().stream()
                .filter(layer -> !ours.contains(layer))
                .findFirst()
                .orElseThrow();
        double last = ours.indices().stream()
                .mapToDouble(layer -> importances[layer])
                .min()
                .orElseThrow();
        return new MaskComparison(scores, published, ours, importances[next], last);
    }

    /** Returns the layers that the scores choose, as many as published. */
    public LayerSet ours() {
        return ours;
    }

    /** Returns the published layers. */
    public LayerSet theirs() {
        return published.layers();
    }

    /** Returns how many layers both choose. */
    public int agreed() {
        return ours.intersection(theirs()).size();
    }

    /** Returns by how much a layer was chosen or left out; not a number where it was no candidate. */
    public double gap(int layer) {
        double importance = scores.importances()[layer];
        if (ours.contains(layer)) {
            return importance - nextBest;
        }
        return importance > lastChosen ? Double.NaN : importance - lastChosen;
    }

    /** Returns one row a layer: layer, importance, ours, theirs, gap, note. */
    @Override
    public Table table() {
        int depth = scores.depth();
        BooleanColumn own = BooleanColumn.create("ours");
        BooleanColumn their = BooleanColumn.create("theirs");
        StringColumn note = StringColumn.create("note");
        for (int layer = 0; layer < depth; layer++) {
            own.append(ours.contains(layer));
            their.append(theirs().contains(layer));
            note.append(note(layer));
        }
        return Table.create(
                title(),
                IntColumn.create("layer", IntStream.range(0, depth)),
                DoubleColumn.create("importance", scores.importances()),
                own,
                their,
                DoubleColumn.create("gap", IntStream.range(0, depth).mapToDouble(this::gap)),
                note);
    }

    private String note(int layer) {
        if (ours.contains(layer) != theirs().contains(layer)) {
            return ours.contains(layer) ? "only ours" : "only theirs";
        }
        return Double.isNaN(gap(layer)) ? "no candidate" : "";
    }

    private String title() {
        return published.model() + " on " + published.data() + ": " + agreed() + " of " + theirs().size()
                + " published layers";
    }

    /** Returns bars of importance, our layers highlighted, and a mark at each layer that only the published mask has. */
    @Override
    public Figure chart() {
        List<String> names = IntStream.range(0, scores.depth())
                .mapToObj(layer -> layer + (theirs().contains(layer) ? " ●" : ""))
                .toList();
        Set<Integer> chosen = new HashSet<>(ours.indices());
        return Chart.titled(title())
                .horizontal("layer (● published)")
                .vertical("importance")
                .barsHighlighted("importance", names, scores.importances(), chosen)
                .note(this + ".")
                .figure();
    }

    @Override
    public Provenance provenance() {
        Provenance own = scores.provenance();
        return own.recipe(own.recipe() + "\nPaper.compare(scores, \"" + published.model() + "\", \"" + published.data()
                        + "\")")
                .with("published mask", theirs().mask())
                .with("our mask", ours.mask());
    }

    /** Returns one line: the agreement, and the layers on which the two differ. */
    @Override
    public String toString() {
        String differing = IntStream.range(0, scores.depth())
                .filter(layer -> ours.contains(layer) != theirs().contains(layer))
                .mapToObj(layer -> layer + " " + note(layer))
                .collect(Collectors.joining(", "));
        return title() + (differing.isEmpty() ? "" : "; " + differing);
    }
}
