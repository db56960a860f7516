"""`encore send`: send any command to the running show by its address."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renderer.cli.command import Command
from renderer.cli.running_show import add_session_option, send_command
from renderer.errors import UsageError
from renderer.faults import FaultCollector

if TYPE_CHECKING:
    from renderer.protocol.schema import Command as ShowCommand


@dataclass(frozen=True, slots=True)
class SendRequest:
    """The checked arguments of `encore send`; None for a command that cannot be sent."""

    command: ShowCommand | None
    session: str | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore send`."""
    parser.add_argument("address", metavar="ADDRESS", help="as encore commands lists it")
    parser.add_argument("arguments", nargs="*", metavar="NAME=VALUE", help="of the command")
    add_session_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> SendRequest:
    """Find the command, and check its arguments."""
    from renderer.show.control.addresses import find_command

    given: dict[str, Any] = {}
    for word in arguments.arguments:
        name, equals, value = word.partition("=")
        if not (name and equals):
            faults.add(UsageError(repr(word), "is no argument", "write it like seconds=2"))
        given[name] = _read_value(value)
    command = None
    if arguments.address is not None and not faults.faults:
        command = faults.attempt(lambda address: find_command(address, given), arguments.address)
    return SendRequest(command, arguments.session)


def _read_value(word: str) -> Any:
    """Return a list or a table that is written as JSON; any other word as it is."""
    import msgspec

    if word[:1] in ("[", "{"):
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(word.encode())
    return word


def run(request: SendRequest) -> int:
    """Send it."""
    assert request.command is not None  # A command with faults is not run.
    return send_command(request.command, request.session)


COMMAND = Command(
    "send",
    "send any command to the running show by its address",
    prepare,
    run,
    add_options,
    (
        "encore send /look/chorus seconds=0.5",
        "encore send /title name=Hana role=Vocal",
        "encore send /midi/learn address=/look/Gold arguments='{\"seconds\": 0.5}'",
        "encore send /performers/freeze_limb performer=0 limb=leftArm",
    ),
)
