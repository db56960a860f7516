"""A real performer who stands perfectly still: one frame of a video with fresh noise."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt

from renderer.capture.sources.open import open_source

_SECONDS: Final = 20
_RATE: Final = 30
_SIGMA: Final = 4.0
"""Standard deviation of the noise, in steps of 255."""

_QUALITY: Final = 2
"""Motion JPEG's best quality; each frame is coded alone, so that the noise stays independent."""


def write_still(video: str, path: Path) -> None:
    """Write a clip of 20 s that repeats the middle frame of a video with fresh noise.

    Args:
        video: path or address of the source.
        path: of the .avi file.

    Raises:
        CaptureError: the video cannot be read.
    """
    picture = _picture(video).astype(np.float32)
    rng = np.random.default_rng(11)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mjpeg", rate=_RATE)
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuvj420p"
        stream.codec_context.qmin = stream.codec_context.qmax = _QUALITY
        for _ in range(_SECONDS * _RATE):
            noise = rng.standard_normal(picture.shape, np.float32)
            noisy = np.clip(picture + _SIGMA * noise, 0, 255).astype(np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")))
        file.mux(stream.encode(None))


def _picture(video: str) -> npt.NDArray[np.uint8]:
    """Return the middle frame of a video (h, w, 3)."""
    with closing(open_source(video)) as source:
        middle_ns = (source.length_ns or 0) // 2
        for frame in source.frames():
            picture = frame.pixels
            if frame.t_seen_ns >= middle_ns:
                break
        return picture
