"""Tell the media processes which slate to send while no picture comes."""

from __future__ import annotations

from collections.abc import Callable

from renderer.output.media_group import MediaGroup


class SlateChoice:
    """Keeps the media processes from sending the crew's slate while it must not be seen.

    Belongs to the tick's thread.

    Args:
        media: the started media processes.
        is_refused: returns whether the crew's slate must not be seen now.
    """

    def __init__(self, media: MediaGroup, is_refused: Callable[[], bool]) -> None:
        self._media, self._is_refused = media, is_refused
        self._told: bool | None = False

    def poll(self) -> None:
        """Tell them as soon as that has changed."""
        is_house = self._is_refused()
        if is_house != self._told:
            self._media.choose_slate(is_house=is_house)
            self._told = is_house

    def resend(self) -> None:
        """Tell them at the next `poll`: one has replaced another, or an earlier engine chose."""
        self._told = None
