"""Captured dance as a performance: a BVH take of CMU's skeleton, seen by the detector model."""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.quaternions import from_axis_angle, multiply, rotate
from avatars.maths.vectors import Array, normalise
from renderer.bench.motion.detector import MOVING, observe
from renderer.bench.motion.performance import Performance, Truth, standing_feet
from renderer.errors import MotionError
from renderer.motion.core.skeleton import SEGMENTS

_FRAME_STEP: Final = 4
"""CMU's takes have 120 frames per second, a camera 30."""

_JOINTS: Final = {
    "Shldr": 11, "ForeArm": 13, "Hand": 15, "Pinky1": 17, "Index1": 19, "Thumb1": 21,
    "Thigh": 23, "Shin": 25, "Foot": 27,
}  # fmt: skip
"""Suffix of a joint's name, and the left one's pose landmark; the right one's is one more."""

_LIMBS: Final = np.array([ends for bone, ends in SEGMENTS.items() if not bone.endswith("Foot")])

Take = dict[str, tuple[Array, Array]]


def mocap_performance(path: Path, frames: int = 400) -> Performance:
    """Return the first `frames` frames of a take, as a detector with MediaPipe's errors sees them.

    Raises:
        MotionError: the file is not a BVH take of CMU's skeleton.
    """
    take = read_take(path, frames)
    try:
        points = _landmarks(take)
        head, hips = take["head"][1], take["hip"][1]
    except KeyError as error:
        raise MotionError(
            f"The take {path.name}", f"it has no joint {error}", "use a take of CMU's skeleton"
        ) from error
    truth = Truth(
        limbs=normalise(points[:, _LIMBS[:, 1]] - points[:, _LIMBS[:, 0]]),
        head=head,
        hips=hips,
        standing=standing_feet(points[:, 31:33]),
    )
    seen = observe(points, MOVING, np.random.default_rng(0))
    return Performance(path.name.split(".")[0], seen, truth)


def read_take(path: Path, frames: int) -> Take:
    """Read world positions (n, 3) and rotations (n, 4), xyzw, of every joint at 30 fps.

    Raises:
        MotionError: the file cannot be read as BVH.
    """
    try:
        with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as file:
            lines = [line.split() for line in file if line.strip()]
        start = next(i for i, words in enumerate(lines) if words[0] == "Frames:")
        rows = lines[start + 2 : start + 2 + _FRAME_STEP * frames : _FRAME_STEP]
        values = np.array([[float(word) for word in row] for row in rows])
        return _joints(lines[:start], values)
    except (OSError, EOFError, lzma.LZMAError, ValueError, StopIteration, IndexError) as error:
        raise MotionError(
            f"The take {path.name}", "it cannot be read as BVH", "use a whole .bvh or .bvh.xz file"
        ) from error


def _joints(lines: list[list[str]], values: Array) -> Take:
    """Compute every joint's world positions and rotations from the hierarchy and the table."""
    found: Take = {}
    stack: list[str] = []
    column, offset = 0, np.zeros(3)
    for words in lines:
        match words:
            case ["ROOT" | "JOINT", name]:
                stack.append(name)
            case ["End", _]:
                stack.append("")
            case ["OFFSET", *numbers]:
                offset = np.array([float(number) for number in numbers])
            case ["CHANNELS", _, *channels]:
                here = values[:, column : column + len(channels)]
                column += len(channels)
                turn = _rotate_channels(channels, here)
                if len(stack) == 1:
                    found[stack[-1]] = (
                        here[:, [channels.index(f"{a}position") for a in "XYZ"]],
                        turn,
                    )
                else:
                    above, frame = found[stack[-2]]
                    found[stack[-1]] = above + rotate(frame, offset), multiply(frame, turn)
            case ["}"]:
                stack.pop()
    return found


def _rotate_channels(channels: list[str], values: Array) -> Array:
    """Return rotations (n, 4) of the channels, each about the axes that the former have rotated."""
    turn = np.tile((0.0, 0.0, 0.0, 1.0), (len(values), 1))
    for channel, angle in zip(channels, np.radians(values.T), strict=True):
        if channel.endswith("rotation"):
            axis = np.eye(3)["XYZ".index(channel[0])]
            turn = multiply(turn, from_axis_angle(axis, angle))
    return turn


def _landmarks(take: Take) -> Array:
    """Return (n, 33, 3) the pose's points, stage space, metres."""
    head, turn = take["head"]
    points = np.repeat((head + rotate(turn, np.array([0.0, 0.06, 0.1])))[:, None], 33, axis=1)
    for k, (side, sign) in enumerate((("l", 1.0), ("r", -1.0))):
        points[:, 7 + k] = head + rotate(turn, np.array([0.07 * sign, 0.085, 0.0]))
        for joint, row in _JOINTS.items():
            points[:, row + k] = take[side + joint][0]
        ankle, foot = take[f"{side}Foot"]
        points[:, 29 + k] = ankle + rotate(foot, np.array([0.0, -0.05, -0.05]))
        points[:, 31 + k] = ankle + rotate(foot, np.array([0.0, -0.05, 0.13]))
    return points
