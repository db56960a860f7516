"""Read and write a clip's ground truth as an .npz file; docs/truth.md describes the format."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from avatars.authoring.clips.clip import write_arrays
from avatars.authoring.clips.figure import Movement
from avatars.authoring.clips.studio_camera import Camera
from avatars.authoring.figure.skeleton import globals_of
from avatars.authoring.figure.source import Floats
from avatars.errors import AvatarError
from avatars.maths.quaternions import rotate
from avatars.names import BONE_INDEX, PARENT_INDEX

Bools = npt.NDArray[np.bool_]


def joints_of(heads: Floats, rotations: Floats, root: Floats) -> Floats:
    """Return joint positions (n, 55, 3), metres, of all frames (forward kinematics).

    Args:
        heads: (55, 3) joint positions at rest, metres.
        rotations: (n, 55, 4) xyzw, local.
        root: (n, 3) the hips' displacement, metres.
    """
    turned = globals_of(np.moveaxis(rotations, 1, 0))
    places = np.empty((len(heads), len(root), 3))
    for i, parent in enumerate(PARENT_INDEX):
        if parent < 0:
            places[i] = heads[i] + root
        else:
            places[i] = places[parent] + rotate(turned[parent], heads[i] - heads[parent])
    return np.moveaxis(places, 0, 1)


@dataclass(frozen=True, slots=True)
class Acted:
    """One performer's ground truth in n frames.

    Attributes:
        heads: (55, 3) metres, joint positions in the T-pose, soles at y = 0; the jaw is unused.
        rotations: (n, 55, 4) xyzw, local, relative to the T-pose; includes the eyes.
        root: (n, 3) metres, the hips' displacement from the T-pose.
        joints: (n, 55, 3) metres, joint positions.
        weights: (n, 52) ARKit weights, 0 to 1.
        gaze: (n, 2) radians relative to the head: yaw to the left, pitch up.
    """

    heads: Floats
    rotations: Floats
    root: Floats
    joints: Floats
    weights: Floats
    gaze: Floats

    @classmethod
    def of(cls, heads: Floats, movement: Movement) -> Acted:
        """Return the ground truth of a movement by a performer with joints at heads (55, 3)."""
        joints = joints_of(heads, movement.rotations, movement.root)
        return cls(
            heads, movement.rotations, movement.root, joints, movement.weights, movement.gaze
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """A clip's ground truth.

    Attributes:
        acted: one entry per performer.
        camera: stationary.
        fps: frames per second; frame k is shown at k / fps seconds.
    """

    acted: tuple[Acted, ...]
    camera: Camera
    fps: float

    def visible(self) -> Floats:
        """Return the visibility (n, performers): 1 if a performer is in the picture, else 0.

        A performer is visible if the head and the left eye are in the picture, and either at least
        75 % of the body joints are too or the eyes are more than 5 % of the picture's width apart.
        """
        width, height = self.camera.size
        shown = []
        for one in self.acted:
            pixel = self.camera.project(one.joints)
            inside: Bools = np.all((pixel >= 0.0) & (pixel < [width, height]), axis=-1)
            eyes = np.linalg.norm(pixel[:, _LEFT_EYE] - pixel[:, _RIGHT_EYE], axis=-1)
            enough = (inside[:, _BODY].mean(axis=1) >= 0.75) | (eyes > 0.05 * width)
            shown.append(inside[:, BONE_INDEX["head"]] & inside[:, _LEFT_EYE] & enough)
        return np.stack(shown, axis=1).astype(np.float64)


_LEFT_EYE, _RIGHT_EYE = BONE_INDEX["leftEye"], BONE_INDEX["rightEye"]
_BODY = [BONE_INDEX["head"]] + [
    BONE_INDEX[side + bone]
    for side in ("left", "right")
    for bone in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
]
_FIELDS = ("heads", "rotations", "root", "joints", "weights", "gaze")


def save_truth(path: Path, truth: Truth) -> None:
    """Write a truth as float32 arrays; names of the second performer's have prefix "second_"."""
    camera = truth.camera
    arrays = {
        "fps": np.array(truth.fps),
        "camera": np.array(camera.place),
        "target": np.array(camera.target),
        "fov_y": np.array(camera.fov_y),
        "size": np.array(camera.size),
        "visible": truth.visible(),
    }
    for prefix, one in zip(("", "second_"), truth.acted, strict=False):
        arrays[prefix + "hips_height"] = one.heads[BONE_INDEX["hips"], 1]
        arrays |= {prefix + field: getattr(one, field) for field in _FIELDS}
    write_arrays(path, arrays)


def load_truth(path: Path) -> Truth:
    """Read a file written by save_truth.

    Raises:
        AvatarError: the file cannot be read or is not a ground-truth file.
    """
    try:
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            arrays = {name: np.asarray(file[name], np.float64) for name in file.files}
        prefixes = [p for p in ("", "second_") if p + "root" in arrays or not p]
        acted = tuple(Acted(*(arrays[p + field] for field in _FIELDS)) for p in prefixes)
        width, height = arrays["size"]
        place, target = (tuple(arrays[name].tolist()) for name in ("camera", "target"))
        camera = Camera(place, target, float(arrays["fov_y"]), (int(width), int(height)))
        return Truth(acted, camera, float(arrays["fps"]))
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as fault:
        raise AvatarError(
            str(path),
            f"is no ground-truth file ({fault})",
            "write it by python -m avatars.authoring.clips.truth",
        ) from fault
