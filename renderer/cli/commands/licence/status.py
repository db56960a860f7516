"""`encore licence status`: fetch the revocation lists of licences."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence status`."""
    parser.add_argument("licence", type=Path, nargs="+", metavar="FILE.licence")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the files exist."""
    require = partial(require_file, what="licence", remedy="name an existing file")
    check_all(faults, require, arguments.licence or [])
    return arguments


def run(arguments: Namespace) -> int:
    """Fetch the lists and print each licence's status; exit with 1 if one does not stand."""
    from datetime import UTC, datetime

    from renderer.rights.folders import load_trust, status_store
    from renderer.rights.licence import load_text, read_licence
    from renderer.rights.status.store import Standing

    trust, store, stands = load_trust(), status_store(), True
    for path in arguments.licence:
        licence = read_licence(load_text(path, "licence"), str(path), trust)
        store.load(licence, trust)
        store.refresh(licence, trust)
        status = store.check(licence, datetime.now(UTC))
        until = f", known until {status.until:%Y-%m-%d %H:%M} UTC" if status.until else ""
        reason = f": {status.reason}" if status.reason else ""
        revocable = "" if licence.status else ", it has no status list"
        print(f"{path}  {status.standing.value}{until}{reason}{revocable}")
        stands &= status.standing in (Standing.VALID, Standing.OLD)
    return 0 if stands else 1


COMMAND = Command(
    "status",
    "fetch whether licences were revoked, for shows without a network",
    prepare,
    run,
    add_options,
    ("encore licence status idol.licence",),
)
