"""Run cues: GO, waits, chains, jumps with tracked state, pause, stop and panic."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

from renderer.errors import ShowError
from renderer.show.cues.deck import Deck, Due, Phase, move_deck, next_head
from renderer.show.cues.kept import PREFIX
from renderer.show.cues.sheet import Cue, CueSheet
from renderer.show.cues.state import TrackedState, restore, touched_fields, track
from renderer.show.document.cues import (
    ActionEntry,
    CommandAction,
    CueAction,
    MasterAction,
    OnAuto,
    OnFollow,
)

GUARD_NS: Final = 250_000_000
"""Nanoseconds within which a second GO on a list is taken for a slip of the finger."""
MOST_FIRED: Final = 10_000
"""Maximum number of cues fired in one call; a document without circles stays far below it."""


@dataclass(frozen=True, slots=True)
class Performed:
    """An action that was performed.

    Attributes:
        at_ns: show clock at which it was due, which may be earlier than the call.
        state: that it left.
        duration_ns: of the cue, for fades without a time of their own; 0 for an action by hand.
        cue: number of its cue; empty for an action by hand.
    """

    action: ActionEntry
    at_ns: int
    state: TrackedState
    duration_ns: int = 0
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """The state was set by a jump, at once and without fades.

    Attributes:
        commands: that restore what commands of cues set.
    """

    at_ns: int
    commands: tuple[CommandAction, ...] = ()


Event = Performed | Restored


class CueRunner:
    """Runs the cues of a sheet. All times are of one clock that never runs backwards.

    Attributes:
        state: the tracked state.
        dropped: cues that were not fired because too many fired at once.
    """

    def __init__(self, sheet: CueSheet, state: TrackedState | None = None) -> None:
        self.sheet = sheet
        self.state = state or TrackedState()
        self.dropped = 0
        self._decks = [Deck(next_head(one.cues, 0)) for one in sheet.lists]
        self._events: list[Event] = []
        self._numbers = 0
        self._initial = self.state
        self._played: _Played | None = _simulate(sheet, self.state)

    def take_events(self) -> list[Event]:
        """Return what has happened since the last call, in order."""
        events, self._events = self._events, []
        return events

    def standby(self, row: int) -> Cue | None:
        """Return the cue that GO starts next; None at the list's end."""
        cues, deck = self.sheet.lists[row].cues, self._decks[row]
        return cues[deck.standby] if deck.standby < len(cues) else None

    def running(self, row: int) -> dict[int, tuple[int, int, int]]:
        """Return the running cues by place: show clock of start, actions and end."""
        return dict(self._decks[row].running)

    def has_started(self, row: int, place: int) -> bool:
        """Return whether a cue was started since the last jump to it or before it."""
        return place in self._decks[row].led

    @property
    def has_due(self) -> bool:
        """Return whether anything is due, now or later."""
        return any(deck.due for deck in self._decks)

    def newest_started(self, row: int) -> int:
        """Return the place of the last cue of a list that was started; -1 for none."""
        return max(self._decks[row].led, default=-1)

    def is_paused(self, row: int) -> bool:
        """Return whether a list is paused."""
        return self._decks[row].paused_ns is not None

    def state_before(self, row: int, place: int) -> TrackedState:
        """Return the state that all cues before a place leave, in the fields that a list touches.

        Args:
            row: of the list.
            place: from 0 to the number of cues.
        """
        wanted = self.played_before(row, place)
        touched = self._played[1][row] if self._played is not None else frozenset()
        return restore(self.state, wanted, touched)

    def played_before(self, row: int, place: int) -> TrackedState:
        """Return the state before a place of a list that is played alone from its beginning."""
        if self._played is None:  # After an edit, played when it is first needed.
            self._played = _simulate(self.sheet, self._initial)
        return self._played[0][row][place]

    def go(self, row: int, now_ns: int) -> Cue:
        """Start the cue on standby, and return it.

        Raises:
            ShowError: the list has ended or is paused, or GO was pressed twice.
        """
        deck, cue = self._decks[row], self.standby(row)
        name = self.sheet.lists[row].name
        if deck.go_ns is not None and 0 <= now_ns - deck.go_ns < GUARD_NS:
            raise ShowError(
                "GO", "was pressed twice within 250 ms", "press it again if it was meant"
            )
        if deck.paused_ns is not None:
            raise ShowError(f"List {name}", "is paused", "resume it first")
        if cue is None:
            raise ShowError(f"List {name}", "has ended", "go back, or jump to a cue")
        deck.go_ns = now_ns
        self._lead(row, deck.standby, now_ns)
        self._run_due(now_ns)
        return cue

    def jump(self, row: int, place: int, now_ns: int) -> None:
        """Stop a list, set the state that all cues before a place leave, and put it on standby."""
        deck = self._decks[row]
        deck.due.clear()
        deck.running.clear()
        deck.paused_ns = None
        self.state = self.state_before(row, place)
        deck.standby = place
        deck.led = {one for one in deck.led if one < place}
        self._events.append(Restored(now_ns, self._restore_commands(row)))

    def _restore_commands(self, row: int) -> tuple[CommandAction, ...]:
        """Return the commands that set what a list's commands set to what the state says."""
        touched = self._played[1][row] if self._played is not None else frozenset()
        names = sorted(one.removeprefix(PREFIX) for one in touched if one.startswith(PREFIX))
        wanted = (self.state.kept.get(name, self.sheet.initials.get(name)) for name in names)
        return tuple(one for one in wanted if isinstance(one, CommandAction))

    def start(self, row: int, place: int, now_ns: int) -> Cue:
        """Jump to a cue and start it; return it."""
        self.jump(row, place, now_ns)
        self._lead(row, place, now_ns)
        self._run_due(now_ns)
        return self.sheet.lists[row].cues[place]

    def back(self, row: int, now_ns: int) -> Cue:
        """Jump to the cue before the one on standby, and return it.

        Raises:
            ShowError: there is none.
        """
        cues, deck = self.sheet.lists[row].cues, self._decks[row]
        place = deck.standby - 1
        while place > 0 and cues[place].is_chained:
            place -= 1
        if place < 0:
            raise ShowError(f"List {self.sheet.lists[row].name}", "is at its beginning", "press GO")
        self.jump(row, place, now_ns)
        return cues[place]

    def set_standby(self, row: int, place: int) -> None:
        """Choose the cue that GO starts next; nothing else changes."""
        self._decks[row].standby = place

    def fire(self, row: int, place: int, at_ns: int, now_ns: int) -> None:
        """Start a cue by its own trigger, at a time that may have passed; standby moves on."""
        self._lead(row, place, at_ns)
        self._run_due(now_ns)

    def perform(self, action: ActionEntry, now_ns: int) -> None:
        """Perform an action by hand."""
        self._perform(action, now_ns, 0, "", 0)
        self._run_due(now_ns)

    def pause(self, row: int, now_ns: int) -> None:
        """Hold the waits of a list."""
        deck = self._decks[row]
        if deck.paused_ns is None:
            deck.paused_ns = now_ns

    def resume(self, row: int, now_ns: int) -> None:
        """Continue a paused list; its waits are as long as they were."""
        deck = self._decks[row]
        if deck.paused_ns is None:
            return
        later = max(now_ns - deck.paused_ns, 0)
        deck.paused_ns = None
        for due in deck.due:  # All move alike, so that the heap stays one.
            due.at_ns += later
        deck.running = {
            place: (start + later, act + later, end + later)
            for place, (start, act, end) in deck.running.items()
        }
        self._run_due(now_ns)

    def stop(self, row: int) -> None:
        """Forget everything that is due of a list; what it has done stays."""
        deck = self._decks[row]
        deck.due.clear()
        deck.running.clear()
        deck.paused_ns = None

    def stop_all(self) -> None:
        """Stop every list."""
        for row in range(len(self._decks)):
            self.stop(row)

    def fade_all(self, now_ns: int, seconds: float) -> None:
        """Stop every list, and fade the grand master to 0."""
        self.stop_all()
        self.perform(MasterAction(level=0.0, fade=seconds), now_ns)

    def advance(self, now_ns: int) -> None:
        """Perform everything that has become due, in the order of its times."""
        self._run_due(now_ns)

    def change_sheet(self, sheet: CueSheet) -> None:
        """Use an edited sheet; lists and cues of the same name and number go on where they are."""
        old, decks = (
            self.sheet,
            {one.name: deck for one, deck in zip(self.sheet.lists, self._decks, strict=True)},
        )
        lists = {one.name: one for one in old.lists}
        self.sheet = sheet
        self._decks = [
            move_deck(decks[one.name], lists[one.name], one)
            if one.name in decks
            else Deck(next_head(one.cues, 0))
            for one in sheet.lists
        ]
        self._played = None

    def _lead(self, row: int, place: int, at_ns: int) -> None:
        """Start a cue, and put the next one that waits on standby."""
        self._start(row, place, at_ns, leads=True)
        self._decks[row].led.add(place)
        self._decks[row].standby = next_head(self.sheet.lists[row].cues, place + 1)

    def _start(self, row: int, place: int, at_ns: int, *, leads: bool) -> None:
        """Schedule a cue's actions."""
        cue, deck = self.sheet.lists[row].cues[place], self._decks[row]
        acts = at_ns + cue.pre_ns
        # A cue that starts again begins at its start.
        deck.running[place] = at_ns, acts, acts + cue.duration_ns
        self._schedule(deck, acts, Phase.ACTIONS, place, leads)

    def _schedule(self, deck: Deck, at_ns: int, phase: Phase, place: int, leads: bool) -> None:
        self._numbers += 1
        heapq.heappush(deck.due, Due(at_ns, self._numbers, phase, place, leads))

    def _run_due(self, now_ns: int) -> None:
        """Run what is due of all lists, by time; what comes of it may be due, too."""
        fired = 0
        while True:
            row = self._earliest(now_ns)
            if row is None:
                return
            due = heapq.heappop(self._decks[row].due)
            fired += 1
            if fired > MOST_FIRED:
                self.dropped += 1
                continue
            self._run_one(row, due)

    def _earliest(self, now_ns: int) -> int | None:
        found: tuple[int, int, int] | None = None
        for row, deck in enumerate(self._decks):
            if deck.due and deck.paused_ns is None and deck.due[0].at_ns <= now_ns:
                key = deck.due[0].at_ns, deck.due[0].number, row
                found = key if found is None else min(found, key)
        return None if found is None else found[2]

    def _run_one(self, row: int, due: Due) -> None:
        cues, deck = self.sheet.lists[row].cues, self._decks[row]
        cue = cues[due.place]
        if due.phase is Phase.END:
            deck.running.pop(due.place, None)
        elif due.phase is Phase.NEXT:
            if due.place + 1 == len(cues) or not cues[due.place + 1].is_chained:
                return  # The next cue was edited while this one ran.
            # Standby is behind the chain already, or was moved by hand.
            self._start(row, due.place + 1, due.at_ns, leads=due.leads)
        else:
            self._fire_actions(row, due, cue)

    def _fire_actions(self, row: int, due: Due, cue: Cue) -> None:
        cues, deck = self.sheet.lists[row].cues, self._decks[row]
        self._on_fire(row, due)
        for action in cue.actions:
            self._perform(action, due.at_ns, cue.duration_ns, cue.number, row)
        self._schedule(deck, due.at_ns + cue.duration_ns, Phase.END, due.place, due.leads)
        after = cues[due.place + 1] if due.place + 1 < len(cues) else None
        if after is None:
            return
        if isinstance(after.trigger, OnAuto):
            self._schedule(deck, due.at_ns + cue.post_ns, Phase.NEXT, due.place, due.leads)
        elif isinstance(after.trigger, OnFollow):
            at_ns = due.at_ns + cue.duration_ns + cue.post_ns
            self._schedule(deck, at_ns, Phase.NEXT, due.place, due.leads)

    def _on_fire(self, row: int, due: Due) -> None:
        """Do nothing; the simulation records the state before each cue here."""

    def _perform(
        self, action: ActionEntry, at_ns: int, duration_ns: int, cue: str, row: int
    ) -> None:
        self.state = track(self.state, action)
        self._events.append(Performed(action, at_ns, self.state, duration_ns, cue))
        if not isinstance(action, CueAction):
            return
        target = self.sheet.find(action.list) if action.list else row
        match action.act:
            case "start":
                place = self.sheet.lists[target].find(action.cue)
                self._start(target, place, at_ns, leads=False)
            case "stop":
                self.stop(target)
            case "pause":
                self.pause(target, at_ns)
            case "resume":
                self.resume(target, at_ns)


