"""`encore bench motion`: measure the accuracy, jitter and latency of motion."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench motion`."""
    parser.add_argument(
        "--video", action="append", default=[], metavar="VIDEO", help="a clip of no known truth"
    )
    parser.add_argument(
        "--still",
        action="append",
        default=[],
        metavar="VIDEO",
        help="to show one picture of: how still is a performer who stands still",
    )
    parser.add_argument(
        "--mocap",
        action="append",
        default=[],
        type=Path,
        metavar="TAKE.bvh",
        help="a take of CMU's motion capture",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files."""
    require = partial(require_file, what="video", remedy="name a video")
    check_all(faults, require, map(Path, [*arguments.video, *arguments.still]))
    check_all(faults, partial(require_file, what="take", remedy="name a .bvh"), arguments.mocap)
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.end_to_end import motion

    figures = motion(arguments.video, arguments.mocap, arguments.still, print_progress)
    return end_bench(figures, arguments.json)


COMMAND = Command(
    "motion",
    "how true, calm and quick motion is",
    prepare,
    run,
    add_options,
    ("encore bench motion", "encore bench motion --video dance.mp4 --json motion.json"),
)
