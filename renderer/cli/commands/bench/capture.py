"""`encore bench capture`: measure how fast one and two performers are tracked."""

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
    """Add the options of `encore bench capture`."""
    parser.add_argument(
        "--video",
        type=Path,
        metavar="VIDEO",
        help="of one performer, head to foot; the demo's if left out",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files."""
    check_all(faults, partial(require_file, what="video", remedy="name a video"), [arguments.video])
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.end_to_end import capture
    from renderer.paths import CLIP

    return end_bench(capture(str(arguments.video or CLIP), print_progress), arguments.json)


COMMAND = Command(
    "capture",
    "how fast one and two performers are seen",
    prepare,
    run,
    add_options,
    ("encore bench capture", "encore bench capture --video dance.mp4 --json capture.json"),
)
