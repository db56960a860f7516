"""Define the status of what controls the show from outside."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class ReceiverStatus(msgspec.Struct, frozen=True):
    """Status of a receiver.

    Attributes:
        name: such as "OSC".
        address: where it listens.
        sender: of the newest message; empty before the first one.
        received: messages that were taken in.
        unknown: messages that nothing in the show answers to.
        malformed: messages that violate their protocol.
        refused: messages from addresses that are not allowed.
        dropped: messages for which the show had no time, or that were superseded in one frame.
        newest: the newest message, for a live view.
        fault: the newest fault, a sentence; empty if there was none.
    """

    name: str
    address: str = ""
    sender: str = ""
    received: int = 0
    unknown: int = 0
    malformed: int = 0
    refused: int = 0
    dropped: int = 0
    newest: str = ""
    fault: str = ""


class ReceiversHealth(Section, frozen=True):
    """Status of all receivers, published 10 times a second."""

    receivers: list[ReceiverStatus] = msgspec.field(default_factory=list)


class DmxSource(msgspec.Struct, frozen=True):
    """A source of a universe.

    Attributes:
        silent_s: seconds since its newest packet.
    """

    protocol: str
    host: str
    name: str = ""
    priority: int = 100
    silent_s: float = 0.0


class UniverseStatus(msgspec.Struct, frozen=True):
    """Status of a universe.

    Attributes:
        levels: 512 merged levels, a byte each.
        stale: packets that were late or repeated.
        lost: sources that went silent.
        refused: packets of more sources than a universe takes.
    """

    number: int
    sources: list[DmxSource] = msgspec.field(default_factory=list)
    levels: bytes = b""
    stale: int = 0
    lost: int = 0
    refused: int = 0


class DmxHealth(Section, frozen=True):
    """A live view of the DMX levels that arrive, published 10 times a second."""

    universes: list[UniverseStatus] = msgspec.field(default_factory=list)


class ArmTimecode(Command, frozen=True):
    """Let incoming timecode call cues and songs, or give them back to the crew."""

    ADDRESS: ClassVar[str] = "/timecode/arm"
    on: bool = True


class TimecodeHealth(Section, frozen=True):
    """Status of incoming timecode, published 10 times a second.

    Attributes:
        source: as the document names it; empty for none.
        state: empty, locked, freewheel or lost.
        time: hours, minutes, seconds and frames; empty for none.
        speed: against the clock.
        jumps: that were followed.
        misread: single times that agreed with nothing.
    """

    source: str = ""
    state: str = "empty"
    time: str = ""
    armed: bool = False
    speed: float = 1.0
    jumps: int = 0
    misread: int = 0
