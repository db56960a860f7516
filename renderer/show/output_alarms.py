"""What is wrong on the way out of the show: for the status while it lasts, for the report after.

Plain bookkeeping of what the media process tells, without threads or processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from renderer.protocol.messages import OutputState, OutputStatus

SILENT_S: Final = 2.0
"""Seconds without an answer after which the media process is called silent. It answers in
milliseconds; a machine that is short of processors for a moment is no alarm."""
_ANSWERING_S: Final = 0.5
"""Below this many seconds without an answer nothing is wrong."""
_RECENT_S: Final = 10.0
"""For how long a loss that has stopped is still told."""
_ABSENT: Final = {OutputState.RETRYING: "not connected", OutputState.STALLED: "stalled"}


@dataclass(slots=True)
class _Losses:
    """A count that only grows, and by how much it has grown lately."""

    total: int = 0
    _before: int = 0
    _at_s: float = float("-inf")

    def note(self, total: int, now_s: float) -> None:
        if total > self.total:
            if not self.recent(now_s):
                self._before = self.total
            self.total, self._at_s = total, now_s

    def recent(self, now_s: float) -> int:
        return self.total - self._before if now_s - self._at_s <= _RECENT_S else 0

    def settle(self) -> None:
        """Tell what was lost until now no longer."""
        self._at_s = float("-inf")


@dataclass(slots=True)
class _Absence:
    """How often an output was away in one way, and for how many seconds in all."""

    times: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Record:
    """What is known of one output."""

    status: OutputStatus
    since_s: float
    dropped: _Losses = field(default_factory=_Losses)
    absences: dict[OutputState, _Absence] = field(default_factory=dict)

    def note(self, status: OutputStatus, now_s: float) -> None:
        self.dropped.note(status.dropped, now_s)
        if self.status.state in self.absences:
            self.absences[self.status.state].seconds += now_s - self.since_s
        if status.state in _ABSENT:
            absence = self.absences.setdefault(status.state, _Absence())
            absence.times += status.state is not self.status.state or not absence.times
        self.status, self.since_s = status, now_s

    def current(self, now_s: float) -> list[str]:
        status = self.status
        if status.state is OutputState.RETRYING:
            return [f"{status.address} is tried again: {status.detail}"]
        if status.state in (OutputState.STALLED, OutputState.FAILED, OutputState.INTERRUPTED):
            return [f"{status.address} has {_HAS[status.state]}: {status.detail}"]
        if count := self.dropped.recent(now_s):
            return [f"{status.address} takes less than is sent: {count} packets were dropped"]
        return []

    def summary(self) -> list[str]:
        address = self.status.address
        told = []
        for state, absence in self.absences.items():
            times = "once" if absence.times == 1 else f"{absence.times} times"
            told.append(
                f"{address} was {_ABSENT[state]} {times}, for {absence.seconds:.1f} s in all"
            )
        if self.dropped.total:
            told.append(f"{address} lacks {self.dropped.total} packets, which were dropped")
        return told


_HAS: Final = {
    OutputState.STALLED: "stalled",
    OutputState.FAILED: "failed",
    OutputState.INTERRUPTED: "broken off",
}


class OutputAlarms:
    """Turns statuses of outputs, silences and refused frames into sentences."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}
        self._listed: list[str] = []
        self._notes: list[str] = []
        self._refused = _Losses()
        self._silent_s = 0.0
        self._refused_before = 0
        self._silences: list[tuple[float, int]] = []

    def note_outputs(
        self, outputs: Sequence[OutputStatus], notes: Sequence[str], now_s: float
    ) -> None:
        """Take what the media process has told.

        Args:
            outputs: how each is.
            notes: its own sentences, about the song and the encoder.
            now_s: of a monotonic clock.
        """
        self._notes = list(notes)
        self._listed = [status.name for status in outputs]
        for status in outputs:
            record = self._records.setdefault(status.name, _Record(status, now_s))
            record.note(status, now_s)

    def note_frames(self, silent_s: float, refused: int, now_s: float) -> None:
        """Take how long the media process has been silent, and how many frames were refused.

        Args:
            silent_s: 0 where it answers.
            refused: since the show's start.
            now_s: of a monotonic clock.
        """
        self._refused.note(refused, now_s)
        if silent_s >= SILENT_S:
            self._silent_s = silent_s
            return
        if self._silent_s:
            self._end_silence()
        if silent_s < _ANSWERING_S:
            self._refused_before = refused

    def current(self, now_s: float) -> list[str]:
        """Return what is wrong now, a sentence each."""
        told = list(self._notes)
        if self._silent_s:
            lost = self._refused.total - self._refused_before
            told.append(
                f"The media process has been silent for {self._silent_s:.0f} s: nothing is sent or "
                f"recorded, {lost} frames are lost so far"
            )
        elif count := self._refused.recent(now_s):
            told.append(
                f"The encoder does not keep up: {count} frames were refused; a smaller picture or "
                "a lower rate would help"
            )
        for name in self._listed:
            told += self._records[name].current(now_s)
        return told

    def summary(self) -> list[str]:
        """Return what went wrong in all, a sentence each; failed outputs are faults of their own."""
        if self._silent_s:
            self._end_silence()
        told = list(self._notes)
        told += [
            f"The media process was silent for {seconds:.1f} s; {lost} frames are missing from "
            "every output"
            for seconds, lost in self._silences
        ]
        for record in self._records.values():
            told += record.summary()
        return told

    def _end_silence(self) -> None:
        self._silences.append((self._silent_s, self._refused.total - self._refused_before))
        self._silent_s = 0.0
        self._refused.settle()
