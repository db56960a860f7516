"""`encore show`: run a show from cameras, files or takes to recordings and streams."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _ArgumentGroup
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.capture.sources.address import is_live
from renderer.capture.sources.lens import parse_lens
from renderer.cli.command import Command
from renderer.cli.values import check_all, picture_size, whole_number
from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.output.spec import OutputSpec, parse_output, parse_recording, warn_of_typed_keys
from renderer.path_checks import require_writable
from renderer.paths import IDOL
from renderer.rights.licence import Content, Declaration, Usage

if TYPE_CHECKING:  # Importing it loads numpy, which --help does not need.
    from renderer.show.plan import ShowPlan

MOST_PERFORMERS: Final = 4
"""Maximum number of performers that one camera tracks."""
HIGHEST_RATE: Final = 120
"""Maximum frame rate of the program, frames a second."""

OF_A_PERFORMER: Final = (
    ("--face", "TRACKER", "a phone that tracks the face: livelink:11111, ifacialmocap or vmc"),
    ("--body", "TRACKER", "a motion-capture suit: vmc:39539"),
    (
        "--closeup",
        "INPUT",
        "a camera close to the face, or a video of it that begins with the input",
    ),
    (
        "--voice",
        "FILE",
        "a voice, which moves the mouth where it is hidden: a sound file, input for the input's "
        "own sound, or mic",
    ),
    ("--vmc-out", "HOST:PORT", "where the solved motion is sent"),
)
"""Options for one performer: name, value, meaning."""


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """The request to run a show.

    Attributes:
        plan: of the show.
        desk: whether to open the desk.
        report: path of the report as JSON.
    """

    plan: ShowPlan
    desk: bool
    report: Path | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore show`."""
    _add_inputs(parser.add_argument_group("what is seen"))
    _add_program(parser.add_argument_group("what goes out"))
    _add_rights(parser.add_argument_group("what the avatar's licence is held against"))
    beside = parser.add_argument_group(
        "beside the cameras",
        "Of the first performer, or of WHO by name or number; may be given again for others.",
    )
    for option, value, text in OF_A_PERFORMER:
        beside.add_argument(
            option, action="append", default=[], metavar=f"[WHO=]{value}", help=text
        )
    beside.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="another IPv4 or IPv6 address or network that may send tracking; without it trackers "
        "hear this machine alone",
    )
    beside.add_argument(
        "--take", type=Path, metavar="FILE.mcap", help="keep everything that is seen and heard"
    )


def _add_inputs(group: _ArgumentGroup) -> None:
    group.add_argument(
        "--input",
        action="append",
        default=[],
        required=True,
        metavar="INPUT",
        help="camera:0, /dev/video0, rtsp://…, http://….m3u8, a video, images, a take, or a .vrma "
        "or .bvh animation; may be given again for more",
    )
    group.add_argument(
        "--lens",
        action="append",
        default=[],
        metavar="LENS",
        help="of each camera in turn: degrees across the picture's longer side, or such as 26mm",
    )
    group.add_argument(
        "--performers",
        type=whole_number("Performers", 1, MOST_PERFORMERS),
        default=1,
        metavar="N",
        help=f"how many each camera follows, from 1 to {MOST_PERFORMERS}",
    )
    group.add_argument(
        "--avatar",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.vrm",
        help="of the performers in turn, from the left; the default idol if left out",
    )
    group.add_argument("--song", type=Path, metavar="FILE", help="any sound file")
    group.add_argument(
        "--live",
        action="store_true",
        help="play a file at its own pace and drop what comes too late, as a camera always does",
    )


def _add_program(group: _ArgumentGroup) -> None:
    group.add_argument(
        "--record", action="append", default=[], metavar="FILE.mp4", help="may be given again"
    )
    group.add_argument("--overwrite", action="store_true", help="recordings may replace files")
    group.add_argument(
        "--start-without-failed",
        action="store_true",
        help="start with the outputs that open and keep trying the others; otherwise one that does "
        "not open keeps the show from starting",
    )
    group.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="rtmp://host/app/key, rtmps://… or hls:FOLDER; may be given again. A key is better "
        "named by its place: 'rtmp://host/app/{env:NAME}', {file:PATH} or {keyring:SERVICE}",
    )
    group.add_argument(
        "--off-air", action="store_true", help="start in preview; the desk goes live"
    )
    group.add_argument("--desk", action="store_true", help="open the desk beside the show")
    group.add_argument("--size", metavar="WxH", help="picture size, such as 1280x720")
    group.add_argument(
        "--rate",
        type=whole_number("Rate", 1, HIGHEST_RATE, "frames a second"),
        metavar="FPS",
        help=f"frames a second, from 1 to {HIGHEST_RATE}; the input's own if left out",
    )
    group.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON")


