"""Read and write MIDI timecode: eight quarter frames, or one full frame.

Source: MIDI 1.0 Detailed Specification, "MIDI Time Code". Eight quarter frames take two frames and
name the time at which the first of them was sent.
"""

from __future__ import annotations

from typing import Final

from renderer.show.receivers.timecode.smpte import RATES, Label, TimecodeRate, to_frames, to_label

LATE_FRAMES: Final = 2
"""Frames by which a time is old when its last quarter frame has come."""
_RATES: Final = ("24", "25", "29.97df", "30")
"""Rates by their number in the hours' byte."""


class MtcDecoder:
    """Puts quarter frames together. A run that is interrupted or runs backwards is left out."""

    def __init__(self) -> None:
        self._nibbles = [0] * 8
        self._next = 0

    def quarter_frame(self, kind: int, value: int) -> tuple[Label, TimecodeRate] | None:
        """Return the time now, with its rate, if this quarter frame completes one.

        Args:
            kind: of the quarter frame, 0 to 7.
            value: its four bits.
        """
        if kind != self._next:
            self._next = 0
            if kind != 0:
                return None
        self._nibbles[kind] = value & 15
        self._next = (kind + 1) % 8
        if kind != 7:
            return None
        n = self._nibbles
        hours = n[6] | (n[7] & 1) << 4
        label = Label(hours, n[4] | (n[5] & 3) << 4, n[2] | (n[3] & 3) << 4, n[0] | (n[1] & 1) << 4)
        rate = RATES[_RATES[n[7] >> 1 & 3]]
        if not label.is_valid(rate):
            return None
        return to_label(to_frames(label, rate) + LATE_FRAMES, rate), rate

    @staticmethod
    def full_frame(data: bytes) -> tuple[Label, TimecodeRate] | None:
        """Return the time of a system exclusive message, without F0 and F7; None for another."""
        if len(data) != 8 or data[0] != 0x7F or data[2:4] != b"\x01\x01":
            return None
        rate = RATES[_RATES[data[4] >> 5 & 3]]
        label = Label(data[4] & 31, data[5], data[6], data[7])
        return (label, rate) if label.is_valid(rate) else None


def write_quarter_frames(label: Label, rate: TimecodeRate) -> list[tuple[int, int]]:
    """Return the eight quarter frames of a time: kind and value."""
    number = _RATES.index(rate.name) if rate.name in _RATES else 3
    hours = label.hours | number << 5
    parts = (label.frames, label.seconds, label.minutes, hours)
    return [
        (2 * place + high, part >> 4 * high & 15)
        for place, part in enumerate(parts)
        for high in (0, 1)
    ]


def write_full_frame(label: Label, rate: TimecodeRate) -> bytes:
    """Return the system exclusive message of a time, without F0 and F7."""
    number = _RATES.index(rate.name) if rate.name in _RATES else 3
    head = b"\x7f\x7f\x01\x01"
    return head + bytes((label.hours | number << 5, label.minutes, label.seconds, label.frames))
