"""Define how a show document says what MIDI controllers call."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.part import Bounded, Name, Part, Text


class MidiBindingEntry(Part, frozen=True, kw_only=True):
    """A MIDI message that calls a command.

    Attributes:
        message, number, channel: of MIDI; the channel counts from 1, the number from 0.
        address: of the command, as `encore commands` lists it.
        arguments: of the command, by name.
        argument: name of the one that takes the controller's value; if it is empty, the message is
            a button.
        low, high: its values at the controller's lowest and highest position.
        feedback: whether the controller is sent what the show has.
    """

    message: Literal["note", "control", "program"]
    number: Annotated[int, Meta(ge=0, le=127)]
    channel: Annotated[int, Meta(ge=1, le=16)] = 1
    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    argument: Text = ""
    low: Bounded = 0.0
    high: Bounded = 1.0
    feedback: bool = True


class MidiEntry(Part, frozen=True):
    """A MIDI controller, which calls cues and commands.

    Attributes:
        port: of the input, by its name or a part of it.
        feedback: port of the output to the controller's lamps and faders; empty for none.
        operator: in whose name commands are given, for the log and the operators' roles.
    """

    port: Name
    feedback: Text = ""
    operator: Name = "MIDI"
    bindings: Annotated[tuple[MidiBindingEntry, ...], Meta(max_length=1024)] = ()
