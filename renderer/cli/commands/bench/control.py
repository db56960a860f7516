"""`encore bench control`: measure cues, jumps and undo on a set of 20 songs and 400 cues."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.report import end_bench, tell_progress
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench control`."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the results can be written."""
    check_all(faults, partial(require_writable, what="figures"), [arguments.json])
    return arguments


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.control.run import run_control_bench

    return end_bench(run_control_bench(tell_progress), arguments.json)


COMMAND = Command(
    "control",
    "how promptly and how truly a large show answers its crew",
    prepare,
    run,
    add_options,
    ("encore bench control", "encore bench control --json control.json"),
    details="No picture is drawn. What is not built yet is null in the file.",
)
