"""Test the preview of a capture process: small, and no more frequent than it is read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from renderer.capture.process.preview import SharedPicture
from renderer.capture.records import CameraFrame
from renderer.transport.latest import LatestPicture


def plain(value: int, width: int, height: int) -> CameraFrame:
    return CameraFrame(np.full((height, width, 3), value, np.uint8), value, value)


@pytest.mark.parametrize(
    ("size", "widest", "shared"),
    [((1280, 720), 320, (320, 180)), ((200, 100), 320, (200, 100)), ((3000, 1), 320, (320, 1))],
)
def test_a_picture_keeps_its_shape_and_is_never_enlarged(
    tmp_path: Path, size: tuple[int, int], widest: int, shared: tuple[int, int]
) -> None:
    with closing(SharedPicture(tmp_path / "camera", size, widest)) as picture:
        assert picture.size == shared
        picture.publish(plain(90, *size))
        with LatestPicture.open(tmp_path / "camera") as reader:
            seen = reader.read()
    assert seen is not None
    assert seen[0].shape == (shared[1], shared[0], 3)
    assert (seen[0] == 90).all()


def test_what_comes_faster_than_anybody_looks_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [50.0]
    monkeypatch.setattr("renderer.capture.process.preview.time.monotonic", lambda: now[0])
    with (
        closing(SharedPicture(tmp_path / "camera", (8, 6), 320)) as picture,
        LatestPicture.open(tmp_path / "camera") as reader,
    ):
        shown = 0
        for number in range(120):
            now[0] = 50.0 + number / 60.0
            picture.publish(plain(number, 8, 6))
            shown += reader.read() is not None
    assert 20 <= shown <= 30, "fifteen a second at most, in two seconds"


def test_of_a_picture_that_the_audience_sees_every_frame_is_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renderer.capture.process.preview.time.monotonic", lambda: 50.0)
    with (
        closing(SharedPicture(tmp_path / "camera", (8, 6), 1920)) as picture,
        LatestPicture.open(tmp_path / "camera") as reader,
    ):
        for number in range(5):
            picture.publish(plain(number, 8, 6))
            assert reader.read() is not None
