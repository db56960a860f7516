"""Define the commands that show and hide titles and lyrics, and their status."""

from __future__ import annotations

from typing import ClassVar

from renderer.protocol.schema import Command, Section

LONGEST_TITLE = 120
"""Maximum length of a name and of a role, characters."""


class TitlesHealth(Section, frozen=True):
    """Status of the titles, published 10 times a second.

    Attributes:
        name, role: of the name title that a cue or a command shows; empty for none.
        lyrics: whether lyrics are shown when they are sung.
        logo: whether the logo is shown.
    """

    name: str = ""
    role: str = ""
    lyrics: bool = True
    logo: bool = True


class ShowTitle(Command, frozen=True):
    """Show a name title at once, in the place of any other.

    Attributes:
        name: of a performer or a song.
        role: smaller, beneath it; may be empty.
        seconds: how long it stays, with entrance and exit; 0 until it is hidden.
    """

    ADDRESS: ClassVar[str] = "/title"
    name: str
    role: str = ""
    seconds: float = 5.0


class HideTitle(Command, frozen=True):
    """Let the name title leave that a cue or a command has shown."""

    ADDRESS: ClassVar[str] = "/title/hide"


class ShowLyrics(Command, frozen=True):
    """Show lyrics when they are sung, on the picture and on LED walls, or leave them out."""

    ADDRESS: ClassVar[str] = "/lyrics"
    on: bool = True


class ShowLogo(Command, frozen=True):
    """Show the logo of the show, or leave it out."""

    ADDRESS: ClassVar[str] = "/logo"
    SETS: ClassVar[str] = "logo"
    on: bool = True
