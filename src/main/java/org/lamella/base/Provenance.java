// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Where a result comes from: the lines that make it again, the facts it depended on, and what to be careful about.
 *
 * <p>Immutable. Start and duration are carried but left out of {@link #equals}, so that two runs of the same lines
 * compare equal.
 */
public final class Provenance implements Listing {

    /** What a warning begins with when layers or a boundary were picked on examples of the result. */
    public static final String PICKED_HERE = "picked and reported on the same examples";

    /** What a warning begins with when an adapter was trained on examples of the result. */
    public static final String TRAINED_HERE = "trained and reported on the same examples";

    private final String recipe;
    private final Map<String, String> facts;
    private final List<String> warnings;
    private final Instant started;
    private final Duration took;

    private Provenance(
            String recipe, Map<String, String> facts, List<String> warnings, Instant started, Duration took) {
        this.recipe = recipe;
        this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        this.warnings = List.copyOf(warnings);
        this.started = started;
        this.took = took;
    }

    /** Returns the provenance of the given lines, with the versions of Java and of this library as its first facts. */
    public static Provenance of(String recipe) {
        Map<String, String> facts = new LinkedHashMap<>();
        String version = Provenance.class.getPackage().getImplementationVersion();
        facts.put("lamella", version == null ? "development" : version);
        facts.put("java", Runtime.version().toString());
        facts.put(
                "machine",
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
        return new Provenance(recipe, facts, List.of(), Instant.now(), Duration.ZERO);
    }

    /** Returns the lines that make this result again. */
    public String recipe() {
        return recipe;
    }

    /** Returns what the result depended on, in the order it was noted: seeds, hashes, versions, switches. */
    public Map<String, String> facts() {
        return facts;
    }

    /** Returns what a reader should be careful about; empty when there is nothing. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Returns a title of the result's table or picture, which may travel without the warnings: it says where layers or
     * boundary were picked, or an adapter was trained, on the very examples.
     */
    public String titled(String title) {
        String marked = warned(PICKED_HERE) ? title + ", " + PICKED_HERE : title;
        return warned(TRAINED_HERE) ? marked + ", " + TRAINED_HERE : marked;
    }

    private boolean warned(String words) {
        return warnings.stream().anyMatch(warning -> warning.contains(words));
    }

    /** Returns when the work began. */
    public Instant started() {
        return started;
    }

    /** Returns how long the work took. */
    public Duration took() {
        return took;
    }

    /** Returns this provenance with other lines. */
    public Provenance recipe(String lines) {
        return new Provenance(lines, facts, warnings, started, took);
    }

    /** Returns this provenance with a call at the end of its last line, for instance {@code .named("half")}. */
    public Provenance then(String call) {
        return recipe(recipe.replaceFirst(";$", "") + call + ";");
    }

    /** Returns this provenance with one more fact; a fact of that name is replaced. */
    public Provenance with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(name, String.valueOf(value));
        return new Provenance(recipe, more, warnings, started, took);
    }

    /** Returns this provenance with one more warning. */
    public Provenance warning(String sentence) {
        List<String> more = new ArrayList<>(warnings);
        more.add(sentence);
        return new Provenance(recipe, facts, more, started, took);
    }

    /** Returns this provenance, finished now: the duration runs from its start. */
    public Provenance finished() {
        return new Provenance(recipe, facts, warnings, started, Duration.between(started, Instant.now()));
    }

    /** Returns one row a fact, then one row a warning, then one row for each line that makes the result again. */
    @Override
    public Table table() {
        StringColumn name = StringColumn.create("fact");
        StringColumn value = StringColumn.create("value");
        facts.forEach((key, text) -> {
            name.append(key);
            value.append(text);
        });
        warnings.forEach(text -> {
            name.append("careful");
            value.append(text);
        });
        recipe.lines().forEach(line -> {
            name.append("line");
            value.append(line.strip());
        });
        return Table.create("provenance", name, value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Provenance p
                && recipe.equals(p.recipe)
                && facts.equals(p.facts)
                && warnings.equals(p.warnings);
    }

    @Override
    public int hashCode() {
        return 31 * recipe.hashCode() + facts.hashCode();
    }

    @Override
    public String toString() {
        return recipe + facts + (warnings.isEmpty() ? "" : warnings.toString());
    }
}
