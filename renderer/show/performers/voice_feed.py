"""Feed the voice of one performer of a show, at show time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from renderer.capture.audio.voice_process import VoiceProcess
from renderer.capture.sources.address import is_take
from renderer.closing import Closing
from renderer.errors import ShowError
from renderer.show.inputs.feed import Feed
from renderer.show.performers.performer import PerformerPipeline

INPUT: Final = "input"
"""Voice option for the sound of the performer's own input."""

_OFFLINE_WAIT_S: Final = 10.0


class VoiceFeed(Closing):
    """Feeds a voice to one performer.

    Attributes:
        name: name of the sound source.
    """

    def __init__(
        self, voice: str, performing: PerformerPipeline, feed: Feed, *, live: bool
    ) -> None:
        """Start listening.

        Args:
            voice: a file, or a microphone.
            feed: the performer's input.

        Raises:
            MotionError: it cannot be opened, or contains no sound.
        """
        self.name = voice
        self._process = VoiceProcess(voice)
        self._performing = performing
        self._feed = feed
        self._live = live
        # A microphone's times are on the show's clock; offline a file begins with the show.
        self._origin_ns: int | None = 0 if self._process.is_live or not live else None

    @property
    def fault(self) -> str:
        """Return why there is no sound, a sentence; empty if there is no fault."""
        return self._process.fault

    @property
    def warnings(self) -> list[str]:
        """Return its faults so far."""
        return [*self._process.losses.values(), *self._process.faults]

    @property
    def losses(self) -> Mapping[str, str]:
        """Return the faults found in its sound so far, sentences by a stable name."""
        return self._process.losses

    def advance(self, t_ns: int) -> None:
        """Process the sound up to `t_ns`: offline without skipping."""
        if self._origin_ns is None:
            self._origin_ns = self._beginning()
        if self._origin_ns is None:
            return
        wait_s = 0.0 if self._live else _OFFLINE_WAIT_S
        for heard in self._process.until(t_ns - self._origin_ns, wait_s):
            self._performing.hear(replace(heard, t_ns=heard.t_ns + self._origin_ns))

    def close(self) -> None:
        """Stop listening."""
        self._process.close()

    def _beginning(self) -> int | None:
        """Return when a live-paced file began, on the clock; None before the first picture."""
        newest, rate = self._performing.newest, self._feed.info.rate
        if newest is None or rate <= 0.0:
            return None
        return newest.t_seen_ns - round(newest.index / rate * 1e9)


def source_of(voice: str, shown_by: str) -> str:
    """Return the file or microphone that a voice option selects.

    Args:
        shown_by: the performer's input.

    Raises:
        ShowError: the option selects the sound of a take.
    """
    if voice != INPUT:
        return voice
    if is_take(shown_by):
        raise ShowError(
            f"Voice {INPUT}",
            f"is asked of the take {shown_by}, whose voices are heard without that",
            "leave --voice out, or name a sound file that is heard in their place",
        )
    return shown_by
