"""`encore bench priors`: measure the learned models against their baselines."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench priors`."""
    parser.add_argument(
        "--takes",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="recordings of people that the models do not know (.mcap, .bvh, .bvh.xz, .vrma), a "
        "file or a folder; repeatable; the project's own choreography if left out",
    )
    parser.add_argument(
        "--faces",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a recording of Live Link Face (.csv, .csv.xz); repeatable",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the recordings."""
    for path in [*arguments.takes, *arguments.faces]:
        if not path.exists():
            faults.add(UsageError(f"Recordings {path}", "do not exist", "check the path"))
    return check_figures_option(arguments, faults)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.priors.faces import read_faces
    from renderer.bench.priors.recordings import find_recordings, own_recordings, read_recordings
    from renderer.bench.priors.run import run_priors_bench

    files = [file for path in arguments.takes for file in find_recordings(path)]
    recordings = list(read_recordings(files, print_progress)) or own_recordings()
    faces = [read_faces(path) for path in arguments.faces]
    return end_bench(run_priors_bench(recordings, faces, print_progress), arguments.json)


COMMAND = Command(
    "priors",
    "the learned models against their baselines, on people they do not know",
    prepare,
    run,
    add_options,
    (
        "encore bench priors",
        "encore bench priors --takes dancers --faces face.csv --json priors.json",
    ),
)
