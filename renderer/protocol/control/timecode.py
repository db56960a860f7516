"""Define the commands to a show's own timecode, and its status."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class TimecodeMode(StrEnum):
    """What outgoing timecode follows."""

    SONGS = "songs"
    """The song that plays, in its hour; nothing between songs."""
    INPUT = "input"
    """Incoming timecode, regenerated."""
    FREE = "free"
    """The clock, from a time at which it was started or jammed."""
    STOPPED = "stopped"


class TimecodeCommand(Command, frozen=True):
    """A command to outgoing timecode."""


class StartTimecode(TimecodeCommand, frozen=True, kw_only=True):
    """Let outgoing timecode run by the clock from a time such as 01:00:00:00."""

    ADDRESS: ClassVar[str] = "/timecode/start"
    at: str


class JamTimecode(TimecodeCommand, frozen=True):
    """Set outgoing timecode by the incoming one, and let it run on by the clock."""

    ADDRESS: ClassVar[str] = "/timecode/jam"


class FollowTimecode(TimecodeCommand, frozen=True):
    """Let outgoing timecode follow songs, or incoming timecode."""

    ADDRESS: ClassVar[str] = "/timecode/follow"
    what: str = "songs"


class StopTimecode(TimecodeCommand, frozen=True):
    """Send no timecode until it is started, jammed or follows again."""

    ADDRESS: ClassVar[str] = "/timecode/stop"


class TimecodeOutHealth(Section, frozen=True):
    """Status of outgoing timecode, published 10 times a second.

    Attributes:
        mode: what it follows.
        time: hours, minutes, seconds and frames; empty while none goes out.
        sent_to: where it goes.
    """

    mode: TimecodeMode = TimecodeMode.STOPPED
    time: str = ""
    sent_to: list[str] = msgspec.field(default_factory=list)
