"""A performer's body as guessed in closed form, refined by the fit: numpy in, numpy out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from renderer.motion.fit.chain import UNKNOWNS, Build, Pose
from renderer.motion.fit.gauss_newton import fitted
from renderer.motion.fit.residuals import BONE_ENDS, BONE_STARTS, SIGHTS, Seen
from renderer.motion.lengths import BoneLengths
from renderer.motion.linear import Array, cross, dot, smoothstep, unit
from renderer.motion.sight import Sight
from renderer.motion.skeleton import (
    ANKLES,
    ELBOWS,
    HIPS,
    KNEES,
    LIMB_AXIS,
    LIMB_HINGE,
    SHOULDERS,
    TOES,
    WRISTS,
)  # fmt: skip

_JOINTS: Final = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES])
_UPPER: Final = np.array([0, 1, 4, 5])
_LOWER: Final = np.array([2, 3, 6, 7])
"""Rows of BoneLengths.limb: upper arms and thighs, forearms and shins."""

_ARM_AXES: Final[Array] = LIMB_AXIS[[0, 1, 0, 1], :, None]
"""(4, 3, 1) of upper arms and forearms, left and right in turn."""

_STEPS: Final = 1
"""A second step changes no limb's median error by as much as 0.1°."""

# σ in metres, of lengths in the picture and of depth. Shoulders lift with their arms and landmarks
# slide along the limbs, by 5 % to 10 % of a length: if lengths were trusted much more than depth,
# those that are not known well yet would bend what is straight.
_PICTURE: Final[Array] = 1.0 / np.array([0.04] * 12)
_DEPTH: Final[Array] = 1.0 / np.array([0.05] * 11)

_BALANCE: Final = 1.0 / 0.08
"""Per metre: dancers' centre of mass strays by so much from the middle of the foot that bears it,
somebody's who stands by a third of it."""

_BEARS: Final = 0.05
"""Metres above the lower foot at which a foot bears about a third of its share."""


_SIGMA: Final[Array] = np.array([0.05] * 2 + [0.3] + [0.1] * 6 + [0.3] * (UNKNOWNS - 9))
"""(25,) about the guess: metres for the place, then radians."""

_ROLLS: Final = np.array([9, 12, 16, 19])
_FREE_ROLL: Final = 1.7
_TELLS: Final = (0.3, 0.7)
"""The unknowns that turn arms (x) and legs (y) about themselves, and the σ [rad] that they have
more than the others where a limb is bent: only its bend tells of them, from the first sine of it
on, and of the second sine all."""


def _prior(bends: Tensor) -> Tensor:
    """(25,) 1 / σ² about a guess whose elbows and knees are bent by (1, 4) radians."""
    sigma = _SIGMA.copy()
    sigma[_ROLLS] += _FREE_ROLL * smoothstep(np.sin(bends[0].numpy()), *_TELLS)
    return torch.from_numpy(1.0 / sigma**2)


_SIGHTS: Final[Array] = SIGHTS.numpy()
_STARTS, _ENDS = BONE_STARTS.numpy(), BONE_ENDS.numpy()

# A solve is many small operations: more threads than one cost time, here and in the processes
# beside it.
torch.set_num_threads(1)


@dataclass(frozen=True, slots=True)
class Body:
    """World rotations of a body's bones, as matrices.

    Attributes:
        trunk: (2, 3, 3) pelvis and chest.
        upper: (4, 3, 3) left arm, right arm, left thigh, right thigh.
        lower: (4, 3, 3) forearms and shins.
    """

    trunk: Array
    upper: Array
    lower: Array


