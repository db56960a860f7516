"""Execute the crew's commands to titles and lyrics, and publish their status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renderer.errors import ShowError
from renderer.protocol.schema import Reply
from renderer.protocol.titles import (
    LONGEST_TITLE,
    HideTitle,
    ShowLogo,
    ShowLyrics,
    ShowTitle,
    TitlesHealth,
)
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.control.title_board import TitleBoard
from renderer.stage.records import StageState
from renderer.stage.text.titles import ANIMATION_S

_LEAST_S: Final = 2.0 * ANIMATION_S
_LONGEST_S: Final = 3600.0
"""Shortest and longest time for which a command shows a title, seconds."""


class TitleCommands:
    """The crew's hands on the titles. Belongs to the tick's thread.

    Args:
        board: that holds them.
        show_lyrics: shows lyrics or leaves them out; None: on the board. A directed show tracks
            them with its cues.
    """

    def __init__(
        self, board: TitleBoard, show_lyrics: Callable[[bool], None] | None = None
    ) -> None:
        self._board = board
        self._show_lyrics = show_lyrics
        self._now_s = 0.0

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' title commands, and publish the titles' section."""
        desk.commands.register(ShowTitle, self.show_title)
        desk.commands.register(HideTitle, self.hide_title)
        desk.commands.register(ShowLyrics, self.show_lyrics)
        desk.commands.register(ShowLogo, self.show_logo)
        desk.sections.add(TitlesHealth, Rate.HEALTH, self.health)

    def health(self) -> TitlesHealth:
        """Return the status of the titles."""
        board = self._board
        return TitlesHealth(*board.shown, board.has_lyrics, board.has_logo)

    def show_title(self, command: ShowTitle, answer: Answer) -> None:
        """Show a name title.

        Raises:
            ShowError: a text or the duration cannot be shown.
        """
        name, role = _check_text(command.name, "name"), _check_text(command.role, "role")
        if not name:
            raise ShowError("A title", "has no name", "give the name that it shows")
        seconds = command.seconds
        if seconds != 0.0 and not _LEAST_S <= seconds <= _LONGEST_S:
            raise ShowError(
                f"A title of {seconds:g} s",
                "is too short to be read or longer than an hour",
                f"give {_LEAST_S:g} to {_LONGEST_S:g} s, or 0 to hide it by a command",
            )
        self._board.show(name, role, seconds, self._now_s)
        answer(Reply(True, f"Title {name}."))

    def hide_title(self, _command: HideTitle, answer: Answer) -> None:
        """Let the name title leave."""
        name, _ = self._board.shown
        self._board.hide(self._now_s)
        answer(Reply(True, f"Title {name} leaves." if name else "No title is shown."))

    def show_lyrics(self, command: ShowLyrics, answer: Answer) -> None:
        """Show lyrics or leave them out."""
        if self._show_lyrics is None:
            self._board.has_lyrics = command.on
        else:
            self._show_lyrics(command.on)
        answer(Reply(True, "Lyrics on." if command.on else "Lyrics off."))

    def show_logo(self, command: ShowLogo, answer: Answer) -> None:
        """Show the logo or leave it out."""
        self._board.has_logo = command.on
        answer(Reply(True, "Logo on." if command.on else "Logo off."))

    def apply(self, state: StageState, t_ns: int) -> StageState:
        """Return a frame's state with its titles; see TitleBoard.

        Args:
            t_ns: the tick's clock time.
        """
        self._now_s = t_ns / 1e9
        return self._board.apply(state, t_ns)


def _check_text(text: str, what: str) -> str:
    """Return a text without surrounding space.

    Raises:
        ShowError: it is too long, or is not one line.
    """
    text = text.strip()
    if len(text) > LONGEST_TITLE or not text.isprintable():
        raise ShowError(
            f"The {what} {text[:20]!r}",
            f"is no single line of up to {LONGEST_TITLE} characters",
            "shorten it",
        )
    return text
