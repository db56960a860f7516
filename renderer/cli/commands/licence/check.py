"""`encore licence check`: check signature, issuer, avatar, dates and status of a licence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence check`."""
    parser.add_argument("licence", type=Path, metavar="FILE.licence")
    parser.add_argument("--avatar", type=Path, metavar="FILE.vrm", help="that it should be for")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the files exist."""
    require = partial(require_file, what="file", remedy="name an existing file")
    check_all(faults, require, [arguments.licence])
    if arguments.avatar is not None:
        check_all(faults, require, [arguments.avatar])
    return arguments


def run(arguments: Namespace) -> int:
    """Print what was checked; the exit status is 1 if the licence does not stand."""
    from datetime import UTC, datetime

    from renderer.errors import RightsError
    from renderer.rights.folders import load_trust, status_store
    from renderer.rights.licence import hash_file, load_text, read_licence
    from renderer.rights.status.store import Standing

    trust, now = load_trust(), datetime.now(UTC)
    licence = read_licence(load_text(arguments.licence, "licence"), str(arguments.licence), trust)
    terms = licence.terms
    if arguments.avatar is not None and hash_file(arguments.avatar) != terms.sha256:
        raise RightsError(
            f"licence {arguments.licence}",
            f"is for another file than {arguments.avatar}",
            f"ask {licence.issuer_name} for a licence for this file",
        )
    store = status_store()
    store.load(licence, trust)
    store.refresh(licence, trust)
    status = store.check(licence, now)
    print(f"signature   intact, by {licence.issuer_name} ({licence.issuer})")
    print(f"avatar      {terms.avatar}, SHA-256 {terms.sha256}")
    is_current = terms.since <= now and (terms.until is None or now < terms.until)
    end = f"to {terms.until:%Y-%m-%d %H:%M} UTC" if terms.until else "without end"
    print(
        f"dates       from {terms.since:%Y-%m-%d %H:%M} {end}" + ("" if is_current else ": not now")
    )
    print(f"status      {status.standing.value}" + (f": {status.reason}" if status.reason else ""))
    return 0 if is_current and status.standing in (Standing.VALID, Standing.OLD) else 1


COMMAND = Command(
    "check",
    "whether a licence is intact, trusted, current and not revoked",
    prepare,
    run,
    add_options,
    ("encore licence check idol.licence --avatar idol.vrm",),
)
