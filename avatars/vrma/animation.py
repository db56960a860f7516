"""Define a VRM animation as plain data and sample its pose at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.maths import quaternions
from avatars.model import F32, Avatar

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """An animation's pose at one time.

    Attributes:
        rotations: (55, 4) xyzw, as for AvatarPose.apply.
        hips: (3,) displacement of the hips from rest, metres in the animation's own scale.
        expressions: weights by name.
        gaze: (2,) radians, yaw to the left and pitch upwards; None where the file has no look-at.
    """

    rotations: F32
    hips: F32
    expressions: Mapping[str, float]
    gaze: F32 | None

    def weights(self, avatar: Avatar) -> F32:
        """Return the weights (e,) of an avatar's expressions; those that it lacks are dropped."""
        return np.array([self.expressions.get(e.name, 0.0) for e in avatar.expressions], np.float32)


@dataclass(frozen=True, slots=True)
class Animation:
    """Motion of a humanoid, with all properties sampled at the same times.

    For an avatar of another size, scale `hips` by its own hips height divided by `hips_height`.

    Attributes:
        times: (t,) seconds, ascending.
        rotations: (t, 55, 4) float32 xyzw, local, of VRM's normalised skeleton, in the order of
            HUMAN_BONES; identity where a bone does not move.
        hips: (t, 3) float32 metres, displacement of the hips from rest, in model space.
        rest: (55, 3) float32 metres, positions of the bones in the T-pose; NaN for absent bones.
        hips_height: height of the hips above the floor in the T-pose, metres.
        expressions: (t,) float32 weights, 0 to 1, by VRM preset or the author's own name.
        gaze: (t, 2) float32 radians, yaw to the left and pitch upwards; None without a look-at.
        warnings: tolerated faults of the file, one sentence each.
    """

    times: F64
    rotations: F32
    hips: F32
    rest: F32
    hips_height: float
    expressions: Mapping[str, F32]
    gaze: F32 | None = None
    name: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def duration(self) -> float:
        """The time of the last keyframe, seconds."""
        return float(self.times[-1])

    def at(self, seconds: float) -> Moment:
        """Return the pose at a time, which is clamped to the first and last keyframe."""
        after = int(np.searchsorted(self.times, seconds, side="right"))
        last = len(self.times) - 1
        low, high = min(max(after - 1, 0), last), min(after, last)
        span = float(self.times[high] - self.times[low])
        share = min(max((seconds - float(self.times[low])) / span, 0.0), 1.0) if span > 0.0 else 0.0

        def between(values: F32) -> F32:
            mixed: F32 = values[low] + np.float32(share) * (values[high] - values[low])
            return mixed

        return Moment(
            quaternions.slerp(self.rotations[low], self.rotations[high], share).astype(np.float32),
            between(self.hips),
            {name: float(between(values)) for name, values in self.expressions.items()},
            None if self.gaze is None else between(self.gaze),
        )
