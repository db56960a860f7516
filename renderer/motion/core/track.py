"""Motion at display times, interpolated between solved motions and briefly extrapolated."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from avatars.contact.records import blend_contacts
from avatars.maths.quaternions import slerp
from renderer.motion.core.records import F32, Motion

AHEAD_NS: Final = 50_000_000
"""Longest extrapolation beyond the newest motion, at its own velocity."""

BACK_NS: Final = 200_000_000
"""Without a newer motion, the extrapolation has eased back to the newest solved motion by then."""

_KEPT: Final = 8
_STALE_NS: Final = 200_000_000
"""Two motions further apart than this give no velocity."""


class MotionTrack:
    """The newest eight motions of one performer, by rising time."""

    def __init__(self) -> None:
        self._motions: deque[Motion] = deque(maxlen=_KEPT)

    def push(self, motion: Motion) -> None:
        """Add a newer motion. One that is not newer replaces all those at or after its time."""
        while self._motions and self._motions[-1].t_seen_ns >= motion.t_seen_ns:
            self._motions.pop()
        self._motions.append(motion)

    def at(self, t_ns: int) -> Motion | None:
        """Return the motion at the time t_ns; None before any was pushed.

        Before the oldest motion kept this is the oldest. Beyond the newest it is extrapolated from
        the last two by at most AHEAD_NS, then eased back to the newest by BACK_NS.
        """
        if not self._motions:
            return None
        newest = self._motions[-1]
        if len(self._motions) == 1 or t_ns == newest.t_seen_ns:
            return newest
        if t_ns <= self._motions[0].t_seen_ns:
            return self._motions[0]
        if t_ns > newest.t_seen_ns:
            before = self._motions[-2]
            if newest.t_seen_ns - before.t_seen_ns > _STALE_NS:
                return newest
            return _between(before, newest, newest.t_seen_ns + _ahead(t_ns - newest.t_seen_ns))
        after = next(i for i, m in enumerate(self._motions) if m.t_seen_ns >= t_ns)
        return _between(self._motions[after - 1], self._motions[after], t_ns)


def _ahead(passed_ns: int) -> int:
    """Return how far to extrapolate [ns] when the newest motion is `passed_ns` old."""
    if passed_ns <= AHEAD_NS:
        return passed_ns
    left = max(BACK_NS - passed_ns, 0) / (BACK_NS - AHEAD_NS)
    return round(AHEAD_NS * left * left * (3.0 - 2.0 * left))


def _between(a: Motion, b: Motion, t_ns: int) -> Motion:
    """Interpolate from a to b at the time t_ns, or extrapolate beyond b at the same velocity."""
    t = (t_ns - a.t_seen_ns) / (b.t_seen_ns - a.t_seen_ns)
    rotations = slerp(a.rotations, b.rotations, t).astype(np.float32)
    rotations.flags.writeable = False
    return Motion(
        t_seen_ns=t_ns,
        root=_lerp(a.root, b.root, t),
        hips_height=a.hips_height + t * (b.hips_height - a.hips_height),
        rotations=rotations,
        expressions=np.clip(_lerp(a.expressions, b.expressions, t), 0.0, 1.0),
        gaze=_lerp(a.gaze, b.gaze, t),
        confidence=b.confidence,
        contacts=blend_contacts(a.contacts, b.contacts, np.full(2, min(t, 1.0), np.float32)),
    )


def _lerp(a: F32, b: F32, t: float) -> F32:
    out = a + np.float32(t) * (b - a)
    out.flags.writeable = False
    return out
