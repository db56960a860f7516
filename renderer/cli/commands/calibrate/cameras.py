"""`encore calibrate cameras`: calibrate two to four cameras on one performer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.sources.address import has_picture, split_cameras
from renderer.capture.sources.lens import parse_lens
from renderer.cli.command import Command
from renderer.cli.values import check_all, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

_SHORTEST_M, _TALLEST_M = 0.8, 2.5
"""Metres; heights of performers."""

_LEAST_S, _MOST_S = 5, 300
"""Seconds of live calibration."""

FEWEST: Final = 2
MOST: Final = 4
"""Cameras on one performer."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore calibrate cameras`."""
    parser.add_argument(
        "--input",
        required=True,
        metavar="INPUT+INPUT",
        help="two to four cameras joined by +, such as camera:0+camera:2, or videos of the same "
        "performance; the first is the one that the idol faces",
    )
    parser.add_argument(
        "--to", required=True, type=Path, metavar="FILE.json", help="the calibration file"
    )
    parser.add_argument(
        "--height", metavar="METRES", help="the performer's height, such as 1.68, for the scale"
    )
    parser.add_argument(
        "--lens",
        action="append",
        default=[],
        metavar="LENS",
        help="of each camera in turn: degrees across the picture's longer side, or such as 26mm; "
        "a typical webcam's if left out, which is then corrected a little",
    )
    parser.add_argument(
        "--board",
        metavar="BOARD",
        help="calibrate lenses and places by a board that is moved about first: "
        "charuco:7x5:40mm (squares across, down, and their side) or chess:9x6:25mm (inner corners)",
    )
    parser.add_argument(
        "--seconds",
        type=whole_number("Seconds", _LEAST_S, _MOST_S),
        default=25,
        metavar="N",
        help="how long live cameras watch the performer; 25 by default",
    )
    parser.add_argument(
        "--print-board", type=Path, metavar="FILE.png", help="draw the board for printing, and end"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the inputs, the height, the lenses and the board."""
    # Imported here because it loads numpy.
    from renderer.capture.board_spec import parse_board
    from renderer.show.plan_checks import require_input

    arguments.board = faults.attempt(parse_board, arguments.board) if arguments.board else None
    arguments.height_m = faults.attempt(parse_height, arguments.height)
    if arguments.print_board is not None:
        faults.attempt(partial(require_writable, what="board"), arguments.print_board)
        if arguments.board is None and not faults.faults:
            faults.add(UsageError("--print-board", "needs a board", "add --board charuco:7x5:40mm"))
    arguments.cameras = split_cameras(arguments.input) if arguments.input else ()
    for word in arguments.cameras:
        if not has_picture(word):
            faults.add(UsageError(f"Input {word}", "is no camera", "name cameras or videos"))
        else:
            faults.attempt(require_input, word)
    if arguments.input and not FEWEST <= len(arguments.cameras) <= MOST:
        faults.add(
            UsageError(
                f"--input {arguments.input}",
                f"names {len(arguments.cameras)} cameras, not {FEWEST} to {MOST}",
                "join them by +, such as camera:0+camera:2",
            )
        )
    arguments.focals = faults.collect(parse_lens, arguments.lens)
    if len(arguments.lens) > len(arguments.cameras) > 0:
        faults.add(
            UsageError(
                f"The {len(arguments.lens)} lenses",
                f"are more than the cameras, {len(arguments.cameras)}",
                "give one --lens for each camera, in their order",
            )
        )
    check_all(faults, partial(require_writable, what="calibration"), [arguments.to])
    return arguments


def parse_height(word: str | None) -> float | None:
    """Return a performer's height in metres; None if none is given.

    Raises:
        UsageError: it is no height of a person.
    """
    if word is None:
        return None
    try:
        height = float(word.removesuffix("m").replace(",", "."))
    except ValueError:
        height = 0.0
    if not _SHORTEST_M <= height <= _TALLEST_M:
        raise UsageError(
            f"Height {word[:20]!r}",
            f"is no height of a person from {_SHORTEST_M} to {_TALLEST_M} metres",
            "write it in metres, such as 1.68",
        )
    return height


def run(arguments: Namespace) -> int:
    """Calibrate, print what was found, and write the file."""
    from renderer.tools.calibrate_cameras import CalibrationRequest, calibrate, draw_board

    if arguments.print_board is not None:
        draw_board(arguments.board, arguments.print_board)
        print(f"Drawn: {arguments.print_board}; print it at full size on something flat")
        return 0
    request = CalibrationRequest(
        arguments.cameras,
        arguments.focals,
        arguments.height_m,
        arguments.board,
        float(arguments.seconds),
    )
    calibrate(request, arguments.to, lambda text: print(text, flush=True))
    print(f"Kept in {arguments.to}")
    return 0


COMMAND = Command(
    "cameras",
    "find where two to four cameras on one performer stand",
    prepare,
    run,
    add_options,
    (
        "encore calibrate cameras --input camera:0+camera:2 --height 1.68 --to stage.json",
        "encore calibrate cameras --input left.mp4+right.mp4 --height 1.68 --to stage.json",
        "encore calibrate cameras --input camera:0+camera:2 --board charuco:7x5:40mm --to "
        "stage.json",
    ),
    details="The performer walks about and moves arms and legs, whole in every picture, for half "
    "a minute. docs/capture.md describes the steps.",
)
