"""Measures what a motion prior shows of limbs that are not seen, with the class that runs live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.bench.priors.recordings import RATE, Recording
from renderer.motion.core.records import LIMBS
from renderer.motion.priors.limb_prior import LimbPrior
from renderer.motion.priors.limb_state import LIMBS4, OWN, body_state

TIMES: Final = {"0.17": 5, "0.33": 10, "1.00": 30}
"""Seconds unseen, and frames."""
_GAP: Final = 30
_EVERY: Final = 45
"""Frames that a limb is hidden, and from one loss to the next."""
_WARM_UP: Final = 20
"""Frames before the first loss."""
_MIN_GAPS: Final = 4
"""Gaps of a clip from which its ratio counts as the worst: fewer are chance."""

_BONES: Final = np.array([[0.28, 0.25], [0.28, 0.25], [0.41, 0.40], [0.41, 0.40]])
"""(4, 2) metres of the bones of an adult's arms and legs."""
_DAMPED_S: Final = 0.12
"""Time constant [s] of the velocity of the damped-velocity baseline."""


@dataclass
class GapErrors:
    """Errors in metres of hidden limbs.

    Attributes:
        held, ours, damped: by seconds unseen, the errors of holding the limb, of the prior, and of
            a limb that goes on at a decaying velocity.
        first_step, held_step: how far the prior, or a held limb, departs in the first unseen frame
            from where the limb's end was going: a jump.
        clips: by clip, sums of the errors of holding and of the prior after 0.33 s, and the number.
    """

    held: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in TIMES})
    ours: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in TIMES})
    damped: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in TIMES})
    first_step: list[float] = field(default_factory=list)
    held_step: list[float] = field(default_factory=list)
    clips: dict[str, list[float]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, float]:
        """Return the figures."""
        out: dict[str, float] = {}
        for name in TIMES:
            held = float(np.mean(self.held[name]))
            out[f"hold_{name}s_mm"] = round(1000.0 * held, 1)
            out[f"ratio_{name}s"] = round(float(np.mean(self.ours[name])) / held, 3)
            out[f"damped_ratio_{name}s"] = round(float(np.mean(self.damped[name])) / held, 3)
        worst = [ours / held for held, ours, count in self.clips.values() if count >= _MIN_GAPS]
        out["worst_clip_ratio"] = round(max(worst), 3) if worst else float("nan")
        out["first_frame_mm"] = round(1000.0 * float(np.mean(self.first_step)), 1)
        out["hold_first_frame_mm"] = round(1000.0 * float(np.mean(self.held_step)), 1)
        return out


def measure_gaps(
    recordings: Sequence[Recording], prior: LimbPrior, limbs: Sequence[int] = range(4)
) -> GapErrors:
    """Hide each limb for a second again and again; return the errors of its end.

    Args:
        recordings: at 30 frames a second.
        prior: from the class that the live path uses.
        limbs: indices in LIMBS4.
    """
    errors = GapErrors()
    for recording in recordings:
        states = body_state(recording.rotations)
        for limb in limbs:
            _hide_limb(recording.name, states, limb, prior, errors)
    return errors


def _hide_limb(name: str, states: Array, limb: int, prior: LimbPrior, errors: GapErrors) -> None:
    """Hide one limb of a recording at even intervals; add the errors."""
    prior.reset()
    dt, own = 1.0 / RATE, slice(OWN * limb, OWN * limb + OWN)
    everything = np.ones(len(LIMBS), np.bool_)
    hidden = everything.copy()
    hidden[LIMBS.index(LIMBS4[limb])] = False
    begins = set(range(_WARM_UP + 7 * limb, len(states) - _GAP, _EVERY))
    since, then = 0, states[0]
    sums = errors.clips.setdefault(name, [0.0, 0.0, 0])
    frames = {count: key for key, count in TIMES.items()}
    for k, state in enumerate(states):
        if k in begins:
            since, then = 1, states[k - 1]
        prior.update(state, hidden if since else everything, dt if k else 0.0)
        if not since:
            continue
        moved = prior.correction[limb] * _SIGNS[limb]
        if since == 1:
            speed = (then[own] - states[k - 2][own]) / dt
            onward = _move(then[own], speed * dt)
            errors.first_step.append(_end_distance(_move(then[own], moved), onward, limb))
            errors.held_step.append(_end_distance(then[own], onward, limb))
        if (key := frames.get(since)) is not None:
            speed = (then[own] - states[k - since - 1][own]) / dt
            coasting = speed * _DAMPED_S * (1.0 - np.exp(-since * dt / _DAMPED_S))
            held = _end_distance(then[own], state[own], limb)
            ours = _end_distance(_move(then[own], moved), state[own], limb)
            errors.held[key].append(held)
            errors.ours[key].append(ours)
            errors.damped[key].append(_end_distance(_move(then[own], coasting), state[own], limb))
            if key == "0.33":
                sums[0], sums[1], sums[2] = sums[0] + held, sums[1] + ours, sums[2] + 1
        since = 0 if since == _GAP else since + 1


_SIGNS: Final[Array] = np.array([[1.0] * 6, [-1.0, 1.0, 1.0] * 2] * 2)
"""(4, 6) signs that take a limb's own view to the body's."""


def _move(directions: Array, by: Array) -> Array:
    """Return two unit directions (6,) moved by (6,)."""
    bones = (directions + by).reshape(2, 3)
    out: Array = (bones / np.linalg.norm(bones, axis=1, keepdims=True)).ravel()
    return out


def _end_distance(first: Array, second: Array, limb: int) -> float:
    """Return metres between the ends of a limb with the directions (6,)."""
    upper, lower = _BONES[limb]
    apart = first - second
    return float(np.linalg.norm(upper * apart[:3] + lower * apart[3:]))
