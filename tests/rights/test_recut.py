"""Test that the mark is read in pictures that were cut to another shape, or stand between bars."""

from __future__ import annotations

from collections.abc import Callable

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from renderer.paths import CLIP
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.evidence import FALSE_RATE, TRIALS
from renderer.rights.watermark.payload import Payload
from renderer.rights.watermark.recut import MOST_SEARCHES, MarkSearch, find_inner

SIZE = (960, 540)
MARK = Payload(77, 0)
Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def clean() -> Pictures:
    """A second of the demo's performer, in wide pictures: (30, 540, 960) luma."""
    pictures = []
    with av.open(str(CLIP)) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="gray")
            cut = picture[: picture.shape[1] * 9 // 16]
            pictures.append(cv2.resize(cut, SIZE, interpolation=cv2.INTER_AREA))
            if len(pictures) == 30:
                break
    return np.clip(np.array(pictures), 16, 235)


@pytest.fixture(scope="module")
def marked(clean: Pictures) -> Pictures:
    mark, pictures = Watermark(*SIZE, MARK.show), clean.copy()
    for picture in pictures:
        mark.mark(picture, 0)
    return pictures


def with_bars(pictures: Pictures) -> Pictures:
    """Return the pictures as an upright screen shows them."""
    screen = np.full((len(pictures), 1280, 720), 16, np.uint8)
    screen[:, 437 : 437 + 405] = [cv2.resize(one, (720, 405)) for one in pictures]
    return screen


CUTS: dict[str, Callable[[Pictures], Pictures]] = {
    "as it was": lambda p: p,
    "another share of each side": lambda p: p[:, 30:510, 40:],
    "4:3": lambda p: p[:, :, 120:840],
    "square": lambda p: p[:, :, 210:750],
    "an upright screen": with_bars,
}


@pytest.mark.parametrize("cut", CUTS)
def test_the_mark_is_read(marked: Pictures, cut: str) -> None:
    pictures = CUTS[cut](marked)
    search = MarkSearch(pictures[0])
    for picture in pictures:
        search.add(picture)
    assert search.search().payload == MARK


def test_pictures_without_a_mark_have_none(clean: Pictures) -> None:
    for pictures in (CUTS["square"](clean), with_bars(clean)):
        search = MarkSearch(pictures[0])
        search.add(pictures[0])
        assert not search.search().is_found


def test_the_proof_covers_every_search() -> None:
    assert MOST_SEARCHES * FALSE_RATE <= 1e-6
    for size in ((1280, 720), (720, 1280), (404, 720), (2390, 1000), (300, 1280), (1000, 1000)):
        parts = MarkSearch(np.zeros(size[::-1], np.uint8))._parts
        assert 1 <= len(parts) <= MOST_SEARCHES
        assert all(detector.trials <= TRIALS for _, detector in parts), size


def test_only_a_wide_picture_between_bars_is_taken_for_one() -> None:
    chosen = np.random.default_rng(1)
    upright = np.full((1280, 720), 16, np.uint8)
    assert find_inner(upright) is None
    upright[400:805] = chosen.integers(0, 255, (405, 720), np.uint8)
    assert find_inner(upright) == (slice(400, 805), slice(0, 720))
    upright[300:400] = upright[400:500]
    assert find_inner(upright) is None
    assert find_inner(chosen.integers(0, 255, (360, 640), np.uint8)) is None
