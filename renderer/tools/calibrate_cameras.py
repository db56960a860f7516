"""Calibrate the cameras on one performer, live or from videos of the same performance."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2

from renderer.capture.board_spec import Board
from renderer.capture.process.messages import EndOfStream
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import USUAL_FOCAL, Observation
from renderer.capture.sources.address import is_live, without_password
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.board import BoardFinder, BoardSighting, draw_board_picture
from renderer.errors import CaptureError, MotionError
from renderer.motion.cameras.calibrate import (
    FILE_CLOCK_S,
    LIVE_CLOCK_S,
    CalibrationResult,
    calibrate_by_movement,
    finish_board_calibration,
)
from renderer.motion.cameras.calibration_file import save_cameras
from renderer.motion.cameras.model import Camera

Notify = Callable[[str], None]

_FRAME_S: Final = 30.0
"""Seconds after which a missing frame of a file counts as an error."""

_WAIT_S: Final = 60.0
"""Seconds for which a performer is awaited before live cameras."""

_BOARD_EVERY_S: Final = 0.2
"""Seconds between the pictures that are searched for a board."""


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What to calibrate.

    Attributes:
        inputs: the cameras or videos.
        focals: of the inputs in order, over the picture's longer side; the rest are assumed.
        height_m: the performer's height, metres; None if not stated.
        board: the board that is shown first; None to calibrate by movement alone.
        seconds: how long live cameras watch the performer, and the board before.
    """

    inputs: tuple[str, ...]
    focals: tuple[float, ...]
    height_m: float | None
    board: Board | None
    seconds: float


def calibrate(request: CalibrationRequest, path: Path, notify: Notify) -> CalibrationResult:
    """Calibrate the cameras and write the calibration file.

    Args:
        request: what to calibrate.
        path: the file.
        notify: receives instructions for the performer, and the result.

    Raises:
        RendererError: an input cannot be used, or what was seen does not determine the cameras.
    """
    live = [is_live(word) for word in request.inputs]
    if any(live) != all(live):
        raise CaptureError(
            "The inputs", "are partly live and partly files", "name cameras alone, or videos alone"
        )
    boards = _watch_boards(request, notify, live=all(live)) if request.board else None
    notify("Walk about and move arms and legs, whole in every picture.")
    seen, sizes = _watch(request, notify, live=all(live))
    cameras = [
        Camera.unplaced(
            without_password(word),
            size,
            request.focals[k] if k < len(request.focals) else USUAL_FOCAL,
        )
        for k, (word, size) in enumerate(zip(request.inputs, sizes, strict=True))
    ]
    longest_s = LIVE_CLOCK_S if all(live) else FILE_CLOCK_S
    if boards is None:
        result = calibrate_by_movement(
            cameras,
            seen,
            height_m=request.height_m,
            longest_clock_s=longest_s,
            assumed_lenses=len(request.focals) < len(cameras),
        )
    else:
        result = finish_board_calibration(
            cameras, seen, boards, height_m=request.height_m, longest_clock_s=longest_s
        )
    save_cameras(result.cameras, path)
    _describe(result, notify)
    return result


def draw_board(board: Board, path: Path) -> None:
    """Write the picture of a board for printing.

    Raises:
        CaptureError: it cannot be written.
    """
    if not cv2.imwrite(str(path), draw_board_picture(board)):
        raise CaptureError(f"Board {path}", "cannot be written", "name a .png file")


def _describe(result: CalibrationResult, notify: Notify) -> None:
    notify(
        f"Calibrated by {result.cameras.method} from {result.frames} frames: joints meet within "
        f"{1000.0 * result.error_m:.0f} mm"
    )
    for number, camera in enumerate(result.cameras.cameras, 1):
        x, y, z = camera.place.tolist()
        notify(
            f"Camera {number} ({camera.name}): {x:+.2f} m aside, {y:.2f} m up, {z:+.2f} m in "
            f"front, clock {camera.clock_ns * 1e-6:+.0f} ms, error {camera.error_px:.1f} px"
        )
    for warning in result.warnings:
        notify(f"{warning}.")


def _watch(
    request: CalibrationRequest, notify: Notify, *, live: bool
) -> tuple[list[list[Observation]], list[tuple[int, int]]]:
    """Return every camera's observations and picture size."""
    count = len(request.inputs)
    seen: list[list[Observation]] = [[] for _ in range(count)]
    with ExitStack() as opened:
        captures = [
            opened.enter_context(closing(CaptureProcess(word, live, heavy=not live)))
            for word in request.inputs
        ]
        for capture in captures:
            capture.start()
        sizes = [capture.info.size for capture in captures]
        if live:
            _watch_live(captures, seen, request.seconds, notify)
        else:
            for word, capture, out in zip(request.inputs, captures, seen, strict=True):
                _watch_file(word, capture, out)
    return seen, sizes


