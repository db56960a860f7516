"""Test lips, smile and brows from the face's landmarks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import from_axis_angle, multiply, to_matrix
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.body.head import measure_head_rotations
from renderer.motion.face.gaze import LOOKS
from renderer.motion.face.landmarks import (
    BROWS,
    CORNERS,
    GAP,
    IRISES,
    LOWER_LIDS,
    UPPER_LIDS,
    WIDTH,
    measure,
)
from renderer.motion.face.shapes import PointShapes
from renderer.motion.face.solver import LEARN_S, FaceSolver
from renderer.motion.face.surface import RIGID_POINTS, reference_points

SIZE = (1280, 720)
STEP = 1 / 30


def face(
    gap: float = 0.0,
    width: float = 0.57,
    rise: float = 0.335,
    turn: Any = None,
    pixels: float = 60.0,
    lower: float = -0.025,
    upper: float = 0.06,
    droop: float = 0.0,
    aside: float = 0.0,
    left: float = 0.0,
    iris: float = 0.014,
) -> tuple[np.ndarray, np.ndarray]:
    """Return points (478, 3) and transform of a face with known measures, in eye distances.

    `left` additionally lifts the left brow and the mouth's left corner.
    """
    flat = np.zeros((478, 3))
    flat[list(RIGID_POINTS)] = reference_points() - reference_points()[:4].mean(axis=0)
    flat[[473, 468]] = (0.35, iris, 0.0), (-0.35, iris, 0.0)
    flat[[13, 14]] = (aside, -0.6 + 0.5 * gap, 0.05), (aside, -0.6 - 0.5 * gap, 0.05)
    flat[[291, 61]] = (0.5 * width, left - 0.6 - droop, 0.0), (-0.5 * width, -0.6 - droop, 0.0)
    flat[[263, 362, 133, 33]] = (0.5, 0, 0), (0.2, 0, 0), (-0.2, 0, 0), (-0.5, 0, 0)
    for rows, sign in (
        ((336, 296, 334, 293, 285, 295, 282), 1),
        ((107, 66, 105, 63, 55, 65, 52), -1),
    ):
        for k, row in enumerate(rows):
            flat[row] = sign * (0.2 + 0.04 * k), rise + (left if sign > 0 else 0.0), 0.0
    for rows, height in (((374, 380, 373, 145, 153, 144), lower),
                         ((386, 385, 387, 159, 158, 160), upper)):  # fmt: skip
        for k, row in enumerate(rows):
            flat[row] = (0.35 if k < 3 else -0.35), height, 0.0
    flat[152] = 0.0, -0.9, 0.0
    flat[0] = 0.0, -0.55, 0.05
    matrix = np.eye(4)
    if turn is not None:
        matrix[:3, :3] = to_matrix(turn)
    points = flat @ matrix[:3, :3].T * pixels / (SIZE[0], -SIZE[1], -SIZE[0]) + (0.5, 0.4, 0.0)
    return points.astype(np.float32), matrix.astype(np.float32)


def sing(
    solver: FaceSolver,
    frames: int,
    start: int = 0,
    said: dict[str, float] | None = None,
    **shape: float,
) -> np.ndarray:
    """Return the shapes after some frames of a face, with the scores of one at rest but for what is
    `said`."""
    scores = np.zeros(len(ARKIT), np.float32)
    for name, value in (said or {}).items():
        scores[ARKIT_INDEX[name]] = value
    for k in range(start, start + frames):
        seen = measure(*face(**shape), SIZE)
        shapes, _ = solver.solve(scores, seen, k * 33_333_333, STEP)
    return shapes


@pytest.mark.parametrize("pixels", [30.0, 200.0])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_measures_do_not_depend_on_how_the_head_is_held(axis: int, pixels: float) -> None:
    turn = from_axis_angle(np.eye(3)[axis], 0.5)
    shape = {"gap": 0.2, "width": 0.5, "rise": 0.25, "left": 0.03}
    straight = measure(*face(**shape), SIZE)
    assert straight[GAP] == pytest.approx(0.2, abs=1e-3)
    np.testing.assert_allclose(straight[BROWS], (0.28, 0.25), atol=1e-3)
    np.testing.assert_allclose(straight[LOWER_LIDS], -0.025, atol=1e-3)
    np.testing.assert_allclose(straight[UPPER_LIDS], 0.06, atol=1e-3)
    np.testing.assert_allclose(straight[IRISES], 0.014, atol=1e-3)
    assert straight[CORNERS][0] - straight[CORNERS][1] == pytest.approx(0.03, abs=1e-3)
    assert straight[-1] == pytest.approx(60.0, abs=0.1)
    turned = measure(*face(**shape, turn=turn, pixels=pixels), SIZE)
    np.testing.assert_allclose(turned[:-1], straight[:-1], atol=3e-3)
    assert turned[-1] == pytest.approx(pixels, rel=1e-3)


def test_a_jaw_that_opens_makes_no_mouth_narrow() -> None:
    shut, wide = measure(*face(), SIZE), measure(*face(gap=0.3, width=0.528, droop=0.096), SIZE)
    assert wide[WIDTH] == pytest.approx(shut[WIDTH], abs=1e-3)
    np.testing.assert_allclose(wide[CORNERS], shut[CORNERS], atol=1e-3)


def test_lips_that_touch_are_closed_whatever_the_jaw_s_score() -> None:
    shapes = np.zeros(len(ARKIT))
    shapes[ARKIT_INDEX["jawOpen"]] = 0.3
    PointShapes().blend(shapes, measure(*face(gap=0.0), SIZE), np.zeros(len(ARKIT)), STEP)
    assert shapes[ARKIT_INDEX["jawOpen"]] == 0.0


def test_a_gap_opens_the_jaw_in_proportion() -> None:
    opened = [sing(FaceSolver(), 30, gap=gap)[ARKIT_INDEX["jawOpen"]] for gap in (0.1, 0.2, 0.4)]
    assert 0.1 < opened[0] < opened[1] < opened[2] and opened[2] > 0.6


def test_round_pursed_and_smiling_mouths_are_distinguished() -> None:
    solvers = [FaceSolver() for _ in range(3)]
    for solver in solvers:
        sing(solver, 60)
    names = ("mouthFunnel", "mouthPucker", "mouthSmileLeft")
    rows = [ARKIT_INDEX[name] for name in names]
    shown = [
        sing(solver, 15, 60, **shape)[rows]
        for solver, shape in zip(
            solvers,
            ({"width": 0.46, "gap": 0.15}, {"width": 0.46, "gap": 0.01}, {"width": 0.66}),
            strict=True,
        )
    ]
    assert [int(np.argmax(row)) for row in shown] == [0, 1, 2]
    assert min(np.max(shown, axis=1)) > 0.4


def test_a_face_that_was_learnt_rests() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    scores[[ARKIT_INDEX["browInnerUp"], ARKIT_INDEX["mouthSmileLeft"]]] = 0.5, 0.3
    seen = measure(*face(width=0.64, rise=0.3, pixels=30.0), SIZE)
    solver.learn_rest()
    for k in range(round(LEARN_S / STEP) + 30):
        shapes, _ = solver.solve(scores, seen, k * 33_333_333, STEP)
    assert shapes.max() < 0.05, ARKIT[int(shapes.argmax())]
    scores[ARKIT_INDEX["mouthSmileLeft"]] = 0.9
    for k in range(60, 90):
        shapes, _ = solver.solve(scores, seen, k * 33_333_333, STEP)
    assert shapes[ARKIT_INDEX["mouthSmileLeft"]] > 0.2


def test_a_wink_is_kept_while_the_gaze_is_lowered() -> None:
    scores = np.zeros(len(ARKIT), np.float32)
    for name, value in (("eyeBlinkLeft", 0.6), ("eyeLookDownLeft", 0.9), ("eyeLookDownRight", 0.7)):
        scores[ARKIT_INDEX[name]] = value
    solver = FaceSolver()
    for k in range(60):
        shapes, _ = solver.solve(scores, None, k * 33_333_333, STEP)
    assert shapes[ARKIT_INDEX["eyeBlinkLeft"]] > 0.8
    assert shapes[ARKIT_INDEX["eyeBlinkRight"]] == 0.0


def test_a_blink_that_looks_like_a_lowered_gaze_is_a_blink() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    shut = []
    for k in range(60):
        scores[:] = 0.0
        if 50 <= k < 54:
            for side in ("Left", "Right"):
                scores[ARKIT_INDEX[f"eyeBlink{side}"]] = 0.65
                scores[ARKIT_INDEX[f"eyeLookDown{side}"]] = 0.8
        shapes, _ = solver.solve(scores, None, k * 33_333_333, STEP)
        shut.append(shapes[ARKIT_INDEX["eyeBlinkLeft"]])
    assert max(shut) > 0.7


def test_eyes_that_are_seen_lowered_all_the_time_look_ahead() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    scores[[ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]] = 0.5
    for k in range(1500):
        _, gaze = solver.solve(scores, None, k * 33_333_333, STEP)
    assert abs(gaze[1]) < 0.03


def test_a_level_head_above_the_camera_does_not_look_up() -> None:
    level = np.eye(4, dtype=np.float32)
    ahead, _ = measure_head_rotations(level, SIZE[1] / (1.1 * max(SIZE)), None)
    above = level.copy()
    above[:3, 3] = 0.0, 15.0, -60.0
    turned, _ = measure_head_rotations(above, SIZE[1] / (1.1 * max(SIZE)), None)
    down = multiply(turned, np.array([*-ahead[:3], ahead[3]]))
    assert 0.02 < 2.0 * down[0] < 0.25 and abs(down[1]) < 1e-6


ALONE = {
    "browDownLeft": {"rise": 0.275},
    "browInnerUp": {"rise": 0.395},
    "eyeSquintLeft": {"lower": -0.006},
    "eyeWideRight": {"upper": 0.092},
}


@pytest.mark.parametrize("name", ALONE)
def test_what_the_scores_are_dead_to_is_seen_in_the_points_of_a_large_face(name: str) -> None:
    solver = FaceSolver()
    rest = sing(solver, 90, pixels=120.0)
    shown = sing(solver, 20, 90, pixels=120.0, **ALONE[name])
    assert rest[ARKIT_INDEX[name]] < 0.05
    assert shown[ARKIT_INDEX[name]] > 0.35


@pytest.mark.parametrize(("name", "aside"), [("mouthLeft", 0.032), ("mouthRight", -0.032)])
def test_a_mouth_to_one_side_needs_a_trace_of_its_score(name: str, aside: float) -> None:
    solver = FaceSolver()
    sing(solver, 90, pixels=120.0)
    assert sing(solver, 20, 90, pixels=120.0, aside=aside)[ARKIT_INDEX[name]] < 0.05
    said = sing(solver, 20, 110, {name: 0.15}, pixels=120.0, aside=aside)
    assert said[ARKIT_INDEX[name]] > 0.35


@pytest.mark.parametrize("name", ["eyeSquintLeft"])
def test_of_a_small_face_fine_points_are_not_believed(name: str) -> None:
    solver = FaceSolver()
    sing(solver, 90, pixels=30.0)
    assert sing(solver, 20, 90, pixels=30.0, **ALONE[name])[ARKIT_INDEX[name]] < 0.05


def test_a_smile_lifts_cheeks_and_lower_lids() -> None:
    solver = FaceSolver()
    sing(solver, 60, pixels=30.0)
    shapes = sing(solver, 20, 60, width=0.66, pixels=30.0)
    for name in ("cheekSquintLeft", "eyeSquintRight"):
        assert shapes[ARKIT_INDEX[name]] > 0.15


def test_a_blink_is_no_squint_and_moves_no_gaze() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    for k in range(70):
        shut = k >= 60
        for side in ("Left", "Right"):
            scores[ARKIT_INDEX[f"eyeBlink{side}"]] = 0.8 if shut else 0.05
            scores[ARKIT_INDEX[f"eyeSquint{side}"]] = 0.7 if shut else 0.3
            scores[ARKIT_INDEX[f"eyeLookDown{side}"]] = 0.7 if shut else 0.1
        seen = measure(*face(upper=-0.02 if shut else 0.06), SIZE)
        shapes, gaze = solver.solve(scores, seen, k * 33_333_333, STEP)
    assert shapes[ARKIT_INDEX["eyeBlinkLeft"]] > 0.9
    assert shapes[ARKIT_INDEX["eyeSquintLeft"]] < 0.15
    assert abs(gaze[1]) < 0.05 and shapes[ARKIT_INDEX["eyeLookDownLeft"]] < 0.1


def looked(frames: range, solver: FaceSolver, blink: float = 0.0, **shape: float) -> np.ndarray:
    """Return the shapes (n, 52) of eyes whose scores contain no gaze."""
    scores = np.zeros(len(ARKIT), np.float32)
    scores[[ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]] = blink
    seen = measure(*face(**shape), SIZE)
    return np.array([solver.solve(scores, seen, k * 33_333_333, STEP)[0].copy() for k in frames])


@pytest.mark.parametrize("pixels", [28.0, 120.0])
def test_irises_and_lids_that_sink_look_down_and_do_not_blink(pixels: float) -> None:
    solver = FaceSolver()
    looked(range(90), solver, pixels=pixels)
    down = looked(range(90, 120), solver, pixels=pixels, iris=0.004, upper=0.045)[-1]
    assert down[ARKIT_INDEX["eyeLookDownLeft"]] > 0.4
    assert down[ARKIT_INDEX["eyeLookUpLeft"]] < 1e-6
    assert down[ARKIT_INDEX["eyeBlinkLeft"]] < 0.05
    again = looked(range(120, 150), solver, pixels=pixels)[-1]
    assert again[ARKIT_INDEX["eyeLookDownLeft"]] < 0.1


@pytest.mark.parametrize(("pixels", "odd"), [(28.0, 0.006), (28.0, -0.006), (120.0, 0.006)])
def test_a_performer_s_own_eyes_come_to_rest_and_a_long_look_down_does_not(
    pixels: float, odd: float
) -> None:
    solver = FaceSolver()
    own = {"iris": 0.014 + odd, "upper": 0.06 + odd, "pixels": pixels}
    ahead = looked(range(600), solver, **own)[-1]
    assert ahead[LOOKS].max() < 0.2
    low = own | {"iris": own["iris"] - 0.01, "upper": own["upper"] - 0.015}
    assert looked(range(600, 690), solver, **low)[-1][ARKIT_INDEX["eyeLookDownLeft"]] > 0.4
    assert looked(range(690, 720), solver, **own)[-1][LOOKS].max() < 0.35


def test_a_glance_aside_while_a_lid_sinks_is_not_late() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    seen = measure(*face(), SIZE)
    for k in range(40):
        if k >= 30:
            scores[[ARKIT_INDEX["eyeLookOutLeft"], ARKIT_INDEX["eyeLookInRight"]]] = 0.8
            scores[[ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]] = 0.3
        gaze = solver.solve(scores, seen, k * 33_333_333, STEP)[1]
        if k == 34:
            assert gaze[0] > 0.2


def test_lids_on_their_way_down_and_up_again_look_nowhere() -> None:
    solver = FaceSolver()
    shown = [looked(range(90), solver)]
    # Closed in three frames, as in a blink, and opened in four.
    lids = (0.04, 0.01, -0.02, -0.02, -0.01, 0.01, 0.03, 0.05)
    blinks = (0.1, 0.4, 0.8, 0.8, 0.6, 0.35, 0.15, 0.1)
    for k, (upper, blink) in enumerate(zip(lids, blinks, strict=True), 90):
        iris = 0.014 + 0.3 * (upper - 0.06)
        shown.append(looked(range(k, k + 1), solver, blink, upper=upper, iris=iris))
    shown.append(looked(range(98, 120), solver))
    assert np.concatenate(shown)[:, ARKIT_INDEX["eyeBlinkLeft"]].max() > 0.9
    assert np.concatenate(shown)[:, ARKIT_INDEX["eyeLookDownLeft"]].max() < 0.2


def test_the_look_shapes_say_what_the_gaze_does() -> None:
    solver = FaceSolver()
    scores = np.zeros(len(ARKIT), np.float32)
    for k in range(40):
        if k == 30:
            scores[[ARKIT_INDEX["eyeLookOutLeft"], ARKIT_INDEX["eyeLookInRight"]]] = 0.8
        shapes, gaze = solver.solve(scores, None, k * 33_333_333, STEP)
    assert gaze[0] > 0.2
    for name, sign in (("OutLeft", 1), ("InRight", 1), ("InLeft", -1), ("OutRight", -1)):
        assert bool(shapes[ARKIT_INDEX[f"eyeLook{name}"]] > 0.3) is (sign > 0)


def test_crossed_eyes_look_ahead_and_are_not_torn_apart() -> None:
    solver = FaceSolver()
    crossed = {"eyeLookInLeft": 0.9, "eyeLookInRight": 0.85}
    shapes = sing(solver, 60, said=crossed, pixels=120.0)
    gaze = solver.solve(np.zeros(len(ARKIT), np.float32), None, 10**10, STEP)[1]
    assert abs(gaze[0]) < 0.1 and shapes[LOOKS[:4]].max() < 0.2


def test_lips_that_are_pressed_together_are_not_torn_by_closing_a_jaw_that_is_shut() -> None:
    shapes = sing(FaceSolver(), 30, said={"mouthClose": 0.9}, pixels=120.0, gap=0.0)
    assert shapes[ARKIT_INDEX["mouthClose"]] <= shapes[ARKIT_INDEX["jawOpen"]] + 1e-6
    assert shapes[ARKIT_INDEX["mouthPressLeft"]] > 0.5
