"""Measure loudness and true peak by FFmpeg's ebur128, which shares no code with the mixer."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame

from renderer.output.sound.filters import F32
from renderer.output.sound.settings import RATE


def measure_loudness(samples: F32) -> tuple[float, float]:
    """Return integrated loudness, LUFS, and true peak, dB.

    Args:
        samples: (2, n) at 48 kHz.
    """
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        format="flt", sample_rate=RATE, layout="stereo", time_base=Fraction(1, RATE)
    )
    meter = graph.add("ebur128", "metadata=1:peak=true")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    # It reports whole tenths of a second: silence completes the last one.
    padded = np.pad(samples, ((0, 0), (0, -samples.shape[1] % (RATE // 10) + RATE // 10)))
    frame = AudioFrame.from_ndarray(
        np.ascontiguousarray(padded.T.reshape(1, -1), np.float32), "flt", "stereo"
    )
    frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
    source.push(frame)
    source.push(None)
    loudness, peak = -math.inf, 0.0
    while True:
        try:
            measured = cast("dict[str, Any]", cast(AudioFrame, sink.pull()).metadata)
        except (EOFError, av.error.BlockingIOError):
            break
        loudness = float(measured.get("lavfi.r128.I", loudness))
        peaks = [float(value) for name, value in measured.items() if "true_peaks_ch" in name]
        peak = max(peak, *peaks, 0.0)
    return loudness, 20.0 * math.log10(max(peak, 1e-6))
