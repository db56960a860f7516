"""`encore panic`: show the slate instead of the program of the running show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed
from renderer.cli.running_show import add_session_option, send_command


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore panic`."""
    parser.add_argument("--off", action="store_true", help="show the program again")
    add_session_option(parser)


def run(arguments: Namespace) -> int:
    """Show the slate, or the program again."""
    from renderer.protocol.cues import Panic

    return send_command(Panic(not arguments.off), arguments.session)


COMMAND = Command(
    "panic",
    "stop all cues of the running show and put the slate on air",
    as_parsed,
    run,
    add_options,
    ("encore panic", "encore panic --off"),
)
