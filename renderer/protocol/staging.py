"""Define the commands to rigs, screens, avatars, and the waves of the audience."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from renderer.protocol.schema import Command


class StagingCommand(Command, frozen=True):
    """A command to what is on stage; cues have an action for each."""


class MoveRig(StagingCommand, frozen=True, kw_only=True):
    """Move a camera by another rig, such as {"kind": "orbit"}; without one, by its own.

    Attributes:
        rig: as a camera of the document has it.
        beats: length of the rig's movement; 0 for the camera's own.
    """

    ADDRESS: ClassVar[str] = "/rig/{camera}"
    camera: int
    rig: dict[str, Any] = msgspec.field(default_factory=dict)
    beats: float = 0.0


class ShowOnScreen(StagingCommand, frozen=True, kw_only=True):
    """Show something else on a screen of the set; without a source, what the document says.

    Attributes:
        source: "program", "generated", or a file that a cue of the show names.
    """

    ADDRESS: ClassVar[str] = "/screen/{screen}"
    screen: str
    source: str = ""


class ShowContent(StagingCommand, frozen=True):
    """Show bars, sunburst or veil on the LED wall, whatever the look; empty for the look's."""

    ADDRESS: ClassVar[str] = "/content"
    content: str = ""


class ChangeAvatar(StagingCommand, frozen=True, kw_only=True):
    """Change a performer's avatar to another one of the document; empty for their own.

    Attributes:
        performer: name, or number from 1.
        avatar: that a cue of the show changes this performer to.
    """

    ADDRESS: ClassVar[str] = "/performer/{performer}/avatar"
    performer: str
    avatar: str = ""


class ChangePalette(StagingCommand, frozen=True, kw_only=True):
    """Change the colours of a performer's avatar to one of its palettes; empty for its own.

    Attributes:
        performer: name, or number from 1.
        palette: that a cue of the show changes this performer to.
    """

    ADDRESS: ClassVar[str] = "/performer/{performer}/palette"
    performer: str
    palette: str = ""


class StartWave(StagingCommand, frozen=True):
    """Send a wave through the audience, block by block: to the right, left, back or front.

    Attributes:
        beats: until it has left the hall.
    """

    ADDRESS: ClassVar[str] = "/wave"
    to: str = "right"
    beats: float = 4.0
