"""BVH import: retargets the motion of any skeleton to the normalised humanoid.

A joint rotated by R from rest, where its bone points along d, points along R·d. VRM's bone points
along e in the T-pose; with C the shortest rotation from d to e, its world rotation is R·C⁻¹. Local
rotations follow from the parents' world rotations.
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
from renderer.motion.exchange.bvh_names import match_bones
from renderer.motion.exchange.bvh_text import BvhFile, read_text

_UNITS: Final = (1.0, 0.01, 0.0254, 0.0254 / 0.45)
"""Candidate units in metres: metre, centimetre, inch, and the unit of CMU's archive."""

_USUAL_LEG: Final = 0.8
"""Metres from hip to ankle of an average performer."""

_ANKLE_SHARE: Final = 0.1
"""Height of an ankle above the floor, as a share of the hips' height above the ankle."""

_LOWEST_PERCENT: Final = 2.0
"""Percentile of the feet's heights that is the floor: robust against glitches."""

_NEXT_BONE: Final = {
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
"""Bones whose rest direction is corrected, and the bones that they point to."""


def read_bvh(path: Path, *, centred: bool = True) -> Animation:
    """Read the motion of a BVH file.

    The file's unit is the one in which the legs have a person's length, its floor is where the feet
    are lowest, and its facing direction follows from the side of the left limbs.

    Args:
        path: the file.
        centred: whether to begin at the stage's centre; otherwise the file's origin is kept, as
            several dancers captured together need.

    Raises:
        MotionError: the file is missing, damaged, not a BVH file, or its joints are not a human's.
    """
    file = read_text(path)
    bones = match_bones(file.joints)
    missing = sorted(REQUIRED_BONES - bones.keys())
    if missing:
        raise MotionError(
            f"Motion file {path}",
            f"has no joint for {', '.join(missing)}",
            "name its joints as CMU, Mixamo, mocopi, VRoid, Biped, MikuMikuDance or VRM do",
        )
    return _Retargeter(_drop_rest_frame(file), bones).animation(path.stem, centred)


def _drop_rest_frame(file: BvhFile) -> BvhFile:
    """Return the file without the rest pose that some archives put before the motion."""
    angles = np.concatenate(
        [
            file.table[0, joint.column + k : joint.column + k + 1]
            for joint in file.joints
            for k, channel in enumerate(joint.channels)
            if channel.endswith("rotation")
        ]
    )
    return replace(file, table=file.table[1:]) if len(file.table) > 1 and not angles.any() else file


class _Retargeter:
    """Retargets one file's skeleton to the normalised humanoid."""

    def __init__(self, file: BvhFile, bones: dict[str, int]) -> None:
        self._file, self._bones = file, bones
        rest = file.rest()
        self._to_stage = _upright_rotation(rest, bones)
        self._rest = rotate(self._to_stage, rest)
        leg = sum(
            np.linalg.norm(self._rest[bones[b]] - self._rest[bones[_NEXT_BONE[b]]])
            for b in ("leftUpperLeg", "leftLowerLeg")
        )
        if not leg > 0.0:
            raise MotionError("The motion's skeleton", "has no legs", "export it with offsets")
        self._unit = min(_UNITS, key=lambda unit: abs(np.log(leg * unit / _USUAL_LEG)))
        self._rest *= self._unit
        self._to_t_pose = {bone: self._rest_correction(bone) for bone in bones}

    def animation(self, name: str, centred: bool) -> Animation:
        """Retarget all frames, at the file's own times."""
        turns, places = self._file.world()
        frames = len(turns)
        rotations = np.zeros((frames, len(HUMAN_BONES), 4))
        rotations[..., 3] = 1.0
        world: dict[str, Array] = {}
        for row, (bone, above) in enumerate(BONE_PARENTS.items()):
            if bone not in self._bones:
                continue
            # Into stage axes: G·R·G⁻¹; then from the file's rest to the T-pose.
            turn = multiply(
                self._to_stage, multiply(turns[:, self._bones[bone]], inverse(self._to_stage))
            )
            world[bone] = multiply(turn, inverse(self._to_t_pose[bone]))
            while above is not None and above not in world:
                above = BONE_PARENTS[above]
            local = world[bone] if above is None else multiply(inverse(world[above]), world[bone])
            rotations[:, row] = _unwrap(normalise(local))
        places = rotate(self._to_stage, places) * self._unit
        rest, height = self._t_pose()
        hips = places[:, self._bones["hips"]].copy()
        hips[:, 1] -= height + self._floor_height(places)
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

    def _rest_correction(self, bone: str) -> Array:
        """Return C (4,), xyzw: rotation from a bone's rest direction in the file to VRM's."""
        following = _NEXT_BONE.get(bone)
        if following is None or following not in self._bones:
            # Without own information hands and fingers lie along the arm.
            above = BONE_PARENTS[bone]
            inherits = above is not None and bone.endswith(("Hand", "Intermediate", "Distal"))
            return self._rest_correction(above) if inherits and above in self._bones else _IDENTITY
        points = self._rest[self._bones[following]] - self._rest[self._bones[bone]]
        if not points.any():
            return _IDENTITY
        side = 1.0 if bone.startswith("left") else -1.0
        along = (0.0, -1.0, 0.0) if "Leg" in bone else (side, 0.0, 0.0)
        return between(normalise(points), np.array(along))

    def _t_pose(self) -> tuple[Array, float]:
        """Return (55, 3) metres, the bones' positions in the T-pose, NaN if absent.

        And the hip height.
        """
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

    def _floor_height(self, places: Array) -> float:
        """Return the height of the floor above the file's zero in metres."""
        feet = places[:, [self._bones["leftFoot"], self._bones["rightFoot"]], 1].min(axis=1)
        _, height = self._t_pose()
        ankle = height * _ANKLE_SHARE / (1.0 + _ANKLE_SHARE)
        return float(np.percentile(feet, _LOWEST_PERCENT)) - ankle


_IDENTITY: Final[Array] = np.array([0.0, 0.0, 0.0, 1.0])


def _upright_rotation(rest: Array, bones: dict[str, int]) -> Array:
    """Return the rotation (4,), xyzw, to stage axes: skeleton upright, its left at +X.

    Skeletons are not exactly symmetric: the nearest of the 24 axis-aligned rotations is used.
    """
    left = rest[bones["leftUpperLeg"]] - rest[bones["rightUpperLeg"]]
    left += rest[bones["leftUpperArm"]] - rest[bones["rightUpperArm"]]
    up = rest[bones["head"]] - rest[bones["hips"]]
    x, y = int(np.abs(left).argmax()), int(np.abs(up).argmax())
    if x == y or not left.any() or not up.any():
        return _IDENTITY
    matrix = np.zeros((3, 3))
    matrix[0, x], matrix[1, y] = np.sign(left[x]), np.sign(up[y])
    matrix[2] = np.cross(matrix[0], matrix[1])
    return from_matrix(matrix)


def _unwrap(rotations: Array) -> Array:
    """Return quaternions (t, 4) without sign flips from q to −q."""
    dots = np.sum(rotations[1:] * rotations[:-1], axis=1)
    signs = np.cumprod(np.where(dots < 0.0, -1.0, 1.0))
    out = rotations.copy()
    out[1:] *= signs[:, None]
    return out


def _freeze(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out
