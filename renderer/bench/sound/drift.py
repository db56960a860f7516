"""Run a microphone's clock against the show's in compressed time, and measure where they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renderer.output.sound.filters import F32
from renderer.output.sound.resampling import AdaptiveReader, SampleRing
from renderer.output.sound.settings import RATE

_BLOCK = 480
_PERIOD_S = 10.0
"""The signal says the time of its capture: a ramp from 0 to 1 over this many seconds."""
_DELAY_NS = 150e6


@dataclass(frozen=True, slots=True)
class Drift:
    """Where a voice is against its picture.

    Attributes:
        start_ms, end_ms: mean offset of the voice in a second at the start, and at the end.
        worst_ms: largest offset after the first ten seconds.
        drift_ppm: measured difference of the clocks.
        starved: blocks whose samples came too late.
    """

    start_ms: float
    end_ms: float
    worst_ms: float
    drift_ppm: float
    starved: int


def run_drift(seconds: float, ppm: float, jitter_s: float = 0.002, seed: int = 0) -> Drift:
    """Read a microphone whose clock is off, and whose callbacks jitter, for a time.

    Args:
        seconds: of the show.
        ppm: by how much the microphone's clock runs faster.
        jitter_s: standard deviation of the times of its blocks.
    """
    random = np.random.default_rng(seed)
    ring = SampleRing(1)
    reader = AdaptiveReader(ring)
    rate = RATE * (1.0 + ppm * 1e-6)
    index = np.arange(_BLOCK)
    block: F32 = np.zeros((1, _BLOCK), np.float32)
    out: F32 = np.zeros((1, _BLOCK), np.float32)
    written = 0
    offsets = []
    for number in range(round(seconds * RATE / _BLOCK)):
        now_s = 1.0 + (number + 1) * _BLOCK / RATE
        while 1.0 + (written + _BLOCK) / rate <= now_s:
            captured = 1.0 + (written + index) / rate
            block[0] = captured / _PERIOD_S % 1.0
            ring.write(block, (1.0 + written / rate + random.normal(0.0, jitter_s)) * 1e9)
            written += _BLOCK
        begin_ns = (now_s - _BLOCK / RATE) * 1e9 - _DELAY_NS
        if not reader.read(out, _BLOCK, begin_ns, begin_ns + _BLOCK * 1e9 / RATE):
            continue
        wanted = begin_ns / 1e9
        found = float(out[0, 0])
        # Near the ramp's end the interpolation sees both sides of the fall.
        if 0.001 < found < 0.999 and 0.001 < wanted / _PERIOD_S % 1.0 < 0.999:
            offset_s = (wanted / _PERIOD_S % 1.0 - found) * _PERIOD_S
            offsets.append((number * _BLOCK / RATE, offset_s * 1e3))
    rows = np.array(offsets)
    settled = rows[rows[:, 0] > min(10.0, seconds / 2.0)]
    first = rows[rows[:, 0] < rows[0, 0] + 1.0]
    return Drift(
        float(first[:, 1].mean()),
        float(rows[rows[:, 0] > seconds - 1.0][:, 1].mean()),
        float(np.abs(settled[:, 1]).max()),
        ring.clock.drift_ppm,
        reader.starved,
    )
