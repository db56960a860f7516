"""Performances for the benchmark: observations with the true motion."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import from_axis_angle, multiply, rotate
from avatars.maths.vectors import Array, normalise
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from renderer.bench.motion.follow import LIMB_BONES
from renderer.capture.records import Observation
from renderer.errors import MotionError

Bools = npt.NDArray[np.bool_]

TOES = (BONE_INDEX["leftToes"], BONE_INDEX["rightToes"])
_ROOTS = [BONE_INDEX[bone] for bone in LIMB_BONES]
_TIPS = [BONE_INDEX[bone] for bone in LIMB_BONES.values()]

_STANDING_HEIGHT = 0.03
"""Metres above its lowest within which the ball of a standing foot stays."""
_STANDING_STEP = 0.004
"""Metres that it moves at most from one frame to the next."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A performer's true motion in n frames.

    Attributes:
        limbs: (n, 8, 3) unit vectors, stage space, in the order of follow.LIMB_BONES.
        head, hips: (n, 4) xyzw, world rotations.
        standing: (n, 2) whether the left and the right foot bear weight.
        expressions: (n, 52) face shapes; None where the face is unknown.
        root: (n, 3) the hips' displacement over their height; None where it is unknown.
        limbs_shown: (n, 8) whether both ends of a limb are in the image; None: always.
        head_shown: (n,) whether the head is; None: always.
    """

    limbs: Array
    head: Array
    hips: Array
    standing: Bools
    expressions: Array | None = None
    root: Array | None = None
    limbs_shown: Bools | None = None
    head_shown: Bools | None = None

    def at(self, frames: npt.NDArray[np.intp]) -> Self:
        """Return the truth of the given frames (m,)."""
        return type(self)(
            self.limbs[frames],
            self.head[frames],
            self.hips[frames],
            self.standing[frames],
            None if self.expressions is None else self.expressions[frames],
            None if self.root is None else self.root[frames],
            None if self.limbs_shown is None else self.limbs_shown[frames],
            None if self.head_shown is None else self.head_shown[frames],
        )


@dataclass(frozen=True, slots=True)
class Performance:
    """Observations of one performer, frame by frame.

    Attributes:
        name: for the report.
        observations: by rising time.
        truth: their true motion; None where it is unknown.
        still: whether the performer stood still throughout.
    """

    name: str
    observations: Sequence[Observation]
    truth: Truth | None = None
    still: bool = False


def limb_directions(positions: npt.NDArray[np.floating]) -> Array:
    """Compute unit vectors (..., 8, 3) along the limbs of bones (..., 55, 3)."""
    return normalise(positions[..., _TIPS, :] - positions[..., _ROOTS, :])


def standing_feet(balls: Array) -> Bools:
    """Detect which feet bear weight, (n, 2), from the balls of the feet (n, 2, 3), metres."""
    low = balls[..., 1] < np.percentile(balls[..., 1], 5) + _STANDING_HEIGHT
    step = np.linalg.norm(np.diff(balls, axis=0, prepend=balls[:1]), axis=-1)
    return np.asarray(low & (step < _STANDING_STEP))


def load_clip(name: str, observations: Sequence[Observation], truth: Path) -> Performance:
    """Load the truth of a filmed clip, as `avatars.authoring` writes it.

    The stage faces the camera.

    Args:
        name: for the report.
        observations: of the clip.
        truth: an .npz file with rotations (n, 55, 4), root (n, 3), weights (n, 52), heads (55, 3),
            and the camera's position (3,), fov_y, size and, unless it looks along −Z, target (3,);
            frame k belongs to the observation whose index is k.

    Raises:
        MotionError: the file cannot be read or does not fit the observations.
    """
    try:
        with truth.open("rb") as file, np.load(file) as arrays:
            given = {name: arrays[name].astype(np.float64) for name in arrays.files}
        rotations, root, weights, heads = (
            given[name] for name in ("rotations", "root", "weights", "heads")
        )
        lens = _Lens.of(given)
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MotionError(
            f"The truth {truth.name}", f"it cannot be read ({error})", "build the demo clip again"
        ) from error
    frames = np.array([observation.index for observation in observations], np.intp)
    if frames.size and frames.max() >= len(rotations):
        raise MotionError(
            f"The truth {truth.name}",
            f"it has {len(rotations)} frames, the clip has more",
            "use the clip it was written with",
        )
    world, positions = _pose_bones(rotations, root, heads)
    inside = lens.is_in_image(positions)
    height = float(heads[BONE_INDEX["hips"], 1])
    whole = Truth(
        limbs=limb_directions(lens.facing(positions)),
        head=multiply(lens.turn, world[:, BONE_INDEX["head"]]),
        hips=multiply(lens.turn, world[:, 0]),
        standing=standing_feet(positions[:, TOES]),
        expressions=weights,
        root=lens.facing(root) / height,
        limbs_shown=inside[:, _ROOTS] & inside[:, _TIPS],
        head_shown=inside[:, BONE_INDEX["head"]],
    )
    return Performance(name, observations, whole.at(frames))


@dataclass(frozen=True, slots=True)
class _Lens:
    """The camera that filmed a clip; it is level, or nearly so.

    Attributes:
        place: (3,) metres.
        turn: (4,) xyzw, rotation about the vertical that takes the direction to the camera to +Z.
        focal: pixels.
        size: (width, height) in pixels.
    """

    place: Array
    turn: Array
    focal: float
    size: Array

    @classmethod
    def of(cls, given: dict[str, Array]) -> Self:
        """Read the camera from a truth file's arrays."""
        place, size = given["camera"], given["size"]
        back = place - given.get("target", place - [0.0, 0.0, 1.0])
        turn = from_axis_angle(np.array([0.0, 1.0, 0.0]), -np.arctan2(back[0], back[2]))
        return cls(place, turn, 0.5 * size[1] / np.tan(0.5 * given["fov_y"]), size)

    def facing(self, vectors: Array) -> Array:
        """Rotate vectors (..., 3) to a stage that faces the camera."""
        return rotate(self.turn, vectors)

    def is_in_image(self, places: Array) -> Bools:
        """Return whether positions (..., 3) are in the image."""
        seen = self.facing(places - self.place)
        ahead = np.maximum(-seen[..., 2:], 1e-6)
        pixels = self.focal * seen[..., :2] / ahead
        return np.asarray(np.all(np.abs(pixels) <= 0.5 * self.size, axis=-1) & (seen[..., 2] < 0.0))


def _pose_bones(rotations: Array, root: Array, heads: Array) -> tuple[Array, Array]:
    """Return world rotations (n, 55, 4) and positions (n, 55, 3) of bones resting at heads."""
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
