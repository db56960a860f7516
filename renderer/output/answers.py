"""Answer an engine's requests to the media process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from renderer.errors import OutputError
from renderer.output.audio.playback import SongPlayback
from renderer.output.latency import LatencyWindow
from renderer.output.pacing import FramePacer
from renderer.output.requests import (
    Add,
    ChooseSlate,
    ControlSound,
    Discard,
    GetStatus,
    MediaRequest,
    MediaStatus,
    PlaySong,
    Remove,
    RestoreSound,
)
from renderer.output.sinks.outputs import Outputs
from renderer.output.slate import Slate

if TYPE_CHECKING:
    from renderer.output.sound.program_sound import ProgramSound


class RequestHandler:
    """Executes requests, in the thread of an engine's link.

    Args:
        outputs: that are started and ended.
        song: that is played; it has a mixer where the show has one.
        pacer, latency: for the status.
        list_notes: returns the notes of the status, by a stable name.
        slate: what is sent while no picture comes; None offline.
    """

    def __init__(
        self,
        outputs: Outputs,
        song: SongPlayback | ProgramSound,
        pacer: FramePacer,
        latency: LatencyWindow,
        list_notes: Callable[[], dict[str, str]],
        slate: Slate | None,
    ) -> None:
        self._outputs, self._song, self._pacer = outputs, song, pacer
        self._latency, self._list_notes, self._slate = latency, list_notes, slate
        self._sound = None if isinstance(song, SongPlayback) else song
        self._done = threading.Event()

    def end(self) -> None:
        """Refuse further outputs from now on."""
        self._done.set()

    def answer(self, request: MediaRequest) -> object:
        """Execute a request and return the answer.

        Raises:
            OutputError: it cannot be executed.
            EncoderError: no encoder opens for an output.
        """
        match request:
            case Add():
                if self._done.is_set():
                    raise OutputError(request.spec.shown, "came after the end", "add it before")
                self._outputs.add(request)
            case Remove(name):
                self._outputs.remove(name)
            case Discard(name):
                self._outputs.discard(name)
            case PlaySong(segment):
                self._song.plan(segment)
            case GetStatus():
                sound = None if self._sound is None else self._sound.status()
                statuses, latency = self._outputs.statuses(), self._latency.read()
                return MediaStatus(statuses, self._list_notes(), self._pacer.held, sound, latency)
            case ControlSound(command):
                return self._require_sound().apply(command)
            case RestoreSound(health):
                self._require_sound().restore(health)
            case ChooseSlate(is_house):
                if self._slate is not None:
                    self._slate.choose(is_house=is_house)
        return None

    def _require_sound(self) -> ProgramSound:
        """Return the mixer.

        Raises:
            OutputError: this show plays the song alone.
        """
        if self._sound is None:
            raise OutputError(
                "the sound", "has no mixer in this show", "add [sound] to its document"
            )
        return self._sound
