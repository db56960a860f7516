"""Ask the media processes for the outputs' status, without waiting, and keep the newest answer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Final

from msgspec import structs

from renderer.output.media_group import MediaGroup
from renderer.output.requests import MediaStatus
from renderer.protocol.alarms import Alarms
from renderer.protocol.latency import StageLatency
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.show.output_alarms import OutputAlarms
from renderer.show.program.sound import ProgramSoundControl

_ASK_EVERY_S: Final = 0.2


class MediaStatuses:
    """The newest status of the media processes. Belongs to the tick's thread.

    Args:
        media: the media processes of all views.
        sound: receives the sound's status.
        alarms: of the show.

    Attributes:
        outputs: as of the last answer.
        encode_latency: of the frames that media has encoded lately.
        replaced: frames that did not come in time and were replaced by media.
    """

    def __init__(self, media: MediaGroup, sound: ProgramSoundControl, alarms: Alarms) -> None:
        self._media, self._sound = media, sound
        self._alarms = OutputAlarms(alarms)
        self._asked: Future[MediaStatus] | None = None
        self._ask_at = 0.0
        self._broken_off: dict[str, OutputStatus] = {}
        self._replaced_before = 0
        self.outputs: list[OutputStatus] = []
        self.encode_latency = StageLatency()
        self.replaced = 0

    def ask(self, refused: int) -> None:
        """Store the newest answer, and request the next one, without waiting.

        Args:
            refused: frames that the media process has not taken.
        """
        asked = self._asked
        if asked is not None and asked.done():
            self._asked = None
            if asked.exception() is None:
                self.note(asked.result())
        if self._asked is None and _now_s() >= self._ask_at and not self._media.has_ended:
            self._ask_at = _now_s() + _ASK_EVERY_S
            self._asked = self._media.request_status()
        self._alarms.note_silence(self._media.silent_s, refused)

    def note(self, status: MediaStatus) -> None:
        """Use an answer."""
        self.replaced = max(self.replaced, self._replaced_before + status.held)
        self.outputs = status.outputs
        self._sound.note(status.sound)
        if status.encode.frames:
            self.encode_latency = status.encode
        self._alarms.note_status(status.outputs, status.notes, _now_s())

    def note_replacement(self) -> None:
        """Count on from here: another media process counts from zero."""
        self._replaced_before = self.replaced

    def note_lost(self, names: Iterable[str]) -> None:
        """Keep the statuses of outputs whose media process has died."""
        lost = set(names)
        self._broken_off |= {one.name: one for one in self.outputs if one.name in lost}

    def add_broken_off(self) -> None:
        """Add the outputs of a media process that died which its replacement has not begun yet."""
        known = {one.name for one in self.outputs}
        self.outputs = [
            *self.outputs,
            *(
                one if one.state.is_over else structs.replace(one, state=OutputState.INTERRUPTED)
                for name, one in self._broken_off.items()
                if name not in known
            ),
        ]


def _now_s() -> float:
    return time.monotonic()
