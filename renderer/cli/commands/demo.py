"""`encore demo`: run the demo show, recorded and streamed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.cli.command import Command
from renderer.cli.stage_options import add_stage_options, check_set, screen_sources
from renderer.cli.values import check_all, picture_size
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

if TYPE_CHECKING:  # Importing it loads numpy, which --help does not need.
    from renderer.stage.records import ScreenSource


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """The checked arguments of `encore demo`.

    Attributes:
        folder: of its output.
        size: of the picture; None lets the renderer choose.
        set: file of another stage set.
        screens: what its screens show.
    """

    folder: Path
    size: tuple[int, int] | None
    set: Path | None
    screens: tuple[ScreenSource, ...]


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore demo`."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out/demo"),
        metavar="FOLDER",
        help="folder for its outputs, out/demo by default",
    )
    parser.add_argument("--size", metavar="WxH", help="picture size, such as 1280x720")
    add_stage_options(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> DemoRequest:
    """Check the size and the folder."""
    check_all(faults, partial(require_writable, what="recording"), [arguments.out / "show.mp4"])
    return DemoRequest(
        arguments.out,
        faults.attempt(picture_size, arguments.size),
        check_set(arguments, faults),
        screen_sources(arguments, faults),
    )


def run(request: DemoRequest) -> int:
    """Run the demo show, with the desk if there is a display."""
    from renderer.cli.report import end_show
    from renderer.platform import PLATFORM
    from renderer.show.console import give
    from renderer.tools.demo import demo_plan

    plan = replace(
        demo_plan(request.folder, request.size), set=request.set, screens=request.screens
    )
    status = end_show(give(plan, desk=PLATFORM.has_display()), None)
    print(f"Recording  {request.folder / 'show.mp4'}")
    print(f"Watch      encore watch {request.folder / 'hls'}")
    return status


COMMAND = Command(
    "demo",
    "give the demo show, recorded and streamed",
    prepare,
    run,
    add_options,
    ("encore demo", "encore demo --out /tmp/demo --size 1280x720"),
)
