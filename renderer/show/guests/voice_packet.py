"""Encode a guest's voice for an unreliable data channel.

Every message repeats the packet before its own (as RFC 2198 does), so that a single lost message,
or two that change places, cost no sound. Its time is on the guest's clock, as its motion's is:
WebRTC's own audio tracks hide their times from a program, and lips are in time by these alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from renderer.errors import CaptureError
from renderer.show.guests.voice_codec import MOST_BYTES

VOICE_KIND: Final = b"EGv1"
_HEAD: Final = struct.Struct("<4sIqH")


@dataclass(frozen=True, slots=True)
class GuestVoice:
    """20 ms of a guest's voice.

    Attributes:
        number: of the message; rises by one, from 0 in each connection.
        t_ns: nanoseconds on the guest's clock of the motion that belongs to its first sample.
        packet: Opus.
        before: the packet of the message before; empty for none.
    """

    number: int
    t_ns: int
    packet: bytes
    before: bytes = b""


def encode_voice(voice: GuestVoice) -> bytes:
    """Return a voice as a message."""
    number = voice.number & 0xFFFFFFFF
    head = _HEAD.pack(VOICE_KIND, number, voice.t_ns, len(voice.packet))
    return head + voice.packet + voice.before


def decode_voice(data: bytes) -> GuestVoice:
    """Decode a message that begins with VOICE_KIND.

    Raises:
        CaptureError: it has another layout, or a length or time that no voice has.
    """
    if len(data) < _HEAD.size:
        raise _refuse("is cut off")
    _, number, t_ns, size = _HEAD.unpack_from(data)
    packet, before = data[_HEAD.size : _HEAD.size + size], data[_HEAD.size + size :]
    if not 0 < size == len(packet) <= MOST_BYTES or len(before) > MOST_BYTES:
        raise _refuse("has an impossible length")
    if t_ns < 0:
        raise _refuse("has a time before its clock's zero")
    return GuestVoice(number, t_ns, packet, before)


def _refuse(fault: str) -> CaptureError:
    return CaptureError("A guest's voice", fault, "let the guest use this version of the program")
