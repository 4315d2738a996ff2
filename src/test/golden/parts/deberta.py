# SPDX-License-Identifier: Apache-2.0
"""The tiny DeBERTa-v3."""
from . import encoders, families


def make(out):
    encoders.make(out, families.DEBERTA)
