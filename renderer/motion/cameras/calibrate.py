"""Calibrates cameras by a performer's own movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.capture.trackers.board import BoardSighting
from renderer.errors import MotionError
from renderer.motion.cameras.board_calibration import BoardView, calibrate_lens, place_by_board
from renderer.motion.cameras.bundle import (
    JOINTS,
    adjust_cameras,
    guess_cameras,
    median_error,
    triangulate_recording,
)
from renderer.motion.cameras.clocks import Offset, align_clocks, joint_speeds
from renderer.motion.cameras.floor import measure_height, place_on_stage
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.cameras.recording import Recording, Sampled

LIVE_CLOCK_S: Final = 0.5
"""Largest difference in delay of two cameras on one machine, seconds."""

FILE_CLOCK_S: Final = 20.0
"""Largest difference in the starts of two recordings, seconds."""

_FRAMES: Final = 60
"""Frames that are adjusted, spread over the recording."""

_FEWEST_FRAMES: Final = 12
"""Frames in which two cameras must see the performer."""

_LARGEST_ERROR_M: Final = 0.05
"""Metres of median error of the joints above which cameras are not calibrated; a good calibration
has 0.005 to 0.02."""

_LEAST_PARALLAX: Final = 0.17
"""Radians between the view rays of two cameras below which they add no depth: 10°."""

_HEIGHT_FITS: Final = (0.88, 1.12)
"""Ratio of a measured to a stated height within which a board's size is believed."""

