"""Decide whether a pattern is a mark, with a proven bound on how rarely another picture passes.

`measure` returns z = Σ s·x / √Σ x², where x are the cells of a picture at some place and size of
the grid, and s their signs. The key makes the signs: independent coins, of which a picture without
a mark knows nothing. Hoeffding's inequality for such sums, whatever the picture shows, is
P(z ≥ t) ≤ exp(-t²/2). A search tries at most `TRIALS` places and sizes; a payload is one of 2**32.
So by the union bound, an unmarked picture is taken for a marked one with a probability of at most
TRIALS · exp(-t²/2) by the cells for finding, and TRIALS · 2**32 · exp(-t²/2) by all cells with the
decoded payload's signs. The place that the grid has in a picture that nobody cropped is tried
first; as a single trial it has thresholds of its own, which are lower. No distribution is assumed
or fitted. The bound does not hold for pictures that are made with the key, which is public: they
have a mark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.payload import PAYLOAD_BITS

TRIALS: Final = 10_000_000
"""Most places and sizes that a search tries (`count_trials` of the search; a test counts them)."""
FALSE_RATE: Final = 2e-7
"""Most searches of unmarked pictures that find a mark: a quarter by each threshold."""


_SURE: Final = 9.9
"""Least z of all cells from which a payload is believed: of those that reach it, one in 300 is not
the mark's own, since its bits were too uncertain; at 8.9, one in 40."""


def bound_false_rate(z: float, hypotheses: float = 1.0, trials: int = TRIALS) -> float:
    """Return the proven bound on the share of unmarked pictures that reach z.

    Args:
        z: of the pattern.
        hypotheses: number of patterns that would have been believed at each place.
        trials: number of places and sizes that are tried.
    """
    return min(1.0, trials * hypotheses * math.exp(-0.5 * max(0.0, z) ** 2))


def _find_threshold(hypotheses: float, trials: int) -> float:
    return math.sqrt(2.0 * math.log(trials * hypotheses / (0.25 * FALSE_RATE)))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is believed at a place.

    Attributes:
        found: z of the cells for finding from which a picture has a mark.
        read: z of all cells from which a payload is believed.
        trials: number of places that are tried.
    """

    found: float
    read: float
    trials: int

    @classmethod
    def of(cls, trials: int) -> Thresholds:
        """Return the thresholds for a number of places."""
        read = _find_threshold(2.0**PAYLOAD_BITS, trials)
        return cls(_find_threshold(1.0, trials), max(_SURE, read), trials)

    def bound(self) -> float:
        """Return the proven bound on the share of unmarked pictures that pass either."""
        return bound_false_rate(self.found, 1.0, self.trials) + bound_false_rate(
            self.read, 2.0**PAYLOAD_BITS, self.trials
        )


ANYWHERE: Final = Thresholds.of(TRIALS)
"""Among all places and sizes: 8.12 and 10.50."""
UNCROPPED: Final = Thresholds.of(1)
"""At the place of a picture that was scaled as a whole at most: 5.80 and 9.9."""


def bound_false_searches() -> float:
    """Return the proven bound on the share of searches of unmarked pictures that find a mark."""
    return ANYWHERE.bound() + UNCROPPED.bound()


def measure(cells: NDArray[np.float64], signs: NDArray[np.int8]) -> float:
    """Return z of cells under signs; those of sign 0 do not count."""
    energy = float(np.sum(np.square(cells[signs != 0])))
    return float(np.sum(cells * signs)) / math.sqrt(energy) if energy > 0.0 else 0.0


def bound_whole(
    cells: NDArray[np.float64], sync: NDArray[np.int8], soft: NDArray[np.float64]
) -> float:
    """Return the largest z of all cells that any payload could have.

    Args:
        cells: (rows, columns).
        sync: signs of the cells for finding, 0 elsewhere.
        soft: evidence for each bit of the code, from the other cells.
    """
    energy = float(np.sum(np.square(cells)))
    most = float(np.sum(cells * sync)) + float(np.abs(soft).sum())
    return most / math.sqrt(energy) if energy > 0.0 else 0.0
