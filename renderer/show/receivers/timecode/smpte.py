"""Convert SMPTE timecode (ST 12-1) between labels, frames and time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from renderer.errors import ShowError

SECOND_NS: Final = 1_000_000_000
_LABEL: Final = re.compile(r"^(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2})\Z")
_DROPPED: Final = 2
"""Labels that drop-frame leaves out in every minute but each tenth."""


@dataclass(frozen=True, slots=True)
class TimecodeRate:
    """A frame rate.

    Attributes:
        name: as documents and crews write it.
        count: frames that a second's labels count.
        exact: frames per second.
        drops: whether labels are dropped so that they keep to the clock.
    """

    name: str
    count: int
    exact: Fraction
    drops: bool = False

    @property
    def frame_ns(self) -> float:
        """Return the length of a frame, nanoseconds."""
        return float(SECOND_NS / self.exact)

    @property
    def frames_a_day(self) -> int:
        """Return the number of labels of 24 hours."""
        dropped = _DROPPED * 9 * 6 * 24 if self.drops else 0
        return 24 * 3600 * self.count - dropped


RATES: Final = {
    one.name: one
    for one in (
        TimecodeRate("24", 24, Fraction(24)),
        TimecodeRate("25", 25, Fraction(25)),
        TimecodeRate("29.97", 30, Fraction(30_000, 1001)),
        TimecodeRate("29.97df", 30, Fraction(30_000, 1001), drops=True),
        TimecodeRate("30", 30, Fraction(30)),
    )
}


@dataclass(frozen=True, slots=True)
class Label:
    """Hours, minutes, seconds and frames."""

    hours: int
    minutes: int
    seconds: int
    frames: int

    def __str__(self) -> str:
        return f"{self.hours:02d}:{self.minutes:02d}:{self.seconds:02d}:{self.frames:02d}"

    def is_valid(self, rate: TimecodeRate) -> bool:
        """Return whether a rate has this label."""
        if not (self.hours < 24 and self.minutes < 60 and self.seconds < 60):
            return False
        is_dropped = rate.drops and self.minutes % 10 and not self.seconds and self.frames < 2
        return self.frames < rate.count and not is_dropped


def to_frames(label: Label, rate: TimecodeRate) -> int:
    """Return the number of frames from 00:00:00:00 to a label."""
    minutes = 60 * label.hours + label.minutes
    frames = (60 * minutes + label.seconds) * rate.count + label.frames
    return frames - (_DROPPED * (minutes - minutes // 10) if rate.drops else 0)


def to_label(frames: int, rate: TimecodeRate) -> Label:
    """Return the label of a number of frames; a day begins again after 24 hours."""
    frames %= rate.frames_a_day
    if rate.drops:
        ten = 600 * rate.count - 9 * _DROPPED
        tens, rest = divmod(frames, ten)
        frames += 9 * _DROPPED * tens
        if rest >= _DROPPED:
            frames += _DROPPED * ((rest - _DROPPED) // (60 * rate.count - _DROPPED))
    seconds, frame = divmod(frames, rate.count)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return Label(hours, minute, second, frame)


def to_ns(label: Label, rate: TimecodeRate) -> int:
    """Return the time from 00:00:00:00 to the begin of a label's frame."""
    return round(to_frames(label, rate) * SECOND_NS / rate.exact)


def parse_label(text: str, rate: TimecodeRate) -> Label:
    """Return a label such as "01:00:12:05".

    Raises:
        ShowError: it is none of this rate.
    """
    found = _LABEL.match(text)
    if found is not None:
        label = Label(int(found[1]), int(found[2]), int(found[3]), int(found[5]))
        if label.is_valid(rate):
            return label
    raise ShowError(
        f"Timecode {text[:20]}",
        f"is none at {rate.name} frames per second",
        f"write hours, minutes, seconds and frames below {rate.count}",
    )
