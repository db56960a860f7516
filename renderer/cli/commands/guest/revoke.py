"""`encore guest revoke`: revoke an invitation."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.errors import UsageError
from renderer.faults import FaultCollector

_DIGITS = 16


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore guest revoke`."""
    parser.add_argument(
        "id", metavar="ID", help="of the invitation, as encore guest invite printed"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the form of the identifier."""
    if len(arguments.id) != _DIGITS or not set(arguments.id) <= set("0123456789abcdef"):
        faults.add(
            UsageError(
                f"Invitation {arguments.id}",
                "is no identifier of one",
                "write the 16 digits that encore guest invite printed",
            )
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Revoke it; a running show disconnects its guest within a second."""
    from renderer.show.guests.invitation import GuestKey

    GuestKey().revoke(arguments.id)
    print(f"revoked     {arguments.id}")
    return 0


COMMAND = Command(
    "revoke",
    "revoke an invitation; a guest who joined by it is disconnected",
    prepare,
    run,
    add_options,
    ("encore guest revoke 3f0c51b0a9d2e477",),
)
