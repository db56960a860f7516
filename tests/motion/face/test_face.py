"""Test face shapes and gaze from scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.gaze import gaze_from_scores
from renderer.motion.face.solver import FaceSolver, even_blinks
from renderer.motion.solver import MotionSolver

FRAME_NS = 33_333_333


def scores(**named: float) -> np.ndarray:
    out = np.zeros(len(ARKIT), np.float32)
    for name, value in named.items():
        out[ARKIT_INDEX[name]] = value
    return out


def settled(given: np.ndarray, frames: int = 30) -> tuple[np.ndarray, np.ndarray]:
    face = FaceSolver()
    for frame in range(frames):
        shapes, gaze = face.solve(given, None, frame * FRAME_NS, 1 / 30)
    return shapes, gaze


def test_a_face_at_rest_is_at_rest() -> None:
    rest = scores(eyeSquintLeft=0.28, eyeSquintRight=0.28, browDownLeft=0.05, eyeBlinkLeft=0.1)
    shapes, _ = settled(rest)
    assert shapes.max() < 0.02


@pytest.mark.parametrize("name", ["jawOpen", "mouthSmileLeft", "mouthPucker", "browInnerUp"])
def test_a_shape_opens_fully_and_alone(name: str) -> None:
    shapes, _ = settled(scores(**{name: 0.97}))
    assert shapes[ARKIT_INDEX[name]] > 0.95
    assert np.delete(shapes, ARKIT_INDEX[name]).max() == 0.0


def test_the_jaw_follows_in_proportion() -> None:
    opened = [settled(scores(jawOpen=v))[0][ARKIT_INDEX["jawOpen"]] for v in (0.2, 0.4, 0.6)]
    assert np.diff(opened) == pytest.approx([0.27, 0.27], abs=0.05)


@pytest.mark.parametrize("pixels", [15.0, 20.0, 28.0, 50.0, 120.0])
def test_a_small_face_s_noise_is_no_wink_and_a_wink_is(pixels: float) -> None:
    noise = 7.0 / pixels
    drowsy = even_blinks(np.array([0.1 + 0.6 * noise, 0.1]), pixels)
    assert drowsy[0] == drowsy[1] == pytest.approx(0.1 + 0.3 * noise)
    wink = np.array([0.1, 0.1 + 1.4 * noise])
    assert np.allclose(even_blinks(wink, pixels), wink)


def test_both_lids_are_left_as_they_are_and_nothing_leaps() -> None:
    assert np.allclose(even_blinks(np.array([0.8, 0.8]), 20.0), 0.8)
    apart = np.linspace(0.0, 0.9, 200)
    shown = np.array([np.ptp(even_blinks(np.array([0.05 + d, 0.05]), 20.0)) for d in apart])
    assert np.diff(shown).min() >= 0.0
    assert np.diff(shown).max() < 5 * np.diff(apart).max()


def test_a_blink_closes_and_a_lowered_gaze_does_not() -> None:
    blink = {"eyeBlinkLeft": 0.86, "eyeBlinkRight": 0.86}
    shut, _ = settled(scores(**blink, eyeLookDownLeft=0.4, eyeLookDownRight=0.4))
    low = {
        "eyeBlinkLeft": 0.69,
        "eyeBlinkRight": 0.69,
        "eyeLookDownLeft": 0.9,
        "eyeLookDownRight": 0.9,
    }
    down, gaze = settled(scores(**low))
    assert shut[ARKIT_INDEX["eyeBlinkLeft"]] > 0.95
    assert down[ARKIT_INDEX["eyeBlinkLeft"]] < 0.5
    assert gaze[1] < -0.3


@pytest.mark.parametrize(
    ("named", "sign", "axis"),
    [
        ({"eyeLookOutLeft": 0.8, "eyeLookInRight": 0.8}, 1.0, 0),
        ({"eyeLookInLeft": 0.8, "eyeLookOutRight": 0.8}, -1.0, 0),
        ({"eyeLookUpLeft": 0.8, "eyeLookUpRight": 0.8}, 1.0, 1),
        ({"eyeLookDownLeft": 0.8, "eyeLookDownRight": 0.8}, -1.0, 1),
    ],
)
def test_gaze_signs(named: dict[str, float], sign: float, axis: int) -> None:
    gaze = gaze_from_scores(scores(**named).astype(np.float64))
    assert gaze[axis] * sign > 0.3
    assert gaze[1 - axis] == 0.0


def test_a_performer_s_own_rest_is_found_but_a_smile_is_not_taken_for_it() -> None:
    face = FaceSolver()
    rest = scores(browDownLeft=0.2)
    for frame in range(1800):
        shapes, _ = face.solve(rest, None, frame * FRAME_NS, 1 / 30)
    assert shapes[ARKIT_INDEX["browDownLeft"]] < 0.02
    smile = scores(mouthSmileLeft=0.8)
    for frame in range(1800, 5400):
        shapes, _ = face.solve(smile, None, frame * FRAME_NS, 1 / 30)
    assert shapes[ARKIT_INDEX["mouthSmileLeft"]] > 0.7


def test_a_lost_face_eases_to_rest(performer: Any) -> None:
    solver = MotionSolver()
    talking = scores(jawOpen=0.7)
    for frame in range(90):
        seen = performer.observe(performer.standing(), frame)
        lost = replace(seen, face=None, scores=None, head=None)
        motion = solver.solve(replace(seen, scores=talking) if frame < 30 else lost)
        if frame == 29:
            assert motion.expressions[ARKIT_INDEX["jawOpen"]] > 0.8
    assert motion.expressions.max() == 0.0


def test_scores_out_of_range_stay_in_range() -> None:
    shapes, gaze = settled(np.full(len(ARKIT), 7.0, np.float32))
    assert shapes.max() <= 1.0 and np.isfinite(gaze).all()
