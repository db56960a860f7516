"""Encode a guest's motion and clock messages for an unreliable data channel.

A message is one datagram of fixed layout, little-endian, with its kind in the first four bytes. The
performer's own machine has solved the motion; here every value is checked as a stranger's.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.names import ARKIT, HUMAN_BONES
from renderer.capture.network.records import TrackedBody, TrackedFace, freeze
from renderer.errors import CaptureError
from renderer.motion.core.contact_bytes import CONTACTS, decode_contacts, encode_contacts
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB
from renderer.show.guests.return_packet import HEARD_KIND, Heard, decode_heard
from renderer.show.guests.voice_packet import VOICE_KIND, GuestVoice, decode_voice

RATE: Final = 60.0
"""Motions that a guest's program sends a second."""

_MOTION: Final = np.dtype(
    [
        ("kind", "S4"),
        ("number", "<u4"),
        ("t_ns", "<i8"),
        ("hips_height", "<f4"),
        ("root", "<f4", (3,)),
        ("gaze", "<f4", (2,)),
        ("confidence", "u1", (len(LIMBS),)),
        ("expressions", "u1", (len(ARKIT),)),
        ("rotations", "<i2", (len(HUMAN_BONES), 4)),
        ("contacts", CONTACTS),
    ]
)
MOTION_BYTES: Final = _MOTION.itemsize
_MOTION_KIND: Final = b"EGm2"
_PING: Final = struct.Struct("<4sq")
_PONG: Final = struct.Struct("<4sqq")
_PING_KIND, _PONG_KIND = b"EGp1", b"EGr1"

_TURN_SCALE: Final = 32767.0
"""Quaternion components are 16-bit fractions: steps of 0.003 degrees."""
_LEAST_LENGTH, _MOST_LENGTH = 0.9, 1.1
"""Length of a quaternion that is accepted; it is then normalised."""
_FARTHEST_M: Final = 20.0
"""Distance from the middle of the guest's floor beyond which a position is refused, metres."""
_LOWEST_HIPS_M, _HIGHEST_HIPS_M = 0.2, 2.0
"""Range of a standing person's hip height, metres."""
_WIDEST_GAZE: Final = 1.6
"""Largest angle of the eyes from straight ahead, radians."""
_FACE: Final = LIMBS.index("face")


@dataclass(frozen=True, slots=True)
class GuestMotion:
    """A guest's body and face at one time on the guest's own monotonic clock.

    Attributes:
        number: of the message; rises by one, from 0 in each connection.
        t_ns: nanoseconds on the guest's clock.
        motion: validated; `t_seen_ns` equals `t_ns`.
    """

    number: int
    t_ns: int
    motion: Motion

    def records(self, t_ns: int) -> tuple[TrackedBody, TrackedFace | None]:
        """Return the records that the show mixes, stamped with a time on the show's clock."""
        motion = self.motion
        known = motion.confidence[BONE_LIMB] > 0.5
        known.flags.writeable = False
        hips = freeze(motion.root + np.array((0.0, motion.hips_height, 0.0), np.float32))
        body = TrackedBody(t_ns, motion.rotations, known, hips, motion.hips_height, motion.contacts)
        if motion.confidence[_FACE] <= 0.5:
            return body, None
        return body, TrackedFace(t_ns, motion.expressions, None, motion.gaze)


@dataclass(frozen=True, slots=True)
class Ping:
    """The show's time at which it asked for the guest's clock, nanoseconds."""

    sent_ns: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer: the show's own time returned, and the guest's time of the answer."""

    sent_ns: int
    guest_ns: int


GuestMessage = GuestMotion | GuestVoice | Heard | Ping | Pong


def encode_motion(motion: Motion, number: int) -> bytes:
    """Return a motion as a message.

    Args:
        motion: solved on the guest's machine.
        number: of the message, counted from 0.
    """
    row = np.zeros((), _MOTION)
    row["kind"], row["number"], row["t_ns"] = _MOTION_KIND, number & 0xFFFFFFFF, motion.t_seen_ns
    row["hips_height"], row["root"], row["gaze"] = motion.hips_height, motion.root, motion.gaze
    row["confidence"] = np.rint(np.clip(motion.confidence, 0.0, 1.0) * 255.0)
    row["expressions"] = np.rint(np.clip(motion.expressions, 0.0, 1.0) * 255.0)
    row["rotations"] = np.rint(np.clip(motion.rotations, -1.0, 1.0) * _TURN_SCALE)
    row["contacts"] = np.frombuffer(encode_contacts(motion.contacts), CONTACTS)[0]
    return row.tobytes()


def encode_ping(sent_ns: int) -> bytes:
    """Return a question for the guest's clock."""
    return _PING.pack(_PING_KIND, sent_ns)


def encode_pong(sent_ns: int, guest_ns: int) -> bytes:
    """Return the answer to a ping."""
    return _PONG.pack(_PONG_KIND, sent_ns, guest_ns)


def decode(data: bytes) -> GuestMessage:
    """Decode one message.

    Raises:
        CaptureError: it has another layout or version, or a value that no person has.
    """
    kind = data[:4]
    if kind == _MOTION_KIND and len(data) == MOTION_BYTES:
        return _decode_motion(data)
    if kind == _PING_KIND and len(data) == _PING.size:
        return Ping(_PING.unpack(data)[1])
    if kind == _PONG_KIND and len(data) == _PONG.size:
        _, sent_ns, guest_ns = _PONG.unpack(data)
        return Pong(sent_ns, guest_ns)
    if kind == VOICE_KIND:
        return decode_voice(data)
    if kind == HEARD_KIND:
        return decode_heard(data)
    raise _refuse(f"has the unknown layout {kind!r} of {len(data)} bytes")


def _decode_motion(data: bytes) -> GuestMotion:
    row = np.frombuffer(data, _MOTION)[0]
    root, gaze = freeze(row["root"]), freeze(row["gaze"])
    height = float(row["hips_height"])
    if not (np.isfinite(root).all() and np.abs(root).max() <= _FARTHEST_M):
        raise _refuse("has a position outside the stage")
    if not _LOWEST_HIPS_M <= height <= _HIGHEST_HIPS_M:
        raise _refuse("has hips at an impossible height")
    if not (np.isfinite(gaze).all() and np.abs(gaze).max() <= _WIDEST_GAZE):
        raise _refuse("has an impossible gaze")
    t_ns = int(row["t_ns"])
    if t_ns < 0:
        raise _refuse("has a time before its clock's zero")
    try:
        contacts = decode_contacts(row["contacts"].tobytes())
    except ValueError as fault:
        raise _refuse("has hands that touch nothing known") from fault
    motion = Motion(
        t_seen_ns=t_ns,
        root=root,
        hips_height=height,
        rotations=_unit(row["rotations"]),
        expressions=freeze(row["expressions"] / np.float32(255.0)),
        gaze=gaze,
        confidence=freeze(row["confidence"] / np.float32(255.0)),
        contacts=contacts,
    )
    return GuestMotion(int(row["number"]), t_ns, motion)


def _unit(packed: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    rotations = packed.astype(np.float32) / np.float32(_TURN_SCALE)
    lengths = np.linalg.norm(rotations, axis=1)
    if lengths.min() < _LEAST_LENGTH or lengths.max() > _MOST_LENGTH:
        raise _refuse("has a rotation that is none")
    return freeze(rotations / lengths[:, None])


def _refuse(fault: str) -> CaptureError:
    return CaptureError("A guest's message", fault, "let the guest use this version of the program")
