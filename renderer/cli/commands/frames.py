"""`encore frames`: draw the frames of the duet that docs/frames.md shows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

QUALITIES: Final = ("full", "software")
"""Names of the quality levels (`renderer.tools.frames.QUALITIES`)."""


@dataclass(frozen=True, slots=True)
class FramesRequest:
    """The checked arguments of `encore frames`."""

    folder: Path
    quality: str


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore frames`."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("docs/frames"),
        metavar="FOLDER",
        help="folder for the pictures, docs/frames by default",
    )
    parser.add_argument(
        "--quality",
        choices=QUALITIES,
        default="full",
        help="quality of effects: full (default), or software, as in a live show without a GPU",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> FramesRequest:
    """Check the folder."""
    check_all(faults, partial(require_writable, what="picture"), [arguments.out / "wide.jpg"])
    return FramesRequest(arguments.out, arguments.quality)


def run(request: FramesRequest) -> int:
    """Draw the frames."""
    from renderer.tools.frames import QUALITIES, draw_frames

    draw_frames(request.folder, QUALITIES[request.quality], lambda text: print(text, flush=True))
    return 0


COMMAND = Command(
    "frames",
    "draw the documentation's frames of the duet, one for each camera",
    prepare,
    run,
    add_options,
    ("encore frames", "encore frames --out pictures --quality software"),
)
