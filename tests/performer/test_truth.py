"""Test that filmed clips match their truth, and that trackers find the performer in them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from avatars.authoring.clips.clips import CLIPS
from avatars.authoring.clips.mocap import motion_clip
from avatars.authoring.clips.truth import film, main
from avatars.authoring.clips.truth_file import load_truth
from avatars.authoring.dance.dance import FPS
from avatars.authoring.figure.source import Source
from avatars.authoring.performer.performer_looks import LOOKS
from avatars.errors import AvatarError
from avatars.maths.quaternions import angle_between
from avatars.names import BONE_INDEX
from renderer.capture.records import CameraFrame
from renderer.capture.trackers.landmarks import Landmarks

FRAMES = 8
SETTLED = 2
"""Frames after which the trackers' regions have converged."""
FILMED = ("dance", "hand-on-face", "singing")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the first frames of some clips."""
    try:
        Source.fetch().__exit__()
    except AvatarError as fault:
        pytest.skip(f"no source data: {fault}")
    folder = tmp_path_factory.mktemp("truth")
    for name in FILMED:
        film(name, CLIPS[name], folder, frames=FRAMES)
    return folder


def pictures(path: Path) -> list[npt.NDArray[np.uint8]]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


@pytest.mark.parametrize("name", FILMED)
def test_clip_and_truth_are_of_one_length_and_size(clips: Path, name: str) -> None:
    truth, shown = load_truth(clips / f"{name}.npz"), pictures(clips / f"{name}.mp4")
    assert len(shown) == len(truth.acted[0].root) == FRAMES
    assert shown[0].shape == (truth.camera.size[1], truth.camera.size[0], 3)
    assert truth.fps == FPS


@pytest.mark.parametrize("name", ["dance", "hand-on-face"])
def test_the_shirt_is_where_the_truth_says_that_the_chest_is(clips: Path, name: str) -> None:
    truth, shown = load_truth(clips / f"{name}.npz"), pictures(clips / f"{name}.mp4")
    spots = truth.camera.project(truth.acted[0].joints[:, BONE_INDEX["chest"]])
    shirt = np.array(LOOKS[CLIPS[name].cast[0].look].shirt)
    for picture, (x, y) in zip(shown, spots, strict=True):
        seen = picture[int(y), int(x)] / 255.0
        assert np.argmax(seen) == np.argmax(shirt)
        assert np.argmin(seen) == np.argmin(shirt)


@pytest.mark.parametrize("name", FILMED)
def test_trackers_find_the_performer_where_they_are(clips: Path, models: Path, name: str) -> None:
    truth = load_truth(clips / f"{name}.npz")
    portrait = name == "singing"
    eye = truth.camera.project(truth.acted[0].joints[:, BONE_INDEX["leftEye"]])
    hip = truth.camera.project(truth.acted[0].joints[:, BONE_INDEX["leftUpperLeg"]])
    found = 0
    with Landmarks(models) as landmarks:
        for k, picture in enumerate(pictures(clips / f"{name}.mp4")):
            seen = landmarks.observe(CameraFrame(picture, k * 33_333_333, k))
            if k < SETTLED:
                continue
            if portrait and seen.face is not None:
                # 473 is the middle of the left iris.
                away = seen.face[473, :2] * truth.camera.size - eye[k]
                found += bool(np.linalg.norm(away) < 8.0)
            if not portrait and seen.pose is not None:
                # 23 is the left hip.
                away = seen.pose[23, :2] * truth.camera.size - hip[k]
                found += bool(np.linalg.norm(away) < 20.0)
    assert found >= 0.95 * (FRAMES - SETTLED)


def test_filming_again_gives_the_same_bytes(clips: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        film("crossing", CLIPS["crossing"], folder, (96, 64), frames=1)
    for name in ("crossing.npz", "crossing.mp4"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    assert len(load_truth(folders[0] / "crossing.npz").acted) == 2


def test_a_truth_is_a_motion_that_can_be_filmed_again(clips: Path, tmp_path: Path) -> None:
    given = load_truth(clips / "dance.npz").acted[0]
    film("again", motion_clip(clips / "dance.npz"), tmp_path, (96, 64))
    again = load_truth(tmp_path / "again.npz").acted[0]
    # The hips are turned to face the camera; everything else is unchanged.
    assert angle_between(again.rotations[:, 1:], given.rotations[:, 1:]).max() < 1e-3
    np.testing.assert_allclose(again.weights, given.weights, atol=1e-5)
    assert load_truth(tmp_path / "again.npz").visible().all()


@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "text", "shape", "nan"])
def test_a_bad_motion_or_truth_is_reported_in_a_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "take.npz"
    arrays = {"rotations": np.tile([0.0, 0.0, 0.0, 1.0], (3, 55, 1)), "root": np.zeros((3, 3))}
    if damage == "shape":
        arrays["root"] = np.zeros((2, 3))
    if damage == "nan":
        arrays["root"][1] = np.nan
    np.savez(path, **arrays)
    match damage:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "truncated":
            path.write_bytes(path.read_bytes()[:200])
        case "text":
            path.write_text("not an archive")
    with pytest.raises(AvatarError, match=r"take\.npz: .+; .+"):
        motion_clip(path)
    with pytest.raises(AvatarError, match=r"take\.npz: .+; .+"):
        load_truth(path)


@pytest.mark.parametrize("words", [["--only", "nap"], ["--size", "640"], ["--frames", "0"]])
def test_the_command_refuses_what_it_cannot_film(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main([str(tmp_path), *words])
    assert refusal.value.code == 2
