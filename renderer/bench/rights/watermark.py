"""Measure the mark: what it costs, what it survives, and how rarely it is seen where it is not."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from renderer.bench.rights.demo_clips import scale_pictures
from renderer.bench.rights.watermark_changes import CHANGES
from renderer.bench.rights.watermark_unmarked import UnmarkedFigures, measure_unmarked
from renderer.rights.watermark.detect import Detection, MarkDetector
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.payload import PAYLOAD_BITS, Payload, show_number

Pictures = NDArray[np.uint8]

HEIGHTS: Final = (360, 720)
"""Lines of the pictures that are marked and changed."""
CLIP_S: Final = 10.0
"""Length of the measured clips, seconds."""
MINUTE: Final = 7
FULL_HD: Final = (1920, 1080)
EVERY: Final = 5
"""One picture of this number is summed, as `encore verify` does with ten seconds at 30 a second."""


@dataclass(frozen=True, slots=True)
class WatermarkFigures:
    """Results.

    Attributes:
        psnr_db: of marked against unmarked pictures, by the pictures' height.
        mark_ms: median of marking a 1920x1080 picture, milliseconds.
        found: share of the clips whose payload was read, by height and by what was done to them.
        weakest: least z of those that were read, likewise.
        bits: share of the payload's bits that were read right, over everything.
        clips: number of clips.
        unmarked: searches of pictures without a mark.
    """

    psnr_db: dict[str, float]
    mark_ms: float
    found: dict[str, dict[str, float]]
    weakest: dict[str, dict[str, float]]
    bits: float
    clips: int
    unmarked: UnmarkedFigures

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        psnr = ", ".join(f"{db:.1f} dB at {height}" for height, db in self.psnr_db.items())
        sizes = list(self.found)
        lines = [
            f"mark                PSNR {psnr} (goal 44), {self.mark_ms:.2f} ms a "
            "1080p picture (goal 0.5)",
            f"read, {self.clips} clips (goal 99 %)    {'  '.join(f'{one:>18}' for one in sizes)}",
        ]
        for name in self.found[sizes[0]]:
            shares = [
                f"{100 * self.found[one][name]:4.0f} %, z ≥ {self.weakest[one][name]:4.1f}"
                for one in sizes
            ]
            lines.append(f"  {name:<24}  {'  '.join(f'{one:>18}' for one in shares)}")
        lines.append(f"bits                {100 * self.bits:.1f} % of all payloads' right")
        return lines + self.unmarked.lines()


def measure_watermark(
    clips: Mapping[str, Pictures], searches: int, notify: Callable[[str], None]
) -> WatermarkFigures:
    """Measure on clips at two sizes.

    Args:
        clips: luma planes without a mark by name, (pictures, height, width), limited range.
        searches: of unmarked pictures.
        notify: called with each step.
    """
    payload = Payload(show_number("bench"), MINUTE)
    psnr: dict[str, float] = {}
    found: dict[str, dict[str, float]] = {}
    weakest: dict[str, dict[str, float]] = {}
    right, tried = 0, 0
    for height in HEIGHTS:
        errors = []
        read, least = dict.fromkeys(CHANGES, 0), dict.fromkeys(CHANGES, math.inf)
        for title, clip in clips.items():
            notify(f"marking {title} at {height} lines")
            clean = np.clip(scale_pictures(clip, height), 16, 235)
            mark, marked = Watermark(clean.shape[2], height, payload.show), clean.copy()
            for picture in marked:
                mark.mark(picture, MINUTE * 60_000_000_000)
            errors.append(float(np.mean((marked[:30].astype(np.float32) - clean[:30]) ** 2)))
            for name, change in CHANGES.items():
                detection = _search(change(marked))
                is_right = detection.payload == payload
                read[name] += is_right
                right, tried = right + _count_right(detection.payload, payload), tried + 1
                least[name] = min(least[name], detection.strength if is_right else 0.0)
        size = f"{height} lines"
        psnr[size] = 10.0 * math.log10(255.0**2 / float(np.mean(errors)))
        found[size] = {name: hits / len(clips) for name, hits in read.items()}
        weakest[size] = least
    bits = right / (PAYLOAD_BITS * tried)
    unmarked = measure_unmarked(list(clips.values()), searches, notify)
    return WatermarkFigures(psnr, _time_mark(), found, weakest, bits, len(clips), unmarked)


def _count_right(read: Payload | None, payload: Payload) -> int:
    """Return how many of a payload's bits were read; half of them where none was."""
    if read is None:
        return PAYLOAD_BITS // 2
    wrong = (read.show ^ payload.show).bit_count() + (read.minute ^ payload.minute).bit_count()
    return PAYLOAD_BITS - wrong


def _search(pictures: Pictures) -> Detection:
    height, width = pictures.shape[1:]
    detector = MarkDetector(width, height)
    for picture in pictures[:: EVERY if len(pictures) > EVERY else 1]:
        detector.add(picture)
    return detector.search()


def _time_mark() -> float:
    mark = Watermark(*FULL_HD, 1)
    picture = np.full(FULL_HD[::-1], 128, np.uint8)
    taken = []
    for _ in range(100):
        began = time.perf_counter_ns()
        mark.mark(picture, 0)
        taken.append((time.perf_counter_ns() - began) / 1e6)
    return float(np.median(taken))


def read_clip(video: Path) -> Pictures:
    """Return the luma planes of a recording's first ten seconds, limited range."""
    pictures: list[Pictures] = []
    with av.open(str(video)) as source:
        for frame in source.decode(video=0):
            if frame.time is not None and frame.time >= CLIP_S:
                break
            pictures.append(np.clip(frame.to_ndarray(format="gray"), 16, 235))
    return np.array(pictures)
