"""The one command, `encore`: its words."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

# Small matrix products cost ten times more with several threads; this must stand before numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from renderer.interrupts import end_while_loading

# Before the libraries that take seconds to load, and some of which swallow Ctrl-C.
end_while_loading()

from renderer import commands  # noqa: E402
from renderer.errors import RendererError  # noqa: E402

_PALETTES = ("ember", "leaf", "night", "rose", "sun", "violet")
"""Those of `avatars.authoring.figure.palette`, which other commands need not import."""

Run = Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="encore", description="A performer in front of a camera becomes an idol on a stage."
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = _command(verbs, "demo", commands.demo, "give the demo show, recorded and streamed")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), help="folder for its outputs")
    demo.add_argument("--size", help="picture size, such as 1280x720")

    _add_duet_options(_command(verbs, "duet", commands.duet, "film both idols dancing to the song"))
    _add_show_options(_command(verbs, "show", commands.show, "give a show"))

    desk = _command(verbs, "desk", commands.desk, "open the production desk")
    desk.add_argument("--session", help="which running show; the newest by default")
    desk.add_argument("--screenshot", type=Path, metavar="FILE", help="save its picture and leave")

    watch = _command(
        verbs, "watch", commands.watch, "serve an HLS folder and its watch page on this machine"
    )
    watch.add_argument("folder", type=Path)
    watch.add_argument("--port", type=int, default=0, help="any free one by default")

    avatar = verbs.add_parser("avatar", help="about avatar files").add_subparsers(
        required=True, metavar="COMMAND"
    )
    info = _command(
        avatar, "info", commands.avatar_info, "what a VRM file is and what its licence says"
    )
    info.add_argument("file", type=Path)
    info.add_argument("--picture", type=Path, metavar="OUT.png", help="show it from all sides")

    build = _command(
        avatar, "build", commands.avatar_build, "make a default idol in chosen colours"
    )
    build.add_argument("--idol", type=int, choices=(1, 2), default=1)
    build.add_argument("--palette", choices=_PALETTES, help="the idol's own if left out")
    build.add_argument("--out", type=Path, required=True, metavar="FILE.vrm")

    check = _command(
        avatar, "check", commands.avatar_check, "what is wrong with a VRM file, and missing"
    )
    check.add_argument("file", type=Path)
    check.add_argument("--json", action="store_true", help="as JSON")

    bench = verbs.add_parser("bench", help="measurements").add_subparsers(
        required=True, metavar="COMMAND"
    )
    follow = _command(
        bench, "follow", commands.bench_follow, "how closely the idol follows a video"
    )
    follow.add_argument("video")
    follow.add_argument("--avatar", type=Path, help="the default idol if left out")
    follow.add_argument("--json", type=Path, metavar="FILE")

    motion = _command(bench, "motion", commands.bench_motion, "how true, calm and quick motion is")
    motion.add_argument("--video", action="append", default=[], help="a clip of no known truth")
    motion.add_argument(
        "--still", action="append", default=[], metavar="VIDEO", help="to show one picture of"
    )
    motion.add_argument("--mocap", action="append", default=[], type=Path, help="a CMU BVH take")
    motion.add_argument("--json", type=Path, metavar="FILE")

    seen = _command(
        bench, "capture", commands.bench_capture, "how fast one and two performers are seen"
    )
    seen.add_argument("--video", help="of one performer, head to foot; the demo's if left out")
    seen.add_argument("--json", type=Path, metavar="FILE")

    face = _command(
        verbs, "calibrate", commands.calibrate, "learn a performer's face in ten seconds"
    )
    face.add_argument("--performer", required=True, help="the name that the face is kept under")
    face.add_argument("--input", default="camera:0", help="or a video or take of the five steps")

    take = verbs.add_parser("take", help="about recorded takes").add_subparsers(
        required=True, metavar="COMMAND"
    )
    export = _command(
        take, "export", commands.take_export, "solve a take and write it as animation"
    )
    export.add_argument("file", type=Path)
    export.add_argument("to", type=Path, metavar="FILE.vrma, FILE.glb or FILE.bvh")
    export.add_argument("--rate", type=float, default=60.0, metavar="FPS")
    export.add_argument(
        "--number", type=int, default=1, choices=range(1, 5), help="whose motion, where several are"
    )
    export.add_argument("--performer", default="", help="whose calibrated face it is")
    export.add_argument(
        "--as-shown",
        action="store_true",
        help="what the show showed, the director's hand in it; otherwise what the performer did",
    )

    _command(verbs, "doctor", commands.doctor, "what works on this machine and what does not")
    return parser


def _command(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Run, text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _add_duet_options(duet: argparse.ArgumentParser) -> None:
    from renderer.paths import IDOL, IDOL_2

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
        help="camera:0, /dev/video0, rtsp://…, http://….m3u8, a video, images, a take, a .vrma or "
        ".bvh animation; again for more",
    )
    show.add_argument(
        "--lens",
        action="append",
        default=[],
        metavar="LENS",
        help="of each camera in turn: degrees across the picture's longer side, or such as 26mm",
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
    for option, what, text in (
        ("--face", "TRACKER", "a phone: livelink:11111, ifacialmocap or vmc"),
        ("--body", "TRACKER", "a suit: vmc:39539"),
        ("--closeup", "INPUT", "a camera close to the face, or a video of it that begins with it"),
        (
            "--voice",
            "FILE",
            "a voice, which sings where the mouth is hidden: a sound file, input for the input's "
            "own sound, or mic",
        ),
        ("--vmc-out", "HOST:PORT", "where the motion is sent on"),
    ):
        show.add_argument(
            option,
            action="append",
            default=[],
            metavar=f"[WHO=]{what}",
            help=f"{text}; of the first performer, or of WHO by name or number; again for more",
        )
    show.add_argument(
        "--allow", action="append", default=[], metavar="ADDRESS", help="who may send tracking"
    )
    show.add_argument(
        "--take", type=Path, metavar="FILE.mcap", help="keep everything seen and heard"
    )
    show.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; a fault is one sentence on stderr and exit status 2."""
    try:
        arguments = _parser().parse_args(words)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough, as `head` does; what is left would fail again at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RendererError as fault:
        sys.stderr.write(f"encore: {fault}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
