"""Convert between a song's time, its beats, and bars, for steady and changing tempos."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from renderer.errors import ShowError
from renderer.show.document.entries.songs import BeatEntry

SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Position:
    """A musical position, as musicians count: bars and beats from 1."""

    bar: int
    beat: float

    def __str__(self) -> str:
        return f"{self.bar}:{self.beat:g}"


class BeatGrid:
    """The beats of a song. Between known beats, and beyond them, the tempo is steady.

    Args:
        entry: of a document; valid, as `find_beat_faults` checks.

    Attributes:
        beats_per_bar: beats in a bar.
    """

    def __init__(self, entry: BeatEntry) -> None:
        self.beats_per_bar = entry.beats_per_bar
        self._seconds, self._beats, rates = _find_knots(entry)
        # Before the first knot its tempo holds, too.
        self._rates = [rates[0], *rates]

    def beat_at(self, seconds: float) -> float:
        """Return the beat at a song time, from 0; negative before beat 0."""
        number = bisect_right(self._seconds, seconds)
        knot = max(number - 1, 0)
        return self._beats[knot] + (seconds - self._seconds[knot]) * self._rates[number]

    def seconds_at(self, beat: float) -> float:
        """Return the song time of a beat."""
        number = bisect_right(self._beats, beat)
        knot = max(number - 1, 0)
        return self._seconds[knot] + (beat - self._beats[knot]) / self._rates[number]

    def rate_at(self, seconds: float) -> float:
        """Return the tempo at a song time, beats per second."""
        return self._rates[bisect_right(self._seconds, seconds)]

    def position_at(self, seconds: float) -> Position:
        """Return the bar and the beat at a song time."""
        bar, beat = divmod(self.beat_at(seconds), self.beats_per_bar)
        return Position(int(bar) + 1, beat + 1.0)

    def time_ns(self, position: Position) -> int:
        """Return the song time of a bar and beat, nanoseconds."""
        beat = (position.bar - 1) * self.beats_per_bar + position.beat - 1.0
        return round(self.seconds_at(beat) * SECOND_NS)

    def bar_beat(self, bar: int) -> float:
        """Return the beat at which a bar begins; bars count from 1."""
        return float((bar - 1) * self.beats_per_bar)


def parse_position(word: str) -> Position:
    """Return the position of a word such as "12:3".

    Raises:
        ShowError: it is none, or bar or beat is 0.
    """
    bar, colon, beat = word.partition(":")
    try:
        position = Position(int(bar), float(beat) if colon else 1.0)
    except ValueError:
        position = Position(0, 0.0)
    if position.bar < 1 or not 1.0 <= position.beat < 100.0:
        raise ShowError(
            f"Position {word[:20]!r}",
            "is no bar and beat",
            'write it like "12:3"; both count from 1',
        )
    return position


def _find_knots(entry: BeatEntry) -> tuple[list[float], list[float], list[float]]:
    """Return seconds and beats of the points at which the tempo changes, and the tempos after."""
    if entry.times:
        seconds = list(entry.times)
        rates = [1.0 / (after - before) for before, after in pairwise(seconds)]
        return seconds, [float(number) for number in range(len(seconds))], [*rates, rates[-1]]
    if entry.changes:
        at = entry.first
        seconds, beats = list[float](), list[float]()
        rates = list[float]()
        for number, change in enumerate(entry.changes):
            if number:
                at += (change.beat - beats[-1]) / rates[-1]
            seconds.append(at)
            beats.append(change.beat)
            rates.append(change.bpm / 60.0)
        return seconds, beats, rates
    return [entry.first], [0.0], [entry.bpm / 60.0]


def as_entry(times: Sequence[float], beats_per_bar: int, steady_s: float = 0.02) -> BeatEntry:
    """Return the grid of the times of beats: a typed tempo if they are steady, else every time.

    Args:
        times: rising, seconds; the first one is a downbeat.
        beats_per_bar: beats in a bar.
        steady_s: largest deviation of a beat from a steady tempo, seconds; half of what is heard
            as early or late.
    """
    count = len(times)
    mean_beat = (count - 1) / 2.0
    mean = sum(times) / count
    spread = sum((number - mean_beat) ** 2 for number in range(count))
    period = sum((n - mean_beat) * (at - mean) for n, at in enumerate(times)) / spread
    first = mean - period * mean_beat
    worst = max(abs(first + period * n - at) for n, at in enumerate(times))
    if worst <= steady_s:
        return BeatEntry(bpm=round(60.0 / period, 3), first=round(first, 4),
                         beats_per_bar=beats_per_bar)  # fmt: skip
    return BeatEntry(
        bpm=round(60.0 / period, 3),
        beats_per_bar=beats_per_bar,
        times=tuple(round(at, 4) for at in times),
    )
