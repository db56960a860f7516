"""`encore avatar build`: build a default idol in a chosen palette."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all, whole_number
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

PALETTES: Final = ("ember", "leaf", "night", "rose", "sun", "violet")
"""The names in `avatars.authoring.figure.palette.PALETTES`, which is slow to load."""
IDOLS: Final = 2
"""Number of designs in `avatars.authoring.design.IDOLS`."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar build`."""
    parser.add_argument(
        "--idol",
        type=whole_number("Idol", 1, IDOLS),
        default=1,
        metavar="NUMBER",
        help=f"which design, from 1 to {IDOLS}; 1 by default",
    )
    parser.add_argument(
        "--palette", choices=PALETTES, help="the colours; the design's own if left out"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.vrm")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file can be written."""
    check_all(faults, partial(require_writable, what="avatar"), [arguments.out])
    return arguments


def run(arguments: Namespace) -> int:
    """Build the idol."""
    from avatars.authoring.__main__ import build_one

    build_one(arguments.idol, arguments.palette, arguments.out)
    return 0


COMMAND = Command(
    "build",
    "make a default idol in chosen colours",
    prepare,
    run,
    add_options,
    (
        "encore avatar build --palette rose --out rose.vrm",
        "encore avatar build --idol 2 --palette sun --out sun.vrm",
    ),
)
