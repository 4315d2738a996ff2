# SPDX-License-Identifier: Apache-2.0
"""Metrics of scikit-learn and SciPy, degenerate cases included."""
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics

from .files import number, random, write_json


def classification(name, labels, truth, predictions):
    """Returns one case: what scikit-learn says of these predictions. Labels are 0 to labels − 1."""
    truth, predictions = list(map(int, truth)), list(map(int, predictions))
    every = list(range(labels))
    case = {
        "name": name,
        "labels": labels,
        "truth": truth,
        "predictions": predictions,
        "accuracy": number(metrics.accuracy_score(truth, predictions)),
        "macro_f1": number(metrics.f1_score(truth, predictions, average="macro")),
        "macro_f1_all_labels": number(metrics.f1_score(truth, predictions, average="macro", labels=every)),
        "f1_per_label": [number(v) for v in metrics.f1_score(truth, predictions, average=None, labels=every)],
        "matthews": number(metrics.matthews_corrcoef(truth, predictions)),
        "confusion": metrics.confusion_matrix(truth, predictions, labels=every).tolist(),
    }
    if labels == 2:
        case["f1_binary"] = number(metrics.f1_score(truth, predictions, labels=every, pos_label=1, average="binary"))
    return case


def correlation(name, truth, predictions):
    """Returns one case: Pearson and Spearman of SciPy; null is NaN, an error is the type of what SciPy threw."""
    case = {"name": name, "truth": list(map(float, truth)), "predictions": list(map(float, predictions))}
    for key, function in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
        try:
            case[key] = number(function(case["truth"], case["predictions"])[0])
        except ValueError as error:
            case[key] = None
            case[key + "_error"] = str(error)
    return case


def noisy(name, size, labels, share):
    """Returns labels and predictions that agree on about the given share."""
    draw = random(name)
    truth = draw.randint(0, labels, size)
    return truth, np.where(draw.rand(size) < share, truth, draw.randint(0, labels, size))


def classification_cases():
    skewed = random("skewed").choice(8, 200, p=[0.5, 0.25, 0.1, 0.05, 0.04, 0.03, 0.02, 0.01])
    wrong = random("skewed wrong").rand(200) < 0.15
    return [
        classification("two labels", 2, *noisy("two labels", 97, 2, 0.6)),
        classification("two labels, mostly right", 2, *noisy("two labels right", 50, 2, 0.95)),
        classification("two labels, all wrong", 2, [0, 1, 1, 0, 1], [1, 0, 0, 1, 0]),
        classification("two labels, all right", 2, [0, 1, 1, 0, 1], [0, 1, 1, 0, 1]),
        classification("two labels, only the first predicted", 2, [0, 1, 1, 0, 1], [0] * 5),
        classification("two labels, only the second predicted", 2, [0, 1, 1, 0, 1], [1] * 5),
        classification("two labels, truth is always the first", 2, [0] * 5, [0, 1, 0, 1, 0]),
        classification("two labels, nothing positive anywhere", 2, [0] * 4, [0] * 4),
        classification("two labels, everything positive", 2, [1] * 4, [1] * 4),
        classification("one example, right", 2, [1], [1]),
        classification("one example, wrong", 2, [1], [0]),
        classification("three labels", 3, *noisy("three labels", 64, 3, 0.5)),
        classification("three labels, one never occurs and is never predicted", 3, [0, 1, 0, 1, 1], [0, 1, 1, 1, 0]),
        classification("three labels, one never occurs but is predicted", 3, [0, 1, 0, 1, 1], [0, 1, 2, 1, 2]),
        classification("three labels, one occurs but is never predicted", 3, [0, 1, 2, 1, 2], [0, 1, 0, 1, 1]),
        classification("eight labels", 8, *noisy("eight labels", 200, 8, 0.7)),
        classification("eight labels, skewed", 8, skewed, np.where(wrong, (skewed + 1) % 8, skewed)),
        classification("eight labels, one predicted", 8, skewed, [0] * 200),
    ]


def correlation_cases():
    draw = random("correlation")
    truth = draw.uniform(0, 5, 60)
    near = truth + draw.standard_normal(60)
    return [
        correlation("close", truth, near),
        correlation("independent", truth, draw.standard_normal(60)),
        correlation("reversed", truth, -truth),
        correlation("ties in truth", np.round(truth), near),
        correlation("ties in both", np.round(truth), np.round(near)),
        correlation("ranks equal, line not straight", truth, np.exp(truth)),
        correlation("large offset", truth + 1e6, near + 1e6),
        correlation("constant predictions", truth, [2.5] * 60),
        correlation("constant truth", [2.5] * 60, near),
        correlation("both constant", [2.5] * 6, [1.0] * 6),
        correlation("two examples", [1.0, 2.0], [0.3, 0.1]),
        correlation("one example", [1.0], [2.0]),
        correlation("nearly constant predictions", truth[:6], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0 + 1e-9]),
    ]


def make(out):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = {"classification": classification_cases(), "correlation": correlation_cases()}
    write_json(out / "metrics" / "metrics.json", content)
