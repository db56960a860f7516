"""Continues limbs that are not seen: a correction to their last pose that starts at zero and grows.

The correction is linear in what is known: where the limb was relative to where this performer has
lately had it, how fast it moved, and what the rest of the body does now and did then. It is a
product with functions of the time since the limb was last seen that are zero at zero. The weights
are a ridge regression in closed form, of other people's motion or of the performer's own rehearsal.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import IDENTITY, between, inverse, multiply
from avatars.maths.vectors import Array, length, normalise
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import bone_rows
from renderer.motion.priors.limb_state import (
    LIMBS4,
    OWN,
    STATE,
    VIEW_COLUMNS,
    VIEW_SIGNS,
    views,
)
from renderer.motion.priors.weights import SHIPPED, load_weights

PRIOR: Final = SHIPPED / "prior.npz"
"""The shipped weights."""
VERSION: Final = 1
REST: Final = STATE - OWN
"""Numbers of the body's state besides the limb's own."""
FEATURES: Final = 4 * OWN + 3 * REST
"""Features of a limb: its last directions, the same about their mean, its velocity by two low-pass
filters; the rest's change since then, the rest now, and the same about its mean."""
GROWTH_S: Final = (0.1, 0.3, 1.0)
"""Time constants [s] of the functions 1 - exp(-t / T) of the time since a limb was last seen."""
SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "mean": (2, FEATURES),
    "scale": (2, FEATURES),
    "weights": (2, FEATURES + 1, len(GROWTH_S) * OWN),
    "coast": (2,),
}
"""Arrays of the model, for arms and for legs; the last feature is 1, and a column belongs to a
function of time and a number of the limb's directions. `coast` is the share of its velocity at
which a limb goes on, and stops with the first time constant."""

MAX_FEATURE: Final = 2.0
"""Standard deviations to which features are limited: nothing is extrapolated for a stranger."""
MAX_CORRECTION: Final = 1.2
"""Length to which the correction of a bone's unit direction is limited."""

MEAN_S: Final = (0.3, 1.5)
"""Seconds over which the mean of the performer's poses is taken at first, and at most."""
VELOCITY_S: Final = (0.02, 0.1)
"""Time constants [s] of the velocity's low-pass filters: exact, and steady."""
VELOCITY_SCALE: Final = 0.3
"""Seconds: brings velocities to the size of directions."""
_VELOCITY_S: Final = np.array(VELOCITY_S)[:, None]
_SMOOTH_S: Final = 0.04
"""Time constant [s] of the low-pass on what the regression adds: what the rest of the body is seen
to do may change from one frame to the next."""

_LIMB_INDEX: Final = np.array([LIMBS.index(name) for name in LIMBS4])
_STATE_LIMB: Final = np.array(
    [
        *np.repeat(_LIMB_INDEX, OWN),
        *[LIMBS.index("head")] * 3,
        *[LIMBS.index("torso")] * 9,
    ]
)
"""(36,) the limb in LIMBS that each number of the state depends on."""
_GIRDLES: Final = bone_rows("leftShoulder", "rightShoulder", "hips", "hips")
"""Bones that carry the limbs."""
_UPPER: Final = bone_rows("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg")
_LOWER: Final = bone_rows("leftLowerArm", "rightLowerArm", "leftLowerLeg", "rightLowerLeg")
_SIDE_SIGNS: Final = VIEW_SIGNS[:, :OWN]
_KINDS: Final = np.array([0, 0, 1, 1])
"""Which weights each limb uses."""


