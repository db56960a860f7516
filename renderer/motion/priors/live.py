"""The learned models in a performer's live path, and their absence."""

from __future__ import annotations

import os
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.errors import MotionError
from renderer.motion.core.records import F32, LIMBS
from renderer.motion.priors.limb_prior import LimbPrior
from renderer.motion.priors.limb_state import LIMBS4, body_state, views
from renderer.motion.priors.naturalness import Naturalness
from renderer.motion.priors.own import SHIPPED_ONLY, OwnModels
from renderer.motion.trust.gates import LEAVE_VISIBILITY

SETTING: Final = "ENCORE_PRIORS"
"""Environment variable that chooses the models."""

_LIMB_PARTS: Final = np.array([LIMBS.index(name) for name in LIMBS4])
"""Places of arms and legs among the parts of a performer."""
_FROM_DETECTOR: Final = np.array([1.0, -1.0, -1.0])
"""Signs from the detector's axes to ours."""
_UPPER_BONES: Final = [0, 1, 4, 5]
_LOWER_BONES: Final = [2, 3, 6, 7]
"""Rows of BoneLengths.limb: upper and lower bones of LIMBS4."""


class Priors(Protocol):
    """What learned models add to a motion solver."""

    def reset(self) -> None:
        """Forget the movement."""

    def weigh(self, parts: Array) -> Array:
        """Return the visibility (10,) of parts of which those that are not to be believed are 0."""

    def observe(
        self,
        rotations: Array,
        seen: npt.NDArray[np.bool_],
        points: Array | None,
        lengths: Array,
        t_ns: int,
        dt: float,
        /,
    ) -> None:
        """Take a solved frame.

        Args:
            rotations: (55, 4) xyzw, local, as solved.
            seen: (9,) whether each of LIMBS is trusted.
            points: (33, 3) metres, camera axes, as detected; None without a body.
            lengths: (10,) metres, as BoneLengths.limb.
            t_ns: time of the frame.
            dt: seconds since the last frame.
        """

    def fill(self, rotations: Array) -> Array:
        """Return local rotations (55, 4) whose unseen limbs are continued."""


class NoPriors:
    """No learned models: limbs that are not seen are held, and landmarks are believed."""

    def reset(self) -> None:
        """Do nothing."""

    def weigh(self, parts: Array) -> Array:
        """Return the visibility unchanged."""
        return parts

    def observe(
        self,
        rotations: Array,
        seen: npt.NDArray[np.bool_],
        points: Array | None,
        lengths: Array,
        t_ns: int,
        dt: float,
        /,
    ) -> None:
        """Do nothing."""

    def fill(self, rotations: Array) -> Array:
        """Return the rotations unchanged."""
        return rotations


class LivePriors:
    """The shipped models.

    Without a judge of limbs, the solver's own gates alone decide which limbs are believed: as long
    as a distrusted limb is held in the pose that the fault left it in, less is shown wrong so
    (docs/learned.md has the figures).

    Args:
        prior: continues limbs; the shipped one if None.
        naturalness: drives the limbs' confidence; None to leave it to the solver.

    Raises:
        MotionError: a model's weights cannot be used.
    """

    def __init__(
        self, prior: LimbPrior | None = None, naturalness: Naturalness | None = None
    ) -> None:
        self._prior = LimbPrior() if prior is None else prior
        self._naturalness = naturalness
        self._shown: npt.NDArray[np.bool_] = np.zeros(4, np.bool_)

    def reset(self) -> None:
        """Forget the movement."""
        self._prior.reset()
        if self._naturalness is not None:
            self._naturalness.reset()

    def weigh(self, parts: Array) -> Array:
        """Return the visibility (10,) of parts of which distrusted limbs are 0."""
        if self._naturalness is None:
            return parts
        self._shown = parts[_LIMB_PARTS] >= LEAVE_VISIBILITY
        trusted = self._naturalness.trusted
        if trusted.all():
            return parts
        out = parts.copy()
        out[_LIMB_PARTS] *= trusted
        return out

    def observe(
        self,
        rotations: Array,
        seen: npt.NDArray[np.bool_],
        points: Array | None,
        lengths: Array,
        t_ns: int,
        dt: float,
        /,
    ) -> None:
        """Judge the limbs, and compute the corrections of those that are not seen."""
        state = body_state(rotations)
        if points is not None and self._naturalness is not None:
            self._naturalness.update(views(state), points, both_bones(lengths), self._shown, t_ns)
        self._prior.update(state, seen, dt)

    def fill(self, rotations: Array) -> Array:
        """Return local rotations (55, 4) whose unseen limbs are continued."""
        return self._prior.fill(rotations)


def default_priors(own: OwnModels = SHIPPED_ONLY) -> Priors:
    """Return the models that the environment variable ENCORE_PRIORS names.

    `off`: none. `judge`: limbs are continued, and the judge of limbs drives their confidence.
    Otherwise limbs are continued, and a judge is used only if it is the performer's own.

    Args:
        own: what was trained for the performer, in place of what ships.

    Raises:
        MotionError: a model's weights cannot be used, or the variable has another value.
    """
    match os.environ.get(SETTING, ""):
        case "off":
            return NoPriors()
        case "judge":
            return LivePriors(own.prior, own.judge or Naturalness())
        case "" | "on":
            return LivePriors(own.prior, own.judge)
        case other:
            raise MotionError(
                f"{SETTING}={other[:40]}", "is none of on, off, judge", "set one of them"
            )


def both_bones(lengths: Array) -> Array:
    """Return (4,) the lengths of both bones of each limb together, from those of bones (10,)."""
    whole: Array = lengths[_UPPER_BONES] + lengths[_LOWER_BONES]
    return whole


def camera_points(pose_world: F32 | None) -> Array | None:
    """Return detected points (33, 3), metres, with +Y up and +Z towards the camera."""
    return None if pose_world is None else pose_world * _FROM_DETECTOR
