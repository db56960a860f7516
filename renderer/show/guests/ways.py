"""Let the program wait for guests: tell the mixer how long the song takes to them and back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from renderer.errors import OutputError
from renderer.protocol.schema import Reply
from renderer.protocol.sound import SetGuestWay
from renderer.show.inputs.feed import Feed
from renderer.show.inputs.guest_feed import GuestFeed
from renderer.show.program.sound import ProgramSoundControl

EVERY_S: Final = 1.0
"""Interval between two looks, seconds."""
_AGAIN_S: Final = 10.0
"""Interval of messages to the mixer without a change: it may have been replaced."""
_STEADY_MS: Final = 8.0
"""Change of a way that the mixer is not told: nobody hears it."""


class GuestWays:
    """Follows every guest's way. Belongs to the tick's thread.

    For a guest who is lost the song goes on waiting: it would skip, and skip again on their return.

    Args:
        feeds: of the show's inputs.
        sound: of the program.
    """

    def __init__(self, feeds: Sequence[Feed], sound: ProgramSoundControl) -> None:
        self._feeds = [one for one in feeds if isinstance(one, GuestFeed)]
        self._sound = sound
        self._sent: dict[str, tuple[float, float]] = {}
        self._due_s = 0.0

    def poll(self, now_s: float) -> None:
        """Tell the mixer the ways that have changed."""
        if not self._feeds or now_s < self._due_s:
            return
        self._due_s = now_s + EVERY_S
        for one in self._feeds:
            ms = one.way_ms
            told_ms, told_s = self._sent.get(one.guest, (0.0, now_s))
            if not ms or (abs(ms - told_ms) <= _STEADY_MS and now_s - told_s < _AGAIN_S):
                continue
            with suppress(OutputError):  # No media process runs; it is sent later.
                self._sound.handle(SetGuestWay(one.guest, ms), _ignore)
                self._sent[one.guest] = ms, now_s


def _ignore(_reply: Reply) -> None:
    """Do nothing: nobody has asked."""
