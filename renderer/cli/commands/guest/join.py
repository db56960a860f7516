"""`encore guest join`: perform in a show that runs elsewhere."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file
from renderer.show.plan_checks import require_input


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore guest join`."""
    parser.add_argument("invitation", type=Path, metavar="FILE.invitation")
    parser.add_argument(
        "--input",
        default="camera:0",
        metavar="INPUT",
        help="camera, video or animation of the performer; camera:0 by default",
    )
    parser.add_argument(
        "--microphone",
        default="",
        metavar="DEVICE",
        help="sends the voice, too; as encore devices lists it, or default",
    )
    parser.add_argument(
        "--return",
        dest="back",
        default="",
        metavar="DEVICE",
        help="output that plays what the show returns: song, click, the other voices",
    )
    parser.add_argument(
        "--channel", type=int, default=1, metavar="N", help="of the microphone, from 1"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the invitation and the input exist."""
    require = partial(require_file, what="invitation", remedy="ask the show's crew for one")
    check_all(faults, require, [arguments.invitation])
    faults.attempt(require_input, arguments.input)
    return arguments


def run(arguments: Namespace) -> int:
    """Perform until the input ends or Ctrl+C."""
    from renderer.errors import SetupError
    from renderer.show.guests.invitation import read_invitation

    invitation = read_invitation(arguments.invitation)
    try:
        from renderer.show.guests.join import perform
    except ImportError as fault:
        raise SetupError(
            "WebRTC", "is not installed", "pip install encore-renderer[webrtc]"
        ) from fault
    what = "Motion and the voice are sent: no picture"
    if not arguments.microphone:
        what = "Motion alone is sent: no picture and no sound"
    print(f"{what} leaves this machine.", flush=True)
    perform(
        invitation,
        arguments.input,
        partial(print, flush=True),
        arguments.microphone,
        arguments.channel,
        arguments.back,
    )
    return 0


COMMAND = Command(
    "join",
    "perform in a show that runs elsewhere",
    prepare,
    run,
    add_options,
    (
        "encore guest join Mai.invitation --input camera:0",
        "encore guest join Mai.invitation --input camera:0 --microphone default --return default",
    ),
)
