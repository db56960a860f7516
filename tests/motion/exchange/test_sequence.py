"""Test the conversion of motion to animations and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX
from avatars.vrma import read_vrma, write_vrma
from renderer.errors import MotionError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.exchange.sequence import (
    AnimationSource,
    animation_from_motions,
    motions_from_animation,
)
from renderer.motion.solver import MotionSolver

START = 7_000_000_000_000
FRAME = 33_333_333


@pytest.fixture
def dance(performer: Any) -> list[Motion]:
    """Return a second of a rising arm and an opening mouth."""
    solver, out = MotionSolver(), []
    for k in range(30):
        seen = performer.observe(performer.standing(leftUpperArm=(2, -1.3 + 0.04 * k)), k)
        motion = solver.solve(seen)
        shapes = np.zeros(52, np.float32)
        shapes[ARKIT_INDEX["jawOpen"]] = k / 30
        out.append(
            Motion(
                START + k * FRAME, motion.root, motion.hips_height, motion.rotations, shapes,
                np.array([0.01 * k, -0.1], np.float32), motion.confidence,
            )
        )  # fmt: skip
    return out


def test_motion_survives_an_animation(dance: list[Motion]) -> None:
    again = motions_from_animation(animation_from_motions(dance, perfect_sync=True), START)
    assert [m.t_seen_ns for m in again] == [m.t_seen_ns for m in dance]
    for a, b in zip(again, dance, strict=True):
        assert angle_between(a.rotations, b.rotations).max() < 1e-3
        np.testing.assert_allclose(a.expressions, b.expressions, atol=1e-6)
        np.testing.assert_allclose(a.gaze, b.gaze, atol=1e-6)
        np.testing.assert_allclose(a.root / a.hips_height, b.root / b.hips_height, atol=1e-5)


def test_motion_survives_a_vrma_file(dance: list[Motion], tmp_path: Path) -> None:
    path = tmp_path / "take.vrma"
    path.write_bytes(write_vrma(animation_from_motions(dance, "take")))
    again = motions_from_animation(read_vrma(path), START)
    assert len(again) == len(dance)
    last, true = again[-1], dance[-1]
    body = [i for i in range(55) if i not in (BONE_INDEX["leftEye"], BONE_INDEX["rightEye"])]
    assert angle_between(last.rotations[body], true.rotations[body]).max() < 1e-3
    np.testing.assert_allclose(last.gaze, true.gaze, atol=1e-4)
    # With presets the mouth opens as well, by a slightly different value.
    assert last.expressions[ARKIT_INDEX["jawOpen"]] > 0.6
    assert again[0].expressions[ARKIT_INDEX["jawOpen"]] == 0.0


def test_presets_move_the_channels_that_an_animation_leaves_silent(dance: list[Motion]) -> None:
    animation = animation_from_motions(dance)
    still, rising = (
        np.zeros(len(animation.times), np.float32),
        np.linspace(0, 1, 30, dtype=np.float32),
    )
    face = dict.fromkeys(ARKIT, still) | {"mouthPucker": rising, "aa": rising, "ou": rising}
    last = motions_from_animation(replace(animation, expressions=face))[-1].expressions
    assert last[ARKIT_INDEX["jawOpen"]] > 0.8
    assert last[ARKIT_INDEX["mouthPucker"]] == 1.0
    first = motions_from_animation(replace(animation, expressions=face | {"ou": rising[::-1]}))[
        0
    ].expressions
    assert first[ARKIT_INDEX["mouthPucker"]] == 0.0


def test_presets_close_no_lid_twice(dance: list[Motion]) -> None:
    shapes = np.zeros(52, np.float32)
    shapes[[ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]] = 1.0
    first = dance[0]
    shut = Motion(
        first.t_seen_ns, first.root, first.hips_height, first.rotations, shapes,
        first.gaze, first.confidence,
    )  # fmt: skip
    expressions = animation_from_motions([shut]).expressions
    assert {"blinkLeft", "blinkRight"} <= expressions.keys()
    assert "blink" not in expressions


def test_a_source_is_sure_of_what_moves_alone(dance: list[Motion]) -> None:
    source = AnimationSource(animation_from_motions(dance))
    between = source.at(0.5 / 30, 5)
    assert between.t_seen_ns == 5
    sure = dict(zip(LIMBS, between.confidence, strict=True))
    assert sure["torso"] == sure["leftArm"] == sure["face"] == 1.0
    still = animation_from_motions(dance)
    rotations = still.rotations.copy()
    rotations[:, 1:] = (0.0, 0.0, 0.0, 1.0)
    bare = AnimationSource(replace(still, rotations=rotations, expressions={}, gaze=None))
    sure = dict(zip(LIMBS, bare.at(0.0, 0).confidence, strict=True))
    assert sure["torso"] == 1.0
    assert sum(sure.values()) == 1.0


def test_captured_animations_play(shared_data: Path) -> None:
    for name in ("original_01", "three_vrm_test"):
        motions = motions_from_animation(read_vrma(shared_data / "animation" / f"{name}.vrma"))
        assert motions
        for motion in motions[:: max(1, len(motions) // 10)]:
            assert np.isfinite(motion.rotations).all()
            assert motion.expressions.shape == (52,)


def test_times_that_stand_are_left_out(dance: list[Motion]) -> None:
    assert len(animation_from_motions([dance[0], dance[0], dance[1], dance[0]]).times) == 2


def test_nothing_is_no_animation() -> None:
    with pytest.raises(MotionError, match="empty"):
        animation_from_motions([], "take 1")
