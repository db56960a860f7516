"""`encore show`: run a show from cameras, files or takes to recordings and streams."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _ArgumentGroup
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.cli.command import Command
from renderer.cli.stage_options import add_stage_options
from renderer.cli.title_options import add_title_options
from renderer.cli.values import check_all, number, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.output.spec import warn_of_typed_keys
from renderer.path_checks import require_writable
from renderer.rights.declaration import Content, Declaration, Usage

if TYPE_CHECKING:  # Importing it loads numpy, which --help does not need.
    from renderer.show.document.read import ReadShow
    from renderer.show.plan import ShowPlan

MOST_PERFORMERS: Final = 4
"""Maximum number of performers that one camera tracks."""
HIGHEST_PORT: Final = 65_535
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
    (
        "--model",
        "FILE.npz",
        "a learned model of the performer's own, by encore train; one of a kind",
    ),
)
"""Options for one performer: name, value, meaning."""


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """The request to run a show.

    Attributes:
        plan: of the show.
        desk: whether to open the desk.
        report: path of the report as JSON.
        is_check: whether everything is opened, and nothing goes out.
        new: path of a document to write instead of running a show.
    """

    plan: ShowPlan
    desk: bool = False
    report: Path | None = None
    is_check: bool = False
    new: Path | None = None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore show`."""
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="SHOW.toml",
        help="document of the show; options replace what it says",
    )
    parser.add_argument(
        "--check", action="store_true", help="open everything, send nothing, and say what is wrong"
    )
    parser.add_argument(
        "--new",
        type=Path,
        metavar="SHOW.toml",
        help="write a working show of the program's own parts, with comments, to begin with",
    )
    _add_inputs(parser.add_argument_group("what is seen"))
    _add_program(parser.add_argument_group("what goes out"))
    add_title_options(parser.add_argument_group("titles"))
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
        metavar="INPUT",
        help="camera:0, /dev/video0, rtsp://…, http://….m3u8, a video, images, a take, or a .vrma "
        "or .bvh animation, or machine:NAME for a paired one; may be given again for more. Several "
        "cameras on one performer are "
        "joined by +, such as camera:0+camera:2",
    )
    group.add_argument(
        "--cameras",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.json",
        help="calibration of the cameras joined by +, made by encore calibrate cameras; may be "
        "given again for further inputs",
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
        metavar="N",
        help=f"how many each camera follows, from 1 (default) to {MOST_PERFORMERS}",
    )
    group.add_argument(
        "--avatar",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.vrm",
        help="of the performers in turn, from the left; the default idol if left out",
    )
    group.add_argument(
        "--expressiveness",
        action="append",
        default=[],
        type=number("Expressiveness", 0.0, 1.0, 0.7),
        metavar="N",
        help="how strongly faces are shown, from 0, as they were seen, to 1; of the performers in "
        "turn, or one for all; the avatar's own if left out",
    )
    group.add_argument("--song", type=Path, metavar="FILE", help="any sound file")
    add_stage_options(group)
    group.add_argument(
        "--live",
        action="store_true",
        help="play a file at its own pace and drop what comes too late, as a camera always does",
    )


