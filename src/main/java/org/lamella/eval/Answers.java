// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.stream.IntStream;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.data.Truth;
import org.lamella.model.Predictions;

/** Reads truth and answers out of predictions, once they are known to be there. */
final class Answers {

    private Answers() {}

    /** Throws when the task has a metric that cannot judge it, the split is empty, or an example has no truth. */
    static void requireTruth(Split split) {
        split.task().metrics().forEach(name -> Metric.named(name).requireFits(split.task()));
        Truth.require(split, "to be measured");
    }

    static boolean areNumbers(Predictions predictions) {
        return numbers(predictions.split());
    }

    private static boolean numbers(Split split) {
        return split.task().kind() == Task.Kind.REGRESSION;
    }

    static double[] targets(Split split) {
        return split.examples().stream().mapToDouble(Example::target).toArray();
    }

    /** Returns truth * labels + answer of each example. */
    static int[] cells(Predictions predictions) {
        Split split = predictions.split();
        int labels = split.task().labels().size();
        return IntStream.range(0, split.size())
                .map(i -> split.example(i).label() * labels + predictions.label(i))
                .toArray();
    }

    /** Returns the sums over the answers of some examples. */
    static TokenSums tokens(Predictions predictions, int[] drawn) {
        double surprise = 0;
        double tokens = 0;
        double right = 0;
        for (int i : drawn) {
            surprise += predictions.logits().at(i, 0);
            tokens += predictions.logits().at(i, 1);
            right += predictions.logits().at(i, 2);
        }
        return new TokenSums(surprise, tokens, right);
    }

    /** Returns why a metric of these predictions is not a number. */
    static String whyUndefined(Predictions predictions) {
        int n = predictions.size();
        boolean finite = IntStream.range(0, n).allMatch(i -> Double.isFinite(predictions.loss(i)));
        if (!finite) {
            return "undefined: an answer is not finite";
        }
        if (n < 2) {
            return "undefined: fewer than two examples";
        }
        double[] truth = targets(predictions.split());
        boolean constantTruth = Correlation.constant(truth, Correlation.everyone(n));
        return constantTruth ? "undefined: the truth is constant" : "undefined: the answers are constant";
    }
}
