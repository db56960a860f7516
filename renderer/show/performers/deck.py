"""Keep avatars on the deck, however far their performers walk."""

from __future__ import annotations

import math
from typing import Final

from renderer.motion.core.records import F32

SIDE_M: Final = 5.0
FRONT_M: Final = 2.0
BACK_M: Final = 1.8
"""Farthest places from the stage's centre, to either side, towards the audience and upstage,
metres: within the hall's deck, clear of its front edge and its steps."""
FREE: Final = 0.75
"""Fraction of these distances within which an avatar stands where its performer does; beyond, it
walks less far."""


def keep_on_deck(root: F32) -> None:
    """Move a root (3,) in metres onto the deck, in place."""
    root[0] = _limit(float(root[0]), SIDE_M)
    root[2] = _limit(float(root[2]), FRONT_M if root[2] > 0.0 else BACK_M)


def _limit(metres: float, most: float) -> float:
    """Return a distance compressed towards `most`, without a jump of its speed."""
    free = FREE * most
    beyond = abs(metres) - free
    if beyond <= 0.0:
        return metres
    return math.copysign(free + (most - free) * math.tanh(beyond / (most - free)), metres)
