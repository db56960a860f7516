"""Define a song's timed lyrics, and find the current line and its progress."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEAD_S: Final = 0.9
"""Lead of a line before its first syllable, seconds: time to read it."""
HOLD_S: Final = 0.5
"""Time for which a line stays after its last syllable, seconds."""
FADE_S: Final = 0.2
"""Duration of a line's fade, seconds."""


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line of lyrics in a frame.

    Attributes:
        text: of the line.
        place: number of code points sung so far, fractional within a syllable.
        opacity: 0 to 1.
    """

    text: str
    place: float
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class LyricLine:
    """A line of lyrics with the times of its syllables.

    Attributes:
        text: of the line.
        times: (song time in seconds, code points sung until then), both non-decreasing; at least
            the line's start and end.
    """

    text: str
    times: tuple[tuple[float, int], ...]

    @property
    def begin_s(self) -> float:
        """Return the start of the first syllable, seconds."""
        return self.times[0][0]

    @property
    def end_s(self) -> float:
        """Return the end of the last syllable, seconds."""
        return self.times[-1][0]

    def place_at(self, seconds: float) -> float:
        """Return the number of code points sung so far; non-decreasing in time."""
        number = bisect_right(self.times, seconds, key=lambda one: one[0])
        if number == 0:
            return 0.0
        if number == len(self.times):
            return float(self.times[-1][1])
        (before_s, before), (after_s, after) = self.times[number - 1], self.times[number]
        return before + (after - before) * (seconds - before_s) / (after_s - before_s)


class Lyrics:
    """The lyrics of a song in one language.

    Args:
        lines: sorted by start.
    """

    def __init__(self, lines: Sequence[LyricLine]) -> None:
        self.lines = tuple(lines)
        self._shown_from: list[float] = []
        ended = -LEAD_S
        for line in self.lines:
            self._shown_from.append(max(line.begin_s - LEAD_S, min(ended, line.begin_s)))
            ended = line.end_s

    def is_shown(self, begin_s: float, end_s: float) -> bool:
        """Return whether a line is shown at any time between two times of the song."""
        number = bisect_right(self._shown_from, end_s) - 1
        return number >= 0 and self._find_end(number) > begin_s

    def at(self, seconds: float) -> SungLine | None:
        """Return the line shown at a song time; None in a pause."""
        number = bisect_right(self._shown_from, seconds) - 1
        if number < 0:
            return None
        line = self.lines[number]
        until = self._find_end(number)
        if seconds >= until:
            return None
        since = seconds - self._shown_from[number]
        opacity = min(since / FADE_S, (until - seconds) / FADE_S, 1.0)
        return SungLine(line.text, line.place_at(seconds), opacity)

    def _find_end(self, number: int) -> float:
        """Return the song time at which a line disappears, seconds."""
        until = self.lines[number].end_s + HOLD_S
        if number + 1 < len(self.lines):
            until = min(until, self._shown_from[number + 1])
        return until
