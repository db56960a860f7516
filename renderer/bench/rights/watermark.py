"""Measure the mark: what it costs, what it survives, and how rarely it is seen where it is not."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.detect import READABLE_THRESHOLD, Detection, MarkDetector
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.payload import Payload, show_number

Pictures = NDArray[np.uint8]

CLIP_S: Final = 10.0
"""Length of the measured clips, seconds."""
MINUTE: Final = 7
FULL_HD: Final = (1920, 1080)
EVERY: Final = 5
"""One picture of this number is summed, as `encore verify` does with ten seconds at 30 a second."""
GUMBEL_EULER: Final = 0.5772156649
"""Mean of the standard Gumbel distribution, which the highest of many values has."""


@dataclass(frozen=True, slots=True)
class WatermarkFigures:
    """Results.

    Attributes:
        psnr_db: of marked against unmarked pictures.
        mark_ms: median of marking a 1920x1080 picture, milliseconds.
        found: share of the clips whose payload was read, by what was done to them.
        clips: number of clips.
        unmarked: searches of unmarked clips with other keys.
        false_found: of those, how many were believed to be marked.
        false_rate: extrapolated share of unmarked clips that reach the lower threshold, by a Gumbel
            distribution with the mean and deviation of the searches' peaks; without the payload's
            own check, which one in 95,000 passes.
    """

    psnr_db: float
    mark_ms: float
    found: dict[str, float]
    clips: int
    unmarked: int
    false_found: int
    false_rate: float

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        found = [f"  {name:<24}{100 * share:.0f} %" for name, share in self.found.items()]
        return [
            f"mark                PSNR {self.psnr_db:.1f} dB (goal 44), {self.mark_ms:.2f} ms a "
            "1080p picture (goal 0.5)",
            f"found, {self.clips} clips      of {CLIP_S:.0f} s (goal 99 %)",
            *found,
            f"unmarked            {self.false_found} of {self.unmarked} believed; extrapolated "
            f"{self.false_rate:.1e} reach {READABLE_THRESHOLD:g}, and 1e-5 of these pass "
            "the payload's check (goal 1e-6 together)",
        ]


def measure_watermark(
    videos: list[Path], keys: int, tell: Callable[[str], None]
) -> WatermarkFigures:
    """Measure on the first ten seconds of videos.

    Args:
        videos: unmarked.
        keys: other keys with which each unmarked clip is searched.
        tell: called with each step.
    """
    show = show_number("bench")
    read: dict[str, int] = dict.fromkeys(_CHANGES, 0)
    errors, peaks, false_found = [], [], 0
    for video in videos:
        tell(f"marking {video.name}")
        clean = _read(video)
        height, width = clean.shape[1:]
        mark = Watermark(width, height, show)
        marked = clean.copy()
        for picture in marked:
            mark.mark(picture, MINUTE * 60_000_000_000)
        errors.append(float(np.mean((marked.astype(np.float32) - clean) ** 2)))
        for name, change in _CHANGES.items():
            tell(f"  {name}")
            found = _search(change(marked)).payload
            read[name] += found == Payload(show, MINUTE)
        for number in range(keys):
            found_none = _search(clean, f"other {number}".encode())
            peaks.append(found_none.strength)
            false_found += found_none.is_found
    count = len(videos)
    return WatermarkFigures(
        10.0 * math.log10(255.0**2 / float(np.mean(errors))),
        _time_mark(),
        {name: hits / count for name, hits in read.items()},
        count,
        len(peaks),
        false_found,
        _extrapolate(peaks),
    )


def _search(pictures: Pictures, key: bytes | None = None) -> Detection:
    height, width = pictures.shape[1:]
    detector = MarkDetector(width, height, key) if key else MarkDetector(width, height)
    for picture in pictures[:: EVERY if len(pictures) > EVERY else 1]:
        detector.add(picture)
    return detector.search()


def _extrapolate(peaks: list[float]) -> float:
    """Return the share of searches that reach the threshold, by a fitted Gumbel distribution."""
    if len(peaks) < 2:
        return 1.0
    scale = float(np.std(peaks, ddof=1)) * math.sqrt(6.0) / math.pi
    mode = float(np.mean(peaks)) - GUMBEL_EULER * scale
    return -math.expm1(-math.exp(-(READABLE_THRESHOLD - mode) / max(scale, 1e-9)))


def _time_mark() -> float:
    mark = Watermark(*FULL_HD, 1)
    picture = np.full(FULL_HD[::-1], 128, np.uint8)
    taken = []
    for _ in range(100):
        began = time.perf_counter_ns()
        mark.mark(picture, 0)
        taken.append((time.perf_counter_ns() - began) / 1e6)
    return float(np.median(taken))


def _read(video: Path) -> Pictures:
    pictures: list[Pictures] = []
    with av.open(str(video)) as source:
        for frame in source.decode(video=0):
            if frame.time is not None and frame.time >= CLIP_S:
                break
            pictures.append(np.clip(frame.to_ndarray(format="gray"), 16, 235))
    return np.array(pictures)


def _recode(pictures: Pictures, rate: int = 30, **options: str) -> Pictures:
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


def _resize(pictures: Pictures, scale: float) -> Pictures:
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


_CHANGES: Final[dict[str, Callable[[Pictures], Pictures]]] = {
    "x264 crf 28": lambda p: _recode(p, crf="28", preset="veryfast"),
    "4 Mb/s live": lambda p: _recode(p, b="4M", preset="ultrafast", tune="zerolatency"),
    "2 Mb/s live": lambda p: _recode(p, b="2M", preset="ultrafast", tune="zerolatency"),
    "half size": lambda p: _recode(_resize(p, 0.5), crf="28", preset="veryfast"),
    "10 % cropped": lambda p: _recode(_crop(p), crf="28", preset="veryfast"),
    "30 to 24 pictures": lambda p: _recode(
        p[np.arange(0, len(p) - 1, 1.25).astype(int)], 24, crf="28", preset="veryfast"
    ),
    "filmed screen": lambda p: _recode(_frame(p), crf="28", preset="veryfast"),
    "brighter, more contrast": lambda p: np.clip(p * 1.15 + 12.0, 0, 255).astype(np.uint8),
    "JPEG still": _still,
}
