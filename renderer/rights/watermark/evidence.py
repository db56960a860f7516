"""Decide whether a pattern is a mark, with a proven bound on how rarely another picture passes.

`measure` returns z = Σ s·x / √Σ x², where x are the cells of a picture at some place and size of
the grid, and s their signs. The key makes the signs: independent coins, of which a picture without
a mark knows nothing. Hoeffding's inequality for such sums, whatever the picture shows, is
P(z ≥ t) ≤ exp(-t²/2). A search tries at most `TRIALS` places and sizes; a payload is one of 2**32.
So by the union bound, an unmarked picture is taken for a marked one with a probability of at most
TRIALS · exp(-t²/2) by the cells for finding, and TRIALS · 2**32 · exp(-t²/2) by all cells with the
decoded payload's signs. No distribution is assumed or fitted. The bound does not hold for pictures
that are made with the key, which is public: they have a mark.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.payload import PAYLOAD_BITS

TRIALS: Final = 10_000_000
"""Most places and sizes that a search tries (`count_trials` of the search; a test counts them)."""
FALSE_RATE: Final = 1e-7
"""Most searches of unmarked pictures that find a mark."""


def bound_false_rate(z: float, hypotheses: float = 1.0) -> float:
    """Return the proven bound on the share of unmarked pictures that reach z.

    Args:
        z: of the pattern.
        hypotheses: number of patterns that would have been believed at each place.
    """
    return min(1.0, TRIALS * hypotheses * math.exp(-0.5 * max(0.0, z) ** 2))


def _find_threshold(hypotheses: float) -> float:
    return math.sqrt(2.0 * math.log(TRIALS * hypotheses / (0.5 * FALSE_RATE)))


FOUND: Final = _find_threshold(1.0)
"""z of the cells for finding from which a picture has a mark: 8.24."""
READ: Final = _find_threshold(2.0**PAYLOAD_BITS)
"""z of all cells from which a payload is believed: 10.59."""


def measure(cells: NDArray[np.float64], signs: NDArray[np.int8]) -> float:
    """Return z of cells under signs; those of sign 0 do not count."""
    energy = float(np.sum(np.square(cells[signs != 0])))
    return float(np.sum(cells * signs)) / math.sqrt(energy) if energy > 0.0 else 0.0
