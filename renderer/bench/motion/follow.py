"""Angle in the image between an avatar's limbs and the performer's: `encore bench follow`.

The avatar is projected orthographically from the front, as the image shows the performer; each arm
and leg bone is compared with the performer's landmarks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, length, normalise
from avatars.model import Avatar
from avatars.names import BONE_INDEX
from avatars.pose import AvatarPose
from renderer.capture.records import F32, Observation
from renderer.motion.core.frames import image_plane
from renderer.motion.core.skeleton import HIPS, SEGMENTS, SHOULDERS
from renderer.motion.solver import MotionSolver

LIMB_BONES: Final[dict[str, str]] = {
    f"{side}{bone}": f"{side}{tip}"
    for bone, tip in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
    for side in ("left", "right")
}
"""Compared bones, and the bone at each one's far end."""

MIN_VISIBILITY: Final = 0.5
"""A limb counts where both its landmarks are at least this visible."""

MIN_LENGTH: Final = 0.35
"""A limb counts where its image is at least this share of its full length: one that points at the
camera has no direction in the image. Full length is the 95th percentile of its length in the image,
in torso lengths."""

_STARTS: Final = np.array([SEGMENTS[bone][0] for bone in LIMB_BONES])
_ENDS: Final = np.array([SEGMENTS[bone][1] for bone in LIMB_BONES])
_ROOTS: Final = np.array([BONE_INDEX[bone] for bone in LIMB_BONES])
_TIPS: Final = np.array([BONE_INDEX[bone] for bone in LIMB_BONES.values()])


def limb_vectors(pose: F32, size: tuple[int, int]) -> Array:
    """Compute a performer's limbs (8, 2) in the image, in pixels, x right and y up.

    Args:
        pose: (33, 3) normalised image points.
        size: (width, height) of the frame in pixels.
    """
    points = image_plane(pose, size)
    vectors: Array = points[_ENDS] - points[_STARTS]
    return vectors


def limb_directions(pose: F32, size: tuple[int, int]) -> dict[str, Array]:
    """Compute a performer's limbs as unit vectors (2,) in the image, x right and y up, by bone."""
    return dict(zip(LIMB_BONES, normalise(limb_vectors(pose, size)), strict=True))


def project_directions(positions: npt.NDArray[np.floating]) -> Array:
    """Compute an avatar's limbs (8, 2) as unit vectors seen from the front, x right and y up.

    Args:
        positions: (55, 3) of its bones, stage space.
    """
    return normalise((positions[_TIPS] - positions[_ROOTS])[:, :2])


@dataclass(frozen=True, slots=True)
class LimbFollow:
    """How closely one limb followed: angles in degrees.

    `counted`, `hidden` and `short` in frames.
    """

    median: float
    p90: float
    counted: int
    hidden: int
    short: int


