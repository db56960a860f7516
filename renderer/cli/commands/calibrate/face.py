"""`encore calibrate face`: calibrate a performer's face in ten seconds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore calibrate face`."""
    parser.add_argument(
        "--performer", required=True, metavar="NAME", help="the name that the face is kept under"
    )
    parser.add_argument(
        "--input",
        default="camera:0",
        metavar="INPUT",
        help="a camera, or a video or take of the five steps; camera:0 by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the input and the name."""
    # Imported here because it loads numpy.
    from renderer.motion.face.calibration_store import profile_path
    from renderer.show.plan_checks import require_input

    faults.attempt(require_input, arguments.input)
    faults.attempt(profile_path, arguments.performer)
    return arguments


def run(arguments: Namespace) -> int:
    """Guide the performer through the steps and save the calibration."""
    from renderer.tools.calibrate_face import calibrate

    path = calibrate(arguments.input, arguments.performer, lambda text: print(text, flush=True))
    print(f"Kept in {path}")
    return 0


COMMAND = Command(
    "face",
    "learn a performer's face in ten seconds",
    prepare,
    run,
    add_options,
    (
        "encore calibrate face --performer Mai",
        "encore calibrate face --performer Mai --input camera:1",
        "encore calibrate face --performer Mai --input steps.mp4",
    ),
)
