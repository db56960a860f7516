"""Options that all commands of `encore train` share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.values import check_all, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_recording_options(parser: ArgumentParser) -> None:
    """Add the options of recordings, and those of the result."""
    parser.add_argument(
        "--takes",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="recordings to train on (.mcap, .bvh, .bvh.xz, .vrma), a file or a folder; repeatable",
    )
    parser.add_argument(
        "--licence",
        action="append",
        default=[],
        metavar="TEXT",
        help="what allows training on them: one for each --takes, in the same order",
    )
    parser.add_argument(
        "--consent",
        action="append",
        default=[],
        metavar="TEXT",
        help="what the people recorded agreed to: one for each --takes, in the same order; for "
        "takes (.mcap) a signed FILE.consent, unless it is in the user's data",
    )
    parser.add_argument(
        "--test",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="recordings to measure on, of people who are not trained on; repeatable",
    )
    add_result_options(parser)


def add_result_options(parser: ArgumentParser) -> None:
    """Add the options of the result."""
    parser.add_argument(
        "--out", type=Path, metavar="FILE.npz", help="where the weights are written"
    )
    parser.add_argument(
        "--seed",
        type=whole_number("Seed", 0, 2**31 - 1),
        default=1,
        metavar="N",
        help="of every random number; the same seed gives the same file; 1 by default",
    )
    add_figures_option(parser)


def check_recordings(arguments: Namespace, faults: FaultCollector) -> None:
    """Check the recordings, their licences and the result."""
    for path in [*arguments.takes, *arguments.test]:
        if not path.exists():
            faults.add(UsageError(f"Recordings {path}", "do not exist", "check the path"))
    check_declared(arguments, faults)
    check_result(arguments, faults)


def check_declared(arguments: Namespace, faults: FaultCollector) -> None:
    """Check that each recording is declared by a licence and a consent."""
    for option, given in (("--licence", arguments.licence), ("--consent", arguments.consent)):
        if len(given) != len(arguments.takes):
            faults.add(
                UsageError(
                    option,
                    f"is given {len(given)} times for {len(arguments.takes)} --takes",
                    "give one for each, in the same order",
                )
            )


def check_result(arguments: Namespace, faults: FaultCollector) -> None:
    """Check where the result is written."""
    if arguments.out is None:
        faults.add(UsageError("--out", "is missing", "name the file of the weights: --out a.npz"))
    elif arguments.out.suffix != ".npz":
        faults.add(UsageError(f"--out {arguments.out}", "is no .npz file", "name one"))
    elif arguments.json == arguments.out.with_suffix(".json"):
        faults.add(
            UsageError(f"--json {arguments.json}", "is the model's card", "name another file")
        )
    check_all(faults, partial(require_writable, what="model"), [arguments.out])
    check_figures_option(arguments, faults)
