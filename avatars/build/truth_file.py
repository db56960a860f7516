"""What a clip shows, known exactly, and its .npz file; docs/truth.md describes it to readers."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avatars.build import skeleton as bones
from avatars.build.clip import write_arrays
from avatars.build.figure import Movement
from avatars.build.source import Floats
from avatars.build.studio_camera import Camera
from avatars.errors import AvatarError
from avatars.names import BONE_INDEX


@dataclass(frozen=True, slots=True)
class Acted:
    """One performer's truth in n frames.

    Attributes:
        heads: (55, 3) metres, where bones begin in the T-pose, soles at 0; the jaw's is unused.
        rotations: (n, 55, 4) xyzw, local, relative to the T-pose; the eyes' included.
        root: (n, 3) metres, the hips' displacement from the T-pose.
        joints: (n, 55, 3) metres, where bones begin.
        weights: (n, 52) ARKit shapes, 0 to 1.
        gaze: (n, 2) radians from straight ahead of the head: yaw to the left, pitch up.
    """

    heads: Floats
    rotations: Floats
    root: Floats
    joints: Floats
    weights: Floats
    gaze: Floats

    @classmethod
    def of(cls, heads: Floats, movement: Movement) -> Acted:
        """A movement by a performer whose bones begin at heads (55, 3)."""
        joints = np.stack(
            [
                bones.joint_places(heads, bones.globals_of(turns), root)
                for turns, root in zip(movement.rotations, movement.root, strict=True)
            ]
        )
        return cls(
            heads, movement.rotations, movement.root, joints, movement.weights, movement.gaze
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """A clip's truth.

    Attributes:
        acted: one a performer.
        camera: it does not move.
        fps: frames a second; frame k is shown at k / fps.
    """

    acted: tuple[Acted, ...]
    camera: Camera
    fps: float

    def visible(self) -> Floats:
        """(n, performers) the share of body joints that lies in the picture, 0 to 1."""
        width, height = self.camera.size
        body = [BONE_INDEX[name] for name in _BODY]
        shares = []
        for one in self.acted:
            pixel = self.camera.project(one.joints[:, body])
            inside = (pixel >= 0.0).all(axis=-1) & (pixel < [width, height]).all(axis=-1)
            shares.append(inside.mean(axis=1))
        return np.stack(shares, axis=1)


_BODY = (
    "head", "leftUpperArm", "rightUpperArm", "leftLowerArm", "rightLowerArm", "leftHand",
    "rightHand", "leftUpperLeg", "rightUpperLeg", "leftLowerLeg", "rightLowerLeg", "leftFoot",
    "rightFoot",
)  # fmt: skip
_FIELDS = ("heads", "rotations", "root", "joints", "weights", "gaze")


def save_truth(path: Path, truth: Truth) -> None:
    """Write a truth as float32 arrays; the second performer's names begin with "second_"."""
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
    """Read what save_truth wrote.

    Raises:
        AvatarError: the file cannot be read or is no such truth.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
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
            "write it by python -m avatars.build.truth",
        ) from fault