@dataclass(frozen=True, slots=True)
class FollowReport:
    """How closely an avatar followed a performer.

    Attributes:
        frames: number of observations.
        lost: number of those without a performer.
        total: over all limbs.
        limbs: by bone.
    """

    frames: int
    lost: int
    total: LimbFollow
    limbs: dict[str, LimbFollow]

    def text(self) -> str:
        """Format the report as a table for people."""
        head = f"{'limb':<14}{'median':>8}{'p90':>8}{'frames':>8}{'hidden':>8}{'short':>8}"
        rows = [_row(bone, limb) for bone, limb in self.limbs.items()]
        note = (
            f"Degrees between the avatar's limbs and the performer's, over {self.frames} frames "
            f"({self.lost} without a performer). Hidden: visibility under {MIN_VISIBILITY}. Short: "
            f"under {MIN_LENGTH:.0%} of the limb's full length, where it has no direction."
        )
        return "\n".join((head, *rows, _row("all", self.total), note))

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON; the angles of a limb that was never counted are None."""
        return {
            "frames": self.frames,
            "lost": self.lost,
            "total": _plain(self.total),
            "limbs": {bone: _plain(limb) for bone, limb in self.limbs.items()},
        }


class Posed(Protocol):
    """Anything that can be posed: avatars.pose.AvatarPose, or a reference skeleton."""

    def apply(self, rotations: F32, root: F32, expressions: F32, gaze: F32) -> object:
        """Apply a pose."""

    def bone_positions(self) -> npt.NDArray[np.floating]:
        """Return (55, 3) positions of the bones, stage space, NaN where the avatar has none."""


def measure_follow(observations: Iterable[Observation], avatar: Avatar) -> FollowReport:
    """Solve the observations, pose the avatar, and compare their limbs frame by frame.

    The filters' lag counts: each pose is compared with the frame that it was solved from.
    """
    return measure_pose_function(observations, AvatarPose(avatar))


def measure_pose_function(observations: Iterable[Observation], posed: Posed) -> FollowReport:
    """Measure as `measure_follow` does, for anything that can be posed."""
    solver = MotionSolver()
    frames = lost = 0
    seen: list[Array] = []
    shown: list[Array] = []
    visible: list[npt.NDArray[np.bool_]] = []
    for observation in observations:
        frames += 1
        motion = solver.solve(observation)
        if observation.pose is None or observation.visibility is None:
            lost += 1
            continue
        posed.apply(motion.rotations, motion.root, motion.expressions, motion.gaze)
        points = image_plane(observation.pose, observation.size)
        torso = points[list(SHOULDERS)].mean(axis=0) - points[list(HIPS)].mean(axis=0)
        seen.append(limb_vectors(observation.pose, observation.size) / max(length(torso)[0], 1.0))
        shown.append(project_directions(posed.bone_positions()))
        ends = np.minimum(observation.visibility[_STARTS], observation.visibility[_ENDS])
        visible.append(ends >= MIN_VISIBILITY)
    if not seen:
        return _report(frames, lost, np.zeros((0, 8, 2)), np.zeros((0, 8, 2)), np.zeros((0, 8)) > 0)
    return _report(frames, lost, np.array(seen), np.array(shown), np.array(visible))


def _report(
    frames: int, lost: int, seen: Array, shown: Array, visible: npt.NDArray[np.bool_]
) -> FollowReport:
    lengths = length(seen)[..., 0]
    cosine = np.clip((normalise(seen) * shown).sum(axis=-1), -1.0, 1.0)
    angles = np.degrees(np.arccos(cosine))
    visible = visible & np.isfinite(angles)
    long = np.zeros_like(visible)
    for k in range(len(LIMB_BONES)):
        full = np.percentile(lengths[visible[:, k], k], 95) if visible[:, k].any() else 0.0
        long[:, k] = lengths[:, k] >= MIN_LENGTH * full
    limbs = {
        bone: _limb(angles[:, k], visible[:, k], long[:, k]) for k, bone in enumerate(LIMB_BONES)
    }
    return FollowReport(frames, lost, _limb(angles, visible, long), limbs)


def _limb(angles: Array, visible: npt.NDArray[np.bool_], long: npt.NDArray[np.bool_]) -> LimbFollow:
    counted = angles[visible & long]
    middle, high = np.percentile(counted, (50, 90)) if counted.size else (np.nan, np.nan)
    hidden = int((~visible).sum())
    return LimbFollow(
        float(middle), float(high), counted.size, hidden, int((visible & ~long).sum())
    )


def _row(name: str, limb: LimbFollow) -> str:
    return (
        f"{name:<14}{limb.median:>7.1f}°{limb.p90:>7.1f}°"
        f"{limb.counted:>8}{limb.hidden:>8}{limb.short:>8}"
    )


def _plain(limb: LimbFollow) -> dict[str, float | int | None]:
    return {
        "median_degrees": limb.median if limb.counted else None,
        "p90_degrees": limb.p90 if limb.counted else None,
        "counted": limb.counted,
        "hidden": limb.hidden,
        "short": limb.short,
    }
