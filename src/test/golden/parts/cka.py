# SPDX-License-Identifier: Apache-2.0
"""Layer similarity: the published linear CKA, the same in float64, and the debiased one."""
import itertools

import torch

from .files import normal, number, write_json, write_tensors

RATIOS = (0.25, 0.5, 0.75, 1.0)


def published(x, y):
    """Returns linear CKA as the paper's code has it: float32, column means off, denominator clamped at 1e-12."""
    x, y = x.to(torch.float32), y.to(torch.float32)
    x = x - x.mean(dim=0, keepdim=True)
    y = y - y.mean(dim=0, keepdim=True)
    numerator = torch.norm(x.T @ y, p="fro") ** 2
    denominator = torch.norm(x.T @ x, p="fro") * torch.norm(y.T @ y, p="fro")
    return (numerator / torch.clamp(denominator, min=1e-12)).item()


def biased(x, y):
    """Returns the same quantity in float64, without a clamp: NaN where an input is constant."""
    x, y = x.double(), y.double()
    x, y = x - x.mean(0), y - y.mean(0)
    if spread(x) == 0 or spread(y) == 0:
        return float("nan")
    return ((x.T @ y).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())).item()


def spread(centred):
    """Returns 0 for what is constant up to float64 rounding, so that a constant input is seen as constant."""
    largest = centred.abs().max().item()
    return 0.0 if largest < 1e-12 else largest


def unbiased_hsic(k, q):
    """Returns HSIC_1 of Song et al. (2012), equation 5: diagonals zeroed; needs at least four examples."""
    n = k.shape[0]
    k, q = k - torch.diag(torch.diag(k)), q - torch.diag(torch.diag(q))
    trace = (k * q).sum()
    product = k.sum() * q.sum() / ((n - 1) * (n - 2))
    rows = 2 * (k.sum(0) * q.sum(0)).sum() / (n - 2)
    return (trace + product - rows) / (n * (n - 3))


def debiased(x, y):
    """Returns CKA of the unbiased HSIC (Nguyen et al. 2020) with linear kernels in float64: NaN where undefined."""
    x, y = x.double(), y.double()
    x, y = x - x.mean(0), y - y.mean(0)  # HSIC_1 does not change with the origin; centred sums lose fewer digits
    if spread(x) == 0 or spread(y) == 0:
        return float("nan")
    k, q = x @ x.T, y @ y.T
    return (unbiased_hsic(k, q) / (unbiased_hsic(k, k) * unbiased_hsic(q, q)).sqrt()).item()


def select(scores, ratio, skip_first):
    """Returns the mask of the published rule; the encoder's skips the lowest score whatever layer it is of."""
    order = sorted(range(len(scores)), key=lambda layer: scores[layer])
    count = int(len(scores) * ratio)
    chosen = order[1 : count + 1] if skip_first else order[:count]
    return "".join("1" if layer in chosen else "0" for layer in range(len(scores)))


def selections(scores):
    return [
        {"ratio": ratio, "encoder": select(scores, ratio, True), "decoder": select(scores, ratio, False)}
        for ratio in RATIOS
    ]


def describe(states):
    """Returns every number there is to compare for one list of representations, embedding output first."""
    pairs = list(itertools.pairwise(states))
    scores = [published(x, y) for x, y in pairs]
    return {
        "examples": states[0].shape[0],
        "width": states[0].shape[1],
        "layers": len(pairs),
        "adjacent": {
            "published": [number(score) for score in scores],
            "biased": [number(biased(x, y)) for x, y in pairs],
            "debiased": [number(debiased(x, y)) for x, y in pairs],
        },
        "matrix": {
            name: [[number(function(x, y)) for y in states] for x in states]
            for name, function in (("published", published), ("biased", biased), ("debiased", debiased))
        },
        "selected": selections(scores),
    }


def walk(name, examples, width, changes):
    """Returns states where each layer keeps a part of the one before and adds something new."""
    states = [normal(name + " 0", examples, width) + 3 * normal(name + " mean", 1, width)]
    for layer, change in enumerate(changes, 1):
        mixed = states[-1] @ normal(f"{name} mix {layer}", width, width, scale=width**-0.5)
        states.append((1 - change) * states[-1] + change * (mixed + normal(f"{name} new {layer}", examples, width)))
    return states


def cases():
    wide = walk("wide", 24, 32, (0.3, 0.8, 0.15, 0.5, 0.4))
    tall = walk("tall", 48, 16, (0.6, 0.2, 0.9, 0.35, 0.1))
    constant = walk("constant", 24, 32, (0.5, 0.5, 0.5, 0.5, 0.5))
    constant[0] = normal("constant row", 1, 32).expand(24, 32).contiguous()  # the CLS state of an embedding output
    middle = walk("middle", 24, 32, (0.5, 0.5, 0.5, 0.5, 0.5))
    middle[3] = torch.full((24, 32), 0.1)
    rotation = torch.linalg.qr(normal("rotation", 32, 32).double())[0].float()
    same = walk("same", 24, 32, (0.4, 0.4))
    same = [same[0], same[0].clone(), 7.5 * same[0] @ rotation, same[1], same[1].clone(), same[2]]
    outlier = [constant[0].clone()] + walk("outlier", 24, 32, (0.5, 0.5, 0.5, 0.5))
    outlier[0][5] = normal("outlier row", 32)
    few = walk("few", 4, 8, (0.5, 0.5, 0.5, 0.5, 0.5))
    return {
        "wide": wide, "tall": tall, "constant": constant, "middle": middle, "same": same, "outlier": outlier, "few": few,
    }


def rule_cases():
    twelve = [number(v) for v in normal("twelve", 12).abs().clamp(max=1.0)]
    lists = [
        [0.0, 0.9, 0.8, 0.95, 0.7, 0.99],
        [0.9, 0.9, 0.9, 0.9, 0.9, 0.9],
        [0.5, 0.4, 0.5, 0.4, 0.5, 0.4, 0.3],
        [0.99, 0.98, 0.97, 0.96, 0.0],
        twelve,
    ]
    return [{"scores": scores, "selected": selections(scores)} for scores in lists]


def make(out):
    states = cases()
    write_tensors(
        out / "cka" / "representations.safetensors",
        {f"{name}.{i}": state for name, layers in states.items() for i, state in enumerate(layers)},
    )
    write_json(
        out / "cka" / "cka.json",
        {"cases": {name: describe(layers) for name, layers in states.items()}, "rule": rule_cases()},
    )
