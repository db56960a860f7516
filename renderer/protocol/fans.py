"""Define the commands that steer the fans' part in a show, and its status."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class FansCommand(Command, frozen=True):
    """A command to what the fans may do."""


class SwitchFans(FansCommand, frozen=True):
    """Let the fans move the audience, or give it back to the look: the moderator's switch."""

    ADDRESS: ClassVar[str] = "/fans"
    SETS: ClassVar[str] = "fans"
    on: bool = True


class OpenPoll(FansCommand, frozen=True, kw_only=True):
    """Ask the fans which cue comes next.

    Attributes:
        cues: numbers of two to six cues of the main list, with commas between them; their names
            are the choices.
        question: above the choices.
    """

    ADDRESS: ClassVar[str] = "/fans/poll/open"
    cues: str
    question: str = ""


class ClosePoll(FansCommand, frozen=True):
    """Close the poll.

    Attributes:
        start: whether the cue with the most votes is started; otherwise it is put on standby.
    """

    ADDRESS: ClassVar[str] = "/fans/poll/close"
    start: bool = False


class PollChoice(msgspec.Struct, frozen=True):
    """A choice of a poll with its votes so far."""

    cue: str
    name: str
    votes: int = 0


class FansHealth(Section, frozen=True):
    """Status of the fans, published 10 times a second.

    Attributes:
        is_open: whether this show has an endpoint for fans.
        is_on: whether the fans move the audience.
        is_heard: whether the endpoint's summary is recent.
        people: connected fans, with those of other servers' summaries.
        energy: 0 if nobody moves, 1 if everybody jumps.
        shares: of the fans by colour, in the document's order.
        refused: messages that were malformed or came too fast, since the start.
        question: of the open poll; empty for a poll without one.
        choices: of the open poll; empty if there is none.
    """

    is_open: bool = False
    is_on: bool = False
    is_heard: bool = False
    people: int = 0
    energy: float = 0.0
    shares: tuple[float, ...] = ()
    refused: int = 0
    question: str = ""
    choices: tuple[PollChoice, ...] = ()
