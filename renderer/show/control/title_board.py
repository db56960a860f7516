"""Hold the titles that cues and crew have shown and hidden, and apply them to each frame.

The disclosure label is no part of it: it belongs to the rights and cannot be switched off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from renderer.stage.records import StageState
from renderer.stage.text.titles import ANIMATION_S, LowerThird


@dataclass(slots=True)
class _NameTitle:
    """A name title; times in seconds of the show's clock."""

    name: str
    role: str
    begin_s: float
    end_s: float
    is_low: bool


class TitleBoard:
    """What is shown over the picture beside what the song's time asks for.

    Belongs to the tick's thread. All times are of the tick's clock.

    Args:
        has_lyrics: whether lyrics are sung, above which name titles then stand.

    Attributes:
        is_sung: as given; it changes with the song.
        has_lyrics: whether lyrics are shown when they are sung.
        has_logo: whether the logo is shown.
    """

    def __init__(self, *, has_lyrics: bool) -> None:
        self._title: _NameTitle | None = None
        self.is_sung = has_lyrics
        self.has_lyrics = True
        self.has_logo = True

    @property
    def shown(self) -> tuple[str, str]:
        """Return name and role of the name title; empty for none."""
        return ("", "") if self._title is None else (self._title.name, self._title.role)

    def show(self, name: str, role: str, seconds: float, now_s: float) -> None:
        """Show a name title in the place of any other, for some seconds; 0 until it is hidden."""
        end_s = now_s + seconds if seconds else math.inf
        # Fixed for as long as it is shown: a title does not jump when lyrics begin.
        is_low = not (self.is_sung and self.has_lyrics)
        self._title = _NameTitle(name, role, now_s, end_s, is_low)

    def hide(self, now_s: float) -> None:
        """Let the name title leave; an entrance that is interrupted leaves from where it is."""
        if (title := self._title) is not None:
            arrived = min(now_s - title.begin_s, ANIMATION_S)
            title.end_s = min(title.end_s, now_s + arrived)

    def apply(self, state: StageState, t_ns: int) -> StageState:
        """Return a frame's state with the titles that cues and crew have chosen."""
        title = self._title_at(t_ns / 1e9)
        if title is None and self.has_lyrics and self.has_logo:
            return state
        titles, screens = state.titles, state.screens
        if not self.has_lyrics:
            titles = replace(titles, lyrics=())
            if screens.lyric is not None:
                screens = replace(screens, lyric=None)
        if not self.has_logo:
            titles = replace(titles, logo=None)
        if title is not None:
            titles = replace(titles, lower_third=title)
        return replace(state, titles=titles, screens=screens)

    def _title_at(self, now_s: float) -> LowerThird | None:
        title = self._title
        if title is None:
            return None
        if now_s >= title.end_s:
            self._title = None
            return None
        shown = min(now_s - title.begin_s, title.end_s - now_s) / ANIMATION_S
        return LowerThird(title.name, title.role, min(max(shown, 0.0), 1.0), title.is_low)
