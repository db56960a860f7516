"""Choose what the set's screens show: what the document says, or what cues have put there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from renderer.show.cues.kept import Kept
from renderer.show.document.cues import ScreenAction
from renderer.show.document.staging import build_screen_source
from renderer.stage.records import ScreenSource


class ScreenBoard:
    """The sources of the screens, built again only when a cue changes one.

    Args:
        sources: of the document.
        folder: to which files are relative.
    """

    def __init__(self, sources: Sequence[ScreenSource] = (), folder: Path = Path()) -> None:
        self._own = {one.screen: one for one in sources}
        self._folder = folder
        self._kept: Kept | None = None
        self._shown = tuple(sources)

    def find_sources(self, kept: Kept) -> tuple[ScreenSource, ...]:
        """Return the sources of the screens that do not show their set's own.

        Args:
            kept: of the tracked state.
        """
        if kept is not self._kept:
            self._kept = kept
            changed = {
                action.screen: build_screen_source(action, self._folder)
                for action in kept.values()
                if isinstance(action, ScreenAction)
            }
            self._shown = tuple((self._own | changed).values())
        return self._shown
