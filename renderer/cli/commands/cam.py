"""`encore cam`: switch the cameras of the running show, or hand them to the auto-director."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.running_show import add_session_option, send_command
from renderer.cli.values import number
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore cam`."""
    parser.add_argument(
        "camera",
        metavar="NUMBER|auto|take",
        help="of the camera; auto hands them to the auto-director, take exchanges preview and "
        "program",
    )
    parser.add_argument(
        "--dissolve",
        type=number("Dissolve", 0.0, 600.0, 1.0),
        default=0.0,
        metavar="SECONDS",
        help="dissolve instead of a cut",
    )
    parser.add_argument(
        "--wipe",
        type=number("Wipe", 0.0, 600.0, 1.0),
        default=0.0,
        metavar="SECONDS",
        help="wipe instead of a cut",
    )
    parser.add_argument(
        "--stinger", default="", metavar="NAME", help="a stinger of the show instead of a cut"
    )
    parser.add_argument("--preview", action="store_true", help="put it on preview, not on air")
    add_session_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the camera's number."""
    word = arguments.camera
    if (
        word is not None
        and word not in ("auto", "take")
        and not (word.isascii() and word.isdecimal())
    ):
        faults.add(
            UsageError(f"Camera {word[:20]}", "is no number", "write one such as 3, auto or take")
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Switch."""
    from renderer.protocol.cues import CutCamera, SetAutoDirector, TakePreview

    session, dissolve = arguments.session, arguments.dissolve
    wipe, stinger = arguments.wipe, arguments.stinger
    if arguments.camera == "auto":
        return send_command(SetAutoDirector(), session)
    if arguments.camera == "take":
        return send_command(TakePreview(dissolve, wipe, stinger), session)
    camera = int(arguments.camera)
    return send_command(CutCamera(camera, dissolve, arguments.preview, wipe, stinger), session)


COMMAND = Command(
    "cam",
    "switch the cameras of the running show",
    prepare,
    run,
    add_options,
    (
        "encore cam 3",
        "encore cam 2 --dissolve 1.5",
        "encore cam 1 --wipe 0.5",
        "encore cam 4 --preview",
        "encore cam auto",
    ),
)
