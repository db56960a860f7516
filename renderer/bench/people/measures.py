"""Measures of an avatar beside the performer whom it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.bench.motion.strangers import LoggingSolver
from renderer.bench.motion.track import solve
from renderer.capture.records import Observation
from renderer.capture.trackers.crops import body_scale
from renderer.motion.core.frames import body_points, image_plane
from renderer.motion.core.skeleton import ELBOWS, HIPS, SHOULDERS, WRISTS
from renderer.motion.trust.ownership import MAX_SPEED

TOO_CLOSE: Final = 0.3
"""Metres between the joints of two idols below which they run into each other."""

LEAP_NS: Final = 100_000_000
"""Nanoseconds for which an arm that leapt may be refused."""

_REACH: Final = 2.0
"""Body scales within which another person's arm may be taken for the performer's."""

_PERFORMED_NS: Final = 100_000_000
"""Nanoseconds around a frame in which the performer's own movement excuses the idol's."""

_LIMBS: Final = [
    side + bone
    for side in ("left", "right")
    for bone in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
]
_BODY: Final = np.array([BONE_INDEX[name] for name in ("hips", "chest", "head", *_LIMBS)])
"""Joints whose steps are measured."""


@dataclass(frozen=True, slots=True)
class Step:
    """The largest step of a joint between two frames: metres, joint, and time in seconds."""

    metres: float
    joint: str
    at_s: float


def largest_step(positions: Array, times: Array) -> Step:
    """Return the largest step of any joint.

    Args:
        positions: (n, 55, 3) metres.
        times: (n,) nanoseconds.
    """
    if len(positions) < 2:
        return Step(0.0, "", 0.0)
    steps = np.linalg.norm(np.diff(positions[:, _BODY], axis=0), axis=-1)
    frame, joint = np.unravel_index(int(np.nanargmax(steps)), steps.shape)
    names = {row: name for name, row in BONE_INDEX.items()}
    return Step(
        float(steps[frame, joint]), names[int(_BODY[joint])], float(times[frame + 1]) * 1e-9
    )


def hips_jump(positions: Array, seen: Sequence[Observation]) -> float:
    """Return the largest vertical step of an idol's hips that the performer did not make, metres.

    The performer's hips rise and fall in the picture; the largest such step within a tenth of a
    second is theirs.
    """
    if len(positions) < 2:
        return 0.0
    own = np.abs(np.diff(_hip_heights(seen), prepend=np.nan))
    own[np.isnan(own)] = 0.0
    times = np.array([one.t_seen_ns for one in seen], np.int64)
    shown = np.abs(np.diff(positions[:, BONE_INDEX["hips"], 1]))
    excess = [
        step - own[np.abs(times - times[k]) <= _PERFORMED_NS].max()
        for k, step in enumerate(shown, 1)
    ]
    return max(float(max(excess)), 0.0)


def count_too_close(positions: Sequence[Array]) -> int:
    """Return the number of frames in which any joints of two idols are closer than TOO_CLOSE.

    Args:
        positions: (n, 55, 3) metres per idol, each at its place on the stage.
    """
    if len(positions) < 2:
        return 0
    close = np.zeros(len(positions[0]), np.bool_)
    for a, b in combinations([one[:, _BODY] for one in positions], 2):
        apart = np.linalg.norm(a[:, :, None] - b[:, None], axis=-1)
        close |= np.nanmin(apart, axis=(1, 2)) < TOO_CLOSE
    return int(close.sum())


def count_refused_own_arms(
    seen: Sequence[Observation], others: Sequence[Sequence[Observation]], bystanders: bool
) -> int:
    """Return how many arms of a performer were refused with no other person's arm near.

    An arm that has just leapt farther than anatomy allows is not the performer's: a detector lost
    it for a moment. Such refusals count only after LEAP_NS.

    Args:
        seen: the performer's observations.
        others: the other performers', frame by frame.
        bystanders: whether people other than performers are in the clip; then no refusal counts.
    """
    solver = LoggingSolver()
    solve(seen, solver)
    leapt_ns = np.full(2, np.iinfo(np.int64).min // 2)
    before: tuple[Array, int] | None = None
    count = 0
    for k, (one, refused) in enumerate(zip(seen, solver.arms.refused, strict=True)):
        places = _arm_places(one)
        if places is not None and before is not None:
            stride = np.linalg.norm(places - before[0], axis=-1)
            seconds = (one.t_seen_ns - before[1]) * 1e-9
            leapt_ns[(stride > MAX_SPEED * seconds).any(axis=1)] = one.t_seen_ns
        if places is not None:
            before = (places, one.t_seen_ns)
        if refused is None or bystanders or any(_is_near(one, other[k]) for other in others):
            continue
        count += int((refused & (one.t_seen_ns - leapt_ns > LEAP_NS)).sum())
    return count


def _arm_places(seen: Observation) -> Array | None:
    """Return (2, 2, 2) elbows and wrists relative to their shoulders, body scales."""
    if seen.pose is None:
        return None
    points = np.asarray(seen.pose[:, :2] * np.array(seen.size, np.float32), np.float32)
    joints = points[np.array([ELBOWS, WRISTS]).T] - points[list(SHOULDERS), None]
    return np.asarray(joints / max(body_scale(points), 1.0), np.float64)


def _is_near(one: Observation, other: Observation) -> bool:
    """Return whether another performer is within reach."""
    if one.pose is None or other.pose is None:
        return False
    size = np.array(one.size, np.float32)
    a, b = (np.asarray(pose[:, :2] * size, np.float32) for pose in (one.pose, other.pose))
    apart = float(np.linalg.norm(a[11:25].mean(axis=0) - b[11:25].mean(axis=0)))
    return apart < _REACH * max(body_scale(a), body_scale(b))


def _hip_heights(seen: Sequence[Observation]) -> Array:
    """Return (n,) heights of the performer's hips in the picture, metres; NaN where unknown."""
    out = np.full(len(seen), np.nan)
    scales: list[float] = []
    for k, one in enumerate(seen):
        if one.pose is None or one.pose_world is None:
            continue
        scale = body_points(one.pose, one.pose_world, one.size)[1]
        if scale > 0.0:
            scales.append(scale)
            out[k] = image_plane(one.pose[list(HIPS)], one.size)[:, 1].mean()
    return out / float(np.median(scales)) if scales else out
