"""`encore duet`: render both default idols dancing to the demo's song."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.cli.command import Command
from renderer.cli.stage_options import add_stage_options, check_set, screen_sources
from renderer.cli.values import check_all, number, picture_size
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.paths import IDOL, IDOL_2

if TYPE_CHECKING:  # Importing it loads numpy, which --help does not need.
    from renderer.stage.records import ScreenSource

SONG_BEATS: Final = 60.0
"""Length of the demo's dance in beats (`avatars.authoring.dance.score.BEATS`)."""
FILES: Final = (".mp4", ".png")
KEYED_FILES: Final = (".mov", ".webm", ".png")
"""Suffixes of what can be written, and of what keeps alpha (`renderer.output.encode.alpha`)."""


@dataclass(frozen=True, slots=True)
class DuetRequest:
    """The checked arguments of `encore duet`."""

    file: Path
    start: float
    beats: float
    avatars: tuple[Path, Path]
    size: tuple[int, int] | None
    set: Path | None
    screens: tuple[ScreenSource, ...]
    vertical: Path | None
    has_titles: bool
    is_keyed: bool


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore duet`."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.mp4|.png",
        help="a video, or a picture of its first frame; with --alpha a .mov (ProRes 4444), a .webm "
        "(VP9) or a .png",
    )
    parser.add_argument("--size", metavar="WxH", help="picture size, such as 1280x720")
    parser.add_argument(
        "--start",
        type=number("Start", 0.0, SONG_BEATS, 20.0),
        default=20.0,
        metavar="BEAT",
        help="first beat of the song's 60; 20 by default",
    )
    parser.add_argument(
        "--beats",
        type=number("Beats", 0.0, SONG_BEATS, 40.0),
        default=40.0,
        metavar="N",
        help="number of beats, two per second; 40 by default",
    )
    parser.add_argument(
        "--avatars",
        type=Path,
        nargs=2,
        default=(IDOL, IDOL_2),
        metavar=("LEFT.vrm", "RIGHT.vrm"),
        help="VRM files of the dancers; the default idols if left out",
    )
    add_stage_options(parser)

    parser.add_argument(
        "--vertical",
        type=Path,
        metavar="FILE.mp4|.png",
        help="also render an upright view with its own cameras",
    )
    parser.add_argument(
        "--clean", action="store_true", help="without lyrics and titles; the label stays"
    )
    parser.add_argument(
        "--alpha",
        action="store_true",
        help="the dancers alone over transparency, for keying; straight alpha, without sound and "
        "titles",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> DuetRequest:
    """Check the file, the avatars and the size."""
    file: Path | None = arguments.file
    vertical: Path | None = arguments.vertical
    kinds = KEYED_FILES if arguments.alpha else FILES
    for one in (file, vertical):
        if one is not None and one.suffix.lower() not in kinds:
            faults.add(
                UsageError(
                    f"file {one}",
                    "keeps no alpha" if arguments.alpha else "is neither a video nor a picture",
                    f"name {', '.join(kinds[:-1])} or {kinds[-1]}",
                )
            )
    if file is not None and vertical is not None and file.absolute() == vertical.absolute():
        faults.add(UsageError(f"file {file}", "is named for both views", "name two files"))
    check_all(faults, partial(require_writable, what="file"), [file, vertical])
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, arguments.avatars)
    left, right = arguments.avatars
    return DuetRequest(
        file or Path(),
        arguments.start,
        arguments.beats,
        (left, right),
        faults.attempt(picture_size, arguments.size),
        check_set(arguments, faults),
        screen_sources(arguments, faults),
        vertical,
        not arguments.clean,
        arguments.alpha,
    )


def run(request: DuetRequest) -> int:
    """Render the duet."""
    from renderer.tools.duet import DuetPlan, give_duet

    plan = DuetPlan(
        request.file,
        request.start,
        request.beats,
        request.avatars,
        request.size,
        request.set,
        request.screens,
        request.vertical,
        request.has_titles,
        is_keyed=request.is_keyed,
    )
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
        "encore duet still.png --start 44.4",
        "encore duet duet.mp4 --vertical duet_9x16.mp4",
        "encore duet dancers.mov --alpha",
    ),
)
