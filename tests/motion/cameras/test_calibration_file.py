"""Test that calibration files keep every number, and that damaged ones are refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import MotionError
from renderer.motion.cameras.calibration_file import (
    decode_cameras,
    encode_cameras,
    load_cameras,
    save_cameras,
)


def test_a_file_keeps_every_number(studio: Any, tmp_path: Path) -> None:
    cameras = studio.cameras(0.0, 90.0, 180.0)
    path = tmp_path / "new" / "stage.json"
    save_cameras(cameras, path)
    read = load_cameras(path)
    assert [one.name for one in read.cameras] == [one.name for one in cameras.cameras]
    for one, other in zip(read.cameras, cameras.cameras, strict=True):
        assert one.size == other.size and one.clock_ns == other.clock_ns
        for name in ("focal", "centre", "distortion", "rotation", "place"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert "\n" in path.read_text()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "a face"}, "no calibration"),
        ({"version": 2}, "version 2"),
        ({"cameras": []}, "0 cameras"),
        ({"surprise": 1}, "surprise"),
        ({"method": 7}, "method"),
    ],
)
def test_another_file_is_refused(
    studio: Any, tmp_path: Path, change: dict[str, object], fault: str
) -> None:
    data = json.loads(encode_cameras(studio.cameras(0.0, 90.0))) | change
    path = tmp_path / "stage.json"
    path.write_text(json.dumps(data))
    with pytest.raises(MotionError, match=fault):
        load_cameras(path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, -1]]}, "rotation of camera 1"),
        ({"rotation": [[1, 0, 0], [0, 2, 0], [0, 0, 1]]}, "rotation of camera 1"),
        ({"focal_px": [10.0, 10.0]}, "focal length of camera 1"),
        ({"size": [0, 720]}, "picture of camera 1"),
        ({"place_m": [1e6, 0.0, 0.0]}, "camera 1 is impossibly far"),
        ({"clock_s": 1e9}, "camera 1 is impossibly far"),
    ],
)
def test_impossible_cameras_are_named(studio: Any, change: dict[str, object], fault: str) -> None:
    data = json.loads(encode_cameras(studio.cameras(0.0, 90.0)))
    data["cameras"][0] |= change
    with pytest.raises(ValueError, match=fault):
        decode_cameras(json.dumps(data))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match=r"nowhere\.json"):
        load_cameras(tmp_path / "nowhere.json")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode_cameras(data)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ValueError):
        decode_cameras("[" * 50_000)
