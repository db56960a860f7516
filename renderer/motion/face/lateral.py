"""Limit of what draws a mouth to one side.

A mouth aside, a jaw aside and a smile on one side move the same corner of the mouth. Each is
measured by itself, and together they would draw it across the cheek.
"""

from __future__ import annotations

from typing import Final

from avatars.maths.vectors import Array
from avatars.names import ARKIT_INDEX

MAX_LATERAL: Final = 1.0
"""Largest sum of mouth aside, jaw aside and the difference of the smile's sides. At 2 the corner of
an idol's mouth runs over its cheek."""

_ASIDE: Final = [ARKIT_INDEX[n] for n in ("mouthLeft", "mouthRight", "jawLeft", "jawRight")]
_SMILES: Final = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]


def limit_lateral(shapes: Array) -> Array:
    """Return face shapes (52,) whose lateral sum is at most MAX_LATERAL.

    All parts are reduced by the same factor; the mean of a smile stays.
    """
    smiles = shapes[_SMILES]
    total = float(shapes[_ASIDE].sum()) + abs(float(smiles[0] - smiles[1]))
    if total <= MAX_LATERAL:
        return shapes
    out = shapes.copy()
    share = MAX_LATERAL / total
    out[_ASIDE] *= share
    out[_SMILES] = smiles.mean() + share * (smiles - smiles.mean())
    return out
