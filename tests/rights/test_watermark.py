"""Test that the mark survives what happens to clips, and that nothing else has one."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from renderer.errors import RightsError
from renderer.paths import CLIP
from renderer.rights.declaration import Declaration
from renderer.rights.show_records import find_record, keep_record, make_record
from renderer.rights.verify import describe, verify_file
from renderer.rights.watermark.cells import make_grid
from renderer.rights.watermark.detect import MarkDetector, search_pictures
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.payload import (
    BITS,
    MINUTE_BITS,
    SHOW_BITS,
    Payload,
    decode,
    encode,
    show_number,
)

SHOW = show_number("First Light")
MINUTE = 7
SIZE = (640, 360)
Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def clean() -> Pictures:
    """Two seconds of the demo's performer, in wide pictures: (60, 360, 640) luma."""
    pictures = []
    with av.open(str(CLIP)) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="gray")
            cut = picture[: picture.shape[1] * 9 // 16]
            pictures.append(cv2.resize(cut, SIZE, interpolation=cv2.INTER_AREA))
            if len(pictures) == 60:
                break
    return np.clip(np.array(pictures), 16, 235)


@pytest.fixture(scope="module")
def marked(clean: Pictures) -> Pictures:
    mark = Watermark(*SIZE, SHOW)
    pictures = clean.copy()
    for picture in pictures:
        mark.mark(picture, MINUTE * 60_000_000_000 + 1)
    return pictures


def encode_video(pictures: Pictures, path: Path | io.BytesIO, **options: str) -> None:
    with av.open(path if isinstance(path, io.BytesIO) else str(path), "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = (
            pictures.shape[2],
            pictures.shape[1],
            "yuv420p",
        )
        for picture in pictures:
            gray = av.VideoFrame.from_ndarray(picture, format="gray")
            target.mux(stream.encode(gray.reformat(format="yuv420p")))
        target.mux(stream.encode())


def recode(pictures: Pictures, **options: str) -> Pictures:
    file = io.BytesIO()
    encode_video(pictures, file, **options)
    file.seek(0)
    with av.open(file) as source:
        return np.array([frame.to_ndarray(format="gray") for frame in source.decode(video=0)])


def test_the_mark_is_small(clean: Pictures, marked: Pictures) -> None:
    error = np.mean((clean.astype(float) - marked) ** 2)
    assert 10 * np.log10(255**2 / error) >= 44.0
    assert np.abs(clean.astype(int) - marked).max() <= 3


def _screen(pictures: Pictures) -> Pictures:
    canvas = np.full((len(pictures), 450, 800), 40, np.uint8)
    canvas[:, 30:390, 70:710] = pictures
    return canvas


CHANGES: dict[str, Callable[[Pictures], Pictures]] = {
    "x264 at crf 28": lambda p: recode(p, crf="28", preset="veryfast"),
    "1 Mb/s ultrafast": lambda p: recode(p, b="1000000", preset="ultrafast"),
    "half size": lambda p: np.array([cv2.resize(one, (320, 180)) for one in recode(p, crf="28")]),
    "ten per cent cropped": lambda p: recode(p[:, 18:342, 32:608], crf="28"),
    "a corner cropped": lambda p: recode(p[:, 36:, :576], crf="28"),
    "24 of 30 pictures": lambda p: recode(p[np.arange(0, 59, 1.25).astype(int)], crf="28"),
    "filmed from a screen": lambda p: recode(_screen(p), crf="28"),
    "brighter": lambda p: np.clip(p * 1.15 + 12, 0, 255).astype(np.uint8),
    "a still as JPEG": lambda p: cv2.imdecode(cv2.imencode(".jpg", p[30])[1], 0)[None],
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_mark_survives(marked: Pictures, change: str) -> None:
    pictures = CHANGES[change](marked)
    found = search_pictures(pictures, pictures.shape[2], pictures.shape[1])
    assert found.payload == Payload(SHOW, MINUTE), found


def test_unmarked_pictures_and_another_key_have_none(clean: Pictures, marked: Pictures) -> None:
    for pictures, key in ((clean, b"one"), (marked, b"studio")):
        found = search_pictures(pictures, *SIZE, key)
        assert not found.is_found, found


def test_black_and_empty_pictures_have_none() -> None:
    black = np.full((3, 90, 160), 16, np.uint8)
    assert not search_pictures(black, 160, 90).is_found
    assert not MarkDetector(160, 90).search().is_found


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (360, 640), (641, 359)])
def test_a_scaled_picture_has_the_same_grid(size: tuple[int, int]) -> None:
    small, large = make_grid(*size), make_grid(2 * size[0], 2 * size[1])
    np.testing.assert_array_equal(small.signs, large.signs)
    np.testing.assert_array_equal(small.bits, large.bits)
    # Every bit is spread over as many cells as any other.
    counts = np.bincount(small.bits[small.bits >= 0], minlength=BITS)
    assert counts.max() - counts.min() <= 1


def join_preparation() -> None:
    """Wait for the threads that compute the next minute's pattern."""
    for thread in threading.enumerate():
        if thread.name == "watermark":
            thread.join()


def test_the_minute_changes_during_a_show() -> None:
    mark = Watermark(160, 90, SHOW)
    grays = np.full((90, 160), 128, np.uint8)
    first, second, again = grays.copy(), grays.copy(), grays.copy()
    mark.mark(first, -5)
    join_preparation()
    mark.mark(second, 60_000_000_000)
    mark.mark(again, 0)
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()


@given(
    st.integers(0, (1 << SHOW_BITS) - 1),
    st.integers(0, (1 << MINUTE_BITS) - 1),
    st.lists(st.integers(0, BITS - 1), max_size=3, unique=True),
)
def test_a_payload_survives_three_uncertain_wrong_bits(
    show: int, minute: int, wrong: list[int]
) -> None:
    soft = encode(Payload(show, minute)).astype(float)
    for place in wrong:
        soft[place] *= -0.1
    assert decode(soft) == Payload(show, minute)


def test_random_bits_are_no_payload() -> None:
    chooser = np.random.default_rng(3)
    assert all(decode(chooser.normal(size=BITS)) is None for _ in range(50))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    return tmp_path


def test_a_file_is_verified_against_the_show_s_record(data: Path, marked: Pictures) -> None:
    path = data / "clip.mp4"
    encode_video(marked, path, crf="28")
    code = Payload(SHOW, 0).show_code
    (finding,) = verify_file(path)
    assert finding.record is None
    assert "no record of that show" in "".join(describe([finding]))
    record = make_record(code, Declaration("Mai", show="First Light"), ())
    keep_record(record)
    assert find_record(code) == record
    text = "\n".join(describe(verify_file(path)))
    assert f"show {code}, minute {MINUTE}" in text
    assert "First Light" in text


def test_nothing_is_said_of_what_has_no_mark(data: Path, clean: Pictures) -> None:
    path = data / "clip.mp4"
    encode_video(clean[:10], path)
    text = "\n".join(describe(verify_file(path)))
    assert "Unknown" in text
    assert "fake" not in text.lower()


def test_what_is_no_video_is_refused(data: Path) -> None:
    path = data / "clip.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(RightsError):
        verify_file(path)
