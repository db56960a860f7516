"""Define the running state of a cue list: what is due, what runs, and what GO starts next."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from renderer.show.cues.sheet import Cue, CueList


class Phase(IntEnum):
    """What is due of a running cue; in this order where times are equal."""

    ACTIONS = 0
    END = 1
    NEXT = 2


@dataclass(order=True, slots=True)
class Due:
    """What is due of a running cue.

    Attributes:
        leads: whether GO, a trigger or a jump started the cue, or the one before that it follows;
            not an action of another cue.
    """

    at_ns: int
    number: int
    phase: Phase = field(compare=False)
    place: int = field(compare=False)
    leads: bool = field(compare=False)


@dataclass(slots=True)
class Deck:
    """The running state of one list.

    Attributes:
        standby: place of the cue that GO starts; the number of cues after the last one.
        due: heap of what is due.
        running: places of the running cues, with the show clock of start, actions and end.
        led: places of the cues that were started in order or by hand since the last jump before
            them.
    """

    standby: int = 0
    due: list[Due] = field(default_factory=list)
    running: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    go_ns: int | None = None
    paused_ns: int | None = None
    led: set[int] = field(default_factory=set)


def move_deck(deck: Deck, before: CueList, after: CueList) -> Deck:
    """Return a list's running state for its edited form; cues that are gone are stopped."""
    places = {
        place: after.places[cue.number]
        for place, cue in enumerate(before.cues)
        if cue.number in after.places
    }
    # The next cue that is still there is on standby.
    standby = next(
        (places[place] for place in range(deck.standby, len(before.cues)) if place in places),
        len(after.cues),
    )
    due = [replace(one, place=places[one.place]) for one in deck.due if one.place in places]
    heapq.heapify(due)
    running = {places[place]: times for place, times in deck.running.items() if place in places}
    led = {places[place] for place in deck.led if place in places}
    return Deck(standby, due, running, deck.go_ns, deck.paused_ns, led)


def next_head(cues: Sequence[Cue], place: int) -> int:
    """Return the next place from which GO starts something: chained cues start by themselves."""
    while place < len(cues) and place and cues[place].is_chained:
        place += 1
    return place
