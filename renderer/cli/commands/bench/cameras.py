"""`encore bench cameras`: measure several cameras on one performer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench cameras`."""
    parser.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="with exercise_cam01.mp4 to exercise_cam04.mp4 and exercise_calibration.qca.txt; "
        "fetched from the package pose2sim if they are not there",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the folder and the file."""
    if arguments.clips is not None and not arguments.clips.is_dir():
        faults.add(UsageError(f"Clips {arguments.clips}", "is no folder", "name a folder"))
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.cameras.report import run_cameras_bench

    return end_bench(run_cameras_bench(arguments.clips, print_progress), arguments.json)


COMMAND = Command(
    "cameras",
    "how true the joints of several cameras are",
    prepare,
    run,
    add_options,
    ("encore bench cameras", "encore bench cameras --json cameras.json"),
)
