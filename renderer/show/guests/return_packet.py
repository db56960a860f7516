"""Encode what a guest says of the sound that the show returns to them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from renderer.errors import CaptureError

HEARD_KIND: Final = b"EGh1"
_HEARD: Final = struct.Struct("<4sqqq")
MOST_AGE_NS: Final = 1_000_000_000
"""Oldest motion that is believed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """When a guest hears a moment of the show.

    Attributes:
        t_ns: of a sample, on the show's clock; 0 asks for the return.
        guest_ns: when it is heard, on the guest's clock.
        age_ns: from what the camera sees to the motion that shows it.
    """

    t_ns: int
    guest_ns: int
    age_ns: int


def encode_heard(heard: Heard) -> bytes:
    """Return it as a message."""
    return _HEARD.pack(HEARD_KIND, heard.t_ns, heard.guest_ns, heard.age_ns)


def decode_heard(data: bytes) -> Heard:
    """Decode a message that begins with HEARD_KIND.

    Raises:
        CaptureError: it has another layout, or a time that none is.
    """
    if len(data) != _HEARD.size:
        raise CaptureError(
            "A guest's return", "is cut off", "let the guest use this version of the program"
        )
    _, t_ns, guest_ns, age_ns = _HEARD.unpack(data)
    if t_ns < 0 or guest_ns < 0 or not 0 <= age_ns <= MOST_AGE_NS:
        raise CaptureError(
            "A guest's return", "has an impossible time",
            "let the guest use this version of the program",
        )  # fmt: skip
    return Heard(t_ns, guest_ns, age_ns)
