"""`encore bench faces`: measure face shapes and gaze against labels of real frames."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench faces`."""
    parser.add_argument(
        "--labels",
        type=Path,
        required=True,
        metavar="CSV",
        help="what a person sees in frames of the clips; docs/face.md lists the columns",
    )
    parser.add_argument(
        "--clips", type=Path, required=True, metavar="FOLDER", help="the labelled clips' folder"
    )
    parser.add_argument(
        "--starts",
        action="store_true",
        help="measure shows that begin at each labelled frame too",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files and the folder."""
    faults.attempt(partial(require_file, what="labels", remedy="name a CSV file"), arguments.labels)
    faults.attempt(_require_folder, arguments.clips)
    return check_figures_option(arguments, faults)


def _require_folder(path: Path) -> None:
    if not path.is_dir():
        raise UsageError(f"Folder {path}", "does not exist", "name the clips' folder")


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.end_to_end import faces

    figures = faces(arguments.labels, arguments.clips, arguments.starts, print_progress)
    return end_bench(figures, arguments.json)


COMMAND = Command(
    "faces",
    "how well face shapes and gaze agree with what a person sees",
    prepare,
    run,
    add_options,
    (
        "encore bench faces --labels labels.csv --clips clips",
        "encore bench faces --labels labels.csv --clips clips --starts --json faces.json",
    ),
)
