"""`encore bench people`: measure avatars on clips of real people."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import check_all
from renderer.errors import RendererError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file
from renderer.paths import data_folder


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench people`."""
    parser.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="the videos in it and below; the folder `video` of the user's data if left out",
    )
    parser.add_argument(
        "--avatar", type=Path, metavar="FILE.vrm", help="the default idol if left out"
    )
    parser.add_argument(
        "--truth",
        action="store_true",
        help="also the clips of the ground-truth set in which hands touch something",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Find the clips and check the files."""
    from renderer.bench.people.report import find_clips

    folder = arguments.clips or data_folder() / "video"
    arguments.videos = []
    try:
        arguments.videos = find_clips(folder)
    except RendererError as fault:
        faults.add(fault)
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.avatar])
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.people.report import run_people_bench

    figures = run_people_bench(arguments.videos, arguments.avatar, arguments.truth, print_progress)
    return end_bench(figures, arguments.json)


COMMAND = Command(
    "people",
    "how true motion is on clips of real people",
    prepare,
    run,
    add_options,
    (
        "encore bench people --clips rehearsals",
        "encore bench people --clips rehearsals --json people.json",
    ),
)
