# SPDX-License-Identifier: Apache-2.0
"""Learning rates of transformers' schedules with warm-up."""
import torch
from transformers import get_scheduler

from .files import write_json

PEAK = 3e-3
COMBINATIONS = ((1, 0), (1, 1), (10, 0), (10, 1), (20, 2), (20, 5), (50, 3), (75, 5), (7, 7), (5, 9))
NAMES = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}


def learning_rates(schedule, steps, warmup, peak=PEAK):
    """Returns the learning rate of each step: the one the optimizer uses, the first step first."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    scheduler = get_scheduler(NAMES[schedule], optimizer, num_warmup_steps=warmup, num_training_steps=steps)
    used = []
    for _ in range(steps):
        used.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return used


def make(out):
    cases = [
        {
            "schedule": schedule,
            "steps": steps,
            "warmup_steps": warmup,
            "peak": PEAK,
            "learning_rates": learning_rates(schedule, steps, warmup),
        }
        for schedule in NAMES
        for steps, warmup in COMBINATIONS
    ]
    write_json(out / "schedules.json", {"cases": cases})
