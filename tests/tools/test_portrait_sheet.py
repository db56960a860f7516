"""Test the sheet's pictures of an avatar, and errors of unreadable and unwritable files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatars import load_avatar
from avatars.maths.quaternions import from_axis_angle
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.cli import main as cli
from renderer.tools.portrait_sheet import Pixels, View, keep, main, portraits, turn_neck

IDOL = Path(__file__).resolve().parents[2] / "avatars" / "library" / "idol_lod.vrm"


def test_a_shape_changes_the_face_and_nothing_far_from_it() -> None:
    with portraits(load_avatar(IDOL), 96, 96) as studio:
        rest = studio.take(View(close=True)).astype(int)
        again = studio.take(View(close=True)).astype(int)
        wink = studio.take(View(close=True, shapes={"eyeBlinkLeft": 1.0})).astype(int)
    assert np.abs(rest - again).max() <= 1
    changed = np.abs(rest - wink).max(axis=2) > 40
    # The figure's left is the picture's right.
    assert changed[:, 48:].sum() > 20
    assert not changed[:, :44].any()
    assert not changed[70:].any()


def test_a_head_that_is_held_level_over_a_leaning_trunk_is_level() -> None:
    turns = np.tile(np.float32((0.0, 0.0, 0.0, 1.0)), (len(HUMAN_BONES), 1))
    for bone, radians in (("hips", 0.3), ("chest", 0.4), ("neck", -0.7)):
        turns[BONE_INDEX[bone]] = from_axis_angle(np.eye(3)[0], radians)
    assert turn_neck(turns) == pytest.approx([0.0, 0.0, 0.0, 1.0], abs=1e-6)


def ground(picture: Pixels) -> Pixels:
    """Return where a picture shows no figure."""
    return np.abs(picture.astype(int) - picture[0, 0]).max(axis=2) < 8


@pytest.mark.parametrize("name", ["Godette_vrm_v4.vrm", "cool_loops.vrm", "idol"])
def test_a_figure_of_any_build_is_whole_and_its_face_near(name: str, shared_data: Path) -> None:
    """The first two have no eye bones; one has a child's height, one is a box with long arms."""
    avatar = load_avatar(IDOL if name == "idol" else shared_data / "avatars" / name)
    with portraits(avatar, 60, 120) as studio:
        for around in (0.0, 90.0, 180.0):
            empty = ground(studio.take(View(around)))
            assert empty[[0, -1]].all() and empty[:, [0, -1]].all(), "nothing is cut off"
            rows = np.flatnonzero(~empty.all(axis=1))
            assert np.ptp(rows) > 80, "the figure fills its picture"
    with portraits(avatar, 96, 96) as studio:
        rest, wide = (
            studio.take(View(close=True, shapes={"jawOpen": amount})).astype(int)
            for amount in (0.0, 1.0)
        )
    rows, columns = np.nonzero(np.abs(rest - wide).max(axis=2) > 40)
    assert len(rows) > 10, "the mouth is seen to open"
    assert 30 < columns.mean() < 66 and 30 < rows.mean() < 90


@pytest.mark.slow
def test_info_gives_a_picture_where_one_is_asked_for(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "sheet.png"
    file = str(shared_data / "avatars" / "cool_loops.vrm")
    assert cli(["avatar", "info", file, "--picture", str(picture)]) == 0
    assert str(picture) in capsys.readouterr().out
    with Image.open(picture) as image:
        assert image.size == (1440, 2160)


def test_an_unwritable_picture_is_reported_before_rendering(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "missing" / "sheet.png"
    assert cli(["avatar", "info", str(IDOL), "--picture", str(nowhere)]) != 0
    told = capsys.readouterr().err
    assert "missing" in told and "Traceback" not in told


def test_a_kept_picture_is_the_picture(tmp_path: Path) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[2:5, 3:6] = (200, 30, 90)
    keep(picture, tmp_path / "kept.png")
    with Image.open(tmp_path / "kept.png") as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), picture)


@pytest.mark.parametrize("data", [None, b"", b"glTF and no more"])
def test_a_bad_avatar_is_reported_in_a_sentence(
    data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.vrm"
    if data is not None:
        file.write_bytes(data)
    assert main([str(file), str(tmp_path / "a.png"), str(tmp_path / "b.png")]) == 1
    told = capsys.readouterr().err
    assert "bad.vrm" in told
    assert "Traceback" not in told
    assert not (tmp_path / "a.png").exists()
