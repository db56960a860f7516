"""What network trackers hand to motion: already solved, in the house's axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrackedFace:
    """A face as a phone sees it. Arrays are read-only; left and right are the performer's own.

    Attributes:
        t_seen_ns: on this machine's monotonic clock, see `SenderClock`.
        scores: (52,) 0 to 1, in the order of avatars.names.ARKIT.
        head: (4,) xyzw, how the head is turned from facing the phone: +X to the performer's left,
            +Y up, +Z to the phone. None where the sender tells nothing of the head.
        gaze: (2,) radians from straight ahead: yaw to the performer's left, pitch up.
    """

    t_seen_ns: int
    scores: F32
    head: F32 | None
    gaze: F32


@dataclass(frozen=True, slots=True)
class TrackedBody:
    """A body as a suit feels it. Arrays are read-only.

    Attributes:
        t_seen_ns: on this machine's monotonic clock.
        rotations: (55, 4) xyzw, local, in the order of avatars.names.HUMAN_BONES, relative to VRM's
            normalised T-pose facing +Z; the hips' carries the root's. Identity where not known.
        known: (55,) bool, which bones the sender told of lately.
        root: (3,) metres, where the hips are from the sender's origin on the floor.
        hips_height: metres from the floor to the hips of the sender's skeleton at rest.
    """

    t_seen_ns: int
    rotations: F32
    known: npt.NDArray[np.bool_]
    root: F32
    hips_height: float


Tracked = TrackedFace | TrackedBody


def freeze(values: npt.ArrayLike) -> F32:
    """A read-only float32 copy, fit for a record."""
    out = np.array(values, np.float32)
    out.flags.writeable = False
    return out
