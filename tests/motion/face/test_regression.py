"""Test shapes without a score, with the real detector on a performer it was not trained on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from avatars.authoring.clips.clips import CLIPS
from avatars.authoring.clips.studio import Studio
from avatars.authoring.clips.truth_file import joints_of
from avatars.authoring.figure.source import Source
from avatars.authoring.performer.performer import build_performer
from avatars.authoring.performer.performer_looks import LOOKS
from avatars.errors import AvatarError
from avatars.maths.quaternions import IDENTITY
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.trackers.closeup import CloseUp
from renderer.capture.trackers.models import load_model
from renderer.errors import CaptureError
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.regression import (
    REGRESSED_SHAPES,
    compute_weighted_sums,
    default_full_sums,
    features,
    predict_shapes,
)
from renderer.motion.face.shapes import PointShapes
from renderer.motion.face.surface import SURFACE

STEP = 1 / 30
_FRAMES = 20
DONE: dict[str, dict[str, float]] = {
    "rest": {},
    "jawOpen": {"jawOpen": 0.35},
    "mouthPucker": {"mouthPucker": 0.9},
    "noseSneer": {"noseSneer{}": 0.9},
    "mouthPress": {"mouthPress{}": 0.9},
    "mouthRoll": {"mouthRollLower": 0.9, "mouthRollUpper": 0.9},
    "mouthFrown": {"mouthFrown{}": 0.8},
    "mouthSmile": {"mouthSmile{}": 0.8},
    "browDown": {"browDown{}": 0.9},
    "eyeSquint": {"eyeSquint{}": 0.9},
    "a smile on the left": {"mouthSmileLeft": 0.8},
}


@pytest.fixture(scope="module")
def faces() -> Iterator[dict[str, Observation]]:
    """Yield the set's test performer at rest and with some shapes, as the detector sees them."""
    clip = CLIPS["every-shape"]
    still, nowhere = np.tile(IDENTITY, (55, 1)), np.zeros(3)
    try:
        with Source.fetch() as source:
            who = build_performer(source, LOOKS[clip.cast[0].look])
        load_model("face")
    except (AvatarError, CaptureError) as fault:
        pytest.skip(f"nobody to see, or nothing to see with: {fault}")
    camera = clip.camera(joints_of(who.heads, still[None], nowhere[None]), (640, 480))
    seen = {}
    with Studio([who], camera, clip.light) as studio, CloseUp() as eyes:
        for k, (name, shapes) in enumerate(DONE.items()):
            weights = np.zeros(len(ARKIT))
            for shape, amount in shapes.items():
                for each in {shape.format("Left"), shape.format("Right")}:
                    weights[ARKIT_INDEX[each]] = amount
            pixels = studio.picture([(still, nowhere, weights)])
            # For as long as the tracker takes to follow.
            for frame in range(_FRAMES * k, _FRAMES * (k + 1)):
                (seen[name],) = eyes.observe_all(CameraFrame(pixels, frame * 33_333_333, frame))
    yield seen


def points_of(seen: Observation) -> np.ndarray:
    points = measure_observation(seen)
    assert points is not None
    return points


def scores_of(seen: Observation) -> np.ndarray:
    assert seen.scores is not None
    return seen.scores.astype(np.float64)


def shown(faces: dict[str, Observation], name: str, shut_s: float = 2.0) -> np.ndarray:
    """Return the shapes of a performer who rests for a while and then makes a face."""
    solver = PointShapes()
    for _ in range(round(shut_s / STEP)):
        solver.blend(np.zeros(len(ARKIT)), points_of(faces["rest"]), scores_of(faces["rest"]), STEP)
    shapes = np.zeros(len(ARKIT))
    solver.blend(shapes, points_of(faces[name]), scores_of(faces[name]), STEP)
    return shapes


@pytest.mark.parametrize("name", [name for name in DONE if name in REGRESSED_SHAPES])
def test_a_shape_without_a_score_is_computed_from_the_surface(
    faces: dict[str, Observation], name: str
) -> None:
    shapes = shown(faces, name)
    rows = [ARKIT_INDEX[each] for each in ARKIT if each.startswith(name)]
    others = [
        row
        for row, each in enumerate(ARKIT)
        if each.startswith(REGRESSED_SHAPES) and row not in rows
    ]
    assert shapes[rows].min() > 0.5
    assert shapes[others].max() < 0.3


@pytest.mark.parametrize("name", ["rest", "jawOpen", "mouthPucker"])
def test_other_faces_do_none_of_them(faces: dict[str, Observation], name: str) -> None:
    shapes = shown(faces, name)
    assert (
        max(shapes[row] for row, each in enumerate(ARKIT) if each.startswith(REGRESSED_SHAPES))
        < 0.3
    )


def test_a_smile_on_one_side_is_on_that_side(faces: dict[str, Observation]) -> None:
    shapes = shown(faces, "a smile on the left")
    left, right = (shapes[ARKIT_INDEX[f"mouthSmile{side}"]] for side in ("Left", "Right"))
    assert left > 0.3 and left > right + 0.2


def test_lids_that_narrow_squint_and_brows_that_a_sneer_draws_down_do_not_frown(
    faces: dict[str, Observation],
) -> None:
    lowered = [ARKIT_INDEX[f"browDown{side}"] for side in ("Left", "Right")]
    squint = [ARKIT_INDEX[f"eyeSquint{side}"] for side in ("Left", "Right")]
    assert shown(faces, "browDown")[lowered].min() > 0.5
    assert shown(faces, "noseSneer")[lowered].max() < 0.25
    assert shown(faces, "eyeSquint")[squint].min() > 0.2
    assert shown(faces, "browDown")[squint].max() < 0.1


def test_nothing_is_read_before_a_mouth_was_seen_at_rest(faces: dict[str, Observation]) -> None:
    shapes = shown(faces, "noseSneer", 0.1)
    assert shapes[ARKIT_INDEX["noseSneerLeft"]] == 0.0


def test_of_a_small_face_nothing_is_read(faces: dict[str, Observation]) -> None:
    solver = PointShapes()
    for name in ("rest",) * 60 + ("noseSneer",):
        shapes, points = np.zeros(len(ARKIT)), points_of(faces[name])
        points[-1] = 28.0
        solver.blend(shapes, points, np.zeros(len(ARKIT)), STEP)
    assert shapes[ARKIT_INDEX["noseSneerLeft"]] == 0.0


def test_a_performer_s_own_range_is_whole() -> None:
    half = 0.65 * default_full_sums()
    shown = predict_shapes(half, default_full_sums())
    assert 0.3 < shown.min() < shown.max() < 0.7
    np.testing.assert_allclose(predict_shapes(half, half), 1.0)
    assert predict_shapes(np.zeros(len(REGRESSED_SHAPES)), half).max() == 0.0


def test_a_face_at_rest_reads_as_nothing() -> None:
    assert features(np.zeros(4), np.zeros((4, len(SURFACE)))).shape == (4, 78)
    assert np.abs(compute_weighted_sums(0.0, np.zeros(len(SURFACE)))).max() == 0.0
