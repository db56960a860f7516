"""`encore licence revoke`: revoke, suspend or reinstate a licence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence revoke`."""
    parser.add_argument("identifier", metavar="urn:uuid:…|FILE.licence")
    parser.add_argument("--registry", required=True, type=Path, metavar="FILE.registry")
    parser.add_argument("--key", required=True, metavar="FILE.key|keyring:NAME")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--suspend", action="store_true", help="for a time, instead of for good")
    how.add_argument("--reinstate", action="store_true", help="end a suspension")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the registry exists."""
    require = partial(require_file, what="registry", remedy="name the one it was signed with")
    check_all(faults, require, [arguments.registry])
    return arguments


def run(arguments: Namespace) -> int:
    """Change the status, and print the files to publish."""
    from datetime import UTC, datetime

    from renderer.rights.credentials.keys import load_key
    from renderer.rights.folders import load_trust
    from renderer.rights.licence import load_text, read_licence
    from renderer.rights.status.registry import keep_registry, load_registry, set_status

    urn = arguments.identifier
    if not urn.startswith("urn:"):
        urn = read_licence(load_text(Path(urn), "licence"), urn, load_trust()).id
    registry = load_registry(arguments.registry)
    status = "suspended" if arguments.suspend else "valid" if arguments.reinstate else "revoked"
    set_status(registry, arguments.registry, urn, status)
    key = load_key(arguments.key)
    for path in keep_registry(registry, arguments.registry, key, datetime.now(UTC)):
        print(
            f"publish  {path}" + (f" at {registry.address}{path.name}" if registry.address else "")
        )
    print(f"{urn} is {status} for every show that has the new list.")
    return 0


COMMAND = Command(
    "revoke",
    "revoke, suspend or reinstate a licence",
    prepare,
    run,
    add_options,
    ("encore licence revoke idol.licence --registry label.registry --key label.key",),
)
