"""Test that an observation tells whether anybody else is in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.capture.process.wire import decode, encode
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.paths import CLIP

STEP = 33_333_333


@pytest.mark.parametrize("company", [None, False, True])
def test_company_crosses_the_wire(company: bool | None) -> None:
    seen = Observation(5, 1, (64, 48), company=company)
    assert decode(encode(seen)).company is company


def test_who_joins_is_noticed_within_a_second() -> None:
    source = open_source(str(CLIP))
    pixels = next(iter(source.frames())).pixels
    source.close()
    alone = np.concatenate((pixels, np.zeros_like(pixels)), axis=1)
    joined = np.concatenate((pixels, pixels[:, ::-1]), axis=1)
    company = []
    with Landmarks() as landmarks:
        for k in range(50):
            frame = CameraFrame(np.ascontiguousarray(alone if k < 10 else joined), k * STEP, k)
            company.append(landmarks.observe(frame).company)
    assert not any(company[:10])
    assert all(company[42:])
