"""Find the commands that OSC messages call under addresses of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import structs

from renderer.errors import RendererError
from renderer.protocol.control.osc import LearnOsc
from renderer.protocol.schema import Command
from renderer.show.control.addresses import find_command
from renderer.show.document.entries.control import OscBindingEntry
from renderer.show.receivers.learnable import find_number_type, find_value_argument

_HALF: Final = 0.5
"""Number from which a message switches something on."""


class OscBindings:
    """The bindings of a document by the address of their message.

    Args:
        entries: of the document.
        operator: in whose name commands are given.

    Attributes:
        faults: those of bindings that call nothing, which are left out.
    """

    def __init__(self, entries: Iterable[OscBindingEntry], operator: str) -> None:
        self._operator = operator
        self._by_address: dict[str, list[tuple[OscBindingEntry, Any]]] = {}
        self.faults: list[RendererError] = []
        for entry in entries:
            try:
                kind = find_number_type(entry.address, entry.argument)
                _make(entry, kind, 1.0, operator)
            except RendererError as fault:
                self.faults.append(fault)
                continue
            self._by_address.setdefault(entry.heard, []).append((entry, kind))

    def has(self, address: str) -> bool:
        """Return whether messages of an address are bound."""
        return address in self._by_address

    def make_commands(self, address: str, arguments: Sequence[object]) -> list[Command]:
        """Return what a message calls; a button's release calls nothing.

        Raises:
            ShowError: the show has no such command.
        """
        value = first_number(arguments)
        return [
            _make(entry, kind, value, self._operator)
            for entry, kind in self._by_address.get(address, ())
            if entry.argument or value
        ]


def first_number(arguments: Sequence[object]) -> float:
    """Return the first number of a message, 0 to 1; 1 for a message without one."""
    number = next((one for one in arguments if isinstance(one, int | float)), 1.0)
    return min(max(float(number), 0.0), 1.0)


def bind_learned(command: LearnOsc, heard: str) -> OscBindingEntry:
    """Return the binding that a command to learn and the message after it mean.

    Raises:
        ShowError: there is no such command, or an argument of it is missing.
    """
    argument = command.argument or find_value_argument(command)
    entry = OscBindingEntry(
        heard=heard, address=command.address, arguments=command.arguments, argument=argument,
        low=command.low, high=command.high,
    )  # fmt: skip
    kind = find_number_type(entry.address, argument)
    made = _make(entry, kind, 1.0, command.operator)
    # The command has them as its types, where a terminal sends text.
    typed = {name: getattr(made, name) for name in command.arguments}
    return structs.replace(entry, arguments=typed)


def _make(entry: OscBindingEntry, kind: Any, value: float, operator: str) -> Command:
    arguments = {**entry.arguments, "operator": operator}
    if entry.argument:
        scaled: float | int | bool = entry.low + (entry.high - entry.low) * value
        if kind in ("bool", bool):
            scaled = value >= _HALF
        elif kind in ("int", int):
            scaled = round(scaled)
        arguments[entry.argument] = scaled
    return find_command(entry.address, arguments)
