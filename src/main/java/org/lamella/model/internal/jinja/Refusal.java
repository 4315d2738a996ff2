// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/** What a template asks for and is not given; the renderer adds the line. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean raised;

    Refusal(String said) {
        this(said, false);
    }

    Refusal(String said, boolean raised) {
        super(said);
        this.raised = raised;
    }

    /** Returns the refusal of what Jinja knows and this renderer does not. */
    static Refusal unknown(String what) {
        return new Refusal(what + " is not known here");
    }

    /** Returns whether the template itself refused. */
    boolean raised() {
        return raised;
    }
}
