"""Fixtures: trackers, footage of a dancer, and small generated videos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks

U8 = npt.NDArray[np.uint8]
DANCE_FRAMES = 40

VideoMaker = Callable[..., Path]


@pytest.fixture(scope="session")
def dance(models: Path, dancer: Path) -> list[Observation]:
    """Return the observations of the dancer's first frames."""
    source = open_source(str(dancer))
    with Landmarks(models) as landmarks:
        seen = [landmarks.observe(frame) for frame in islice(source.frames(), DANCE_FRAMES)]
    source.close()
    return seen


@pytest.fixture
def make_video(tmp_path: Path) -> VideoMaker:
    """Return a function that writes pictures (h, w, 3) into a video file."""

    def make(
        pictures: Sequence[U8],
        name: str = "made.mp4",
        times: Sequence[int] | None = None,
        codec: str = "mpeg4",
        pixel_aspect: Fraction = Fraction(1),
        rate: Fraction = Fraction(25),
    ) -> Path:
        """Write a video; `times` in milliseconds, one per picture, or None for 25 per second."""
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate)
            stream.height, stream.width = pictures[0].shape[:2]
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = Fraction(1, 1000)
            stream.codec_context.sample_aspect_ratio = pixel_aspect
            for number, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.time_base = Fraction(1, 1000)
                frame.pts = number * 40 if times is None else times[number]
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make
