"""Load captured motion, an .npz file of rotations and root, as a movement."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path

import numpy as np

from avatars.authoring.clips.clips import Clip, Part
from avatars.authoring.clips.figure import Movement
from avatars.authoring.clips.studio_camera import Camera
from avatars.authoring.clips.truth_file import joints_of
from avatars.authoring.figure.source import Floats
from avatars.errors import AvatarError
from avatars.maths.quaternions import from_axis_angle, multiply, rotate, slerp
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

_FOV_Y = float(np.radians(30.0))
_FILLED = 0.82
"""Maximum share of the picture that the joints fill; the body extends beyond its joints."""
_LOWEST = ("leftFoot", "rightFoot", "leftToes", "rightToes")


def motion_clip(path: Path) -> Clip:
    """Return a clip of a performer with a file's motion, of the motion's length.

    The file holds rotations (n, 55, 4) xyzw, local, relative to the T-pose, in the order of
    HUMAN_BONES, and root (n, 3) metres, the hips' displacement. Optional are fps (default 30),
    hips_height (metres; the root is scaled from it to the performer's), weights (n, 52) and gaze
    (n, 2).

    Raises:
        AvatarError: the file cannot be read, or its arrays are missing or invalid.
    """
    arrays = _read(path)
    seconds = len(arrays["rotations"]) / float(arrays["fps"])
    return Clip(seconds, (Part("demo", partial(_read_capture, arrays=arrays)),), _framing)


def _read(path: Path) -> dict[str, Floats]:
    try:
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            arrays: dict[str, Floats] = {
                name: np.asarray(file[name], np.float64) for name in file.files
            }
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as fault:
        raise AvatarError(
            str(path), f"cannot be read ({fault})", "give an .npz file of rotations and root"
        ) from fault
    count = len(arrays["rotations"]) if "rotations" in arrays else 0
    shapes = {"rotations": (count, 55, 4), "root": (count, 3)}
    optional = {"weights": (count, 52), "gaze": (count, 2), "fps": (), "hips_height": ()}
    for name, shape in (shapes | {n: s for n, s in optional.items() if n in arrays}).items():
        found = arrays[name].shape if name in arrays else None
        if found != shape or not count or not np.isfinite(arrays[name]).all():
            raise AvatarError(
                str(path),
                f"its {name} is {'absent' if found is None else f'of shape {found}'}, or empty "
                "or not finite",
                f"give {name} as {('n', *shape[1:]) if shape else 'one number'}",
            )
    if float(arrays.setdefault("fps", np.array(30.0))) <= 0.0:
        raise AvatarError(str(path), "its fps is not positive", "give frames a second")
    return arrays


def _read_capture(heads: Floats, t: Floats, arrays: dict[str, Floats]) -> Movement:
    """Return the motion at times t (n,), seconds, initially facing the camera, on the floor."""
    at = np.clip(t * float(arrays["fps"]), 0.0, len(arrays["root"]) - 1.0)
    low = np.minimum(at.astype(int), max(0, len(arrays["root"]) - 2))
    high = np.minimum(low + 1, len(arrays["root"]) - 1)
    part = at - low

    def between(name: str, width: int) -> Floats:
        values = arrays.get(name, np.zeros((len(arrays["root"]), width)))
        out: Floats = values[low] + (values[high] - values[low]) * part[:, None]
        return out

    recorded = normalise(arrays["rotations"])
    turns = slerp(recorded[low], recorded[high], part[:, None])
    hips = float(heads[BONE_INDEX["hips"], 1])
    root = between("root", 3) * hips / float(arrays.get("hips_height", np.array(hips)))
    ahead = rotate(turns[0, 0], np.array([0.0, 0.0, 1.0]))
    face = from_axis_angle(np.array([0.0, 1.0, 0.0]), -np.arctan2(ahead[0], ahead[2]))
    turns[:, 0] = multiply(face, turns[:, 0])
    root = rotate(face, root - root[0] * [1.0, 0.0, 1.0])
    root[:, 1] -= _measure_float_height(heads, turns, root)
    gaze = between("gaze", 2)
    return Movement(turns, root, np.clip(between("weights", 52), 0.0, 1.0), gaze)


def _measure_float_height(heads: Floats, turns: Floats, root: Floats) -> float:
    """Return the height of the lowest foot above its rest height, metres (5th percentile).

    It differs from 0 because the captured legs have other proportions.
    """
    rows = [BONE_INDEX[bone] for bone in _LOWEST]
    lowest = (joints_of(heads, turns, root)[:, rows, 1] - heads[rows, 1]).min(axis=1)
    return float(np.percentile(lowest, 5.0))


def _framing(joints: Floats, size: tuple[int, int]) -> Camera:
    """Return a level camera that sees all joints (n, 55, 3) in all frames."""
    body = np.delete(joints, BONE_INDEX["jaw"], axis=1).reshape(-1, 3)
    low, high = body.min(axis=0), body.max(axis=0)
    middle, reach = (low + high) / 2.0, (high - low) / 2.0
    half = np.tan(_FOV_Y / 2.0) * _FILLED
    distance = max(reach[1] / half, reach[0] / half * size[1] / size[0])
    x, y = float(middle[0]), float(middle[1])
    place = (x, y, float(high[2] + distance))
    return Camera(place, (x, y, float(middle[2])), _FOV_Y, size)
