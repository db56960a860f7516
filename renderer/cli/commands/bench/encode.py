"""`encore bench encode`: measure how fast the program is encoded, compared with ffmpeg."""

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
    """Add the options of `encore bench encode`."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the file."""
    check_all(faults, partial(require_writable, what="figures"), [arguments.json])
    return arguments


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.encode import measure_encoding

    return end_bench(measure_encoding(tell_progress), arguments.json)


COMMAND = Command(
    "encode",
    "how fast the program is encoded, against the ffmpeg command",
    prepare,
    run,
    add_options,
    ("encore bench encode", "encore bench encode --json encode.json"),
)
