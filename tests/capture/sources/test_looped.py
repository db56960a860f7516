"""Test that a repeated file goes on over its ends, also from a time within a later pass."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from renderer.capture.sources.address import is_animation, is_looped, is_take
from renderer.capture.sources.open import open_source
from renderer.errors import CaptureError


def write_images(folder: Path) -> Path:
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((16, 16, 3), 60 * number, np.uint8))
    return folder


def write_video(path: Path) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.full((16, 16, 3), 60 * number, np.uint8), "rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize("kind", ["images", "video"])
@pytest.mark.parametrize("start", [0, 4, 7])
def test_frames_go_on_over_the_end(tmp_path: Path, kind: str, start: int) -> None:
    path = write_images(tmp_path / "a") if kind == "images" else write_video(tmp_path / "a.mp4")
    with closing(open_source(f"loop:{path}", 10.0)) as source:
        assert source.length_ns is None and not source.is_live
        frames = list(islice(source.frames(start * 100_000_000), 8))
    times = [round(frame.t_seen_ns / 1e8) for frame in frames]
    assert times == list(range(start, start + 8))
    levels = [round(float(frame.pixels.mean()) / 60) for frame in frames]
    assert levels == [number % 3 for number in times]


def test_only_files_are_repeated(tmp_path: Path) -> None:
    assert is_looped("loop:a.mp4") and not is_looped("a.mp4")
    assert not is_take("loop:a.mcap") and not is_animation("loop:a.bvh")
    with pytest.raises(CaptureError, match="does not exist"):
        open_source(f"loop:{tmp_path / 'lost.mp4'}")
