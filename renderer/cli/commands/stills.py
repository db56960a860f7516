"""`encore stills`: draw a show's cues at positions of its song, before anybody performs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.cli.command import Command
from renderer.cli.values import check_all, picture_size
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable
from renderer.spelling import nearest

if TYPE_CHECKING:
    from renderer.show.plan import ShowPlan


@dataclass(frozen=True, slots=True)
class StillsRequest:
    """The checked arguments of `encore stills`; no plan for a document with faults."""

    plan: ShowPlan | None
    positions: tuple[str, ...]
    folder: Path
    size: tuple[int, int] | None
    song: str = ""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore stills`."""
    parser.add_argument("file", type=Path, metavar="SHOW.toml", help="document of the show")
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="BAR:BEAT",
        help="position in the song, such as 9:1; may be given again; 1:1 if left out",
    )
    parser.add_argument(
        "--song", default="", metavar="NAME", help="of the set list; the first one if left out"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out/stills"),
        metavar="FOLDER",
        help="folder for the pictures, out/stills by default",
    )
    parser.add_argument("--size", metavar="WxH", help="picture size, 1280x720 by default")


def prepare(arguments: Namespace, faults: FaultCollector) -> StillsRequest:
    """Check the document, the positions and the folder."""
    from renderer.show.document.plan import build_plan
    from renderer.show.document.read import read_show
    from renderer.show.songs.grid import parse_position

    positions = tuple(arguments.at) or ("1:1",)
    faults.collect(parse_position, positions)
    check_all(faults, partial(require_writable, what="picture"), [arguments.out / "1-1.jpg"])
    size = faults.attempt(picture_size, arguments.size)
    read = None if arguments.file is None else read_show(arguments.file, faults)
    plan = None if read is None else build_plan(read, faults)
    if plan is not None and arguments.song and plan.document is not None:
        names = [one.name for one in plan.songs]
        if arguments.song not in names:
            meant = nearest(arguments.song, names)
            faults.add(
                UsageError(
                    f"Song {arguments.song[:40]}",
                    "is not in the set list",
                    f"did you mean {meant}?" if meant else f"name one of {', '.join(names)}",
                )
            )
    return StillsRequest(plan, positions, arguments.out, size, arguments.song)


def run(request: StillsRequest) -> int:
    """Draw the stills."""
    from renderer.tools.cue_stills import draw_stills

    assert request.plan is not None  # A command with faults is not run.
    draw_stills(
        request.plan, request.positions, request.folder, request.size,
        lambda text: print(text, flush=True), request.song,
    )  # fmt: skip
    return 0


COMMAND = Command(
    "stills",
    "draw a show's cues at positions of its song, with dancers instead of performers",
    prepare,
    run,
    add_options,
    (
        "encore stills show.toml --at 9:1",
        "encore stills show.toml --song 'Night Sky' --at 6:1",
        "encore stills show.toml --at 3:1 --at 9:1 --out stills --size 640x360",
    ),
)
