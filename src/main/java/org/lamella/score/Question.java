// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import org.lamella.data.Example;

/** Of what number gradients are taken. */
enum Question {
    /** The gold label's logit; of regression the value. */
    GOLD_LOGIT {
        @Override
        double upstream(double[] logits, int output, Example truth, boolean regression) {
            return regression || output == truth.label() ? 1 : 0;
        }
    },
    /** The loss: cross-entropy in nats, for regression the squared error. */
    LOSS {
        @Override
        double upstream(double[] logits, int output, Example truth, boolean regression) {
            if (regression) {
                return 2 * (logits[output] - truth.target());
            }
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit - logits[output]);
            }
            return 1 / sum - (output == truth.label() ? 1 : 0);
        }
    };

    /** Returns the derivative of the number with respect to one output of the head. */
    abstract double upstream(double[] logits, int output, Example truth, boolean regression);
}
