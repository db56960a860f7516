"""Define the commands to a show's MIDI controllers, and their status."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Section


class MidiCommand(Command, frozen=True):
    """A command to the MIDI controllers."""


class LearnMidi(MidiCommand, frozen=True, kw_only=True):
    """Bind the next MIDI message that comes to a command; the answer says which one it was.

    Attributes:
        address: of the command.
        arguments: of the command, by name.
        argument: name of the one that takes the controller's value; if it is empty, the first one
            that must be given and is a number; without any, the message is a button.
        low, high: its values at the controller's lowest and highest position.
    """

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/midi/learn"
    address: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    argument: str = ""
    low: float = 0.0
    high: float = 1.0


class StopLearningMidi(MidiCommand, frozen=True):
    """Wait for no MIDI message any more."""

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/midi/stop_learning"


class ForgetMidi(MidiCommand, frozen=True, kw_only=True):
    """Remove all MIDI messages that are bound to a command."""

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/midi/forget"
    address: str


class ReopenMidi(MidiCommand, frozen=True):
    """Open the MIDI ports again, after a device was plugged in."""

    ADDRESS: ClassVar[str] = "/midi/reopen"


class MidiBinding(msgspec.Struct, frozen=True):
    """A bound message, such as "control 7 on channel 1", and the command that it calls.

    Attributes:
        arguments: of the command, by name, without the one that takes the controller's value.
    """

    message: str
    address: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)


class MidiHealth(Section, frozen=True):
    """Status of the MIDI controllers, published 10 times a second.

    Attributes:
        port: of the input.
        feedback: port of the output; empty for none.
        learning: address that waits for a message; empty for none.
        newest: the newest message with its value.
        bindings: of the document.
    """

    port: str = ""
    feedback: str = ""
    learning: str = ""
    newest: str = ""
    bindings: list[MidiBinding] = msgspec.field(default_factory=list)
