"""BVH in: motion of any skeleton, as the normalised humanoid's.

A joint that is turned by R from its rest, where its bone pointed along d, points along R·d. VRM's
bone points along e in the T-pose; with C the shortest turn from d to e, its rotation in the room is
R·C⁻¹. Local rotations follow from those of the parents.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.quaternions import between, from_matrix, inverse, multiply, rotate
from avatars.maths.vectors import Array, normalise
from avatars.names import BONE_PARENTS, HUMAN_BONES, REQUIRED_BONES
from avatars.vrma import Animation
from renderer.errors import MotionError
from renderer.motion.exchange.bvh_names import bones_of
from renderer.motion.exchange.bvh_text import BvhFile, read_text

_UNITS: Final = (1.0, 0.01, 0.0254, 0.0254 / 0.45)
"""Metres: a metre, a centimetre, an inch, and the unit of CMU's archive."""

_LEG: Final = 0.8
"""Metres from hip to ankle of a usual performer."""

_ANKLE_SHARE: Final = 0.1
"""Height of an ankle over the floor, as a share of the hips' height over the ankle."""

_LOWEST_PERCENT: Final = 2.0
"""Feet are as low as this for a fiftieth of a take: that is the floor, and not a glitch."""

_NEXT: Final = {
    f"{side}{bone}": f"{side}{following}"
    for side in ("left", "right")
    for bone, following in (
        [("UpperArm", "LowerArm"), ("LowerArm", "Hand")]
        + [("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot")]
        + [
            (f"{finger}{a}", f"{finger}{b}")
            for finger in ("Index", "Middle", "Ring", "Little")
            for a, b in (("Proximal", "Intermediate"), ("Intermediate", "Distal"))
        ]
    )
}
"""Bones whose direction counts, and the bones that they point to."""


def read_bvh(path: Path, *, centred: bool = True) -> Animation:
    """Read the motion of a BVH file.

    The file's unit is taken to be the one in which the legs are a person's, its floor is where the
    feet are lowest, and the side on which the left leg hangs tells which way it faces.

    Args:
        centred: begin in the middle of the stage; otherwise the file's origin is kept, as is right
            for several dancers that were captured together.

    Raises:
        MotionError: the file is missing, damaged, no BVH file, or its joints are no human's.
    """
    file = read_text(path)
    bones = bones_of(file.joints)
    missing = sorted(REQUIRED_BONES - bones.keys())
    if missing:
        raise MotionError(
            f"Motion file {path}",
            f"has no joint known as {', '.join(missing)}",
            "name its joints as CMU, Mixamo, mocopi, VRoid, Biped, MikuMikuDance or VRM do",
        )
    return _Retargeting(_without_rest(file), bones).animation(path.stem, centred)


def _without_rest(file: BvhFile) -> BvhFile:
    """Without the rest pose that some archives put before the motion."""
    angles = np.concatenate(
        [
            file.table[0, joint.column + k : joint.column + k + 1]
            for joint in file.joints
            for k, channel in enumerate(joint.channels)
            if channel.endswith("rotation")
        ]
    )
    return replace(file, table=file.table[1:]) if len(file.table) > 1 and not angles.any() else file


