"""`encore bench follow`: measure how closely the idol follows a video."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench follow`."""
    parser.add_argument("video", type=Path, metavar="VIDEO")
    parser.add_argument(
        "--avatar", type=Path, metavar="FILE.vrm", help="the default idol if left out"
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files."""
    check_all(faults, partial(require_file, what="video", remedy="name a video"), [arguments.video])
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.avatar])
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.end_to_end import follow

    return end_bench(follow(str(arguments.video), arguments.avatar), arguments.json)


COMMAND = Command(
    "follow",
    "how closely the idol follows a video",
    prepare,
    run,
    add_options,
    ("encore bench follow dance.mp4", "encore bench follow dance.mp4 --json follow.json"),
)