def _add_rights(group: _ArgumentGroup) -> None:
    group.add_argument(
        "--performer",
        default="",
        metavar="NAME",
        help="the performer's name, or several with commas; calibrated faces go by it",
    )
    group.add_argument(
        "--usage",
        choices=[usage.value for usage in Usage],
        default=Usage.PERSONAL.value,
        help=f"for whose profit the show is given; {Usage.PERSONAL.value} by default",
    )
    group.add_argument(
        "--content",
        action="append",
        default=[],
        choices=[content.value for content in Content],
        help="content that the licence must allow; may be given again",
    )
    group.add_argument(
        "--permission",
        default="",
        metavar="TEXT",
        help="who gave a permission that the avatar's file does not give",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> ShowRequest:
    """Check every argument, that the files exist, and that the options are consistent."""
    from renderer.show.performers.option_binding import AuxiliaryOptions
    from renderer.show.plan import ShowPlan
    from renderer.show.plan_checks import find_plan_faults

    check_all(faults, partial(require_writable, what="report"), [arguments.report])
    live = arguments.live or any(map(is_live, arguments.input))
    if not (live or arguments.output or arguments.record):
        faults.add(
            ShowError(
                "This show",
                "has no output, so nobody would see it",
                "add --record FILE.mp4 or --output rtmp://…, or --live and use the desk",
            )
        )
    plan = ShowPlan(
        inputs=tuple(arguments.input),
        avatars=tuple(arguments.avatar) or (IDOL,),
        song=arguments.song,
        declaration=Declaration(
            performer=arguments.performer,
            usage=Usage(arguments.usage),
            content=frozenset(map(Content, arguments.content)),
            permission=arguments.permission,
        ),
        streams=faults.collect(parse_output, arguments.output),
        recordings=faults.collect(parse_recording, arguments.record),
        companions=AuxiliaryOptions(
            faces=tuple(arguments.face),
            bodies=tuple(arguments.body),
            closeups=tuple(arguments.closeup),
            voices=tuple(arguments.voice),
            receivers=tuple(arguments.vmc_out),
            allowed=tuple(arguments.allow),
            take=arguments.take,
        ),
        live=live,
        size=faults.attempt(picture_size, arguments.size),
        rate=arguments.rate,
        on_air_at_once=not arguments.off_air,
        performers=arguments.performers or 1,
        overwrite=arguments.overwrite,
        start_without_failed=arguments.start_without_failed,
        lenses=faults.collect(parse_lens, arguments.lens),
    )
    for stream in plan.streams:
        faults.attempt(OutputSpec.check_key, stream)
    faults.add(*find_plan_faults(plan))
    return ShowRequest(plan, arguments.desk, arguments.report)


def run(request: ShowRequest) -> int:
    """Run the show and print its report."""
    from renderer.cli.report import end_show
    from renderer.show.console import give

    for warning in warn_of_typed_keys(request.plan.streams):
        sys.stderr.write(f"encore: {warning}\n")
    return end_show(give(request.plan, desk=request.desk), request.report)


COMMAND = Command(
    "show",
    "give a show",
    prepare,
    run,
    add_options,
    (
        "encore show --input dance.mp4 --avatar idol.vrm --song song.flac --record show.mp4",
        "encore show --input camera:0 --song song.flac --output 'rtmp://host/app/{env:KEY}' --desk",
        "encore show --input camera:0 --live --off-air --desk     rehearse, then go live",
        "encore show --input rtsp://10.0.0.7/stage --performers 2 --avatar one.vrm \\",
        "    --avatar two.vrm --performer 'Ren, Mai' --face Mai=livelink:11112 --record both.mp4",
    ),
    details="`encore devices` lists cameras, microphones and addresses with what to type for each.",
)
