"""Keep avatars apart on the stage: two performers never run through each other.

One camera shows well who is on the left and badly who is in front. Where two avatars would come too
close, the one in front comes nearer to the audience and the other one goes back; sideways they stay
where the picture shows them. Who is in front follows from where they stand, whatever moves them: a
camera, a suit, a take or an animation. It changes only while they are clear of each other sideways,
since to change places in depth elsewhere they would have to pass through each other.

Limbs move too fast to make way for. So the distance is the most that was needed of late or will be
if the limbs go on as they do, with a margin, and avatars make way at the pace of a quick step.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from avatars.maths.vectors import Array

APART: Final = 0.3
"""Metres that the joints of two avatars of usual width keep from each other."""

_USUAL_RADIUS: Final = 0.12
"""Metres from the spine to the surface of such an avatar; wider ones keep as much more."""

_MARGIN: Final = 0.2
"""Metres beyond APART that avatars keep, so that a limb that swings has room."""

_AHEAD_S: Final = 0.08
"""Seconds by which the joints' movement is extrapolated."""

_ORDER_MARGIN: Final = 0.15
"""Metres by which the one behind must be nearer before the order changes."""

_SPEED: Final = 1.5
"""Metres per second at which avatars make way; a quick step."""

_RETURN_S: Final = 4.0
"""Time constant [s] at which room that is no longer needed is given up."""


class Separation:
    """Computes how far avatars stand in front of and behind their places."""

    def __init__(self, radii: Sequence[float]) -> None:
        """Start without any offset.

        Args:
            radii: metres from the spine to the surface of each avatar on the stage.
        """
        avatars = len(radii)
        wider = [max(radius - _USUAL_RADIUS, 0.0) for radius in radii]
        self._apart = [APART + a + b for a, b in combinations(wider, 2)]
        self._pairs = list(combinations(range(avatars), 2))
        self._needed = np.zeros(len(self._pairs))
        self._in_front: list[bool | None] = [None] * len(self._pairs)
        self._shift = np.zeros(avatars)
        self._before: list[Array | None] = [None] * avatars
        self._at_ns: int | None = None

    def shift(self, joints: Sequence[Array | None], t_ns: int) -> list[float]:
        """Return how far each avatar stands nearer to the audience than its place, metres.

        Args:
            joints: (n, 3) metres, each avatar's joints as posed last, without this shift; None of
                one that has not been posed.
            t_ns: time of this frame.
        """
        dt = 0.0 if self._at_ns is None else max((t_ns - self._at_ns) * 1e-9, 0.0)
        self._at_ns = t_ns
        decay = math.exp(-dt / _RETURN_S)
        target = np.zeros(len(self._shift))
        way = np.full(len(self._shift), _SPEED * dt)
        for k, (a, b) in enumerate(self._pairs):
            first, second = joints[a], joints[b]
            if first is None or second is None:
                continue
            if self._in_front[k] is None:
                way[[a, b]] = np.inf  # They have just appeared.
            ahead = self._order(k, first, second)
            radius = self._apart[k] + _MARGIN
            needed = decay * float(self._needed[k])
            for step in (0.0, _AHEAD_S):
                one = self._extrapolate(a, first, step, dt)
                other = self._extrapolate(b, second, step, dt)
                front, back = (one, other) if ahead else (other, one)
                needed = max(needed, _room(front, back, radius))
            self._needed[k] = needed
            push = 0.5 * float(self._needed[k])
            target[a if ahead else b] += push
            target[b if ahead else a] -= push
        self._shift += np.clip(target - self._shift, -way, way)
        self._before = list(joints)
        return [float(one) for one in self._shift]

    def _extrapolate(self, avatar: int, joints: Array, seconds: float, dt: float) -> Array:
        """Return where an avatar's joints (n, 3) will be if they go on as since the last frame."""
        before = self._before[avatar]
        if before is None or before.shape != joints.shape or dt <= 0.0:
            return joints
        return joints + (seconds / dt) * (joints - before)

    def _order(self, pair: int, first: Array, second: Array) -> bool:
        """Return whether the first avatar of a pair is in front.

        Args:
            pair: its index.
            first, second: (n, 3) joints of both, metres.
        """
        # The median is the trunk's, whatever the arms do.
        depth = float(np.median(first[:, 2]) - np.median(second[:, 2]))
        known = self._in_front[pair]
        if known is None:
            known = depth >= 0.0
        elif (depth < -_ORDER_MARGIN) if known else (depth > _ORDER_MARGIN):
            a, b = first[:, 0], second[:, 0]
            gap = max(float(a.min() - b.max()), float(b.min() - a.max()))
            if gap >= self._apart[pair]:
                known, self._needed[pair] = not known, 0.0
        self._in_front[pair] = known
        return known


def _room(front: Array, back: Array, radius: float) -> float:
    """Return the metres by which two avatars must be moved apart in depth; 0 for none.

    Two joints whose distance across is d < r keep r if they are √(r² − d²) apart in depth.

    Args:
        front: (n, 3) joints of the one in front, metres.
        back: (m, 3) of the other.
        radius: metres to keep.
    """
    away = front[:, None] - back
    across = np.einsum("ijk,ijk->ij", away[..., :2], away[..., :2])
    room = np.sqrt(np.maximum(radius**2 - across, 0.0)) - away[..., 2]
    return max(float(room[across < radius**2].max(initial=0.0)), 0.0)
