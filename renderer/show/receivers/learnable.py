"""Find which argument of a command a controller's number means, for MIDI and OSC alike."""

from __future__ import annotations

from typing import Any, Final, Protocol

from msgspec import structs

from renderer.errors import ShowError
from renderer.show.control.addresses import REQUIRED, find_addressed, find_command

_NUMBERS: Final = ("int", "float", "bool", int, float, bool)


class Learnable(Protocol):
    """A command to bind the next message; see LearnMidi and LearnOsc."""

    @property
    def address(self) -> str:
        """Return the address of the command to call."""
        ...

    @property
    def arguments(self) -> dict[str, Any]:
        """Return its arguments by name."""
        ...

    @property
    def argument(self) -> str:
        """Return the name of the one that takes the number; empty for the first that needs one."""
        ...

    @property
    def high(self) -> float:
        """Return the largest number."""
        ...


def require_learnable(command: Learnable) -> None:
    """Check a command to learn before a message comes.

    Raises:
        ShowError: there is no such command, or an argument of it is missing or wrong.
    """
    argument = command.argument or find_value_argument(command)
    given = {argument: command.high} if argument else {}
    find_command(command.address, {**command.arguments, **given})


def find_value_argument(command: Learnable) -> str:
    """Return the first number that the command needs and was not given; empty for none."""
    addressed = find_addressed(command.address)
    if addressed is None:
        return ""
    types = {one.encode_name: one.type for one in structs.fields(addressed.kind)}
    return next(
        (
            name
            for name, default in addressed.arguments.items()
            if default is REQUIRED and name not in command.arguments and types[name] in _NUMBERS
        ),
        "",
    )


def find_number_type(address: str, argument: str) -> Any:
    """Return the type of the argument that takes the number; None for a button.

    Raises:
        ShowError: the command has no such argument.
    """
    if not argument:
        return None
    addressed = find_addressed(address)
    if addressed is None:
        return None  # Its command says so.
    for field in structs.fields(addressed.kind):
        if field.encode_name == argument and field.type in _NUMBERS:
            return field.type
    raise ShowError(
        f"{address} {argument[:40]}",
        "is no number of this command, which a controller could move",
        "see encore commands, or leave argument out for a button",
    )
