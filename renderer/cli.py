"""The one command, `encore`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

# Small matrix products cost ten times more with several threads; this must stand before numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from renderer.errors import RendererError, ShowError

if TYPE_CHECKING:
    from renderer.show.report import ShowReport

_PALETTES = ("ember", "leaf", "night", "rose", "sun", "violet")
"""Those of `avatars.build.palette`, which other commands need not import."""

Run = Callable[[argparse.Namespace], int]


def _show(words: argparse.Namespace) -> int:
    from renderer.capture.address import is_live
    from renderer.output.spec import parse_output
    from renderer.rights.licence import Content, Declaration, Usage
    from renderer.show.companions import CompanionPlan
    from renderer.show.console import give
    from renderer.show.house import IDOL
    from renderer.show.plan import ShowPlan, parse_size

    streams = tuple(parse_output(address) for address in words.output)
    recordings = tuple(parse_output(path) for path in words.record)
    if not (words.live or streams or recordings):
        raise ShowError(
            "This show",
            "it has no output, so nobody would see it",
            "add --record FILE.mp4 or --output rtmp://…, or --live and use the desk",
        )
    plan = ShowPlan(
        inputs=tuple(words.input),
        avatars=tuple(words.avatar) or (IDOL,),
        song=words.song,
        declaration=Declaration(
            performer=words.performer,
            usage=Usage(words.usage),
            content=frozenset(Content(content) for content in words.content),
            permission=words.permission,
        ),
        streams=streams,
        recordings=recordings,
        companions=CompanionPlan(
            face=words.face,
            body=words.body,
            allowed=tuple(words.allow),
            take=words.take,
            vmc_out=words.vmc_out,
        ),
        live=words.live or any(map(is_live, words.input)),
        size=parse_size(words.size) if words.size else None,
        rate=words.rate,
        on_air_at_once=not words.off_air,
        performers=words.performers,
        overwrite=words.overwrite,
        voice=words.voice,
    )
    return _end(give(plan, desk=words.desk), words.report)


def _demo(words: argparse.Namespace) -> int:
    from renderer.show.console import give, has_display
    from renderer.show.demo import demo_plan
    from renderer.show.plan import parse_size

    plan = demo_plan(words.out, parse_size(words.size) if words.size else None)
    status = _end(give(plan, desk=has_display()), None)
    print(f"Recording  {words.out / 'show.mp4'}")
    print(f"Watch      encore watch {words.out / 'hls'}")
    return status


def _duet(words: argparse.Namespace) -> int:
    from renderer.show.duet import DuetPlan, give_duet
    from renderer.show.plan import parse_size

    size = parse_size(words.size) if words.size else None
    plan = DuetPlan(words.file, words.start, words.beats, tuple(words.avatars), size)
    give_duet(plan, lambda text: print(text, flush=True))
    return 0


def _end(report: ShowReport, path: Path | None) -> int:
    print(report.text())
    if path is not None:
        path.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    for fault in report.faults:
        sys.stderr.write(f"encore: {fault}\n")
    return 2 if report.faults else 0


def _desk(words: argparse.Namespace) -> int:
    if words.screenshot:
        from renderer.desk.screenshot import take_screenshot

        take_screenshot(words.screenshot, words.session)
        return 0
    from renderer.desk.app import run_desk

    return run_desk(words.session)


def _watch(words: argparse.Namespace) -> int:
    from renderer.output.watch import serve_folder

    with closing(serve_folder(words.folder, words.port)) as server:
        print(server.url, flush=True)
        threading.Event().wait()  # Until Ctrl-C, or the show that started it ends it.
    return 0


def _avatar_info(words: argparse.Namespace) -> int:
    from avatars import load_avatar
    from avatars.info import summarise
    from renderer.rights.licence import in_plain_words

    avatar = load_avatar(words.file)
    print(summarise(avatar))
    print("\n".join(in_plain_words(avatar.meta)))
    if words.picture is not None:
        from renderer.show.sheet import portray

        portray(avatar, words.picture)
        print(f"seen from all sides: {words.picture}")
    return 0


def _avatar_build(words: argparse.Namespace) -> int:
    from avatars.build.__main__ import build_one

    build_one(words.idol, words.palette, words.out)
    return 0


def _avatar_check(words: argparse.Namespace) -> int:
    from avatars.check import Severity, as_json, as_text, check_avatar

    findings = check_avatar(words.file)
    print(as_json(findings) if words.json else as_text(findings))
    return 2 if any(finding.severity is Severity.ERROR for finding in findings) else 0


def _bench_follow(words: argparse.Namespace) -> int:
    from renderer.show.bench import follow

    report = follow(words.video, words.avatar)
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def _bench_motion(words: argparse.Namespace) -> int:
    from renderer.show.bench import motion

    report = motion(words.video, words.mocap, lambda text: print(text, file=sys.stderr, flush=True))
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def _bench_capture(words: argparse.Namespace) -> int:
    from renderer.show.bench import capture
    from renderer.show.house import CLIP

    report = capture(
        words.video or str(CLIP), lambda text: print(text, file=sys.stderr, flush=True)
    )
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def _calibrate(words: argparse.Namespace) -> int:
    from renderer.show.calibrating import calibrate

    path = calibrate(words.input, words.performer, lambda text: print(text, flush=True))
    print(f"Kept in {path}")
    return 0


def _take_export(words: argparse.Namespace) -> int:
    from renderer.show.takes import export

    for warning in export(words.file, words.to, words.rate, words.number - 1, words.performer):
        print(f"Warning    {warning}")
    return 0


def _doctor(_words: argparse.Namespace) -> int:
    from renderer.show.doctor import examine

    findings = examine()
    for finding in findings:
        print(f"{'ok   ' if finding.ok else 'FAULT'}  {finding.thing}: {finding.text}")
    return 0 if all(finding.ok for finding in findings) else 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="encore", description="A performer in front of a camera becomes an idol on a stage."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = _command(commands, "demo", _demo, "give the demo show, recorded and streamed")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), help="folder for its outputs")
    demo.add_argument("--size", help="picture size, such as 1280x720")

    _add_duet_options(_command(commands, "duet", _duet, "film both idols dancing to the song"))
    _add_show_options(_command(commands, "show", _show, "give a show"))

    desk = _command(commands, "desk", _desk, "open the production desk")
    desk.add_argument("--session", help="which running show; the newest by default")
    desk.add_argument("--screenshot", type=Path, metavar="FILE", help="save its picture and leave")

    watch = _command(
        commands, "watch", _watch, "serve an HLS folder and its watch page on this machine"
    )
    watch.add_argument("folder", type=Path)
    watch.add_argument("--port", type=int, default=0, help="any free one by default")

    avatar = commands.add_parser("avatar", help="about avatar files").add_subparsers(
        required=True, metavar="COMMAND"
    )
    info = _command(avatar, "info", _avatar_info, "what a VRM file is and what its licence says")
    info.add_argument("file", type=Path)
    info.add_argument("--picture", type=Path, metavar="OUT.png", help="show it from all sides")

    build = _command(avatar, "build", _avatar_build, "make a default idol in chosen colours")
    build.add_argument("--idol", type=int, choices=(1, 2), default=1)
    build.add_argument("--palette", choices=_PALETTES, help="the idol's own if left out")
    build.add_argument("--out", type=Path, required=True, metavar="FILE.vrm")

    check = _command(avatar, "check", _avatar_check, "what is wrong with a VRM file, and missing")
    check.add_argument("file", type=Path)
    check.add_argument("--json", action="store_true", help="as JSON")

    bench = commands.add_parser("bench", help="measurements").add_subparsers(
        required=True, metavar="COMMAND"
    )
    follow = _command(bench, "follow", _bench_follow, "how closely the idol follows a video")
    follow.add_argument("video")
    follow.add_argument("--avatar", type=Path, help="the default idol if left out")
    follow.add_argument("--json", type=Path, metavar="FILE")

    motion = _command(bench, "motion", _bench_motion, "how true, calm and quick motion is")
    motion.add_argument("--video", action="append", default=[], help="a clip of no known truth")
    motion.add_argument("--mocap", action="append", default=[], type=Path, help="a CMU BVH take")
    motion.add_argument("--json", type=Path, metavar="FILE")

    seen = _command(bench, "capture", _bench_capture, "how fast one and two performers are seen")
    seen.add_argument("--video", help="of one performer, head to foot; the demo's if left out")
    seen.add_argument("--json", type=Path, metavar="FILE")

    face = _command(commands, "calibrate", _calibrate, "learn a performer's face in ten seconds")
    face.add_argument("--performer", required=True, help="the name that the face is kept under")
    face.add_argument("--input", default="camera:0", help="or a video or take of the five steps")

    take = commands.add_parser("take", help="about recorded takes").add_subparsers(
        required=True, metavar="COMMAND"
    )
    export = _command(take, "export", _take_export, "solve a take and write it as animation")
    export.add_argument("file", type=Path)
    export.add_argument("to", type=Path, metavar="FILE.vrma, FILE.glb or FILE.bvh")
    export.add_argument("--rate", type=float, default=60.0, metavar="FPS")
    export.add_argument(
        "--number", type=int, default=1, choices=range(1, 5), help="whose motion, where several are"
    )
    export.add_argument("--performer", default="", help="whose calibrated face it is")

    _command(commands, "doctor", _doctor, "what works on this machine and what does not")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Run, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _add_duet_options(duet: argparse.ArgumentParser) -> None:
    from renderer.show.house import IDOL, IDOL_2

    duet.add_argument("file", type=Path, help="FILE.mp4, or FILE.png for a picture")
    duet.add_argument("--size", help="picture size, such as 1280x720")
    duet.add_argument("--start", type=float, default=20.0, metavar="BEAT", help="of the song's 60")
    duet.add_argument("--beats", type=float, default=40.0, help="two a second")
    duet.add_argument(
        "--avatars", type=Path, nargs=2, default=(IDOL, IDOL_2), metavar=("LEFT", "RIGHT")
    )


def _add_show_options(show: argparse.ArgumentParser) -> None:
    show.add_argument(
        "--input",
        action="append",
        required=True,
        help="camera:0, /dev/video0, rtsp://…, http://….m3u8, a video, images, a take; again "
        "for more",
    )
    show.add_argument(
        "--performers", type=int, choices=range(1, 5), default=1, help="so many each camera shows"
    )
    show.add_argument(
        "--avatar",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.vrm",
        help="of the performers in turn, from the left; the default idol if left out",
    )
    show.add_argument("--song", type=Path, help="any sound file")
    show.add_argument("--record", action="append", default=[], metavar="FILE.mp4")
    show.add_argument("--overwrite", action="store_true", help="recordings may replace files")
    show.add_argument(
        "--output", action="append", default=[], metavar="ADDRESS", help="rtmp://… or hls:FOLDER"
    )
    show.add_argument(
        "--live",
        action="store_true",
        help="play a file at its own pace and drop what comes too late; a camera always does",
    )
    show.add_argument("--off-air", action="store_true", help="start in preview; the desk goes live")
    show.add_argument("--desk", action="store_true", help="open the desk beside it")
    show.add_argument("--size", help="picture size, such as 1280x720")
    show.add_argument("--rate", type=int, choices=range(1, 121), metavar="FPS")
    show.add_argument(
        "--performer",
        default="",
        help="the performer's name, or several with commas; calibrated faces go by it",
    )
    show.add_argument(
        "--usage",
        choices=("personalNonProfit", "personalProfit", "corporation"),
        default="personalNonProfit",
        help="for whose profit the show is given; the avatar's licence must allow it",
    )
    show.add_argument(
        "--content",
        action="append",
        default=[],
        choices=("violent", "sexual", "political", "hate"),
        help="content that the avatar's licence must allow",
    )
    show.add_argument(
        "--permission", default="", help="who gave a permission the avatar's file does not give"
    )
    show.add_argument(
        "--face", default="", metavar="TRACKER", help="livelink:11111, ifacialmocap or vmc"
    )
    show.add_argument("--body", default="", metavar="TRACKER", help="vmc:39539")
    show.add_argument(
        "--allow", action="append", default=[], metavar="ADDRESS", help="who may send tracking"
    )
    show.add_argument("--take", type=Path, metavar="FILE.mcap", help="keep everything seen")
    show.add_argument(
        "--voice",
        default="",
        metavar="FILE",
        help="the first performer's voice, which sings where the mouth is hidden: a sound file, "
        "input for the input's own sound, or mic",
    )
    show.add_argument("--vmc-out", default="", metavar="HOST:PORT", help="send the motion on")
    show.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; a fault is one sentence on stderr and exit status 2."""
    arguments = _parser().parse_args(words)
    try:
        status: int = arguments.run(arguments)
    except RendererError as fault:
        sys.stderr.write(f"encore: {fault}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
