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
from renderer.rights.watermark.detect import MarkDetector, count_trials, search_pictures
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.evidence import (
    ANYWHERE,
    FALSE_RATE,
    TRIALS,
    UNCROPPED,
    bound_false_searches,
    measure,
)
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
    assert np.abs(clean.astype(int) - marked).max() <= 4


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1280, 720), (1920, 1080), (720, 1280)])
def test_the_mark_is_small_at_every_size(size: tuple[int, int]) -> None:
    gray = np.full(size[::-1], 128, np.uint8)
    shown = gray.copy()
    Watermark(*size, SHOW).mark(shown, 0)
    assert 10 * np.log10(255**2 / np.mean((shown.astype(float) - gray) ** 2)) >= 44.0


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
    st.integers(0, 2**32),
)
def test_a_payload_survives_an_eighth_of_its_bits_wrong_and_uncertain(
    show: int, minute: int, seed: int
) -> None:
    soft = encode(Payload(show, minute)).astype(float)
    soft[np.random.default_rng(seed).choice(BITS, 16, replace=False)] *= -0.3
    assert decode(soft) == Payload(show, minute)


def test_a_payload_is_read_out_of_noise() -> None:
    """At the certainty at which a whole pattern is just believed, nearly all payloads are right."""
    chooser = np.random.default_rng(3)
    payload = Payload(SHOW, MINUTE)
    strength = ANYWHERE.read * np.sqrt(0.75 / BITS)
    soft = strength * encode(payload) + chooser.normal(size=(100, BITS))
    assert sum(decode(one) == payload for one in soft) >= 80


def test_a_payload_that_is_believed_is_the_mark_s_own() -> None:
    chooser, payload = np.random.default_rng(6), Payload(SHOW, MINUTE)
    code, sync = encode(payload), np.sqrt(0.25)
    right = wrong = 0
    for strength in (9.5, 10.5, 11.5) * 60:
        soft = strength * np.sqrt(0.75 / BITS) * code + chooser.normal(size=BITS)
        read = decode(soft)
        z = np.sqrt(0.75 / BITS) * (soft @ encode(read))
        z += sync * (sync * strength + chooser.normal())
        if z >= UNCROPPED.read:
            right, wrong = right + (read == payload), wrong + (read != payload)
    assert right > 90 and wrong <= 1


@pytest.mark.parametrize(
    "size", [(1280, 720), (720, 1280), (1000, 1000), (1000, 750), (2390, 1000)]
)
def test_the_proof_counts_at_least_the_places_that_are_tried(size: tuple[int, int]) -> None:
    assert 0 < count_trials(make_grid(*size)) <= TRIALS
    assert bound_false_searches() <= 1.0001 * FALSE_RATE <= 1e-6
    assert UNCROPPED.read < ANYWHERE.read


def test_no_content_agrees_with_signs_more_often_than_the_bound() -> None:
    """Cells of any sizes: even, of very different sizes, one alone."""
    chooser = np.random.default_rng(4)
    signs = chooser.integers(0, 2, (20_000, 60), np.int8) * np.int8(2) - np.int8(1)
    for cells in (np.ones(60), np.exp(chooser.normal(0.0, 2.0, 60)), np.eye(60)[0]):
        z = np.array([measure(cells, one) for one in signs])
        for least in (1.0, 2.0, 3.0):
            # Five deviations of the count more than the bound.
            most = len(z) * np.exp(-0.5 * least**2)
            assert (z >= least).sum() <= most + 5.0 * np.sqrt(most)


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
