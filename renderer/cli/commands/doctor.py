"""`encore doctor`: check whether this machine can run a show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from renderer.cli.command import Command, as_parsed

NO_GO_STATUS = 1
"""Exit status if a show cannot run; 2 is for unusable arguments."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore doctor`."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out"),
        metavar="FOLDER",
        help="where recordings go: its room and speed are measured; out by default",
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: Namespace) -> int:
    """Test everything that a show needs; return 0 for go and 1 for no-go."""
    import json

    from renderer.tools.doctor import as_dict, as_text, examine, is_go

    findings = examine(arguments.out)
    print(json.dumps(as_dict(findings), indent=2) if arguments.json else as_text(findings))
    return 0 if is_go(findings) else NO_GO_STATUS


COMMAND = Command(
    "doctor",
    "try what a show needs on this machine, and say go or no-go",
    as_parsed,
    run,
    add_options,
    (
        "encore doctor",
        "encore doctor --out /mnt/recordings",
        "encore doctor --json > doctor.json && encore show …     in a script before a show",
    ),
    details="A warning lets a show start with something missing; a problem does not.",
)
