// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

/** How the run of a program ended. */
public enum CodeOutcome {
    /** It came to its end. */
    PASSED,
    /** An assertion did not hold. */
    FAILED,
    /** It is no Python, something else was raised, or it stopped before its end. */
    ERROR,
    /** It ran longer than it may. */
    TIMEOUT,
    /** It wanted more memory than it may have. */
    MEMORY,
    /** It printed more than it may. */
    OUTPUT_LIMIT
}
