// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamella.base.Names;

/**
 * How much a notebook does: quick (what the tests run, under a minute), laptop (what is committed with its outputs,
 * minutes) or paper (the published protocol in full, on an accelerator).
 *
 * <p>The first cell says {@code var scale = Scale.laptop();}. The environment variable {@code LAMELLA_SCALE} overrides
 * whatever the cell says, so that one notebook runs at every scale unchanged.
 */
public final class Scale {

    private static final List<String> NAMES = List.of("quick", "laptop", "paper");

    private final String name;

    private Scale(String name) {
        this.name = name;
    }

    /** Returns the quick scale, or the one that {@code LAMELLA_SCALE} names. */
    public static Scale quick() {
        return named("quick", environment());
    }

    /** Returns the laptop scale, or the one that {@code LAMELLA_SCALE} names. */
    public static Scale laptop() {
        return named("laptop", environment());
    }

    /** Returns the scale of the papers, or the one that {@code LAMELLA_SCALE} names. */
    public static Scale paper() {
        return named("paper", environment());
    }

    /** Returns the scale that {@code LAMELLA_SCALE} names; laptop when it names none. */
    public static Scale current() {
        return laptop();
    }

    static Scale named(String name, String override) {
        String wanted = override.isBlank() ? name : override.strip().toLowerCase(Locale.ROOT);
        if (!NAMES.contains(wanted)) {
            throw new IllegalArgumentException("LAMELLA_SCALE must be quick, laptop or paper; got \"" + override + "\""
                    + Names.didYouMean(override, NAMES));
        }
        return new Scale(wanted);
    }

    static void requireName(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "scale must be quick, laptop or paper; got \"" + name + "\"" + Names.didYouMean(name, NAMES));
        }
    }

    private static String environment() {
        return Optional.ofNullable(System.getenv("LAMELLA_SCALE")).orElse("");
    }

    /** Returns {@code quick}, {@code laptop} or {@code paper}. */
    public String name() {
        return name;
    }

    /** Returns the number for this scale. */
    public int pick(int quick, int laptop, int paper) {
        return switch (name) {
            case "quick" -> quick;
            case "laptop" -> laptop;
            default -> paper;
        };
    }

    /** Returns the number for this scale. */
    public double pick(double quick, double laptop, double paper) {
        return switch (name) {
            case "quick" -> quick;
            case "laptop" -> laptop;
            default -> paper;
        };
    }

    /** Returns the value for this scale. */
    public <T> T pick(T quick, T laptop, T paper) {
        return switch (name) {
            case "quick" -> quick;
            case "laptop" -> laptop;
            default -> paper;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scale scale && name.equals(scale.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "Scale " + name;
    }
}
