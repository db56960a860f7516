"""Find the commands that MIDI messages call, and the value that a controller's position means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from msgspec import structs

from renderer.errors import RendererError
from renderer.protocol.control.midi import LearnMidi
from renderer.protocol.schema import Command
from renderer.show.control.addresses import find_command
from renderer.show.document.entries.midi import MidiBindingEntry
from renderer.show.receivers.learnable import find_number_type, find_value_argument
from renderer.show.receivers.midi.messages import MidiMessage

HIGHEST: Final = 127
PRESSED: Final = 64
"""Position from which a controller counts as a pressed button, as MIDI's pedals do."""


@dataclass(slots=True)
class Binding:
    """A message that calls a command.

    Attributes:
        entry: of the document.
        operator: in whose name it is given.
        kind: type of the field that takes the controller's value; None for a button.
        moved_ns: clock at which the crew has moved it last.
    """

    entry: MidiBindingEntry
    operator: str
    kind: Any = None
    moved_ns: int = -(10**18)

    @property
    def key(self) -> tuple[str, int, int]:
        """Return kind, channel and number of its message."""
        return self.entry.message, self.entry.channel, self.entry.number

    def make_command(self, value: int) -> Command:
        """Return the command of a controller's position.

        Raises:
            ShowError: the show has none such.
        """
        arguments = {**self.entry.arguments, "operator": self.operator}
        if self.entry.argument:
            arguments[self.entry.argument] = self._scale(value)
        return find_command(self.entry.address, arguments)

    def position_of(self, value: float) -> int:
        """Return the controller's position for a value of the show."""
        low, high = self.entry.low, self.entry.high
        share = (value - low) / (high - low) if high != low else float(value >= high)
        return round(HIGHEST * min(max(share, 0.0), 1.0))

    def _scale(self, value: int) -> float | int | bool:
        if self.kind in ("bool", bool):
            return value >= (PRESSED if self.entry.message == "control" else 1)
        scaled = self.entry.low + (self.entry.high - self.entry.low) * value / HIGHEST
        return round(scaled) if self.kind in ("int", int) else scaled


def compile_bindings(
    entries: Iterable[MidiBindingEntry], operator: str, refuse: Callable[[RendererError], None]
) -> dict[tuple[str, int, int], list[Binding]]:
    """Return the bindings of a document by their message.

    Args:
        refuse: called with the fault of each that calls nothing, which is left out.
    """
    found: dict[tuple[str, int, int], list[Binding]] = {}
    for entry in entries:
        try:
            binding = Binding(entry, operator, find_number_type(entry.address, entry.argument))
            binding.make_command(HIGHEST)
        except RendererError as fault:
            refuse(fault)
            continue
        found.setdefault(binding.key, []).append(binding)
    return found


def bind_learned(command: LearnMidi, message: MidiMessage) -> MidiBindingEntry:
    """Return the binding that a command to learn and the message after it mean.

    Raises:
        ShowError: there is no such command, or an argument of it is missing.
    """
    argument = command.argument
    if not argument and message.kind != "program":
        argument = find_value_argument(command)
    entry = MidiBindingEntry(
        message=message.kind.value, number=message.number, channel=message.channel,
        address=command.address, arguments=command.arguments, argument=argument,
        low=command.low, high=command.high,
    )  # fmt: skip
    made = Binding(
        entry, command.operator, find_number_type(entry.address, entry.argument)
    ).make_command(HIGHEST)
    # The command has them as its types, where a terminal sends text.
    typed = {name: getattr(made, name) for name in command.arguments}
    return structs.replace(entry, arguments=typed)
