"""`encore duet`: render both default idols dancing to the demo's song."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all, number, picture_size
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.paths import IDOL, IDOL_2

SONG_BEATS: Final = 60.0
"""Length of the demo's dance in beats (`avatars.authoring.dance.score.BEATS`)."""


@dataclass(frozen=True, slots=True)
class DuetRequest:
    """The checked arguments of `encore duet`."""

    file: Path
    start: float
    beats: float
    avatars: tuple[Path, Path]
    size: tuple[int, int] | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore duet`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.mp4|.png", help="a video, or a picture of its first frame"
    )
    parser.add_argument("--size", metavar="WxH", help="picture size, such as 1280x720")
    parser.add_argument(
        "--start",
        type=number("Start", 0.0, SONG_BEATS, 20.0),
        default=20.0,
        metavar="BEAT",
        help="of the song's 60, 20 by default",
    )
    parser.add_argument(
        "--beats",
        type=number("Beats", 0.0, SONG_BEATS, 40.0),
        default=40.0,
        metavar="N",
        help="how long, two beats a second; 40 by default",
    )
    parser.add_argument(
        "--avatars", type=Path, nargs=2, default=(IDOL, IDOL_2), metavar=("LEFT.vrm", "RIGHT.vrm")
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> DuetRequest:
    """Check the file, the avatars and the size."""
    file: Path | None = arguments.file
    if file is not None and file.suffix.lower() not in (".mp4", ".png"):
        faults.add(
            UsageError(f"file {file}", "is neither a video nor a picture", "name .mp4 or .png")
        )
    check_all(faults, partial(require_writable, what="file"), [file])
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, arguments.avatars)
    left, right = arguments.avatars
    return DuetRequest(
        file or Path(),
        arguments.start,
        arguments.beats,
        (left, right),
        faults.attempt(picture_size, arguments.size),
    )


def run(request: DuetRequest) -> int:
    """Render the duet."""
    from renderer.tools.duet import DuetPlan, give_duet

    plan = DuetPlan(request.file, request.start, request.beats, request.avatars, request.size)
    give_duet(plan, lambda text: print(text, flush=True))
    return 0


COMMAND = Command(
    "duet",
    "film both default idols dancing to the demo's song",
    prepare,
    run,
    add_options,
    (
        "encore duet duet.mp4",
        "encore duet duet.mp4 --start 0 --beats 60 --size 1280x720",
        "encore duet docs/duet.png --start 32.3",
    ),
)
