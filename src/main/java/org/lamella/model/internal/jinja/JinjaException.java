// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/** A template that could not be rendered. */
public final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean raised;

    JinjaException(int line, String said, boolean raised) {
        super(said);
        this.line = line;
        this.raised = raised;
    }

    /** Returns the line of the template, counted from 1. */
    public int line() {
        return line;
    }

    /** Returns whether the template itself refused what it was to render. */
    public boolean raised() {
        return raised;
    }
}
