"""Tell which command a hardware control sends for each action: to learn MIDI, and to name OSC.

Only actions that one message can mean are here: none that asks twice, and none whose command
depends on what was chosen at the desk. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from renderer.desk.words import tr
from renderer.protocol.addresses import address_of, call_of
from renderer.protocol.control.midi import LearnMidi, MidiHealth
from renderer.protocol.control.osc import LearnOsc, OscHealth
from renderer.protocol.cues import (
    CutCamera,
    FadeToBlack,
    MoveTransition,
    Panic,
    SetAutoDirector,
    SetMaster,
)
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

_BUTTONS: Final = (
    "cues.go", "cues.back", "cameras.cut", "cameras.dissolve", "cameras.preview", "lights.look",
    "lights.full", "lights.confetti", "lights.jets", "lights.sparks", "lights.crowd.",
    "song.start",
)  # fmt: skip
"""Beginnings of the ids of actions that always send the same command."""
_SWITCHES: Final[Mapping[str, type[Command]]] = {
    "cameras.auto": SetAutoDirector,
    "show.slate": Panic,
    "show.black": FadeToBlack,
}
"""Actions that switch something on and off: the control's value is their argument `on`."""
_FADERS: Final[Mapping[str, tuple[type[Command], str]]] = {
    "cameras.tbar": (MoveTransition, "position"),
    "lights.master": (SetMaster, "level"),
}
"""Actions that a fader moves, with the argument that takes its position."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a hardware control sends.

    Attributes:
        address: of the command, also over OSC.
        arguments: of the command, by name.
        argument: name of the one that takes the control's value; empty for a button.
    """

    address: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    argument: str = ""

    @property
    def words(self) -> str:
        """Return the control as an OSC message: /take dissolve=0.5, /master level."""
        given = [f"{name}={value}" for name, value in self.arguments.items()]
        return " ".join((self.address, *given, *filter(None, (self.argument,))))

    def learn(self, *, is_osc: bool = False) -> LearnMidi | LearnOsc:
        """Return the command that binds the next MIDI or OSC message."""
        kind = LearnOsc if is_osc else LearnMidi
        return kind(address=self.address, arguments=dict(self.arguments), argument=self.argument)


def control_of(desk: DeskModel, id: str) -> Control | None:
    """Return what a hardware control sends for an action; None if it can have none now."""
    if id in _SWITCHES:
        return Control(address_of(_SWITCHES[id]), {}, "on")
    if id in _FADERS:
        kind, argument = _FADERS[id]
        return Control(address_of(kind), {}, argument)
    if not id.startswith(_BUTTONS):
        return None
    command = desk.board.find(id).press(desk)
    if command is None or (isinstance(command, CutCamera) and not command.camera):
        return None  # The show has no such look or camera.
    return Control(*call_of(command))


def bound_messages(desk: DeskModel, control: Control) -> tuple[str, ...]:
    """Return the MIDI messages that call a control's command."""
    return tuple(
        one.message
        for one in desk.status.of(MidiHealth).bindings
        if one.address == control.address and one.arguments == dict(control.arguments)
    )


def bound_addresses(desk: DeskModel, control: Control) -> tuple[str, ...]:
    """Return the addresses of the OSC messages that call a control's command."""
    return tuple(
        one.heard
        for one in desk.status.of(OscHealth).bindings
        if one.address == control.address and one.arguments == dict(control.arguments)
    )


def needs_osc(desk: DeskModel) -> str:
    """Require a show that receives OSC."""
    if not desk.in_contact.value:
        return tr("No show is running. Start one from the start page.")
    if not desk.status.has(OscHealth):
        return tr("This show receives no OSC. Give its document [control.osc].")
    return ""


def needs_controllers(desk: DeskModel) -> str:
    """Require a show that has a MIDI controller."""
    if not desk.in_contact.value:
        return tr("No show is running. Start one from the start page.")
    if not desk.status.has(MidiHealth):
        return tr("This show has no MIDI controller. Give its document [control.midi].")
    return ""


def short_message(message: str) -> str:
    """Return "control 7 on channel 1" as CC 7, as controllers print it."""
    words = message.split()
    kinds: dict[str, str] = {"control": "CC", "note": "N", "program": "PC"}
    if len(words) < 2 or words[0] not in kinds:
        return message
    channel = words[-1] if len(words) > 2 and words[-1] != "1" else ""
    return " ".join(filter(None, (kinds[words[0]], words[1], channel and f"ch {channel}")))
