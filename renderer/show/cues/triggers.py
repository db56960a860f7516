"""Fire cues by the time of a song and by messages from outside."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from renderer.show.cues.runner import CueRunner
from renderer.show.cues.sheet import Cue
from renderer.show.document.cues import (
    OnAlarm,
    OnDmx,
    OnMidi,
    OnOsc,
    OnTimecode,
    TriggerEntry,
)

LATE_NS: Final = 250_000_000
"""Nanoseconds by which a cue may be late when a song begins or jumps and is still fired; earlier
ones leave their state only."""
JITTER_NS: Final = 100_000_000
"""Nanoseconds by which a song's position may run backwards without having jumped."""
GAP_NS: Final = 1_000_000_000
"""Nanoseconds by which a position may run ahead of the clock without having jumped; a live show
that drops frames stays within it."""


class SongTriggers:
    """Fires the cues that wait for a song's time, each once a pass, however late a tick is.

    A cue that the crew has started before its time is not fired again.
    """

    def __init__(self, runner: CueRunner) -> None:
        self._runner = runner
        self._song: str | None = None
        self._position_ns = 0
        self._now_ns = 0
        self.reload()

    def reload(self) -> None:
        """Read the runner's sheet, which was edited; the song goes on where it is."""
        due: dict[str, list[tuple[int, int, int]]] = {}
        for row, one in enumerate(self._runner.sheet.lists):
            for place, cue in enumerate(one.cues):
                found = self._find_time(cue)
                if found is not None:
                    due.setdefault(found[0], []).append((found[1], row, place))
        self._due = {song: sorted(cues) for song, cues in due.items()}

    def _find_time(self, cue: Cue) -> tuple[str, int] | None:
        """Return the song and the time that a cue waits for; None if it waits for neither."""
        return None if cue.at_ns is None else (cue.song, cue.at_ns)

    @property
    def position(self) -> tuple[str, int, int]:
        """Return the song, its time and the clock of the newest frame; an empty name for none."""
        return self._song or "", self._position_ns, self._now_ns

    def resume(self, song: str, position_ns: int, now_ns: int) -> None:
        """Go on from an earlier position: cues since then are fired late, at their times."""
        self._song = song or None
        self._position_ns, self._now_ns = position_ns, now_ns

    def advance(self, song: str | None, position_ns: int, now_ns: int) -> None:
        """Fire what has become due.

        Args:
            song: that plays; None for none.
            position_ns: its time.
            now_ns: of the runner's clock.
        """
        if song is None:
            self._song = None
            return
        if song != self._song:
            self._song = song
            self._locate(position_ns, now_ns)
        else:
            moved = position_ns - self._position_ns
            expected = now_ns - self._now_ns
            if moved < -JITTER_NS or moved > expected + GAP_NS:
                self._locate(position_ns, now_ns)
            elif moved > 0:
                self._fire(self._position_ns, position_ns, now_ns)
            else:
                self._now_ns = now_ns
                return
        self._position_ns, self._now_ns = position_ns, now_ns

    def _locate(self, position_ns: int, now_ns: int) -> None:
        """Set the state that the song's earlier cues leave, and fire the newest ones."""
        since_ns = position_ns - LATE_NS
        for row, one in enumerate(self._runner.sheet.lists):
            places = [
                (place, found[1])
                for place, cue in enumerate(one.cues)
                if (found := self._find_time(cue)) is not None and found[0] == self._song
            ]
            if not places:
                continue
            after = next((place for place, at_ns in places if at_ns >= since_ns), None)
            passed = [place for place, at_ns in places if at_ns < since_ns]
            if passed:
                # Cues by hand below the last passed one wait for the crew again.
                target = passed[-1] + 1
                while target < len(one.cues) and one.cues[target].is_chained:
                    target += 1
                self._runner.jump(row, target, now_ns)
            elif after is not None and self._is_jump(row, [place for place, _ in places]):
                # Where the song begins for the first time, in its turn, fades go on.
                self._runner.jump(row, after, now_ns)
        self._fire(since_ns - 1, position_ns, now_ns)

    def _is_jump(self, row: int, places: list[int]) -> bool:
        """Return whether a song begins again, or out of its turn among the other songs of a list.

        Cues by hand that the crew has left out do not make it a jump.
        """
        newest = self._runner.newest_started(row)
        if newest >= places[0]:
            return True
        cues = self._runner.sheet.lists[row].cues
        between = range(newest + 1, places[0])
        return any(self._find_time(cues[place]) is not None for place in between)

    def _fire(self, from_ns: int, until_ns: int, now_ns: int) -> None:
        """Fire the cues after one position up to another one, in the song's order."""
        due = self._due.get(self._song or "", [])
        first = bisect_right(due, from_ns, key=lambda one: one[0])
        for at_ns, row, place in due[first:]:
            if at_ns > until_ns:
                return
            # A cue that the crew has called early is not fired again.
            if not self._runner.has_started(row, place):
                self._runner.fire(row, place, now_ns - (until_ns - at_ns), now_ns)


class MessageTriggers:
    """Fires the cues that wait for a message; the tables are made once."""

    def __init__(self, runner: CueRunner) -> None:
        self._runner = runner
        self._places: dict[TriggerEntry, list[tuple[int, int]]] = {}
        for row, one in enumerate(runner.sheet.lists):
            for place, cue in enumerate(one.cues):
                if isinstance(cue.trigger, OnOsc | OnMidi | OnDmx | OnTimecode | OnAlarm):
                    self._places.setdefault(cue.trigger, []).append((row, place))
        self._levels: dict[OnDmx, bool] = {}

    def on_osc(self, address: str, now_ns: int) -> int:
        """Fire the cues of an OSC address; return how many."""
        return self._fire(OnOsc(address=address), now_ns)

    def on_midi(self, message: str, channel: int, number: int, now_ns: int) -> int:
        """Fire the cues of a MIDI message; return how many.

        Args:
            message: note, control or program.
            channel: from 1.
            number: of the note, controller or program, from 0.
        """
        fired = 0
        for trigger in list(self._places):
            if isinstance(trigger, OnMidi) and (message, channel, number) == (
                trigger.message, trigger.channel, trigger.number,
            ):  # fmt: skip
                fired += self._fire(trigger, now_ns)
        return fired

    def on_dmx(self, universe: int, levels: bytes, now_ns: int) -> int:
        """Fire the cues whose channel has risen to its level; return how many.

        A channel that is high when it is first seen has not risen: a desk or an engine that starts
        again fires nothing.

        Args:
            universe: its number.
            levels: of the channels, from channel 1.
        """
        fired = 0
        for trigger in list(self._places):
            if not isinstance(trigger, OnDmx) or trigger.universe != universe:
                continue
            if trigger.channel > len(levels):
                continue
            is_high = levels[trigger.channel - 1] >= trigger.level
            if is_high and self._levels.get(trigger) is False:
                fired += self._fire(trigger, now_ns)
            self._levels[trigger] = is_high
        return fired

    def on_alarm(self, id: str, now_ns: int) -> int:
        """Fire the cues that wait for an alarm; return how many."""
        return sum(
            self._fire(trigger, now_ns)
            for trigger in list(self._places)
            if isinstance(trigger, OnAlarm)
            and (id == trigger.id or id.startswith(f"{trigger.id}."))
        )

    def _fire(self, trigger: TriggerEntry, now_ns: int) -> int:
        places = self._places.get(trigger, [])
        for row, place in places:
            self._runner.fire(row, place, now_ns, now_ns)
        return len(places)