def _add_program(group: _ArgumentGroup) -> None:
    group.add_argument(
        "--record",
        action="append",
        default=[],
        metavar="FILE.mp4",
        help="may be given again, with --alpha as FILE.mov; vertical:FILE.mp4 records an upright "
        "view with its own camera",
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
        help="rtmp://host/app/key, rtmps://…, srt://host:port, whip+https://host/path, hls:FOLDER "
        "or frames:FOLDER; may be given again. "
        "#size=1280x720,bitrate=2500k after it sends a rendition of its own. "
        "A key is better named by its place: 'rtmp://host/app/{env:NAME}', {file:PATH} or "
        "{keyring:SERVICE}. "
        "vertical: before any of them sends the upright view",
    )
    group.add_argument(
        "--slate",
        type=Path,
        metavar="FILE",
        help="picture that is sent on air while the program's is missing; the house's if left out",
    )
    group.add_argument(
        "--watch",
        metavar="ADDRESS",
        help="address of this machine, as 0.0.0.0 or 192.168.1.4:8080, on which others can watch "
        "an hls: output; the page's address then has a token. Only this machine's own if left out",
    )
    group.add_argument(
        "--guests",
        metavar="ADDRESS",
        help="address of this machine, as 0.0.0.0:8470, at which the performers of --input "
        "guest:NAME join; port 8470 by default. Only this machine's own if left out",
    )
    group.add_argument(
        "--metrics",
        type=whole_number("Port", 1, HIGHEST_PORT),
        metavar="PORT",
        help="serve the show's health to Prometheus at http://127.0.0.1:PORT/metrics, to this "
        "machine alone",
    )
    group.add_argument(
        "--machines",
        metavar="ADDRESS[:PORT]",
        help="address of this machine at which paired captures and desks on others join (encore "
        "pair); port 7711 by default. All addresses if an input is machine:NAME or there is a "
        "--standby-machine, else none",
    )
    group.add_argument(
        "--standby",
        action="store_true",
        help="keep a second engine ready, which takes over at once if the first one dies; needs "
        "its memory twice",
    )
    group.add_argument(
        "--standby-machine",
        default="",
        metavar="NAME",
        help="machine whose engine takes over if this one's is lost; paired with encore pair new "
        "NAME --as standby, and running encore standby",
    )
    group.add_argument(
        "--off-air", action="store_true", help="start in preview; the desk goes live"
    )
    group.add_argument("--desk", action="store_true", help="open the desk beside the show")
    group.add_argument(
        "--alpha",
        action="store_true",
        help="draw the idols alone over transparency, for keying: recordings are .mov files "
        "(ProRes 4444 with straight alpha), and there is no stream",
    )
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
        "--licence",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.licence",
        help="a rights holder's signed licence, besides the one next to an avatar's file",
    )
    group.add_argument(
        "--consent",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.consent",
        help="a performer's signed consent",
    )
    group.add_argument(
        "--show-name", default="", metavar="NAME", help="by which licences and consents know it"
    )
    group.add_argument(
        "--territory",
        action="append",
        default=[],
        metavar="CODE",
        help="a country that it is streamed to, such as KR; may be given again",
    )
    group.add_argument(
        "--without-disclosure",
        default="",
        metavar="NAME",
        help="show no disclosure label; NAME answers for it and is logged",
    )
    group.add_argument(
        "--permission",
        default="",
        metavar="TEXT",
        help="who gave a permission that the avatar's file does not give",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> ShowRequest:
    """Check every argument, that the files exist, and that the options are consistent."""
    from renderer.cli.document_options import apply_options
    from renderer.show.document.plan import (
        build_plan,
        check_keys,
        find_document_faults,
        require_output,
    )
    from renderer.show.document.read import find_place
    from renderer.show.plan import ShowPlan
    from renderer.show.plan_checks import find_plan_faults

    if arguments.new is not None:
        check_all(faults, require_new_show, [arguments.new])
        return ShowRequest(ShowPlan((), (), None, Declaration("")), new=arguments.new)
    check_all(faults, partial(require_writable, what="report"), [arguments.report])
    read = None
    if arguments.file is not None:
        read = read_file(arguments.file, faults)
        if read is None and not arguments.input:
            return ShowRequest(ShowPlan((), (), None, Declaration("")))
    read = apply_options(read, arguments, faults)
    if not (read.show.inputs or any(fault.thing == "--input" for fault in faults.faults)):
        faults.add(UsageError("--input", "is missing", "write encore show --input INPUT"))
    own = FaultCollector()
    plan = build_plan(read, own)
    require_output(read, plan, own)
    find_document_faults(read, own)
    check_keys(plan, own)
    own.add(*find_plan_faults(plan))
    faults.add(*(find_place(read, fault) for fault in own.faults))
    return ShowRequest(plan, arguments.desk, arguments.report, arguments.check)


def read_file(path: Path, faults: FaultCollector) -> ReadShow | None:
    """Return the document of a file; record its faults and return None if it has any."""
    from renderer.show.document.read import read_show

    if path.suffix.lower() != ".toml":
        faults.add(
            UsageError(
                repr(str(path)), "is no document of a show", "name a file that ends in .toml"
            )
        )
        return None
    return read_show(path, faults)


def require_new_show(path: Path) -> None:
    """Check that a show's document can be written without replacing one.

    Raises:
        RendererError: it exists, or its folder cannot be written.
    """
    if path.exists():
        raise UsageError(f"Show {path}", "is there already", "choose another name")
    require_writable(path, "show")


def run(request: ShowRequest) -> int:
    """Run the show and print its report; or check it, or write a new one."""
    if request.new is not None:
        from renderer.show.document.template import write_template

        write_template(request.new)
        print(f"Written    {request.new}")
        print(f"Check it   encore show {request.new} --check")
        print(f"Give it    encore show {request.new}")
        return 0
    from renderer.cli.report import end_show
    from renderer.show.console import give

    for warning in warn_of_typed_keys(request.plan.streams):
        sys.stderr.write(f"encore: {warning}\n")
    if request.is_check:
        return _check(request.plan)
    return end_show(give(request.plan, desk=request.desk), request.report)


def _check(plan: ShowPlan) -> int:
    """Print what a dry run opened, then one list of what the show needs; return 0 for go."""
    from renderer.cli.commands.doctor import NO_GO_STATUS
    from renderer.show.document.check import check_show
    from renderer.tools.doctor import as_text, examine, is_go

    lines, findings = check_show(plan)
    folder = Path(plan.recordings[0].address).parent if plan.recordings else Path()
    findings = [*examine(folder), *findings]
    print("\n".join([*lines, "", as_text(findings)]))
    return 0 if is_go(findings) else NO_GO_STATUS


COMMAND = Command(
    "show",
    "give a show",
    prepare,
    run,
    add_options,
    (
        "encore show --input dance.mp4 --avatar idol.vrm --song song.flac --record show.mp4",
        "encore show --input camera:0 --song song.flac --output 'rtmp://host/app/{env:KEY}' --desk",
        "encore show --input dance.mp4 --song song.flac --lyrics song.lrc --record show.mp4 \\",
        "    --record vertical:show_9x16.mp4 --disclosure 'Virtual performance'",
        "encore show --input camera:0 --live --off-air --desk     rehearse, then go live",
        "encore show --new show.toml                              write a show to begin with",
        "encore show show.toml --check                            open everything, send nothing",
        "encore show show.toml --live --desk                      give it",
        "encore show --input dance.mp4 --song song.flac --alpha --record idol.mov     for keying",
        "encore show --input rtsp://10.0.0.7/stage --performers 2 --avatar one.vrm \\",
        "    --avatar two.vrm --performer 'Ren, Mai' --face Mai=livelink:11112 --record both.mp4",
    ),
    details="`encore devices` lists cameras, microphones and addresses with what to type for each.",
)
