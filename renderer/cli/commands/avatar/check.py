"""`encore avatar check`: report errors in a VRM file, and features that it lacks for a show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar check`."""
    parser.add_argument("file", type=Path, metavar="FILE.vrm")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists."""
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.file])
    return arguments


def run(arguments: Namespace) -> int:
    """Print the findings; return 2 if any is an error."""
    from avatars.check import Severity, as_json, as_text, check_avatar

    findings = check_avatar(arguments.file)
    print(as_json(findings) if arguments.json else as_text(findings))
    return 2 if any(finding.severity is Severity.ERROR for finding in findings) else 0


COMMAND = Command(
    "check",
    "what is wrong with a VRM file, and what a show would miss",
    prepare,
    run,
    add_options,
    ("encore avatar check idol.vrm", "encore avatar check idol.vrm --json > findings.json"),
)
