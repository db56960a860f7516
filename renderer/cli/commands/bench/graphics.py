"""`encore bench graphics`: measure the cost of drawing for each effect and pass."""

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
    """Add the options of `encore bench graphics`."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the file."""
    check_all(faults, partial(require_writable, what="figures"), [arguments.json])
    return arguments


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.graphics import measure_graphics

    return end_bench(measure_graphics(tell_progress), arguments.json)


COMMAND = Command(
    "graphics",
    "what drawing costs, effect by effect and pass by pass",
    prepare,
    run,
    add_options,
    ("encore bench graphics", "encore bench graphics --json graphics.json"),
)
