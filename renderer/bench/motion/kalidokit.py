"""Baseline: Kalidokit 1.1.5 on the same landmarks and the same skeleton.

Kalidokit returns Euler angles for a VRM 0.x avatar that moves as a mirror image: its "right" arm is
driven by the performer's left. Its own VRM template (docs/script.js of its repository) defines how
they are applied: angles in three.js' XYZ order, hips by 0.7, spine and chest by 0.45 and 0.25 of
the same rotation, neck by 0.7 of the head's; arms and legs in full. The hips' position is eased by
0.07 per frame. The template eases every rotation by 0.3 per frame; it is measured with that easing
and without.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from avatars.maths.quaternions import IDENTITY, from_axis_angle, multiply, slerp
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer import paths
from renderer.bench.motion.track import Track
from renderer.capture.records import Observation
from renderer.motion.core.mirror import BONE_MIRROR

VERSION: Final = "1.1.5"

EASE_SHARE: Final = 0.3
"""Share of the way to the new rotation per frame in the template."""

_PLACE_EASE_SHARE: Final = 0.07
"""The same for the hips' position."""

_RIG_SHARES: Final = {
    "Hips": (("hips", 0.7),),
    "Spine": (("spine", 0.45), ("chest", 0.25)),
    "Neck": (("neck", 0.7),),
    **{
        side + bone: ((side.lower() + bone, 1.0),)
        for side in ("Left", "Right")
        for bone in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")
    },
}
"""Kalidokit's parts, and the avatar's bones that each rotates, with their shares."""

# From VRM 0.x, which faces −Z, to VRM 1.0: half a turn about Y; then mirrored.
_TO_VRM1: Final = np.array([-1.0, 1.0, -1.0, 1.0])
_MIRROR: Final = np.array([1.0, -1.0, -1.0, 1.0])

_INSTALL_S: Final = 120.0
_SOLVE_S: Final = 120.0


class AbsentError(Exception):
    """Kalidokit cannot be run here; the message says why."""


def cache_folder() -> Path:
    """Return the folder in which Kalidokit is stored between runs."""
    return paths.cache_folder() / f"kalidokit-{VERSION}"


def install(folder: Path) -> Path:
    """Return Kalidokit's package folder; install it into `folder` from the npm registry if missing.

    Raises:
        AbsentError: Node or npm is missing, or the installation failed.
    """
    package = folder / "node_modules" / "kalidokit"
    if shutil.which("node") is None:
        raise AbsentError("Node is not installed")
    if (package / "dist" / "kalidokit.umd.js").is_file():
        return package
    npm = shutil.which("npm")
    if npm is None:
        raise AbsentError("npm is not installed")
    options = ("--no-save", "--no-audit", "--no-fund", "--ignore-scripts")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [npm, "install", "--prefix", str(folder), *options, f"kalidokit@{VERSION}"],
            capture_output=True,
            text=True,
            timeout=_INSTALL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AbsentError(f"npm could not fetch it ({error})") from error
    if done.returncode or not package.is_dir():
        said = done.stderr.strip().splitlines()
        raise AbsentError(f"npm could not fetch it ({said[-1] if said else 'no reason given'})")
    return package


def solve(observations: Sequence[Observation], package: Path, ease: float = 1.0) -> Track:
    """Solve the observations with Kalidokit.

    Args:
        observations: of one performer.
        package: from `install`.
        ease: share of the way to the new rotation per frame; 1 disables easing.

    Raises:
        AbsentError: Node cannot run it.
    """
    frames = _run(observations, package)
    rotations = np.tile(IDENTITY, (len(frames), len(HUMAN_BONES), 1))
    root = np.zeros((len(frames), 3))
    held, place = rotations[0].copy() if len(frames) else IDENTITY, np.zeros(3)
    for k, frame in enumerate(frames):
        if frame is not None:
            share = 1.0 if k == 0 else ease
            held = slerp(held, _rig_bones(frame["bones"], held), share)
            x, _, z = frame["place"]
            # The template negates x and z; then follow the turn to VRM 1.0 and the mirroring.
            aim = np.array([-x, 0.0, z])
            place = place + (1.0 if k == 0 else _PLACE_EASE_SHARE) * (aim - place)
        rotations[k], root[k] = held, place
    rotations = rotations[:, BONE_MIRROR] * _MIRROR
    return Track.of(np.array([o.t_seen_ns for o in observations], np.int64), rotations, root)


def _rig_bones(bones: dict[str, list[float] | None], held: Array) -> Array:
    """Return local rotations (55, 4), VRM 1.0, not mirrored.

    Parts that are None stay as in `held`.
    """
    out = held.copy()
    for part, shares in _RIG_SHARES.items():
        angles = bones[part]
        if angles is None:
            continue
        for bone, share in shares:
            x, y, z = (from_axis_angle(np.eye(3)[k], share * angles[k]) for k in range(3))
            out[BONE_INDEX[bone]] = multiply(multiply(x, y), z) * _TO_VRM1
    return out


def _run(observations: Sequence[Observation], package: Path) -> list[dict[str, Any] | None]:
    width, height = observations[0].size if observations else (1, 1)
    task = json.dumps(
        {"width": width, "height": height, "frames": [_plain(seen) for seen in observations]}
    )
    script = Path(__file__).with_name("kalidokit.js")
    try:
        done = subprocess.run(
            ["node", str(script), str(package.resolve())],
            input=task,
            capture_output=True,
            text=True,
            timeout=_SOLVE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AbsentError(f"Node could not run it ({error})") from error
    if done.returncode:
        raise AbsentError(f"Node could not run it ({done.stderr.strip().splitlines()[-1:]})")
    frames: list[dict[str, Any] | None] = json.loads(done.stdout)
    return frames


def _plain(seen: Observation) -> dict[str, Any]:
    if seen.pose is None or seen.pose_world is None:
        return {"pose": None, "world": None, "face": None}
    visible = np.ones(33) if seen.visibility is None else seen.visibility
    return {
        "pose": np.round(np.column_stack((seen.pose, visible)), 6).tolist(),
        "world": np.round(np.column_stack((seen.pose_world, visible)), 6).tolist(),
        "face": None if seen.face is None else np.round(seen.face, 6).tolist(),
    }
