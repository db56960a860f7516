"""Decode Live Link Face: Epic's iPhone app, one UDP datagram per frame.

The datagram, big-endian: version (1 byte, 6), device id and subject name (each a 32-bit length and
UTF-8), frame number (int32), fraction of a frame (float32), frame rate as a fraction (2 × int32), a
count (1 byte), and count × float32: 52 ARKit scores, then yaw, pitch and roll in radians of the
head, the left and the right eye. A count of 0 means that no face is detected.

Signs: for the eyes, right (the performer's) and down are positive, as found by comparison with the
eyeLook scores of a recorded performance. For the head, a turn to the left, a nod up and a roll with
the left ear rising are positive, as sent by programs that replace the app for Unreal's characters.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from avatars.names import ARKIT_INDEX
from renderer.capture.network.clock import SenderClock
from renderer.capture.network.packets import PacketError, SkippedElements, StalePacketError
from renderer.capture.network.records import Tracked, TrackedFace, freeze
from renderer.capture.network.turns import LARGEST_ANGLE, rotation_from_angles

PORT: Final = 11111

_VERSION: Final = 6
_LONGEST_NAME: Final = 512
_FRAME: Final = struct.Struct(">ifiiB")
_VALUES: Final = 61
_SECOND_NS: Final = 1_000_000_000
_DAY_NS: Final = 24 * 3600 * _SECOND_NS
"""By default the app's frame number is a time of day, so it wraps around after this period."""

SCORES: Final[tuple[str, ...]] = tuple(
    [f"eye{what}{side}" for side in ("Left", "Right")
     for what in ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")]
    + ["jawForward", "jawRight", "jawLeft", "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker",
       "mouthRight", "mouthLeft"]
    + [f"mouth{what}{side}" for what in ("Smile", "Frown", "Dimple", "Stretch")
       for side in ("Left", "Right")]
    + ["mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper"]
    + [f"mouth{what}{side}" for what in ("Press", "LowerDown", "UpperUp")
       for side in ("Left", "Right")]
    + ["browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
       "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight",
       "tongueOut"]
)  # fmt: skip
"""The app's order of the 52 scores."""

_PLACES: Final = np.array([ARKIT_INDEX[name] for name in SCORES])


class LiveLinkDecoder:
    """See packets.Decoder."""

    def __init__(self) -> None:
        self.skipped = SkippedElements()
        self._clock = SenderClock(_DAY_NS)

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """See packets.Decoder: one TrackedFace, or none if no face is detected."""
        if not datagram or datagram[0] != _VERSION:
            raise PacketError("a datagram is not Live Link Face's version 6")
        at = _after_text(datagram, _after_text(datagram, 1))
        try:
            frame, fraction, numerator, denominator, count = _FRAME.unpack_from(datagram, at)
        except struct.error:
            raise PacketError("a datagram ends within its time") from None
        at += _FRAME.size
        if len(datagram) != at + 4 * count or count not in (0, _VALUES):
            raise PacketError(f"a datagram has {len(datagram) - at} bytes for {count} values")
        if not np.isfinite(fraction) or numerator <= 0:
            raise PacketError("a datagram's time is not a time")
        # Some senders set the denominator to 0; their frame rate is the numerator.
        denominator = max(denominator, 1)
        values = np.frombuffer(datagram, ">f4", count, at).astype(np.float32)
        if not np.isfinite(values).all():
            raise PacketError("a datagram's values are not all numbers")
        if (np.abs(values[len(SCORES) :]) > LARGEST_ANGLE).any():
            raise PacketError("a datagram's angles are more than a whole turn")
        sent_ns = round((frame + fraction) * _SECOND_NS * denominator / numerator)
        t_seen_ns = self._clock.place(sent_ns, received_ns)
        if t_seen_ns is None:
            raise StalePacketError
        return [face_of(values, t_seen_ns)] if count else []


def face_of(values: np.ndarray[tuple[int], np.dtype[np.float32]], t_seen_ns: int) -> TrackedFace:
    """Convert the app's 61 values (61,), as in its datagrams and recordings, to a face."""
    scores = np.empty(len(SCORES), np.float32)
    scores[_PLACES] = np.clip(values[: len(SCORES)], 0.0, 1.0)
    yaw, pitch, roll = (float(x) for x in values[52:55])
    left, right = values[55:57], values[58:60]
    return TrackedFace(
        t_seen_ns,
        freeze(scores),
        rotation_from_angles(yaw, pitch, roll),
        freeze(-0.5 * (left + right)),
    )


def _after_text(datagram: bytes, at: int) -> int:
    """Return the end offset of the length-prefixed text at offset `at`."""
    if len(datagram) < at + 4:
        raise PacketError("a datagram ends within its head")
    length = int.from_bytes(datagram[at : at + 4], "big")
    if length > _LONGEST_NAME or len(datagram) < at + 4 + length:
        raise PacketError("a datagram ends within its names")
    return at + 4 + length
