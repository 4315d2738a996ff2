# SPDX-License-Identifier: Apache-2.0
"""The tiny RoBERTa."""
from . import encoders, families


def make(out):
    encoders.make(out, families.ROBERTA)
