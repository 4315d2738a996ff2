// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.tensor.Scope;

/** What is made of the gradients of one example after another. */
interface GradientMeasure {

    /** Returns of what the gradients are to be. */
    Question question();

    /** Takes the gradients that lie in the leaves now. */
    void take(Leaves leaves, Scope step);

    /** Returns the scores of the examples taken. */
    LayerScores scores(Split split, Provenance provenance);
}
