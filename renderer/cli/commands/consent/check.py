"""`encore consent check`: check a consent and tell what it allows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file

_KEYED: Final = "takes, calibrations and own priors are encrypted on this machine"
_UNKEYED: Final = "NONE here: takes and calibrations stay readable (encore consent key FILE)"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent check`."""
    parser.add_argument("consent", type=Path, metavar="FILE.consent")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists."""
    require = partial(require_file, what="consent", remedy="name an existing file")
    check_all(faults, require, [arguments.consent])
    return arguments


def run(arguments: Namespace) -> int:
    """Print what the consent allows; exit with 1 if it does not stand now."""
    from datetime import UTC, datetime

    from renderer.rights.consent_file import load_consent
    from renderer.rights.takes.keys import find_take_key

    now = datetime.now(UTC)
    consent = load_consent(arguments.consent)
    terms = consent.terms
    is_current = terms.since <= now < terms.until
    print(f"signature   intact, by {terms.performer} ({consent.subject})")
    print(f"controller  {terms.controller}")
    print(f"captured    {', '.join(one.value for one in terms.captures)}")
    print(f"shows       {', '.join(terms.shows)}")
    print(f"dates       from {terms.since:%Y-%m-%d} to {terms.until:%Y-%m-%d}")
    print(f"kept        {terms.retention_days} days")
    for name in ("reuse_takes", "training", "picture_shown", "name_shown"):
        print(f"{name:<12}{'yes' if getattr(terms, name) else 'no'}")
    has_key = find_take_key(consent.sha256) is not None
    print(f"{'key':<12}{_KEYED if has_key else _UNKEYED}")
    if consent.withdrawn is not None:
        print(f"WITHDRAWN   on {consent.withdrawn:%Y-%m-%d %H:%M} UTC")
    elif not is_current:
        print("NOT CURRENT")
    return 0 if is_current and consent.withdrawn is None else 1


COMMAND = Command(
    "check",
    "whether a consent is intact and current, and what it allows",
    prepare,
    run,
    add_options,
    ("encore consent check mai.consent",),
)
