"""`encore multiview`: write one picture of a running show's program, preview and sources."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.running_show import add_session_option, find_show
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

_WAIT_S: Final = 20.0
"""Time in which every source is drawn in turn, also where the CPU draws them."""
_SETTLE_S: Final = 2.0
"""Time for which further pictures are waited for once there is one."""
_DEFAULT_SIZE: Final = (1280, 720)


@dataclass(frozen=True, slots=True)
class MultiviewRequest:
    """The checked arguments of `encore multiview`."""

    file: Path
    size: tuple[int, int]
    session: str | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore multiview`."""
    parser.add_argument("file", type=Path, metavar="FILE.png", help="picture to write")
    parser.add_argument("--size", metavar="WIDTHxHEIGHT", help="1280x720 by default")
    add_session_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> MultiviewRequest:
    """Check size and file."""
    from renderer.show.plan import parse_size

    size = faults.attempt(parse_size, arguments.size) or _DEFAULT_SIZE
    check_all(faults, partial(require_writable, what="picture"), [arguments.file])
    return MultiviewRequest(arguments.file, size, arguments.session)


def run(request: MultiviewRequest) -> int:
    """Ask the show, wait until its sources have been drawn, and write the picture."""
    from PIL import Image

    from renderer.errors import DeskError
    from renderer.protocol.pictures import MULTIVIEW, AskPicture, PicturesHealth
    from renderer.transport.bus import DeskLink
    from renderer.transport.latest import LatestPicture

    newest = None
    ends = time.monotonic() + _WAIT_S
    with DeskLink(find_show(request.session)) as link:
        reply = link.send(AskPicture(view=MULTIVIEW, width=request.size[0], height=request.size[1]))
        if not reply.ok:
            raise DeskError("The multiview", f"is refused: {reply.text}", "see docs/directing.md")
        path = None
        while path is None and time.monotonic() < ends:
            status = link.latest_status()
            shared = [] if status is None else status.of(PicturesHealth).pictures
            wanted = (MULTIVIEW, *request.size)
            path = next(
                (
                    one.picture.path
                    for one in shared
                    if (one.view, one.picture.width, one.picture.height) == wanted
                ),
                None,
            )
            time.sleep(0.02)
        if path is not None:
            with LatestPicture.open(path) as picture:
                while time.monotonic() < ends:
                    if (read := picture.read()) is not None:
                        ends = ends if newest is not None else time.monotonic() + _SETTLE_S
                        newest = read[0]
                    time.sleep(0.02)
    if newest is None:
        raise DeskError("The multiview", "was not drawn in time", "look at the show's alarms")
    Image.fromarray(newest).save(request.file)
    print(f"{request.file}: {request.size[0]}×{request.size[1]}")
    return 0


COMMAND = Command(
    "multiview",
    "write one picture of the running show's program, preview and sources",
    prepare,
    run,
    add_options,
    ("encore multiview sources.png", "encore multiview sources.png --size 1920x1080"),
)
