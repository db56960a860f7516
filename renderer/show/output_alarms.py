"""Raise and clear the alarms for outputs, song, encoder and media process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.show.drop_monitor import DropMonitor

SILENT_S: Final = 2.0
"""Seconds without an answer after which the media process counts as silent. It normally answers in
milliseconds; a short lack of processor time raises no alarm."""
_ANSWERING_S: Final = 0.1
"""Seconds without an answer below which the media process counts as responding."""
_JOIN_S: Final = 2.0
"""Seconds for a reconnected output to find its keyframe. Until then its drops belong to the lost
connection, which has its own alarm."""
LEAST_ROOM_S: Final = 600.0
"""Seconds of room on a recording's disk below which the crew is warned: time to act in a song."""
_SILENT: Final = "media.silent"
_HOLD: Final = "hold"
"""Name of the note that the audience sees a still picture."""
_BAD: Final = {
    OutputState.RETRYING: (Severity.WARNING, "is not connected and is tried again"),
    OutputState.STALLED: (Severity.WARNING, "has stalled"),
    OutputState.FAILED: (Severity.CRITICAL, "has failed"),
    OutputState.INTERRUPTED: (Severity.CRITICAL, "was broken off"),
}


class OutputAlarms:
    """Converts the media process's status, and its silence, into alarms.

    The alarms are `media.silent`, `media.<note>`, `output.<name>`, `output.<name>.drops`,
    `output.<name>.room` and `output.<name>.disk`.
    """

    def __init__(self, alarms: Alarms) -> None:
        """Start without alarms."""
        self._alarms = alarms
        self._drops: dict[str, DropMonitor] = {}
        self._joins_until: dict[str, float] = {}
        self._raised: set[str] = set()
        self._refused_before = 0

    def note_status(
        self, outputs: Sequence[OutputStatus], notes: Mapping[str, str], now_s: float
    ) -> None:
        """Update the alarms from the media process's status.

        Args:
            outputs: status of each output; an output that is no longer listed has no alarm.
            notes: its notes on the song and the encoder, by a stable name.
            now_s: seconds of a monotonic clock.
        """
        bad = {
            f"media.{name}": (Severity.CRITICAL if name == _HOLD else Severity.WARNING, text)
            for name, text in notes.items()
        }
        for status in outputs:
            if status.state in _BAD:
                severity, what = _BAD[status.state]
                text = f"{status.address} {what}: {status.detail}"
                bad[f"output.{status.name}"] = severity, text
            if status.parts and not status.state.is_over:
                bad[f"output.{status.name}.disk"] = Severity.WARNING, _describe_part(status)
            self._note_drops(status, now_s)
            if status.room_s is not None and status.room_s < LEAST_ROOM_S:
                bad[f"output.{status.name}.room"] = (
                    Severity.WARNING,
                    f"The disk of {status.address} has room for {max(1, status.room_s // 60):.0f} "
                    "more minutes",
                )
        for id in self._raised - set(bad):
            self._alarms.clear(id)
        self._raised = set(bad)
        for id, (severity, text) in bad.items():
            self._alarms.raise_(id, severity, text)

    def note_silence(self, silent_s: float, refused: int) -> None:
        """Update the alarm for a media process that does not respond.

        Args:
            silent_s: seconds without an answer; 0 if it answers.
            refused: number of frames refused since the show's start because its ring was full.
        """
        if silent_s < _ANSWERING_S:
            self._refused_before = refused
            self._alarms.clear(_SILENT)
        elif silent_s >= SILENT_S:
            lost = refused - self._refused_before
            self._alarms.raise_(
                _SILENT,
                Severity.CRITICAL,
                f"The media process has been silent for {silent_s:.0f} s: nothing is sent or "
                f"recorded, {lost} frames are lost so far",
            )

    def _note_drops(self, status: OutputStatus, now_s: float) -> None:
        if status.name not in self._drops:
            self._drops[status.name] = DropMonitor(
                self._alarms,
                f"output.{status.name}.drops",
                Severity.WARNING,
                f"packets were dropped by {status.address}, which takes less than is sent",
            )
        if status.state is OutputState.RETRYING:
            self._joins_until[status.name] = now_s + _JOIN_S
        if now_s < self._joins_until.get(status.name, 0.0):
            self._drops[status.name].skip(status.dropped, now_s)
        else:
            self._drops[status.name].update(status.dropped, now_s)


def _describe_part(status: OutputStatus) -> str:
    """Return the sentence about a recording that goes on in a further part."""
    *_, before, present = status.all_parts
    if Path(before.path).parent == Path(present.path).parent:
        return f"A recording goes on as {status.address}: {status.detail}"
    return f"A recording is on its second disk as {status.address}: {status.detail}"
