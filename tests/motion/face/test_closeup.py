"""Test that a close-up's face replaces the body camera's, alone, with soft transitions."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.names import ARKIT_INDEX
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.face.closeup import CloseUpFace

FRAME = 33_333_333
JAW = ARKIT_INDEX["jawOpen"]
FACE = LIMBS.index("face")


def body(t_ns: int) -> Motion:
    rotations = np.tile((0.0, 0.0, 0.6, 0.8), (55, 1)).astype(np.float32)
    seen = np.ones(len(LIMBS), np.float32)
    seen[FACE] = 0.0
    return Motion(
        t_seen_ns=t_ns,
        root=np.array([0.5, 0.1, 0.2], np.float32),
        hips_height=0.9,
        rotations=rotations,
        expressions=np.zeros(52, np.float32),
        gaze=np.zeros(2, np.float32),
        confidence=seen,
    )


def face(t_ns: int, jaw: float = 0.75) -> Observation:
    scores = np.zeros(52, np.float32)
    scores[JAW] = jaw
    return Observation(t_ns, t_ns // FRAME, (640, 480), scores=scores)


def test_the_mouth_is_the_closeups_and_the_body_is_not() -> None:
    closeup = CloseUpFace()
    for frame in range(30):
        closeup.push(face(frame * FRAME))
        shown = closeup.blend_over(body(frame * FRAME), frame * FRAME)
    assert shown.expressions[JAW] == pytest.approx(1.0, abs=0.02)
    below = body(29 * FRAME)
    assert np.array_equal(shown.rotations, below.rotations)
    assert np.array_equal(shown.root, below.root)
    assert shown.hips_height == below.hips_height
    assert shown.confidence[FACE] == 1.0


def test_it_comes_and_goes_without_a_leap() -> None:
    closeup = CloseUpFace()
    told = []
    for frame in range(90):
        t_ns = frame * FRAME
        if frame < 45:
            closeup.push(face(t_ns))
        told.append(float(closeup.blend_over(body(t_ns), t_ns).expressions[JAW]))
    assert np.abs(np.diff(told)).max() < 0.25
    assert told[40] > 0.95
    # Detected after 0.2 s, gone 0.3 s later.
    assert told[45 + 16] == 0.0
    assert told[45 + 5] > 0.9


def test_a_frame_without_a_face_or_with_no_numbers_changes_nothing() -> None:
    closeup, plain = CloseUpFace(), CloseUpFace()
    wrong = face(0).scores
    assert wrong is not None
    wrong[3] = np.nan
    for frame in range(20):
        t_ns = frame * FRAME
        for one in (closeup, plain):
            one.push(face(t_ns))
        closeup.push(Observation(t_ns + 1, 0, (640, 480)))
        closeup.push(Observation(t_ns + 2, 0, (640, 480), scores=wrong))
        closeup.push(face(t_ns - FRAME, jaw=0.0))
        one, other = (each.blend_over(body(t_ns), t_ns) for each in (closeup, plain))
        assert np.allclose(one.expressions, other.expressions, atol=1e-6)