class _Retargeting:
    """One file's skeleton, brought into ours."""

    def __init__(self, file: BvhFile, bones: dict[str, int]) -> None:
        self._file, self._bones = file, bones
        rest = file.rest()
        self._turn = _upright(rest, bones)
        self._rest = rotate(self._turn, rest)
        leg = sum(
            np.linalg.norm(self._rest[bones[b]] - self._rest[bones[_NEXT[b]]])
            for b in ("leftUpperLeg", "leftLowerLeg")
        )
        if not leg > 0.0:
            raise MotionError("The motion's skeleton", "has no legs", "export it with offsets")
        self._unit = min(_UNITS, key=lambda unit: abs(np.log(leg * unit / _LEG)))
        self._rest *= self._unit
        self._to_t_pose = {bone: self._to_rest(bone) for bone in bones}

    def animation(self, name: str, centred: bool) -> Animation:
        """Everything, on the file's own times."""
        turns, places = self._file.world()
        frames = len(turns)
        rotations = np.zeros((frames, len(HUMAN_BONES), 4))
        rotations[..., 3] = 1.0
        world: dict[str, Array] = {}
        for row, (bone, above) in enumerate(BONE_PARENTS.items()):
            if bone not in self._bones:
                continue
            # Into our axes: G·R·G⁻¹, then out of the file's rest and into the T-pose.
            turn = multiply(self._turn, multiply(turns[:, self._bones[bone]], inverse(self._turn)))
            world[bone] = multiply(turn, inverse(self._to_t_pose[bone]))
            while above is not None and above not in world:
                above = BONE_PARENTS[above]
            local = world[bone] if above is None else multiply(inverse(world[above]), world[bone])
            rotations[:, row] = _continuous(normalise(local))
        places = rotate(self._turn, places) * self._unit
        rest, height = self._t_pose()
        hips = places[:, self._bones["hips"]].copy()
        hips[:, 1] -= height + self._floor(places)
        if centred:
            hips[:, [0, 2]] -= hips[0, [0, 2]]
        return Animation(
            times=np.arange(frames, dtype=np.float64) * self._file.frame_s,
            rotations=_freeze(rotations),
            hips=_freeze(hips),
            rest=_freeze(rest),
            hips_height=height,
            expressions={},
            name=name,
        )

    def _to_rest(self, bone: str) -> Array:
        """C (4,): the turn from where a bone points at rest in the file to where VRM's does."""
        following = _NEXT.get(bone)
        if following is None or following not in self._bones:
            # Hands and fingers lie along the arm where nothing tells more.
            above = BONE_PARENTS[bone]
            inherits = above is not None and bone.endswith(("Hand", "Intermediate", "Distal"))
            return self._to_rest(above) if inherits and above in self._bones else _NONE
        points = self._rest[self._bones[following]] - self._rest[self._bones[bone]]
        if not points.any():
            return _NONE
        side = 1.0 if bone.startswith("left") else -1.0
        along = (0.0, -1.0, 0.0) if "Leg" in bone else (side, 0.0, 0.0)
        return between(normalise(points), np.array(along))

    def _t_pose(self) -> tuple[Array, float]:
        """(55, 3) metres, where the bones are in the T-pose, NaN if absent; height of the hips."""
        out = np.full((len(HUMAN_BONES), 3), np.nan)
        rows = {bone: row for row, bone in enumerate(HUMAN_BONES)}
        for bone, above in BONE_PARENTS.items():
            if bone not in self._bones:
                continue
            while above is not None and above not in self._bones:
                above = BONE_PARENTS[above]
            if above is None:
                out[rows[bone]] = 0.0
                continue
            offset = self._rest[self._bones[bone]] - self._rest[self._bones[above]]
            out[rows[bone]] = out[rows[above]] + rotate(self._to_t_pose[above], offset)
        feet = out[[rows["leftFoot"], rows["rightFoot"]], 1]
        height = -float(feet.min()) * (1.0 + _ANKLE_SHARE)
        out[:, 1] += height
        return out, height

    def _floor(self, places: Array) -> float:
        """Metres from the file's zero to the floor."""
        feet = places[:, [self._bones["leftFoot"], self._bones["rightFoot"]], 1].min(axis=1)
        _, height = self._t_pose()
        ankle = height * _ANKLE_SHARE / (1.0 + _ANKLE_SHARE)
        return float(np.percentile(feet, _LOWEST_PERCENT)) - ankle


_NONE: Final[Array] = np.array([0.0, 0.0, 0.0, 1.0])


def _upright(rest: Array, bones: dict[str, int]) -> Array:
    """The turn (4,) after which a skeleton at rest stands upright, its left at +X.

    Skeletons are not quite symmetric: of the 24 turns between axes the nearest one is taken.
    """
    left = rest[bones["leftUpperLeg"]] - rest[bones["rightUpperLeg"]]
    left += rest[bones["leftUpperArm"]] - rest[bones["rightUpperArm"]]
    up = rest[bones["head"]] - rest[bones["hips"]]
    x, y = int(np.abs(left).argmax()), int(np.abs(up).argmax())
    if x == y or not left.any() or not up.any():
        return _NONE
    matrix = np.zeros((3, 3))
    matrix[0, x], matrix[1, y] = np.sign(left[x]), np.sign(up[y])
    matrix[2] = np.cross(matrix[0], matrix[1])
    return from_matrix(matrix)


def _continuous(rotations: Array) -> Array:
    """Quaternions (t, 4) without leaps from q to −q."""
    dots = np.sum(rotations[1:] * rotations[:-1], axis=1)
    signs = np.cumprod(np.where(dots < 0.0, -1.0, 1.0))
    out = rotations.copy()
    out[1:] *= signs[:, None]
    return out


def _freeze(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out
