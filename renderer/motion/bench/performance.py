"""Performances to measure with: what a detector saw, and what was really done."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from avatars.rotation import multiply, rotate
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.follow import LIMB_BONES
from renderer.motion.linear import Array, unit

Bools = npt.NDArray[np.bool_]

TOES = (BONE_INDEX["leftToes"], BONE_INDEX["rightToes"])
_ROOTS = [BONE_INDEX[bone] for bone in LIMB_BONES]
_TIPS = [BONE_INDEX[bone] for bone in LIMB_BONES.values()]

_STANDS_BELOW = 0.03
"""Metres above its lowest that the ball of a standing foot stays within."""
_STANDS_SLOWER = 0.004
"""Metres that it moves at most from one frame to the next."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a performer really did, in n frames.

    Attributes:
        limbs: (n, 8, 3) unit vectors, stage space, in the order of follow.LIMB_BONES.
        head, hips: (n, 4) world rotations.
        standing: (n, 2) whether the left and the right foot bear weight.
        expressions: (n, 52) face shapes, None where the face is not known.
    """

    limbs: Array
    head: Array
    hips: Array
    standing: Bools
    expressions: Array | None = None

    def at(self, frames: npt.NDArray[np.intp]) -> Self:
        """The truth of the given frames (m,) alone."""
        return type(self)(
            self.limbs[frames],
            self.head[frames],
            self.hips[frames],
            self.standing[frames],
            None if self.expressions is None else self.expressions[frames],
        )


@dataclass(frozen=True, slots=True)
class Performance:
    """What was seen of one performer, frame by frame.

    Attributes:
        name: for the report.
        observations: by rising time.
        truth: what they really did; None where nobody knows.
        still: whether the performer stood still all the time.
    """

    name: str
    observations: Sequence[Observation]
    truth: Truth | None = None
    still: bool = False


def limb_directions(positions: npt.NDArray[np.floating]) -> Array:
    """Unit vectors (..., 8, 3) along the limbs of bones (..., 55, 3)."""
    return unit(positions[..., _TIPS, :] - positions[..., _ROOTS, :])


def standing_feet(balls: Array) -> Bools:
    """Which feet bear weight, (n, 2), from where the balls of the feet are, (n, 2, 3) metres."""
    low = balls[..., 1] < np.percentile(balls[..., 1], 5) + _STANDS_BELOW
    step = np.linalg.norm(np.diff(balls, axis=0, prepend=balls[:1]), axis=-1)
    return np.asarray(low & (step < _STANDS_SLOWER))


def of_clip(name: str, observations: Sequence[Observation], truth: Path) -> Performance:
    """A filmed clip with its truth, as `avatars.build.clip` writes it.

    Args:
        truth: an .npz file with rotations (n, 55, 4), root (n, 3), weights (n, 52) and heads
            (55, 3); frame k belongs to the observation whose index is k.

    Raises:
        MotionError: if the file cannot be read or does not fit the observations.
    """
    try:
        with truth.open("rb") as file, np.load(file) as arrays:
            rotations, root, weights, heads = (
                arrays[key].astype(np.float64) for key in ("rotations", "root", "weights", "heads")
            )
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MotionError(
            f"The truth {truth.name}", f"it cannot be read ({error})", "build the demo clip anew"
        ) from error
    frames = np.array([observation.index for observation in observations], np.intp)
    if frames.size and frames.max() >= len(rotations):
        raise MotionError(
            f"The truth {truth.name}",
            f"it has {len(rotations)} frames, the clip has more",
            "use the clip it was written with",
        )
    world, positions = _posed(rotations, root, heads)
    whole = Truth(
        limbs=limb_directions(positions),
        head=world[:, BONE_INDEX["head"]],
        hips=world[:, 0],
        standing=standing_feet(positions[:, TOES]),
        expressions=weights,
    )
    return Performance(name, observations, whole.at(frames))


def _posed(rotations: Array, root: Array, heads: Array) -> tuple[Array, Array]:
    """World rotations (n, 55, 4) and places (n, 55, 3) of bones that rest at heads (55, 3)."""
    world = np.empty_like(rotations)
    places = np.empty((*rotations.shape[:2], 3))
    for i in range(len(HUMAN_BONES)):
        parent = PARENT_INDEX[i]
        if parent < 0:
            world[:, i], places[:, i] = rotations[:, i], heads[i] + root
            continue
        world[:, i] = multiply(world[:, parent], rotations[:, i])
        offset = heads[i] - heads[parent]
        places[:, i] = places[:, parent] + rotate(world[:, parent], offset)
    return world, places
