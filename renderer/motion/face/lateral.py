"""Limit of what draws a mouth to one side.

A mouth aside, a jaw aside and a smile on one side move the same corner of the mouth. Each is
measured by itself, and together they would draw it across the cheek.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT_INDEX

MAX_LATERAL: Final = 1.0
"""Largest sum of mouth aside, jaw aside and the difference of the smile's sides. At 2 the corner of
an idol's mouth runs over its cheek."""

_DIMPLES_APART: Final = 0.15
"""Largest difference of the dimples beyond that of the smile's sides: their scores differ in
speech, which draws no corner of the mouth aside."""

_ASIDE: Final = [ARKIT_INDEX[n] for n in ("mouthLeft", "mouthRight", "jawLeft", "jawRight")]
_DIMPLES: Final = [ARKIT_INDEX["mouthDimpleLeft"], ARKIT_INDEX["mouthDimpleRight"]]
_SMILES: Final = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]


def limit_lateral(shapes: Array) -> Array:
    """Return face shapes (52,) whose lateral sum is at most MAX_LATERAL.

    All parts are reduced by the same factor; the mean of a smile stays. What they leave limits the
    difference of the dimples, which draw the corners back, and so does the smile's.
    """
    smiles, dimples = shapes[_SMILES], shapes[_DIMPLES]
    lopsided = abs(float(smiles[0] - smiles[1]))
    total = float(shapes[_ASIDE].sum()) + lopsided
    apart = abs(float(dimples[0] - dimples[1]))
    room = min(max(MAX_LATERAL - total, 0.0), lopsided + _DIMPLES_APART)
    if total <= MAX_LATERAL and apart <= room:
        return shapes
    out = shapes.copy()
    if total > MAX_LATERAL:
        share = MAX_LATERAL / total
        out[_ASIDE] *= share
        out[_SMILES] = smiles.mean() + share * (smiles - smiles.mean())
    if apart > room:
        out[_DIMPLES] = np.minimum(dimples, dimples.min() + room)
    return out