def _watch_file(word: str, capture: CaptureProcess, out: list[Observation]) -> None:
    while True:
        got = capture.get(_FRAME_S)
        if isinstance(got, Observation):
            out.append(got)
            continue
        if isinstance(got, EndOfStream) and not got.failed:
            return
        raise CaptureError(
            f"Input {without_password(word)}",
            got.reason if got else f"no frame came for {_FRAME_S:.0f} s",
            "try a whole video file",
        )


def _watch_live(
    captures: Sequence[CaptureProcess],
    seen: list[list[Observation]],
    seconds: float,
    notify: Notify,
) -> None:
    """Collect what live cameras see for some seconds after all have seen the performer."""
    began: float | None = None
    waiting_since = time.monotonic()
    reported: set[int] = set()
    while began is None or time.monotonic() < began + seconds:
        for number, (capture, out) in enumerate(zip(captures, seen, strict=True)):
            got = capture.get(0.005)
            if isinstance(got, EndOfStream):
                raise CaptureError(f"Camera {number + 1}", got.reason, "check it, and try again")
            if isinstance(got, Observation) and got.pose is not None:
                out.append(got)
        if began is None:
            missing = [number for number, out in enumerate(seen, 1) if not out]
            if not missing:
                began = time.monotonic()
                notify(f"All cameras see the performer; keep moving for {seconds:.0f} seconds.")
            elif time.monotonic() > waiting_since + _WAIT_S:
                raise MotionError(
                    f"Camera {missing[0]}",
                    f"has seen nobody for {_WAIT_S:.0f} seconds",
                    "turn it to the performer, in good light",
                )
            elif time.monotonic() > waiting_since + 3.0:
                for number in set(missing) - reported:
                    notify(f"Camera {number} sees nobody yet.")
                    reported.add(number)


def _watch_boards(
    request: CalibrationRequest, notify: Notify, *, live: bool
) -> list[list[tuple[int, BoardSighting]]]:
    """Return every camera's sightings of the board with their times, nanoseconds.

    Raises:
        RendererError: an input cannot be read, or shows another board than stated.
    """
    board = request.board
    assert board is not None
    notify(
        f"Hold the board {board.describe()} still at ten places, near and far and tilted, where "
        "two cameras see it."
    )
    found: list[list[tuple[int, BoardSighting]]] = [[] for _ in request.inputs]
    others = [""] * len(request.inputs)
    faults: list[Exception] = []

    def watch(number: int, word: str) -> None:
        try:
            found[number], others[number] = _find_boards(word, board, request.seconds, live=live)
        except Exception as fault:  # noqa: BLE001 - raised in the caller's thread
            faults.append(fault)

    threads = [
        threading.Thread(target=watch, args=one, name="board") for one in enumerate(request.inputs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    for number, (sightings, other) in enumerate(zip(found, others, strict=True), 1):
        if other and len(sightings) < 3:
            raise MotionError(
                f"The board before camera {number}",
                f"is no {board.describe()}: it has {other}",
                "state --board as it is printed",
            )
        if not sightings:
            raise MotionError(
                f"Camera {number}",
                f"never shows the board {board.describe()}",
                "hold it nearer, flat and in good light, or check --board",
            )
        notify(f"Camera {number} saw the board {len(sightings)} times.")
    return found


def _find_boards(
    word: str, board: Board, seconds: float, *, live: bool
) -> tuple[list[tuple[int, BoardSighting]], str]:
    """Return one camera's sightings with their times, and another board that it saw."""
    finder = BoardFinder(board)
    out: list[tuple[int, BoardSighting]] = []
    with closing(open_source(word)) as source:
        next_ns: int | None = None
        end_ns: int | None = None
        for frame in source.frames():
            if end_ns is None:
                end_ns = frame.t_seen_ns + round(seconds * 1e9)
            if live and frame.t_seen_ns > end_ns:
                break
            if next_ns is not None and frame.t_seen_ns < next_ns:
                continue
            next_ns = frame.t_seen_ns + round(_BOARD_EVERY_S * 1e9)
            sighting = finder.find(frame.pixels)
            if sighting is not None:
                out.append((frame.t_seen_ns, sighting))
    return out, finder.other
