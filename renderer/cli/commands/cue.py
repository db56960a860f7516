"""`encore cue`: jump to a cue of the running show, or put it on standby."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed
from renderer.cli.running_show import add_cue_list_options, send_command


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore cue`."""
    parser.add_argument("cue", metavar="NUMBER", help="of the cue, such as 12 or 12.5")
    parser.add_argument("--standby", action="store_true", help="do not start it: the next GO does")
    add_cue_list_options(parser)


def run(arguments: Namespace) -> int:
    """Jump to the cue."""
    from renderer.protocol.cues import StandByCue, StartCue

    kind = StandByCue if arguments.standby else StartCue
    return send_command(kind(list=arguments.list, cue=arguments.cue), arguments.session)


COMMAND = Command(
    "cue",
    "jump to a cue of the running show, with the state that all cues before it leave",
    as_parsed,
    run,
    add_options,
    ("encore cue 12", "encore cue 12.5 --standby"),
)
