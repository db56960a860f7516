"""Decide in which frames a timed disclosure label stands: at the start and after each break.

The last pass decides, from the frames that it draws, so that no scene, cue or command can shorten
the time.
"""

from __future__ import annotations

from typing import Final

from renderer.protocol.pictures import PROGRAM
from renderer.stage.records import StageState

_SECOND_NS: Final = 1_000_000_000
BREAK_NS: Final = _SECOND_NS
"""Show time without a frame of performers on the stage that counts as a break."""


class LabelClock:
    """The show time since the last break or change of scene, for all views."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._is_due = True
        self._since_ns = 0
        self._seen_ns = -1
        self._scene = ("", "")

    def is_due(self, state: StageState) -> bool:
        """Return whether the label stands in a frame; views of one frame get the same answer."""
        if self._number != state.number:
            self._number = state.number
            self._is_due = self._advance(state)
        return self._is_due

    def _advance(self, state: StageState) -> bool:
        now_ns, titles = state.t_show_ns, state.titles
        if titles.label.seconds == 0.0:
            return True
        scene = (titles.scene, titles.disclosure)
        # Before the show `seen` stays negative, so the time begins to run with the show.
        is_break = self._seen_ns < 0 or not 0 <= now_ns - self._seen_ns < BREAK_NS
        if is_break or scene != self._scene:
            self._since_ns, self._scene = now_ns, scene
        if state.avatars and PROGRAM not in state.pictures:
            self._seen_ns = now_ns
        return now_ns - self._since_ns < titles.label.seconds * _SECOND_NS
