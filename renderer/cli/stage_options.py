"""Define the options of commands that draw a stage: the set and the sources of its screens."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _ArgumentGroup
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.faults import FaultCollector

if TYPE_CHECKING:  # Importing it loads numpy, which --help does not need.
    from renderer.stage.records import ScreenSource


def add_stage_options(parser: ArgumentParser | _ArgumentGroup) -> None:
    """Add `--set` and `--screen`."""
    parser.add_argument(
        "--set",
        type=Path,
        metavar="FILE",
        help="stage set: glTF, GLB, OBJ, PLY, STL, OFF, Collada or 3MF, in metres, with its floor "
        "at height 0",
    )
    parser.add_argument(
        "--screen",
        action="append",
        default=[],
        metavar="NAME=SOURCE",
        help="source of a screen: a video, a picture, program or generated, such as wall=loop.mp4; "
        "may be repeated for other screens",
    )


def check_set(arguments: Namespace, faults: FaultCollector) -> Path | None:
    """Return the set's file, and record its fault if it is not a set."""
    from renderer.stage.sets.checks import check_set

    faults.attempt(check_set, arguments.set)
    chosen: Path | None = arguments.set
    return chosen


def screen_sources(arguments: Namespace, faults: FaultCollector) -> tuple[ScreenSource, ...]:
    """Return the sources of screens, and record the faults of invalid ones."""
    from renderer.stage.sets.screen_sources import parse_screen_source

    return faults.collect(parse_screen_source, arguments.screen)