class LimbPrior:
    """Continues the limbs of one performer.

    Args:
        path: the weights.
        unseal: decrypts one performer's weights; without it, encrypted ones are refused.

    Raises:
        MotionError: the weights cannot be used.
    """

    def __init__(self, path: Path = PRIOR, unseal: Callable[[bytes], bytes] | None = None) -> None:
        model = load_weights(path, "prior", VERSION, SHAPES, unseal)
        self._mean, self._scale = model["mean"][_KINDS], model["scale"][_KINDS]
        self._weights = model["weights"][_KINDS]
        self._coast = model["coast"][_KINDS]
        self.reset()

    def reset(self) -> None:
        """Forget the movement."""
        self._state: Array = np.zeros(STATE)
        self._average: Array = np.zeros(STATE)
        self._averaged_s = np.zeros(STATE)
        self._velocity: Array = np.zeros((len(VELOCITY_S), STATE))
        self._known = np.zeros(4, np.bool_)
        self._unseen_s = np.zeros(4)
        self._then: Array = np.zeros((4, STATE))
        self._then_velocity: Array = np.zeros((4, len(VELOCITY_S) * OWN))
        self._then_average: Array = np.zeros((4, STATE))
        self._learnt: Array = np.zeros((4, OWN))
        self.correction: Array = np.zeros((4, OWN))

    def update(self, state: Array, seen: npt.NDArray[np.bool_], dt: float) -> None:
        """Take a frame's state and compute the corrections of limbs that are not seen.

        Args:
            state: (36,) solved; limbs that are not seen may hold anything.
            seen: (9,) in the order of LIMBS.
            dt: seconds since the last frame.
        """
        # What is not finite was not seen: it would stay in the mean.
        shown = seen[_STATE_LIMB] & np.isfinite(state)
        now = np.where(shown, state, self._state)
        limbs = seen[_LIMB_INDEX]
        lost = self._known & ~limbs
        if lost.any():
            began = lost & (self._unseen_s <= 0.0)
            if began.any():
                self._begin(began)
            self._unseen_s = np.where(lost, self._unseen_s + dt, 0.0)
            self._correct(np.flatnonzero(lost), now, dt)
        elif self._unseen_s.any():
            self._unseen_s = np.zeros(4)
            self._learnt = np.zeros((4, OWN))
            self.correction = np.zeros((4, OWN))
        self._follow(now, shown, dt)
        self._known |= limbs
        self._state = now

    def fill(self, rotations: Array) -> Array:
        """Return local rotations (55, 4), xyzw, whose unseen limbs are moved by the correction.

        Args:
            rotations: (55, 4) with unseen limbs as they were last seen; returned unchanged where
                there is no correction.
        """
        moved = np.flatnonzero(self.correction.any(axis=1))
        if not len(moved):
            return rotations
        own = self._state[: 4 * OWN].reshape(4, 2, 3)[moved]
        by = self.correction[moved] * _SIDE_SIGNS[moved]
        swing = between(own, normalise(own + by.reshape(-1, 2, 3)))
        girdle = rotations[_GIRDLES[moved]]
        # A leg hangs on the pelvis itself.
        girdle[moved >= 2] = IDENTITY
        upper = multiply(girdle, rotations[_UPPER[moved]])
        lower = multiply(swing[:, 1], multiply(upper, rotations[_LOWER[moved]]))
        upper = multiply(swing[:, 0], upper)
        out = rotations.copy()
        out[_UPPER[moved]] = multiply(inverse(girdle), upper)
        out[_LOWER[moved]] = multiply(inverse(upper), lower)
        return out

    def _begin(self, lost: npt.NDArray[np.bool_]) -> None:
        """Keep what was known when the limbs `lost` (4,) were last seen."""
        row = lost[:, None]
        velocity = np.concatenate(views(self._velocity)[..., :OWN], axis=-1)
        self._then = np.where(row, views(self._state), self._then)
        self._then_average = np.where(row, views(self._average), self._then_average)
        self._then_velocity = np.where(row, velocity, self._then_velocity)

    def _follow(self, now: Array, shown: npt.NDArray[np.bool_], dt: float) -> None:
        """Update mean and velocity of what is shown (36,)."""
        fresh = shown & (self._averaged_s <= 0.0)
        if dt > 0.0:
            moving = shown & ~fresh
            rate = (now - self._state) / dt
            share = 1.0 - np.exp(-dt / _VELOCITY_S)
            self._velocity = np.where(moving, self._velocity + share * (rate - self._velocity), 0.0)
        first, most = MEAN_S
        counted = np.minimum(np.maximum(self._averaged_s, first) + dt, most)
        self._averaged_s = np.where(shown, counted, self._averaged_s)
        step = np.where(shown, dt / np.maximum(counted, dt + 1e-9), 0.0)
        self._average = np.where(fresh, now, self._average + step * (now - self._average))

    def _correct(self, rows: npt.NDArray[np.intp], now: Array, dt: float) -> None:
        """Update the corrections of the limbs of some rows; the others have none."""
        velocity = self._then_velocity[rows]
        features = limb_features(
            self._then[rows],
            self._then_average[rows],
            velocity,
            now[VIEW_COLUMNS[rows]] * VIEW_SIGNS[rows],
        )
        z = (features - self._mean[rows]) * self._scale[rows]
        grown = growth(self._unseen_s[rows])
        wanted = correct(z, self._weights[rows], grown)
        share = 1.0 - exp(-dt / _SMOOTH_S)
        learnt = np.zeros((4, OWN))
        learnt[rows] = self._learnt[rows] + share * (wanted - self._learnt[rows])
        self._learnt = learnt
        self.correction = np.zeros((4, OWN))
        coasting = grown[:, :1] * coast(velocity, self._coast[rows])
        self.correction[rows] = limit_correction(learnt[rows] + coasting)