class _Rehearsal(CueRunner):
    """Plays one list alone, and records the state before each of its cues."""

    def __init__(self, sheet: CueSheet, row: int, state: TrackedState) -> None:
        self.sheet, self.state = sheet, state
        self.dropped = 0
        self._decks = [Deck(next_head(one.cues, 0)) for one in sheet.lists]
        self._events, self._numbers = [], 0
        self._row = row
        self.before: list[TrackedState | None] = [None] * len(sheet.lists[row].cues)
        self.performed: list[ActionEntry] = []

    def play(self) -> None:
        """Play the list from its first cue to its last; each chain ends before the next GO."""
        now_ns = 0
        cues = self.sheet.lists[self._row].cues
        for place, cue in enumerate(cues):
            if place and cue.is_chained:
                continue
            self.before[place] = self.state
            self._lead(self._row, place, now_ns)
            now_ns = self._settle(now_ns)

    def _settle(self, now_ns: int) -> int:
        """Run everything to its end and return the time of it."""
        for _ in range(MOST_FIRED):
            due = [deck.due[0].at_ns for deck in self._decks if deck.due]
            if not due:
                break
            for row in range(len(self._decks)):
                self.resume(row, now_ns)
            now_ns = max(now_ns, min(due))
            self._run_due(now_ns)
            self.performed += [
                one.action for one in self.take_events() if isinstance(one, Performed)
            ]
        return now_ns + 1

    def _on_fire(self, row: int, due: Due) -> None:
        if row == self._row and due.leads and self.sheet.lists[row].cues[due.place].is_chained:
            self.before[due.place] = self.state


_Played = tuple[list[list[TrackedState]], list[frozenset[str]]]
"""By list: the states before each cue and after the last one, and the fields that it touches."""


def _simulate(sheet: CueSheet, state: TrackedState) -> _Played:
    """Return by list the state before each cue and after the last, and the fields it touches."""
    before, touched = [], []
    for row in range(len(sheet.lists)):
        rehearsal = _Rehearsal(sheet, row, state)
        rehearsal.play()
        states = [one if one is not None else state for one in rehearsal.before]
        before.append([*states, rehearsal.state])
        touched.append(touched_fields(rehearsal.performed, sheet.initials))
    return before, touched
