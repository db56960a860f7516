"""Define the records that network trackers pass to motion: solved poses in Encore's axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.contact.records import NO_CONTACTS, HandContacts

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrackedFace:
    """A face tracked by a phone. Arrays are read-only; left and right are the performer's own.

    Attributes:
        t_seen_ns: capture time on this machine's monotonic clock, see `SenderClock`.
        scores: (52,) 0 to 1, in the order of avatars.names.ARKIT.
        head: (4,) xyzw, rotation of the head; identity when facing the phone: +X to the performer's
            left, +Y up, +Z to the phone. None if the sender does not track the head.
        gaze: (2,) radians from straight ahead: yaw to the performer's left, pitch up.
    """

    t_seen_ns: int
    scores: F32
    head: F32 | None
    gaze: F32


@dataclass(frozen=True, slots=True)
class TrackedBody:
    """A body tracked by a suit. Arrays are read-only.

    Attributes:
        t_seen_ns: capture time on this machine's monotonic clock.
        rotations: (55, 4) xyzw, local, in the order of avatars.names.HUMAN_BONES, relative to VRM's
            normalised T-pose facing +Z; the hips' includes the root's. Identity if not known.
        known: (55,) bool, the bones that the sender sent recently.
        root: (3,) metres, position of the hips from the sender's origin on the floor.
        hips_height: metres from the floor to the hips of the sender's skeleton at rest.
        contacts: what the hands touch, where the sender has found that out.
    """

    t_seen_ns: int
    rotations: F32
    known: npt.NDArray[np.bool_]
    root: F32
    hips_height: float
    contacts: HandContacts = NO_CONTACTS


Tracked = TrackedFace | TrackedBody


def freeze(values: npt.ArrayLike) -> F32:
    """Return a read-only float32 copy."""
    out = np.array(values, np.float32)
    out.flags.writeable = False
    return out
