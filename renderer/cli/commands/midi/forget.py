"""`encore midi forget`: remove the MIDI messages of a command of the running show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.running_show import add_session_option, send_command
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore midi forget`."""
    parser.add_argument("address", metavar="ADDRESS", help="of the command")
    add_session_option(parser)


def prepare(arguments: Namespace, _faults: FaultCollector) -> Namespace:
    """Return the arguments: the show knows its bindings."""
    return arguments


def run(arguments: Namespace) -> int:
    """Remove them."""
    from renderer.protocol.control.midi import ForgetMidi

    return send_command(ForgetMidi(address=arguments.address), arguments.session)


COMMAND = Command(
    "forget",
    "remove the MIDI messages of a command",
    prepare,
    run,
    add_options,
    ("encore midi forget /master",),
)
