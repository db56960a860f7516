"""Change marked pictures as happens to clips: encoded again, scaled, cropped, filmed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]


def recode(pictures: Pictures, rate: int = 30, **options: str) -> Pictures:
    """Return luma planes after x264 with some options."""
    file = io.BytesIO()
    height, width = (side // 2 * 2 for side in pictures.shape[1:])
    with av.open(file, "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            gray = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(picture[:height, :width]), format="gray"
            )
            target.mux(stream.encode(gray.reformat(format="yuv420p")))
        target.mux(stream.encode())
    file.seek(0)
    with av.open(file, "r") as source:
        return np.array([frame.to_ndarray(format="gray") for frame in source.decode(video=0)])


def resize(pictures: Pictures, scale: float) -> Pictures:
    """Return pictures scaled to even sides."""
    height, width = (max(2, round(side * scale) // 2 * 2) for side in pictures.shape[1:])
    return np.array(
        [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in pictures]
    )


def _crop(pictures: Pictures) -> Pictures:
    height, width = pictures.shape[1:]
    return pictures[:, height // 20 : height - height // 20, width // 20 : width - width // 20]


def _frame(pictures: Pictures) -> Pictures:
    """Return the pictures as a recording of a screen shows them, with borders."""
    count, height, width = pictures.shape
    screen = np.full((count, round(height * 1.2), round(width * 1.2)), 40, np.uint8)
    screen[:, height // 20 : height // 20 + height, width // 12 : width // 12 + width] = pictures
    return screen


def _still(pictures: Pictures) -> Pictures:
    _, data = cv2.imencode(".jpg", pictures[len(pictures) // 2])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)[None]


CHANGES: Final[dict[str, Callable[[Pictures], Pictures]]] = {
    "x264 crf 28": lambda p: recode(p, crf="28", preset="veryfast"),
    "4 Mb/s live": lambda p: recode(p, b="4M", preset="ultrafast", tune="zerolatency"),
    "2 Mb/s live": lambda p: recode(p, b="2M", preset="ultrafast", tune="zerolatency"),
    "half size": lambda p: recode(resize(p, 0.5), crf="28", preset="veryfast"),
    "10 % cropped": lambda p: recode(_crop(p), crf="28", preset="veryfast"),
    "30 to 24 pictures": lambda p: recode(
        p[np.arange(0, len(p) - 1, 1.25).astype(int)], 24, crf="28", preset="veryfast"
    ),
    "filmed screen": lambda p: recode(_frame(p), crf="28", preset="veryfast"),
    "brighter, more contrast": lambda p: np.clip(p * 1.15 + 12.0, 0, 255).astype(np.uint8),
    "JPEG still": _still,
}
"""What happens to clips, by name."""
