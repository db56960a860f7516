"""Count what fans do, at a cost that does not grow with their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from renderer.show.fans.records import GESTURES, FansSummary, Gesture, OutsideSummary, Vote

SLOT_NS: Final = 100_000_000
SLOTS: Final = 30
"""A gesture counts for 3 seconds: one bar at 80 beats a minute."""
FULL_SHARE: Final = 0.4
"""Share of the fans whose jumping within that time gives an energy of 1. Nobody taps all the time:
of 1,000 people in a stream some hundred tap in a chorus."""
_WEIGHTS: Final = {Gesture.WAVE: 0.5, Gesture.CHEER: 0.7, Gesture.CLAP: 0.6, Gesture.JUMP: 1.0}
"""Energy by gesture: 0.5 is what makes the audience wave (renderer.stage.records.Crowd)."""
_OUTSIDE_NS: Final = 5_000_000_000
"""Nanoseconds for which another server's summary counts."""
MOST_SOURCES: Final = 16
"""Largest number of other servers."""
_MOST_PEOPLE: Final = 10_000_000


class Fan:
    """What is counted of one connection."""

    __slots__ = ("choice", "color", "gesture", "poll", "slot")

    def __init__(self) -> None:
        self.color = -1
        self.gesture = 0
        self.slot = -SLOTS
        self.poll = self.choice = -1


class VoteTally:
    """The sums of all fans' colours, gestures and choices.

    Args:
        colors: number of colours.
    """

    def __init__(self, colors: int) -> None:
        self._colors = [0] * colors
        self._slots = [[0] * len(GESTURES) for _ in range(SLOTS)]
        self._moving = [0] * len(GESTURES)
        self._slot = 0
        self._poll = 0
        self._choices: list[int] = []
        self._outside: dict[str, tuple[int, OutsideSummary]] = {}
        self.people = 0
        self.refused = 0

    def open_poll(self, number: int, choices: int) -> None:
        """Count the choices of another poll from zero; 0 for none."""
        if number != self._poll:
            self._poll, self._choices = number, [0] * choices

    def join(self) -> Fan:
        """Count a connection."""
        self.people += 1
        return Fan()

    def leave(self, fan: Fan) -> None:
        """Forget a connection; its choice in the poll stays."""
        self.people -= 1
        if fan.color >= 0:
            self._colors[fan.color] -= 1
        self._stop(fan)

    def count(self, fan: Fan, vote: Vote, now_ns: int) -> bool:
        """Count a vote; return whether it names what there is."""
        color, choice = vote.color, vote.choice
        if color is not None and not 0 <= color < len(self._colors):
            return False
        if choice is not None and not 0 <= choice < len(self._choices):
            return False
        if color is not None:
            if fan.color >= 0:
                self._colors[fan.color] -= 1
            fan.color = color
            self._colors[color] += 1
        if vote.gesture is not None:
            self._advance(now_ns)
            self._stop(fan)
            fan.gesture, fan.slot = GESTURES.index(vote.gesture), self._slot
            self._slots[self._slot % SLOTS][fan.gesture] += 1
            self._moving[fan.gesture] += 1
        if choice is not None:
            if fan.poll == self._poll:
                self._choices[fan.choice] -= 1
            fan.poll, fan.choice = self._poll, choice
            self._choices[choice] += 1
        return True

    def count_outside(self, summary: OutsideSummary, now_ns: int) -> bool:
        """Count another server's fans; return whether its summary can be true."""
        numbers = (*summary.colors, *summary.gestures, *summary.choices)
        within = (
            0 <= summary.people <= _MOST_PEOPLE
            and len(summary.colors) <= len(self._colors)
            and len(summary.gestures) <= len(GESTURES)
            and all(0 <= each <= summary.people for each in numbers)
            and sum(summary.colors) <= summary.people
            and sum(summary.gestures) <= summary.people
        )
        known = summary.source in self._outside
        if not within or not (known or len(self._outside) < MOST_SOURCES):
            return False
        self._outside[summary.source] = now_ns, summary
        return True

    def summarise(self, now_ns: int) -> FansSummary:
        """Return what all fans do now."""
        self._advance(now_ns)
        for name, (at_ns, _) in list(self._outside.items()):
            if now_ns - at_ns > _OUTSIDE_NS:
                del self._outside[name]
        outside = [summary for _, summary in self._outside.values()]
        people = self.people + sum(one.people for one in outside)
        colors = _add(self._colors, [one.colors for one in outside])
        moving = _add(self._moving, [one.gestures for one in outside])
        choices = _add(self._choices, [one.choices for one in outside if one.poll == self._poll])
        chosen = sum(colors)
        effort = sum(
            _WEIGHTS[gesture] * count for gesture, count in zip(GESTURES, moving, strict=True)
        )
        return FansSummary(
            now_ns,
            people,
            min(effort / (FULL_SHARE * people), 1.0) if people else 0.0,
            tuple(count / chosen if chosen else 0.0 for count in colors),
            self._poll,
            tuple(choices),
            self.refused,
            moving[GESTURES.index(Gesture.WAVE)] / people if people else 0.0,
        )

    def _advance(self, now_ns: int) -> None:
        """Forget the gestures of slots that have become too old."""
        slot = now_ns // SLOT_NS
        for old in range(max(self._slot + 1, slot - SLOTS + 1), slot + 1):
            counts = self._slots[old % SLOTS]
            for row, count in enumerate(counts):
                self._moving[row] -= count
                counts[row] = 0
        self._slot = max(slot, self._slot)

    def _stop(self, fan: Fan) -> None:
        """Take a fan's last gesture out of the sums, if it still counts."""
        if self._slot - fan.slot < SLOTS:
            self._slots[fan.slot % SLOTS][fan.gesture] -= 1
            self._moving[fan.gesture] -= 1
        fan.slot = -SLOTS


def _add(own: Sequence[int], others: Sequence[Sequence[int]]) -> list[int]:
    """Return sums by place; what others have beyond `own` is left out."""
    sums = list(own)
    for other in others:
        for place, count in enumerate(other[: len(sums)]):
            sums[place] += count
    return sums
