"""Send a command to a running show from the terminal, and print its answer."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renderer.protocol.schema import Command

OPERATOR = "ENCORE_OPERATOR"
"""Environment variable with the name under which commands are given; the user's if unset."""
REFUSED_STATUS = 1
"""Exit status if the show refused the command; 2 is for words that cannot be used."""


def add_session_option(parser: ArgumentParser) -> None:
    """Add `--session`."""
    parser.add_argument(
        "--session", metavar="NAME", help="which running show; the newest by default"
    )


def add_list_option(parser: ArgumentParser) -> None:
    """Add `--list`."""
    parser.add_argument(
        "--list", default="", metavar="NAME", help="which cue list; the main one by default"
    )


def add_cue_list_options(parser: ArgumentParser) -> None:
    """Add the options of a command to a cue list of a running show."""
    add_list_option(parser)
    add_session_option(parser)


def send_command(command: Command, session: str | None, timeout_s: float = 5.0) -> int:
    """Send a command to a running show, print the answer, and return the exit status.

    Args:
        command: to be sent.
        session: name of the show; None for the newest one.
        timeout_s: time in which the answer must come.

    Raises:
        DeskError: there is no such show, or it does not answer.
    """
    from renderer.transport.bus import DeskLink

    with DeskLink(find_show(session), os.environ.get(OPERATOR, "")) as link:
        reply = link.send(command, timeout_s)
    (sys.stdout if reply.ok else sys.stderr).write(
        f"{reply.text}\n" if reply.ok else f"encore: {reply.text}\n"
    )
    return 0 if reply.ok else REFUSED_STATUS


def find_show(session: str | None) -> Path:
    """Return the folder of a running show; of the newest one if none is named.

    Raises:
        DeskError: there is no such show.
    """
    from renderer.errors import DeskError
    from renderer.spelling import nearest
    from renderer.transport.session import find_sessions

    sessions = find_sessions()
    chosen = [one for one in sessions if session in (None, one.name)]
    if not chosen:
        names = [one.name for one in sessions]
        meant = nearest(session or "", names)
        raise DeskError(
            f"Show {session}" if session else "The command",
            "is not running on this machine" if session else "found no running show",
            f"did you mean {meant}?" if meant else "start one with encore show",
        )
    return chosen[0].folder
