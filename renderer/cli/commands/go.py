"""`encore go`: start the cue on standby in the running show."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command, as_parsed
from renderer.cli.running_show import add_cue_list_options, send_command


def run(arguments: Namespace) -> int:
    """Press GO."""
    from renderer.protocol.cues import Go

    return send_command(Go(arguments.list), arguments.session)


COMMAND = Command(
    "go",
    "start the cue on standby in the running show",
    as_parsed,
    run,
    add_cue_list_options,
    ("encore go", "encore go --list Effects"),
)
