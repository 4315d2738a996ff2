// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

/**
 * What came of one program.
 *
 * @param outcome how it ended
 * @param message the last line of Python's traceback, or which limit ended it; empty when it passed
 * @param output what it printed, up to the limit
 * @param seconds how long it took by the clock, with the sandbox's own start
 */
public record CodeRun(CodeOutcome outcome, String message, String output, double seconds) {}
