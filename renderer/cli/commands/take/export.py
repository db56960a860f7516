"""`encore take export`: export a recorded take as animation for other programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all, number, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable

SUFFIXES: Final = (".vrma", ".glb", ".bvh")
MOST_PERFORMERS: Final = 4
"""Maximum number of performers in a take."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore take export`."""
    parser.add_argument("file", type=Path, metavar="TAKE.mcap")
    parser.add_argument("to", type=Path, metavar="FILE.vrma|.glb|.bvh")
    parser.add_argument(
        "--rate",
        type=number("Rate", 1.0, 1000.0, 60.0),
        default=60.0,
        metavar="FPS",
        help="motions a second, 60 by default",
    )
    parser.add_argument(
        "--number",
        type=whole_number("Performer number", 1, MOST_PERFORMERS),
        default=1,
        metavar="N",
        help="whose motion, where the take holds several performers; 1 by default",
    )
    parser.add_argument(
        "--performer",
        default="",
        metavar="NAME",
        help="whose calibrated face and own models are used; the name in the take by default",
    )
    parser.add_argument(
        "--as-shown",
        action="store_true",
        help="what the show showed, with the director's changes; otherwise what the performer did",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check both files and the options that exclude each other."""
    require = partial(require_file, what="take", remedy="name a take that was kept by --take")
    check_all(faults, require, [arguments.file])
    to: Path | None = arguments.to
    if to is not None and to.suffix.lower() not in SUFFIXES:
        faults.add(
            UsageError(
                f"animation {to}",
                "is of no kind that can be written",
                f"end its name with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
            )
        )
    check_all(faults, partial(require_writable, what="animation"), [to])
    if arguments.as_shown and arguments.performer:
        faults.add(
            UsageError(
                "--performer and --as-shown",
                "exclude each other: what was shown has the faces that the show knew",
                "leave one of them out",
            )
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Write the take as animation, and print its recoverable faults."""
    from renderer.tools.export_take import export

    for warning in export(
        arguments.file,
        arguments.to,
        arguments.rate,
        arguments.number - 1,
        arguments.performer,
        shown=arguments.as_shown,
    ):
        print(f"Warning    {warning}")
    return 0


COMMAND = Command(
    "export",
    "solve a take again and write it as animation",
    prepare,
    run,
    add_options,
    (
        "encore take export evening.mcap evening.vrma",
        "encore take export evening.mcap mai.bvh --number 2 --performer Mai --rate 120",
        "encore take export evening.mcap evening.glb --as-shown",
    ),
)
