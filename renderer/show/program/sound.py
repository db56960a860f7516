"""Pass the desks' sound commands to the media processes, and publish the sound's status."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

from renderer.errors import RendererError
from renderer.output.media_group import MediaGroup
from renderer.protocol.schema import Reply
from renderer.protocol.sound import (
    MuteBus,
    SetBusGain,
    SetDucking,
    SetGuestWay,
    SetSongDelay,
    SetVoiceDelay,
    SoundCommand,
    SoundHealth,
    SwitchClick,
    SwitchTalkback,
)
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer

KINDS: Final = (
    MuteBus, SetBusGain, SetDucking, SetGuestWay, SetSongDelay, SetVoiceDelay, SwitchClick,
    SwitchTalkback,
)  # fmt: skip


class ProgramSoundControl:
    """Controls the mixer in the media process. Belongs to the tick's thread.

    The mixer holds its own controls, so that they outlive the engine; this keeps their newest
    status, so that they outlive the media process.

    Args:
        media: the started media processes.
    """

    def __init__(self, media: MediaGroup) -> None:
        self._media = media
        self._newest: SoundHealth | None = None
        self._waiting: list[tuple[Future[str], Answer]] = []

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' sound commands, and publish the sound's section."""
        for kind in KINDS:
            desk.commands.register(kind, self.handle)
        desk.sections.add(SoundHealth, Rate.HEALTH, self.health)

    def health(self) -> SoundHealth:
        """Return the sound's status as of the last answer; an empty one without a mixer."""
        return self._newest or SoundHealth()

    @property
    def newest(self) -> SoundHealth | None:
        """Return the mixer's status as of the last answer; None without a mixer."""
        return self._newest

    def note(self, health: SoundHealth | None) -> None:
        """Keep the newest status."""
        self._newest = health or self._newest

    def handle(self, command: SoundCommand, answer: Answer) -> None:
        """Execute a command, and answer when it is done.

        Raises:
            OutputError: the media process does not run.
        """
        self._waiting.append((self._media.control_sound(command), answer))

    def poll(self) -> None:
        """Answer the commands that have been done since the last call."""
        waiting, self._waiting = self._waiting, []
        for done, answer in waiting:
            if not done.done():
                self._waiting.append((done, answer))
                continue
            fault = done.exception()
            if fault is None:
                answer(Reply(True, done.result()))
            elif isinstance(fault, RendererError):
                answer(Reply(False, f"{fault}."))
            else:
                name = type(fault).__name__
                answer(Reply(False, f"The sound failed ({name}); the show goes on."))

    def restore(self, view: str) -> None:
        """Set the controls in a media process that replaces a dead one."""
        if self._newest is not None:
            self._media.restore_sound(view, self._newest)
