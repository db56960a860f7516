"""Videos as they come: grey, very large, one picture long, of any rate. The performer is seen."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks

U8 = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def pictures(dancer: Path) -> list[U8]:
    with closing(open_source(str(dancer))) as source:
        return [np.ascontiguousarray(f.pixels[:496, :512]) for f in islice(source.frames(), 4)]


def write(
    path: Path, pictures: Sequence[U8], codec: str, pix_fmt: str, rate: Fraction = Fraction(25)
) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=pix_fmt)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def watch(path: Path, models: Path) -> tuple[list[bool], list[int]]:
    """Of each frame, whether the dancer was seen where they stand, and the frames' times."""
    seen, times = [], []
    with closing(open_source(str(path))) as source, Landmarks(models) as landmarks:
        for frame in source.frames():
            observed = landmarks.observe(frame)
            times.append(observed.t_seen_ns)
            seen.append(
                observed.pose is not None
                and abs(float(observed.pose[[11, 12], 0].mean()) - 0.51) < 0.05
            )
    return seen, times


def test_a_grey_video(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    seen, _ = watch(write(tmp_path / "grey.mkv", pictures, "ffv1", "gray"), models)
    assert seen == [True] * 4


def test_a_video_of_4k_in_ten_bits(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    large = [cv2.resize(picture, (3840, 2160)) for picture in pictures[:2]]
    path = write(
        tmp_path / "large.mkv", [np.asarray(p, np.uint8) for p in large], "ffv1", "yuv420p10le"
    )
    seen, _ = watch(path, models)
    assert seen == [True] * 2


def test_a_video_of_one_picture(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    seen, times = watch(write(tmp_path / "one.mp4", pictures[:1], "mpeg4", "yuv420p"), models)
    assert (seen, times) == ([True], [0])


@pytest.mark.parametrize("rate", [Fraction(1), Fraction(24000, 1001), Fraction(1000)])
def test_a_video_of_any_rate(
    pictures: list[U8], models: Path, tmp_path: Path, rate: Fraction
) -> None:
    path = write(tmp_path / "rate.mkv", pictures, "ffv1", "yuv420p", rate)
    seen, times = watch(path, models)
    assert seen == [True] * 4
    assert times == pytest.approx([1e9 * n / float(rate) for n in range(4)], abs=1.1e6)


def test_a_video_that_changes_its_size(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    """As a call does when the network gets worse; MPEG-TS tells each size in its own header."""
    parts = []
    for number, side in enumerate((496, 248)):
        small = [np.asarray(cv2.resize(p, (side, side)), np.uint8) for p in pictures]
        parts.append(write(tmp_path / f"{number}.ts", small, "mpeg2video", "yuv420p"))
    whole = tmp_path / "both.ts"
    whole.write_bytes(b"".join(part.read_bytes() for part in parts))
    with closing(open_source(str(whole))) as source:
        frames = list(source.frames())
    assert {frame.pixels.shape for frame in frames} == {(496, 496, 3)}
    assert len(frames) >= 6