def limb_features(then: Array, average: Array, velocity: Array, now: Array) -> Array:
    """Compute the features (..., 114) of limbs.

    Args:
        then: (..., 36) what each limb saw when it was last seen itself.
        average: (..., 36) the mean of that up to then.
        velocity: (..., 12) of the limb's directions then, per second, by both filters.
        now: (..., 36) what it sees now; its own part is not used.
    """
    own, rest = then[..., :OWN], now[..., OWN:]
    return np.concatenate(
        (
            own,
            own - average[..., :OWN],
            VELOCITY_SCALE * velocity,
            rest - then[..., OWN:],
            rest,
            rest - average[..., OWN:],
        ),
        axis=-1,
    )


def growth(unseen_s: Array) -> Array:
    """Compute (..., 3) how far each part of the correction has grown, 0 to 1."""
    out: Array = 1.0 - np.exp(-unseen_s[..., None] / np.array(GROWTH_S))
    return out


def coast(velocity: Array, share: Array | float) -> Array:
    """Return (..., 6) how far limbs go on that stop with the first of GROWTH_S.

    Args:
        velocity: (..., 12) as in `limb_features`.
        share: (...) of the velocity.
    """
    out: Array = (GROWTH_S[0] * np.asarray(share))[..., None] * velocity[..., :OWN]
    return out


def correct(features: Array, weights: Array, grown: Array) -> Array:
    """Compute what the regression adds to limbs (..., 6), 0 at first.

    Args:
        features: (..., 114) normalised.
        weights: (..., 115, 18).
        grown: (..., 3) from `growth`.
    """
    limited = np.minimum(np.maximum(features, -MAX_FEATURE), MAX_FEATURE)
    parts = (limited[..., None, :] @ weights[..., :-1, :])[..., 0, :] + weights[..., -1, :]
    parts = parts.reshape(*parts.shape[:-1], len(GROWTH_S), OWN)
    out: Array = (grown[..., None] * parts).sum(axis=-2)
    return out


def limit_correction(correction: Array) -> Array:
    """Return corrections (..., 6) with each bone's limited to MAX_CORRECTION."""
    bones = correction.reshape(*correction.shape[:-1], 2, 3)
    bones = bones * np.minimum(1.0, MAX_CORRECTION / np.maximum(length(bones), 1e-9))
    out: Array = bones.reshape(correction.shape)
    return out
