"""Measure how often a copy of an avatar is missed, and another avatar taken for a copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from avatars import load_avatar
from avatars.errors import AvatarError
from avatars.model import Avatar
from renderer.bench.rights.copies import COPIES, make_designs, strip_copy
from renderer.paths import IDOL, IDOL_2
from renderer.rights.protected import THRESHOLD
from renderer.rights.shape.fingerprint import compare_shapes, describe_shape

CONFIDENCE: Final = 0.95
_SEED: Final = 20261130


@dataclass(frozen=True, slots=True)
class ShapeFigures:
    """Results.

    Attributes:
        avatars: number of different avatars.
        copies: number of copies by kind of change, and how many of them were missed.
        others: number of comparisons with another avatar or with a copy of one.
        accepted: of those, how many were taken for a copy.
        missed_limits, accepted_limits: confidence limits of the rates, by Clopper and Pearson. The
            comparisons share avatars, so that of `accepted` is narrower than the truth.
        farthest_copy, nearest_other: differences on either side of the threshold.
    """

    avatars: int
    copies: dict[str, tuple[int, int]]
    others: int
    accepted: int
    missed_limits: tuple[float, float]
    accepted_limits: tuple[float, float]
    farthest_copy: float
    nearest_other: float

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        missed = sum(bad for _, bad in self.copies.values())
        count = sum(made for made, _ in self.copies.values())
        low, high = (100 * limit for limit in self.missed_limits)
        least, most = (100 * limit for limit in self.accepted_limits)
        kinds = ", ".join(f"{name} {bad}/{made}" for name, (made, bad) in self.copies.items())
        return [
            f"shape               {self.avatars} avatars",
            f"copies missed       {missed} of {count}, {low:.2f} to {high:.2f} % (goal < 1 %)",
            f"                    {kinds}",
            f"others accepted     {self.accepted} of {self.others:,}, {least:.3f} to {most:.3f} % "
            "(goal < 0.1 %)",
            f"difference          copies up to {self.farthest_copy:.2f}, threshold {THRESHOLD}, "
            f"others from {self.nearest_other:.2f}",
        ]


def measure_shapes(
    count: int, files: Sequence[Path], notify: Callable[[str], None]
) -> ShapeFigures:
    """Compare avatars of other proportions and those of files, with their copies.

    Args:
        count: avatars to make from the builder's two designs.
        files: more avatars; what can't be read, or has too few parts to be compared, is left out.
        notify: called with each step.
    """
    idols = [load_avatar(path) for path in (IDOL, IDOL_2)]
    chosen = np.random.default_rng(_SEED)
    cast: list[Avatar] = [*idols, *(one for _, one in make_designs(idols, count, _SEED))]
    for path in files:
        try:
            cast.append(load_avatar(path))
        except AvatarError:
            continue
    near: list[float] = []
    made: dict[str, list[float]] = {name: [] for name in (*COPIES, "without hair")}
    own = [describe_shape(avatar) for avatar in cast]
    # One that can't be compared with itself has too few parts for any fingerprint.
    usable = [k for k, shape in enumerate(own) if compare_shapes(shape, shape) == 0.0]
    for number, k in enumerate(usable, 1):
        notify(f"copying avatar {number} of {len(usable)}")
        for name, change in (*COPIES.items(), ("without hair", strip_copy)):
            copy = describe_shape(change(cast[k], chosen))
            made[name].append(compare_shapes(copy, own[k]))
            near += [compare_shapes(copy, own[j]) for j in usable if j != k]
    near += [compare_shapes(own[i], own[j]) for i in usable for j in usable if i < j]
    gaps = [gap for found in made.values() for gap in found]
    missed = sum(gap > THRESHOLD for gap in gaps)
    accepted = sum(gap <= THRESHOLD for gap in near)
    return ShapeFigures(
        len(usable),
        {name: (len(found), sum(gap > THRESHOLD for gap in found)) for name, found in made.items()},
        len(near),
        accepted,
        _limits(missed, len(gaps)),
        _limits(accepted, len(near)),
        max(gaps),
        min(near),
    )


def _limits(found: int, tried: int) -> tuple[float, float]:
    """Return the confidence limits of a rate."""
    from scipy.stats import binomtest

    interval = binomtest(found, tried).proportion_ci(CONFIDENCE, "exact")
    return float(interval.low), float(interval.high)
