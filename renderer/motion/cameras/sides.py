"""Left and right of several cameras' bodies, made consistent.

A detector that sees a performer from behind or the side may exchange left and right. One camera
cannot tell, but several disagree by the width of the body then. Arms and legs are decided apart:
detectors exchange legs alone, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.cameras.landmark_track import CameraLandmarks
from renderer.motion.cameras.model import Camera
from renderer.motion.cameras.triangulation import Sight, triangulate

_UPPER: Final = np.array([7, 8, 11, 12, 13, 14, 15, 16])
_LOWER: Final = np.array([23, 24, 25, 26, 27, 28, 31, 32])
"""Landmarks that decide: ears and arms, hips and legs."""

_GROUPS: Final = (
    (_UPPER, np.arange(0, 23)),
    (_LOWER, np.arange(23, 33)),
)
"""Landmarks that decide, and those that are exchanged with them."""

_SUSPICIOUS_M: Final = 0.08
"""Metres of mean disagreement below which no side is in doubt: a landmark's noise is 0.02."""

_BETTER: Final = 0.6
"""Share of the disagreement that must remain at most for sides to be exchanged."""

_CHANGE_COST_M: Final = 0.02
"""Metres of disagreement that a change of a camera's sides since the last frame must save."""

Sides = tuple[bool, ...]
Rows = npt.NDArray[np.intp]


class SideConsensus:
    """Exchanges sides of single cameras so that all agree; remembers one performer's sides."""

    def __init__(self, cameras: int) -> None:
        self._exchanged: list[Sides] = [(False,) * cameras for _ in _GROUPS]

    def forget(self) -> None:
        """Forget which cameras' sides were exchanged."""
        self._exchanged = [(False,) * len(sides) for sides in self._exchanged]

    def check(
        self,
        cameras: Sequence[Camera],
        seen: Sequence[CameraLandmarks | None],
        trusts: Sequence[float],
        predicted: Array | None,
    ) -> list[CameraLandmarks | None]:
        """Return the landmarks with left and right as the performer's own.

        Args:
            cameras: in order.
            seen: what each camera sees; None for one that sees nobody.
            trusts: how sure each camera is of its sides, 1 or more: a face is seen from in front.
            predicted: (33, 3) metres, the landmarks expected on the stage; None if unknown.
        """
        out = list(seen)
        there = [k for k, one in enumerate(seen) if one is not None]
        for group, (deciding, exchanged) in enumerate(_GROUPS):
            before = self._exchanged[group]
            now = self._decide(cameras, seen, trusts, predicted, there, deciding, before)
            self._exchanged[group] = now
            for k in there:
                one = out[k]
                if now[k] and one is not None:
                    out[k] = _exchange(one, exchanged)
        return out

    def _decide(
        self,
        cameras: Sequence[Camera],
        seen: Sequence[CameraLandmarks | None],
        trusts: Sequence[float],
        predicted: Array | None,
        there: list[int],
        deciding: Rows,
        before: Sides,
    ) -> Sides:
        """Return for each camera whether its sides are exchanged."""
        if not there or (len(there) == 1 and predicted is None):
            return before
        kept = self._disagreement(cameras, seen, predicted, there, deciding, before)
        if kept < _SUSPICIOUS_M:
            return before
        best, least = before, _BETTER * kept
        for signs in product((False, True), repeat=len(there)):
            sides = list(before)
            for k, sign in zip(there, signs, strict=True):
                sides[k] = sign
            changed = sum(a != b for a, b in zip(sides, before, strict=True))
            if not changed:
                continue
            cost = self._disagreement(cameras, seen, predicted, there, deciding, tuple(sides))
            cost += _CHANGE_COST_M * changed
            if cost < least:
                best, least = tuple(sides), cost
        if predicted is None and best != before:
            # All exchanged agree as well as none: the surer cameras keep their sides.
            doubt = sum(trusts[k] for k in there if best[k])
            if 2.0 * doubt > sum(trusts[k] for k in there):
                best = tuple(not side if k in there else side for k, side in enumerate(best))
        return best

    @staticmethod
    def _disagreement(
        cameras: Sequence[Camera],
        seen: Sequence[CameraLandmarks | None],
        predicted: Array | None,
        there: list[int],
        rows: Rows,
        sides: Sides,
    ) -> float:
        """Return the mean distance in metres between the cameras' rays, or from the prediction."""
        sights = []
        for k in there:
            one = seen[k]
            if one is None:
                continue
            if sides[k]:
                one = _exchange(one, np.arange(33))
            nothing = np.zeros(len(rows))
            weights = one.visibility[rows]
            sights.append(
                Sight(cameras[k], one.slopes[rows], weights, cameras[k].rotation[2], nothing,
                      nothing)
            )  # fmt: skip
        if predicted is not None:
            errors = [_errors(sight, predicted[rows]) for sight in sights]
            seen_by = np.array([sight.weights for sight in sights])
            return float(np.sum(seen_by * errors) / max(float(seen_by.sum()), 1e-6))
        found = triangulate(sights, robust=False)
        shared = np.sum([sight.weights > 0.0 for sight in sights], axis=0) > 1
        if not shared.any():
            return 0.0
        return float(np.nanmean(found.errors[:, shared]))


def _errors(sight: Sight, points: Array) -> Array:
    """Return (n,) metres between points and a camera's rays, at the points' distances."""
    seen = (points - sight.camera.place) @ sight.camera.rotation.T
    depth = np.maximum(seen[:, 2], 0.2)
    errors: Array = np.linalg.norm(seen[:, :2] - sight.slopes * depth[:, None], axis=1)
    return errors


def _exchange(one: CameraLandmarks, rows: Rows) -> CameraLandmarks:
    """Return the landmarks with left and right of some rows exchanged."""
    other = SIDE_SWAP[rows]
    slopes, visibility = one.slopes.copy(), one.visibility.copy()
    relative = one.relative.copy()
    slopes[rows], visibility[rows] = one.slopes[other], one.visibility[other]
    relative[rows] = one.relative[other]
    return replace(one, slopes=slopes, visibility=visibility, relative=relative)
