"""`encore guest invite`: write an invitation for a performer elsewhere."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import number
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

_MOST_HOURS: Final = 720.0
"""Thirty days; equals `renderer.show.guests.invitation.LONGEST_S`, which is slow to import."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore guest invite`."""
    parser.add_argument("guest", metavar="NAME", help="as the show's input names it: guest:NAME")
    parser.add_argument(
        "--address",
        required=True,
        metavar="http://HOST:PORT",
        help="where the guest reaches the show's --guests",
    )
    parser.add_argument(
        "--show", default="", metavar="TITLE", help="the only show; any if left out"
    )
    parser.add_argument(
        "--hours", type=number("Hours", 0.1, _MOST_HOURS, 12), default=12.0, help="how long, 12"
    )
    parser.add_argument(
        "--ice",
        action="append",
        default=[],
        metavar="SERVER",
        help="STUN or TURN server of the crew's: stun:HOST:PORT, turn:USER:PASSWORD@HOST:PORT",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.invitation")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file can be written."""
    arguments.output = arguments.output or Path(f"{arguments.guest}.invitation")
    faults.attempt(lambda path: require_writable(path, "invitation"), arguments.output)
    return arguments


def run(arguments: Namespace) -> int:
    """Write the invitation, and print how it is revoked."""
    import msgspec

    from renderer.rights.template_file import write_template
    from renderer.show.guests.invitation import GuestKey, make_terms

    terms = make_terms(
        arguments.guest, arguments.show, arguments.hours, arguments.address, tuple(arguments.ice)
    )
    invitation = GuestKey().invite(terms)
    write_template(arguments.output, msgspec.json.encode(invitation).decode())
    print(f"invitation  {arguments.output}")
    print(f"revoke it   encore guest revoke {terms.id}")
    print("Who has the file can join as the guest: send it as you would a password.")
    return 0


COMMAND = Command(
    "invite",
    "write an invitation for a performer elsewhere",
    prepare,
    run,
    add_options,
    ("encore guest invite Mai --address http://studio.example:8470 --show 'First Light'",),
)
