# SPDX-License-Identifier: Apache-2.0
"""The tiny BERT."""
from . import encoders, families


def make(out):
    encoders.make(out, families.BERT)
