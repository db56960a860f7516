"""Measure the calibration by movement against a calibration that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import acos, degrees

import numpy as np

from avatars.maths.vectors import Array
from renderer.bench.cameras.exercise import Exercise
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.cameras.bundle import triangulate_recording
from renderer.motion.cameras.calibrate import FILE_CLOCK_S, calibrate_by_movement
from renderer.motion.cameras.floor import measure_height
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.cameras.recording import Recording


@dataclass(frozen=True, slots=True)
class CalibrationErrors:
    """How far a calibration is from the known one; the worst camera, about the first one.

    Attributes:
        turned_deg: rotation of a camera, degrees.
        moved_m: place of a camera, metres.
        floor_deg: tilt of the floor in the first camera's picture, degrees.
    """

    turned_deg: float
    moved_m: float
    floor_deg: float


def calibrate_exercise(
    exercise: Exercise, seen: Sequence[Sequence[Observation]], which: Sequence[int]
) -> CalibrationErrors | str:
    """Calibrate some of the exercise's cameras by its movement alone and return the errors.

    The lenses, and the performer's height by the known calibration, are stated.

    Args:
        exercise: the cameras.
        seen: every camera's observations.
        which: indices of the cameras to calibrate, rising.

    Returns:
        The errors, or why the movement does not determine the cameras.
    """
    known = exercise.cameras.cameras
    recordings = [Recording.of(camera, one) for camera, one in zip(known, seen, strict=True)]
    times = recordings[0].times
    points = triangulate_recording(known, [one.sample(times) for one in recordings])
    chosen = [known[k] for k in which]
    unplaced = [one.placed(np.eye(3), np.zeros(3)) for one in chosen]
    try:
        found = calibrate_by_movement(
            unplaced,
            [seen[k] for k in which],
            height_m=measure_height(points),
            longest_clock_s=FILE_CLOCK_S,
        )
    except MotionError as fault:
        return str(fault)
    return compare_calibrations(found.cameras, replace(exercise.cameras, cameras=tuple(chosen)))


def compare_calibrations(found: CameraSet, known: CameraSet) -> CalibrationErrors:
    """Return how far one calibration of the same cameras is from another."""
    first, truth = found.cameras[0], known.cameras[0]
    turned, moved = [0.0], [0.0]
    for one, other in zip(found.cameras[1:], known.cameras[1:], strict=True):
        turn = _turn_from(first, one) @ _turn_from(truth, other).T
        turned.append(degrees(acos(min(max(0.5 * (float(np.trace(turn)) - 1.0), -1.0), 1.0))))
        off = first.rotation @ (one.place - first.place)
        off = off - truth.rotation @ (other.place - truth.place)
        moved.append(float(np.linalg.norm(off)))
    # The stage's vertical axis in each first camera's axes.
    cosine = float(first.rotation[:, 1] @ truth.rotation[:, 1])
    return CalibrationErrors(max(turned), max(moved), degrees(acos(min(max(cosine, -1.0), 1.0))))


def _turn_from(first: Camera, one: Camera) -> Array:
    """Return the rotation (3, 3) from the first camera's axes to another one's."""
    turn: Array = one.rotation @ first.rotation.T
    return turn
