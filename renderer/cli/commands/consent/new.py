"""`encore consent new`: write a consent's terms, to be filled in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent new`."""
    parser.add_argument("terms", type=Path, metavar="TERMS.toml", help="file to write")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file can be written."""
    check_all(faults, partial(require_writable, what="terms"), [arguments.terms])
    return arguments


def run(arguments: Namespace) -> int:
    """Write the terms."""
    from renderer.rights.consent_terms import TEMPLATE
    from renderer.rights.template_file import write_template

    now = datetime.now(UTC).replace(microsecond=0)
    end = now + timedelta(days=365)
    text = TEMPLATE.format(name=arguments.terms.name, since=now.isoformat(), until=end.isoformat())
    write_template(arguments.terms, text)
    print(f"Fill in {arguments.terms}; the performer then signs it: encore consent sign")
    return 0


COMMAND = Command(
    "new",
    "write a consent's terms, to be filled in with the performer",
    prepare,
    run,
    add_options,
    ("encore consent new mai.toml",),
)
