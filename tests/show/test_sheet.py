"""The sheet shows an avatar as it is told to, and says what it cannot read or write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatars import load_avatar
from renderer.show.sheet import View, keep, main, portraits

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


def test_a_kept_picture_is_the_picture(tmp_path: Path) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[2:5, 3:6] = (200, 30, 90)
    keep(picture, tmp_path / "kept.png")
    with Image.open(tmp_path / "kept.png") as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), picture)


@pytest.mark.parametrize("data", [None, b"", b"glTF and no more"])
def test_a_bad_avatar_is_told_in_a_sentence(
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