_STEPS: Final = (
    "let the performer walk about and move arms and legs for twenty seconds, whole in every picture"
)


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A calibration and what it was made from.

    Attributes:
        cameras: the calibrated cameras.
        error_m: median distance of a joint from the cameras' rays, metres.
        frames: number of frames adjusted.
        offsets: of the clocks, as found by the movement.
        scale: factor by which the detector's scale was corrected to the stated height.
        warnings: what a crew should know, sentences.
    """

    cameras: CameraSet
    error_m: float
    frames: int
    offsets: tuple[Offset, ...]
    scale: float
    warnings: tuple[str, ...]


def calibrate_by_movement(
    cameras: Sequence[Camera],
    seen: Sequence[Sequence[Observation]],
    *,
    height_m: float | None,
    longest_clock_s: float,
    assumed_lenses: bool = False,
) -> CalibrationResult:
    """Calibrate cameras by a performer whom all of them saw.

    Args:
        cameras: with their lenses; where they stand is not used.
        seen: every camera's observations of the performer, in the order of time.
        height_m: the performer's height, metres; None takes the detector's scale.
        longest_clock_s: largest possible difference of two cameras' clocks, seconds.
        assumed_lenses: the focal lengths are assumed and may be corrected a little.

    Raises:
        MotionError: too little was seen, nobody moved, or the cameras do not agree.
    """
    recordings = [Recording.of(camera, one) for camera, one in zip(cameras, seen, strict=True)]
    _require_seen(recordings)
    offsets = _align(recordings, longest_clock_s)
    warnings = []
    samples, times = _sample(recordings, offsets)
    _require_shared(recordings, samples)
    placed = guess_cameras([one.camera for one in recordings], samples)
    if placed is None:
        raise MotionError(
            "The cameras", "see too little of the performer at the same times", _STEPS
        )
    free = range(1, len(placed))
    adjusted, error_m = adjust_cameras(placed, samples, free=free, focals=assumed_lenses)
    if not error_m <= _LARGEST_ERROR_M:
        raise MotionError(
            "The cameras",
            f"do not agree: joints are off by {1000.0 * error_m:.0f} mm in the median",
            "check that every camera shows the same performer and that --lens is right, then "
            + _STEPS,
        )
    shifts = [one.clock_ns - old.clock_ns for one, old in zip(adjusted, placed, strict=True)]
    adjusted = [
        replace(one, clock_ns=round(offset.seconds * 1e9) + shift)
        for one, offset, shift in zip(adjusted, offsets, shifts, strict=True)
    ]
    points = triangulate_recording(adjusted, samples)
    on_stage, scale = place_on_stage(adjusted, points, height_m)
    warnings += _find_weaknesses(on_stage, height_m, scale)
    result = CameraSet(tuple(on_stage), height_m or 0.0, "movement")
    return CalibrationResult(
        result, error_m * scale, len(times), tuple(offsets), scale, tuple(warnings)
    )


def finish_board_calibration(
    cameras: Sequence[Camera],
    seen: Sequence[Sequence[Observation]],
    boards: Sequence[Sequence[tuple[int, BoardSighting]]],
    *,
    height_m: float | None,
    longest_clock_s: float,
) -> CalibrationResult:
    """Calibrate cameras by a board, and their floor and clocks by a performer's movement.

    Args:
        cameras: with assumed lenses.
        seen: every camera's observations of the performer, in the order of time.
        boards: every camera's sightings of the board with their times, nanoseconds.
        height_m: the performer's height, metres, against which the board's size is checked; None if
            not stated.
        longest_clock_s: largest possible difference of two cameras' clocks, seconds.

    Raises:
        MotionError: too little was seen of board or performer.
    """
    recordings = [Recording.of(camera, one) for camera, one in zip(cameras, seen, strict=True)]
    _require_seen(recordings)
    offsets = _align(recordings, longest_clock_s)
    views = [
        [
            BoardView(t_ns * 1e-9 + offset.seconds, sighting.points, sighting.pixels)
            for t_ns, sighting in one
        ]
        for one, offset in zip(boards, offsets, strict=True)
    ]
    lenses = [calibrate_lens(camera, one) for camera, one in zip(cameras, views, strict=True)]
    placed = [
        replace(camera, clock_ns=round(offset.seconds * 1e9))
        for camera, offset in zip(place_by_board(lenses, views), offsets, strict=True)
    ]
    recordings = [Recording.of(camera, one) for camera, one in zip(placed, seen, strict=True)]
    samples, times = _sample(recordings, offsets)
    _require_shared(recordings, samples)
    points = triangulate_recording(placed, samples)
    error_m = median_error(placed, samples)
    if not error_m <= _LARGEST_ERROR_M:
        raise MotionError(
            "The cameras",
            f"do not agree on the performer: joints are off by {1000.0 * error_m:.0f} mm",
            "keep the cameras where they were when they saw the board, and calibrate again",
        )
    on_stage, _ = place_on_stage(placed, points, None)
    warnings = _find_weaknesses(on_stage, 0.0, 1.0)
    measured = measure_height(points)
    if height_m is not None and not _HEIGHT_FITS[0] < measured / height_m < _HEIGHT_FITS[1]:
        warnings.append(
            f"By the board the performer is {measured:.2f} m tall, and {height_m:.2f} m was "
            "stated; check the size of the board's squares"
        )
    result = CameraSet(tuple(on_stage), height_m or 0.0, "board")
    return CalibrationResult(result, error_m, len(times), tuple(offsets), 1.0, tuple(warnings))


def recalibrate_camera(
    cameras: CameraSet, number: int, slopes: Array, visibility: Array, distances: Array
) -> CameraSet | None:
    """Place one camera that was moved again, by what all cameras saw since.

    Args:
        cameras: the calibration before.
        number: of the camera that moved.
        slopes: (n, v, 33, 2) undistorted, at the same times.
        visibility: (n, v, 33) 0 where a camera does not see a landmark.
        distances: (n, v) metres from each camera to the hips, by the body's apparent size.

    Returns:
        The new calibration; None where the movement since does not determine it.
    """
    shown = np.where(visibility[..., None] > 0.5, slopes, np.nan)
    both = np.isfinite(shown[:, :, JOINTS, 0]).sum(axis=1) > 1
    frames = np.flatnonzero(both.sum(axis=1) >= 6)
    if len(frames) < _FEWEST_FRAMES:
        return None
    frames = frames[np.linspace(0, len(frames) - 1, min(len(frames), _FRAMES)).astype(int)]
    samples = [
        Sampled(
            shown[frames, k],
            np.zeros((len(frames), 33, 2)),
            np.full((len(frames), 33, 3), np.nan),
            distances[frames, k],
        )
        for k in range(len(cameras.cameras))
    ]
    moved, error_m = adjust_cameras(
        cameras.cameras, samples, free=[number], sizes=len(cameras.cameras) == 2
    )
    if not error_m <= _LARGEST_ERROR_M:
        return None
    return cameras.replaced(number, moved[number])


def _require_seen(recordings: Sequence[Recording]) -> None:
    """Check that every camera saw the performer.

    Raises:
        MotionError: one did not.
    """
    for number, one in enumerate(recordings, 1):
        if len(one.times) < _FEWEST_FRAMES:
            raise MotionError(
                f"Camera {number} ({one.camera.name})",
                f"shows the performer in {len(one.times)} frames, which is too few",
                _STEPS,
            )


def _align(recordings: Sequence[Recording], longest_s: float) -> list[Offset]:
    """Return the clocks' offsets.

    Raises:
        MotionError: the performer hardly moved, or not alike.
    """
    offsets = align_clocks(
        [(one.times, joint_speeds(one.times, one.slopes, one.widths)) for one in recordings],
        longest_s,
    )
    for number, offset in enumerate(offsets[1:], 2):
        if not offset.moved:
            raise MotionError("The performer", "stands still, so that no clock can be set", _STEPS)
        if not offset.is_sure:
            raise MotionError(
                f"Cameras 1 and {number}",
                "do not show the same movement at the same time",
                f"check that both show the same performer, then {_STEPS}",
            )
    return offsets


def _sample(
    recordings: Sequence[Recording], offsets: Sequence[Offset]
) -> tuple[list[Sampled], Array]:
    """Return every camera's landmarks at common times, and these on the first camera's clock."""
    begins = [one.times[0] + o.seconds for one, o in zip(recordings, offsets, strict=True)]
    ends = [one.times[-1] + o.seconds for one, o in zip(recordings, offsets, strict=True)]
    # Two cameras must see the performer: from the second beginning to the second last end.
    begin, end = sorted(begins)[1], sorted(ends)[-2]
    times = np.linspace(begin, end, _FRAMES)
    samples = [
        one.sample(times - offset.seconds) for one, offset in zip(recordings, offsets, strict=True)
    ]
    return samples, times


def _require_shared(recordings: Sequence[Recording], samples: Sequence[Sampled]) -> None:
    """Check that every camera shares frames with another one.

    Raises:
        MotionError: a camera does not.
    """
    shown = [np.isfinite(one.slopes[:, JOINTS, 0]).sum(axis=1) >= 6 for one in samples]
    for number, one in enumerate(shown):
        shared = max(int((one & other).sum()) for k, other in enumerate(shown) if k != number)
        if shared < _FEWEST_FRAMES:
            raise MotionError(
                f"Camera {number + 1} ({recordings[number].camera.name})",
                "never sees the performer together with another camera",
                "turn the cameras to the same part of the stage",
            )


def _find_weaknesses(cameras: Sequence[Camera], height_m: float | None, scale: float) -> list[str]:
    """Return what weakens a calibration, sentences."""
    out = []
    aim = np.array([0.0, 1.0, 0.0])
    for (i, a), (j, b) in combinations(enumerate(cameras, 1), 2):
        x, y = aim - a.place, aim - b.place
        cosine = float(x @ y) / max(float(np.linalg.norm(x) * np.linalg.norm(y)), 1e-9)
        if np.arccos(min(max(cosine, -1.0), 1.0)) < _LEAST_PARALLAX:
            out.append(
                f"Cameras {i} and {j} look from nearly the same place and add little depth to "
                "each other; put them further apart"
            )
    if height_m is None:
        out.append(
            "The scale is the detector's guess, since no height was stated; state it with --height"
        )
    elif not 0.7 < scale < 1.4:
        out.append(
            f"The stated height differs from what the lenses say by a factor of {scale:.2f}; "
            "check --height and --lens"
        )
    return out