def refined(
    guess: Body,
    points: Array,
    visibility: npt.NDArray[np.floating],
    sight: Sight,
    lengths: BoneLengths,
) -> Body:
    """The body near a guess that agrees best with what is seen; the guess itself if none is found.

    Args:
        points: (33, 3) stage space, about the hips, metres; depth as far as it is known.
        visibility: (33,) 0 to 1.
        lengths: of the performer's bones.
    """
    with torch.inference_mode():
        build = _build(guess, points, lengths)
        start = _pose(guess, sight)
        seen = _seen(guess, points, visibility, sight, lengths)
        _, placed = fitted(build, start, seen, _prior(start.bends), _STEPS)
        turns, lower = placed.turns[0].numpy(), placed.lower[0].numpy()
    if not np.isfinite(np.add.reduce(turns, axis=None) + np.add.reduce(lower, axis=None)):
        return guess
    return Body(turns[:2], turns[2:], lower)


def _build(guess: Body, points: Array, lengths: BoneLengths) -> Build:
    # A raised arm lifts its shoulder: where the shoulders lie in the chest is taken as guessed.
    sides = points[list(SHOULDERS)]
    apart = unit((sides - np.add.reduce(sides, axis=0) / 2.0) @ guess.trunk[1])
    shoulders, hips, spine = lengths.trunk
    limbs = lengths.limb
    return Build(
        hips=_tensor(0.5 * hips),
        spine=_tensor(spine),
        shoulders=_tensor(0.5 * shoulders * apart),
        upper=_tensor(limbs[_UPPER]),
        lower=_tensor(limbs[_LOWER]),
    )


def _pose(guess: Body, sight: Sight) -> Pose:
    pelvis, chest = guess.trunk
    turns = np.empty((6, 3, 3))
    turns[0], turns[1] = pelvis, pelvis.T @ chest
    turns[2:4], turns[4:] = chest.T @ guess.upper[:2], pelvis.T @ guess.upper[2:]
    first, hinge, second = (
        (frame @ axis[..., None])[..., 0]
        for frame, axis in (
            (guess.upper, LIMB_AXIS), (guess.upper, LIMB_HINGE), (guess.lower, LIMB_AXIS),
        )
    )  # fmt: skip
    bends = np.arctan2(dot(second, cross(hinge, first)), dot(second, first))[:, 0]
    place = np.array([sight.across, sight.up, -sight.distance])
    return Pose(_tensor(place), _tensor(turns), _tensor(bends))


def _seen(
    guess: Body,
    points: Array,
    visibility: npt.NDArray[np.floating],
    sight: Sight,
    lengths: BoneLengths,
) -> Seen:
    joints = points[_JOINTS]
    depths = (_SIGHTS @ joints[:, 2])[:-1]
    # The guess knows an arm's depth better than the detector does: its length has had a say in it.
    arms = np.concatenate((guess.upper[:2], guess.lower[:2]))
    depths[:4] = (arms @ _ARM_AXES)[:, 2, 0] * lengths.limb[:4]
    # The picture shows what is seen along the line of sight.
    picture = _SIGHTS @ (joints @ sight.turn.T)[:, :2]
    picture[-1] = sight.across, sight.up
    sure = _PICTURE.copy()
    shown = visibility[_JOINTS]
    sure[: len(_STARTS)] *= np.minimum(shown[_STARTS], shown[_ENDS])
    ankles, toes = points[list(ANKLES)], points[list(TOES)]
    middles = 0.5 * (ankles + toes)
    above = middles[:, 1] - middles[:, 1].min()
    bearing = np.exp(-((above / _BEARS) ** 2))
    feet = float(visibility[[*ANKLES, *TOES]].min())
    return Seen(
        picture=_tensor(picture),
        distance=_tensor(sight.distance),
        sure=_tensor(sure),
        depths=_tensor(depths),
        depths_sure=_tensor(_DEPTH),
        bearing=_tensor(bearing / np.add.reduce(bearing)),
        soles=_tensor((middles - ankles)[:, 2]),
        balance_sure=_tensor(_BALANCE * feet),
    )


def _tensor(values: Array | float) -> Tensor:
    """A batch of one."""
    return torch.from_numpy(np.array(values, np.float64)[None])
