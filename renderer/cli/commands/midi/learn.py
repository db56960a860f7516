"""`encore midi learn`: bind the next MIDI message to a command of the running show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.cli.command import Command
from renderer.cli.running_show import add_session_option, send_command
from renderer.errors import UsageError
from renderer.faults import FaultCollector

if TYPE_CHECKING:
    from renderer.protocol.control.midi import LearnMidi

_WAIT_S: Final = 30.0
"""Longer than the show waits for the message."""


@dataclass(frozen=True, slots=True)
class LearnRequest:
    """The checked arguments of `encore midi learn`."""

    command: LearnMidi
    session: str | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore midi learn`."""
    parser.add_argument("address", metavar="ADDRESS", help="as encore commands lists it")
    parser.add_argument("arguments", nargs="*", metavar="NAME=VALUE", help="of the command")
    parser.add_argument(
        "--argument",
        default="",
        metavar="NAME",
        help="which argument takes the controller's value; the first number that must be given by "
        "default",
    )
    parser.add_argument(
        "--range",
        nargs=2,
        type=float,
        default=(0.0, 1.0),
        metavar=("LOW", "HIGH"),
        help="its values at the controller's ends; 0 and 1 by default",
    )
    add_session_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> LearnRequest:
    """Check the arguments."""
    from renderer.protocol.control.midi import LearnMidi

    given: dict[str, str] = {}
    for word in arguments.arguments:
        name, equals, value = word.partition("=")
        if not (name and equals):
            faults.add(UsageError(repr(word), "is no argument", "write it like seconds=2"))
        given[name] = value
    low, high = arguments.range
    command = LearnMidi(
        address=arguments.address or "",
        arguments=given,
        argument=arguments.argument,
        low=low,
        high=high,
    )
    return LearnRequest(command, arguments.session)


def run(request: LearnRequest) -> int:
    """Wait for the message."""
    print(f"Move or press what is to call {request.command.address}.", flush=True)
    return send_command(request.command, request.session, _WAIT_S)


COMMAND = Command(
    "learn",
    "bind the next MIDI message to a command",
    prepare,
    run,
    add_options,
    (
        "encore midi learn /go",
        "encore midi learn /master",
        "encore midi learn /look/Chorus seconds=0.5",
        "encore midi learn /crowd --range 0 0.8",
    ),
    details="The binding is an edit of the show's document: it can be undone, and is kept with "
    "encore send /document/save_document.",
)
