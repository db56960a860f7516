"""`encore back`: return to the state before the last cue in the running show."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command, as_parsed
from renderer.cli.running_show import add_cue_list_options, send_command


def run(arguments: Namespace) -> int:
    """Go back by one cue."""
    from renderer.protocol.cues import Back

    return send_command(Back(arguments.list), arguments.session)


COMMAND = Command(
    "back",
    "return to the state before the last cue of the running show",
    as_parsed,
    run,
    add_cue_list_options,
    ("encore back", "encore back --list Effects"),
)
