"""BVH export: the normalised humanoid's motion for animation programs.

Joints have VRM's names, lengths are in centimetres, and the rest pose is the T-pose facing +Z. A
joint's rotation is R_z·R_x·R_y, in degrees. The format has no place for face and gaze.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import to_matrix
from avatars.maths.vectors import Array
from avatars.names import HUMAN_BONES, PARENT_INDEX
from avatars.vrma import Animation
from renderer.errors import MotionError

_CENTIMETRES: Final = 100.0
"""Centimetres per metre."""

_TIP: Final = 5.0
"""Centimetres from the last joint of a chain to its end."""

_POSITIONS: Final = "Xposition Yposition Zposition"
_ROTATIONS: Final = "Zrotation Xrotation Yrotation"


def write_bvh(animation: Animation, rate: float = 60.0) -> str:
    """Return the text of a BVH file.

    Args:
        animation: the motion.
        rate: frames per second; the animation is resampled at even times.

    Raises:
        MotionError: the animation has no rest position for its hips.
    """
    rest = np.asarray(animation.rest, np.float64) * _CENTIMETRES
    present: npt.NDArray[np.bool_] = np.all(np.isfinite(rest), axis=1)
    if not present[0]:
        raise MotionError(
            f"Motion {animation.name}",
            "has no rest position for its hips",
            "give every bone a rest position",
        )
    parents = _present_parents(present)
    order: list[int] = []
    lines = ["HIERARCHY"]
    _write_joint(0, 0, rest, parents, lines, order)
    times = np.arange(0.0, animation.duration + 0.5 / rate, 1.0 / rate)
    lines += ["MOTION", f"Frames: {len(times)}", f"Frame Time: {1.0 / rate:.9f}"]
    angles = _angles(animation, times)[:, order].reshape(len(times), -1)
    hips = np.array([animation.at(t).hips for t in times]) * _CENTIMETRES + rest[0]
    table = np.concatenate((hips, angles), axis=1)
    lines += [" ".join(f"{value:.6f}" for value in row) for row in table]
    return "\n".join(lines) + "\n"


def _present_parents(present: npt.NDArray[np.bool_]) -> dict[int, int]:
    """Map each present bone to its nearest present ancestor; -1 for the hips."""
    out = {}
    for bone in np.flatnonzero(present):
        above = PARENT_INDEX[bone]
        while above >= 0 and not present[above]:
            above = PARENT_INDEX[above]
        out[int(bone)] = above
    return out


def _write_joint(
    bone: int,
    depth: int,
    rest: Array,
    parents: dict[int, int],
    lines: list[str],
    order: list[int],
) -> None:
    """Append a joint and its descendants to `lines`, and their rows to `order`."""
    order.append(bone)
    above, inner = parents[bone], "\t" * (depth + 1)
    outer = "\t" * depth
    offset = rest[bone] - (rest[above] if above >= 0 else rest[bone])
    channels = f"6 {_POSITIONS} {_ROTATIONS}" if above < 0 else f"3 {_ROTATIONS}"
    lines += [
        f"{outer}{'ROOT' if above < 0 else 'JOINT'} {HUMAN_BONES[bone]}",
        outer + "{",
        f"{inner}OFFSET {_format_vector(offset)}",
        f"{inner}CHANNELS {channels}",
    ]
    children = [child for child, parent in parents.items() if parent == bone]
    for child in children:
        _write_joint(child, depth + 1, rest, parents, lines, order)
    if not children:
        length = np.linalg.norm(offset)
        tip = offset / length * _TIP if length > 0.0 else np.array([0.0, _TIP, 0.0])
        lines += [
            f"{inner}End Site",
            inner + "{",
            f"{inner}\tOFFSET {_format_vector(tip)}",
            inner + "}",
        ]
    lines.append(outer + "}")


def _angles(animation: Animation, times: Array) -> Array:
    """Return (t, 55, 3) degrees about z, x and y, unwrapped so that they never jump by a turn."""
    rotations = np.array([animation.at(float(t)).rotations for t in times], np.float64)
    matrix = to_matrix(rotations)
    sine = np.clip(matrix[..., 2, 1], -1.0, 1.0)
    # Gimbal lock: z and y rotate about one axis; y takes the whole angle.
    locked = np.abs(sine) > 1.0 - 1e-9
    z = np.where(locked, 0.0, np.arctan2(-matrix[..., 0, 1], matrix[..., 1, 1]))
    y = np.where(
        locked,
        np.arctan2(matrix[..., 0, 2], matrix[..., 0, 0]),
        np.arctan2(-matrix[..., 2, 0], matrix[..., 2, 2]),
    )
    angles = np.stack((z, np.arcsin(sine), y), axis=-1)
    degrees: Array = np.degrees(np.unwrap(angles, axis=0))
    return degrees


def _format_vector(vector: Array) -> str:
    """Return a vector's numbers for a BVH line."""
    return " ".join(f"{value:.6f}" for value in vector)
