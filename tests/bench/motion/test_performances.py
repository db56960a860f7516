"""Test performances with ground truth: what is measured, from which camera and files."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from avatars.maths.quaternions import from_axis_angle
from avatars.names import BONE_INDEX
from renderer.bench.motion import load_clip, measures
from renderer.bench.motion.follow import LIMB_BONES
from renderer.bench.motion.report import Spread
from renderer.bench.motion.run import by_limb
from renderer.bench.motion.track import Track
from renderer.bench.motion.truthset import ALONE, film_clip, film_dance
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics

FRAMES = 4
REST = forward_kinematics(np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)), np.zeros(3))[1]


def written(path: Path, camera: tuple[float, ...], target: tuple[float, ...]) -> Path:
    """Write a truth file of a performer in the T-pose who moves sideways, seen from `camera`."""
    root = np.zeros((FRAMES, 3))
    root[:, 0] = 0.1 * np.arange(FRAMES)
    np.savez(
        path,
        rotations=np.tile((0.0, 0.0, 0.0, 1.0), (FRAMES, 55, 1)),
        root=root,
        weights=np.zeros((FRAMES, 52)),
        heads=REST,
        camera=np.array(camera),
        target=np.array(target),
        fov_y=np.array(0.9),
        size=np.array((640.0, 480.0)),
    )
    return path


def seen() -> list[Observation]:
    return [Observation(k * 33_333_333, k, (640, 480)) for k in range(FRAMES)]


def test_the_stage_faces_the_camera(tmp_path: Path) -> None:
    front = load_clip("a", seen(), written(tmp_path / "a.npz", (0, 1, 4), (0, 1, 0))).truth
    aside = load_clip("b", seen(), written(tmp_path / "b.npz", (4, 1, 0), (0, 1, 0))).truth
    assert front is not None and aside is not None
    assert front.root is not None and aside.root is not None
    arm = list(LIMB_BONES).index("leftUpperArm")
    np.testing.assert_allclose(front.limbs[0, arm], (1.0, 0.0, 0.0), atol=1e-6)
    # Seen from the performer's left, the left arm points at the camera.
    np.testing.assert_allclose(aside.limbs[0, arm], (0.0, 0.0, 1.0), atol=1e-6)
    np.testing.assert_allclose(front.root[-1], (0.3 / HIPS_HEIGHT, 0.0, 0.0), atol=1e-6)
    np.testing.assert_allclose(aside.root[-1], (0.0, 0.0, 0.3 / HIPS_HEIGHT), atol=1e-6)
    quarter = from_axis_angle(np.array([0.0, 1.0, 0.0]), -np.pi / 2)
    assert abs(float(aside.hips[0] @ quarter)) == pytest.approx(1.0)


def test_only_limbs_in_the_picture_count(tmp_path: Path) -> None:
    close = load_clip("a", seen(), written(tmp_path / "a.npz", (0, 1.45, 1.0), (0, 1.45, 0))).truth
    assert close is not None and close.limbs_shown is not None and close.head_shown is not None
    shown = dict(zip(LIMB_BONES, close.limbs_shown[0].tolist(), strict=True))
    assert shown["leftUpperArm"] and not shown["leftLowerLeg"] and close.head_shown.all()
    track = Track(
        t_ns=np.arange(FRAMES),
        limbs=-close.limbs,
        hips=close.hips,
        head=close.head,
        balls=np.zeros((FRAMES, 2, 3)),
        root=np.zeros((FRAMES, 3)),
    )
    errors = measures.limb_errors(track, close, np.ones(FRAMES, np.bool_))
    np.testing.assert_array_equal(np.isnan(errors), ~close.limbs_shown)
    assert by_limb(errors)["leftUpperArm"] == Spread(pytest.approx(180.0), pytest.approx(180.0))


def test_a_way_is_compared_wherever_it_begins(tmp_path: Path) -> None:
    truth = load_clip("a", seen(), written(tmp_path / "a.npz", (0, 1, 4), (0, 1, 0))).truth
    assert truth is not None and truth.root is not None
    track = Track(
        t_ns=np.arange(FRAMES),
        limbs=truth.limbs,
        hips=truth.hips,
        head=truth.head,
        balls=np.zeros((FRAMES, 2, 3)),
        root=truth.root + np.array([2.0, 0.0, -1.0]),
    )
    everywhere = np.ones(FRAMES, np.bool_)
    assert measures.root_errors(track, truth, everywhere).max() < 1e-6
    stands = Track(track.t_ns, track.limbs, track.hips, track.head, track.balls, 0.0 * track.root)
    assert measures.root_errors(stands, truth, everywhere).max() == pytest.approx(150 / HIPS_HEIGHT)


def test_what_was_filmed_is_not_filmed_again(tmp_path: Path) -> None:
    for name in (ALONE[0], "dance_take"):
        (tmp_path / f"{name}.mp4").write_bytes(b"filmed before")
    assert film_clip(ALONE[0], tmp_path).read_bytes() == b"filmed before"
    take = tmp_path / "dance_take.bvh.xz"
    assert film_dance(take, tmp_path) == tmp_path / "dance_take.mp4"


@pytest.mark.parametrize("content", [b"", b"no archive", lzma.compress(b"no motion")])
def test_a_take_that_cannot_be_read_is_reported(tmp_path: Path, content: bytes) -> None:
    take = tmp_path / "take.bvh.xz"
    take.write_bytes(content)
    with pytest.raises(MotionError):
        film_dance(take, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["take.bvh.xz"]


def test_the_set_has_one_performer_a_clip() -> None:
    assert "dance" in ALONE and "crossing" not in ALONE
    assert BONE_INDEX["hips"] == 0
