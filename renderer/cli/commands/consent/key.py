"""`encore consent key`: make the key with which a performer's takes are encrypted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent key`."""
    parser.add_argument("consent", type=Path, metavar="FILE.consent")
    parser.add_argument(
        "key",
        nargs="?",
        default="",
        metavar="FILE.key|keyring:NAME",
        help="where the key is kept; in the user's data by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the consent exists."""
    require = partial(require_file, what="consent", remedy="name an existing file")
    check_all(faults, require, [arguments.consent])
    return arguments


def run(arguments: Namespace) -> int:
    """Make and keep the key, and say what it is for."""
    from datetime import UTC, datetime

    from renderer.rights.takes.keys import make_take_key

    record = make_take_key(arguments.consent, arguments.key, datetime.now(UTC))
    print(f"key  {record.key}")
    print("Shows encrypt this performer's takes from now on. Recording needs no passphrase;")
    print("reading a take does, and ends with the consent's retention or withdrawal.")
    return 0


COMMAND = Command(
    "key",
    "make the key with which a performer's takes are encrypted",
    prepare,
    run,
    add_options,
    ("encore consent key mai.consent", "encore consent key mai.consent keyring:mai-takes"),
    "A file is sealed with a passphrase, from the terminal or ENCORE_KEY_PASSPHRASE.",
)
