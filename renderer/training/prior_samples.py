"""Samples of unseen limbs: what was known, how long the limb had been unseen, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.bench.priors.recordings import RATE, Recording
from renderer.motion.priors.limb_prior import (
    FEATURES,
    MEAN_S,
    VELOCITY_S,
    growth,
    limb_features,
)
from renderer.motion.priors.limb_state import OWN, body_state, views

FRAMES_UNSEEN: Final = np.array([1, 2, 3, 4, 5, 7, 10, 13, 16, 20, 25, 30])
"""Frames after a limb was last seen at which a sample is taken."""
_FIRST: Final = 8
"""Frame of a recording from which a limb may be lost: its velocity is known by then."""

KINDS: Final = (slice(0, 2), slice(2, 4))
"""Limbs that share weights: arms, legs."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one kind of limb.

    Attributes:
        features: (n, 114) not normalised.
        velocity: (n, 12) of the limb when it was last seen.
        grown: (n, 3) functions of the time unseen.
        moved: (n, 6) by how much the limb's directions changed since then.
        frames: (n,) frames unseen.
        person: (n,) index of who moves.
    """

    features: Array
    velocity: Array
    grown: Array
    moved: Array
    frames: npt.NDArray[np.intp]
    person: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Followed:
    """A recording as a motion prior follows it.

    Attributes:
        seen: (n, 4, 36) the state as each limb sees it.
        average: (n, 4, 36) its mean up to each frame.
        velocity: (n, 4, 12) of each limb's own directions, per second, by both filters.
    """

    seen: Array
    average: Array
    velocity: Array


def follow(recording: Recording) -> Followed:
    """Return what a motion prior knows in each frame of a recording in which all is seen."""
    state = body_state(recording.rotations)
    dt, (counted, most) = 1.0 / RATE, MEAN_S
    average, velocity = np.empty_like(state), np.zeros((len(VELOCITY_S), *state.shape))
    average[0] = mean = state[0]
    shares = 1.0 - np.exp(-dt / np.array(VELOCITY_S))[:, None]
    counted += dt
    for k in range(1, len(state)):
        counted = min(counted + dt, most)
        average[k] = mean = mean + (dt / counted) * (state[k] - mean)
        rate = (state[k] - state[k - 1]) / dt
        velocity[:, k] = velocity[:, k - 1] + shares * (rate - velocity[:, k - 1])
    own = np.concatenate(views(velocity)[..., :OWN], axis=-1)
    return Followed(views(state), views(average), own)


def take_samples(recordings: Sequence[Recording], kind: int, step: int) -> Samples:
    """Take the samples of one kind of limb, with a limb lost every `step` frames.

    Args:
        recordings: at least one, of 38 frames or more.
        kind: 0 for arms, 1 for legs.
        step: frames.
    """
    people = sorted({one.person for one in recordings})
    found: list[tuple[Array, Array, Array, npt.NDArray[np.intp], npt.NDArray[np.intp]]] = []
    for one in recordings:
        known = follow(one)
        limbs = KINDS[kind]
        for unseen in FRAMES_UNSEEN:
            then = np.arange(_FIRST, len(known.seen) - unseen, step)
            now, before = known.seen[then + unseen, limbs], known.seen[then, limbs]
            features = limb_features(
                before, known.average[then, limbs], known.velocity[then, limbs], now
            ).reshape(-1, FEATURES)
            moved = (now - before)[..., :OWN].reshape(-1, OWN)
            found.append(
                (
                    features,
                    known.velocity[then, limbs].reshape(len(features), -1),
                    moved,
                    np.full(len(moved), unseen, np.intp),
                    np.full(len(moved), people.index(one.person), np.intp),
                )
            )
    features, velocity, moved, frames, person = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    return Samples(features, velocity, growth(frames / RATE), moved, frames, person)


def wrist_error(moved: Array, shown: Array, kind: int) -> Array:
    """Return metres (n,) between where a limb's end went and where it is shown.

    Args:
        moved: (n, 6) true change of the limb's directions.
        shown: (n, 6) the change shown.
        kind: 0 for arms, 1 for legs.
    """
    upper, lower = BONE_LENGTHS[kind]
    apart = moved - shown
    out: Array = np.linalg.norm(upper * apart[:, :3] + lower * apart[:, 3:], axis=1)
    return out


BONE_LENGTHS: Final = ((0.28, 0.25), (0.41, 0.40))
"""Metres of the upper and the lower bone of an adult's arm and leg."""
