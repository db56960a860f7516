"""`encore bench rights`: measure whether changed documents are refused, and how fast."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import check_all, whole_number
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench rights`."""
    parser.add_argument(
        "--count",
        type=whole_number("Documents", 100, 10_000_000),
        default=100_000,
        metavar="N",
        help="changed documents to try, 100000 by default",
    )
    parser.add_argument(
        "--video",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="an unmarked recording of a show on which the mark is measured; may be given again",
    )
    parser.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="measure the mark on four clips of the demo; they are rendered into this folder, or "
        "read from it",
    )
    parser.add_argument(
        "--unmarked",
        type=whole_number("Searches", 1, 1_000_000),
        default=1000,
        metavar="N",
        help="searches of changed pictures without a mark, 1000 by default",
    )
    parser.add_argument(
        "--shapes",
        type=whole_number("Avatars", 0, 10_000),
        default=60,
        metavar="N",
        help="avatars to make, whose copies must be recognised; 60 by default, 0 for none",
    )
    parser.add_argument(
        "--avatars",
        type=Path,
        metavar="FOLDER",
        help="more avatars for that, all .vrm files below it",
    )
    parser.add_argument(
        "--media",
        type=Path,
        metavar="FOLDER",
        help="signed media of others, such as C2PA's good and bad examples, to be told apart",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the videos exist and the figures can be written."""
    require = partial(require_file, what="video", remedy="name a recording")
    check_all(faults, require, arguments.video)
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.rights.run import run_rights_bench

    return end_bench(
        run_rights_bench(
            arguments.count,
            print_progress,
            arguments.video,
            clips=arguments.clips,
            searches=arguments.unmarked,
            shapes=arguments.shapes,
            media=sorted(arguments.media.iterdir()) if arguments.media else (),
            avatars=sorted(arguments.avatars.rglob("*.vrm")) if arguments.avatars else (),
        ),
        arguments.json,
    )


COMMAND = Command(
    "rights",
    "whether changed licences, consents and lists are refused, and how fast",
    prepare,
    run,
    add_options,
    ("encore bench rights --json rights.json", "encore bench rights --clips clips"),
)
