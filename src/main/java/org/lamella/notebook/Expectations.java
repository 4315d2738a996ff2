// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.base.Listing;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The numbers that a notebook's prose states, beside those that came out. Immutable.
 *
 * <p>They are stated for one scale, laptop unless said otherwise. {@link #done} fails there when a number is off by more
 * than its tolerance; at another scale it only shows the table, since other numbers are to be expected.
 */
public final class Expectations implements Listing {

    private record Line(String name, String actual, String stated, String tolerance, boolean holds) {}

    private final Scale scale;
    private final String statedFor;
    private final List<Line> lines;

    private Expectations(Scale scale, String statedFor, List<Line> lines) {
        this.scale = scale;
        this.statedFor = statedFor;
        this.lines = List.copyOf(lines);
    }

    static Expectations at(Scale scale) {
        return new Expectations(scale, "laptop", List.of());
    }

    /** Returns these expectations, stated for another scale: {@code quick}, {@code laptop} or {@code paper}. */
    public Expectations statedFor(String scaleName) {
        Scale.requireName(scaleName);
        return new Expectations(scale, scaleName, lines);
    }

    /**
     * Returns these expectations with one number more.
     *
     * @param name what the number is, as the prose calls it
     * @param actual what came out
     * @param stated what the prose says
     * @param tolerance by how much they may differ, in the unit of the number; 0 asks for equality
     */
    public Expectations expects(String name, double actual, double stated, double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance must be at least 0; got " + tolerance);
        }
        // a breath of slack, so that 0.1 + 0.2 is within 0 of what was written as 0.3
        boolean holds = Math.abs(actual - stated) <= tolerance + 1e-12 * Math.max(1, Math.abs(stated));
        return with(new Line(name, number(actual), number(stated), "± " + number(tolerance), holds));
    }

    /** Returns these expectations with one more thing that must be as the prose says: a choice of layers, a truth. */
    public Expectations expects(String name, Object actual, Object stated) {
        return with(new Line(name, String.valueOf(actual), String.valueOf(stated), "", actual.equals(stated)));
    }

    private Expectations with(Line line) {
        List<Line> more = new ArrayList<>(lines);
        more.add(line);
        return new Expectations(scale, statedFor, more);
    }

    /** Returns whether every number is as stated. */
    public boolean hold() {
        return lines.stream().allMatch(Line::holds);
    }

    /**
     * Ends the list: returns it, to be shown, or throws {@link IllegalStateException} with the numbers that differ if
     * this is the scale they were stated for.
     */
    public Expectations done() {
        if (!hold() && scale.name().equals(statedFor)) {
            StringBuilder message =
                    new StringBuilder("numbers of the prose must come out at scale " + statedFor + "; got");
            lines.stream().filter(line -> !line.holds()).forEach(line -> message.append("\n  ")
                    .append(line.name())
                    .append(": ")
                    .append(line.actual())
                    .append(", stated ")
                    .append(line.stated())
                    .append(line.tolerance().isEmpty() ? "" : " " + line.tolerance()));
            throw new IllegalStateException(message.toString());
        }
        return this;
    }

    /** Returns one row a number: what it is, what came out, what was stated, how far it may be off, and the verdict. */
    @Override
    public Table table() {
        StringColumn verdict = StringColumn.create("verdict");
        lines.forEach(line -> verdict.append(verdict(line)));
        return Table.create(
                "check",
                StringColumn.create("number", lines.stream().map(Line::name)),
                StringColumn.create("here", lines.stream().map(Line::actual)),
                StringColumn.create("stated", lines.stream().map(Line::stated)),
                StringColumn.create("tolerance", lines.stream().map(Line::tolerance)),
                verdict);
    }

    private String verdict(Line line) {
        if (line.holds()) {
            return "ok";
        }
        return scale.name().equals(statedFor) ? "differs" : "differs, but stated for scale " + statedFor;
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.valueOf((long) value);
        }
        return String.format(Locale.ROOT, "%.6g", value)
                .replaceFirst("(\\.\\d*?)0+($|e)", "$1$2")
                .replaceFirst("\\.($|e)", "$1");
    }

    @Override
    public String toString() {
        long off = lines.stream().filter(line -> !line.holds()).count();
        return lines.size() + " numbers checked at scale " + scale.name() + ", " + off + " differ";
    }
}
