"""The voice of a show's first performer, heard at the show's time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from renderer.closing import Closing
from renderer.motion.voice_mouth import VoiceMouth
from renderer.motion.voice_process import VoiceProcess
from renderer.show.performing import Performing

INPUT: Final = "input"
"""As a voice's name: the sound of the first input."""

_OFFLINE_WAIT_S: Final = 10.0


class Singing(Closing):
    """Feeds what is heard to one performer's mouth."""

    def __init__(self, voice: str, performing: Performing, rate: float, *, live: bool) -> None:
        """Start listening.

        Args:
            voice: a file, or a microphone.
            rate: of the performer's input, frames a second.

        Raises:
            MotionError: it cannot be opened, or holds no sound.
        """
        self._process = VoiceProcess(voice)
        self._performing = performing
        self._mouth = performing.mouth = VoiceMouth()
        self._live = live
        self._rate = rate
        # A microphone's times are the clock's own; offline a file begins with the show.
        self._origin_ns: int | None = 0 if self._process.is_live or not live else None

    @property
    def warnings(self) -> list[str]:
        """Why nothing more is heard."""
        return [self._process.fault] if self._process.fault else []

    def advance(self, t_ns: int) -> None:
        """Take in what was heard up to the time t_ns: offline all of it."""
        if self._origin_ns is None:
            self._origin_ns = self._beginning()
        if self._origin_ns is None:
            return
        wait_s = 0.0 if self._live else _OFFLINE_WAIT_S
        for heard in self._process.until(t_ns - self._origin_ns, wait_s):
            self._mouth.hear(replace(heard, t_ns=heard.t_ns + self._origin_ns))

    def close(self) -> None:
        """Stop listening."""
        self._process.close()

    def _beginning(self) -> int | None:
        """When a file that plays at its own pace began, on the clock; None before it is seen."""
        newest = self._performing.newest
        if newest is None or self._rate <= 0.0:
            return None
        return newest.t_seen_ns - round(newest.index / self._rate * 1e9)
