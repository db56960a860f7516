"""`encore sheet`: draw frames of a clip beside the close-up of the avatar that they drive."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import number, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.paths import IDOL

MOST_FRAMES: Final = 60
"""Maximum number of frames of a sheet."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore sheet`."""
    parser.add_argument("video", type=Path, metavar="VIDEO", help="a clip that shows a face")
    parser.add_argument(
        "--avatar", type=Path, default=IDOL, metavar="FILE.vrm", help="the default idol if left out"
    )
    parser.add_argument(
        "-o", "--out", type=Path, metavar="PNG", help="VIDEO_sheet.png in this folder if left out"
    )
    parser.add_argument(
        "--frames",
        type=whole_number("Frames", 1, MOST_FRAMES),
        default=12,
        metavar="N",
        help=f"how many, from 1 to {MOST_FRAMES}; 12 by default",
    )
    parser.add_argument(
        "--strongest",
        action="store_true",
        help="the strongest expressions that differ, instead of evenly spaced frames",
    )
    parser.add_argument(
        "--expressiveness",
        type=number("Expressiveness", 0.0, 1.0, 0.7),
        metavar="N",
        help="how strongly faces are shown, from 0, as they were seen, to 1; the avatar's own if "
        "left out",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files."""
    faults.attempt(
        partial(require_file, what="video", remedy="name a video that shows a face"),
        arguments.video,
    )
    faults.attempt(
        partial(require_file, what="avatar", remedy="name a .vrm file"), arguments.avatar
    )
    if arguments.out is None:
        arguments.out = Path(f"{arguments.video.stem}_sheet.png")
    if arguments.out.suffix.lower() != ".png":
        faults.add(UsageError(f"Sheet {arguments.out}", "is no PNG", "name a file such as a.png"))
    faults.attempt(partial(require_writable, what="sheet"), arguments.out)
    return arguments


def run(arguments: Namespace) -> int:
    """Draw the sheet."""
    from renderer.cli.report import print_progress
    from renderer.tools.face_sheet import SheetPlan, draw_sheet

    path = draw_sheet(
        SheetPlan(
            arguments.video,
            arguments.avatar,
            arguments.out,
            arguments.frames,
            arguments.strongest,
            arguments.expressiveness,
        ),
        print_progress,
    )
    print(path)
    return 0


COMMAND = Command(
    "sheet",
    "draw frames of a clip beside the avatar's face",
    prepare,
    run,
    add_options,
    (
        "encore sheet performer.mp4",
        "encore sheet performer.mp4 --avatar idol.vrm --strongest -o faces.png",
        "encore sheet performer.mp4 --expressiveness 0 -o literal.png",
    ),
)
