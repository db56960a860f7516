"""Pass samples between two clocks: a ring, and a reader that resamples adaptively."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.compile import compiled
from renderer.output.sound.clocks import DeviceClock
from renderer.output.sound.filters import F32, F64
from renderer.output.sound.settings import RATE

_LENGTH: Final = 1 << 17
"""Samples of a ring: 2.7 s."""
_PHASES, _TAPS = 256, 32
MOST_STEP: Final = 0.005
"""Largest change of speed, which is a twelfth of a semitone: heard by nobody."""
_JUMP: Final = 0.060
"""Seconds from the right place from which the reader jumps, rather than run faster or slower."""
_SLACK_NS: Final = 5_000_000
"""What is added to a delay beyond what was missing."""
_MOST_EXTRA_NS: Final = 1_500_000_000
_FADE: Final = 240
"""Samples of a fade around a jump: 5 ms."""


def design_table(ratio: float) -> F64:
    """Return interpolation filters (phases + 1, taps) that suit `ratio` input samples an output."""
    cut = 0.5 * min(1.0, 1.0 / ratio) * 0.94
    offsets = np.arange(_TAPS) - (_TAPS // 2 - 1)
    t = offsets[None, :] - (np.arange(_PHASES + 1) / _PHASES)[:, None]
    window = np.i0(8.0 * np.sqrt(np.clip(1.0 - (t / (_TAPS / 2)) ** 2, 0.0, 1.0))) / np.i0(8.0)
    table = np.sinc(2.0 * cut * t) * window
    return np.ascontiguousarray(table / table.sum(axis=1, keepdims=True))


@compiled
def run_reader(ring: F32, out: F32, count: int, at: float, step: float, table: F64) -> None:
    """Read `count` samples at fractional positions.

    Args:
        ring: (channels, length), length a power of two.
        out: (channels, n).
        at, step: first position, and distance of the positions.
        table: interpolation filters.
    """
    mask, phases, taps = ring.shape[1] - 1, table.shape[0] - 1, table.shape[1]
    half = taps // 2 - 1
    for i in range(count):
        place = at + step * i
        whole = int(np.floor(place))
        position = (place - whole) * phases
        row = int(position)
        share = position - row
        for channel in range(ring.shape[0]):
            value = 0.0
            for k in range(taps):
                tap = table[row, k] + share * (table[row + 1, k] - table[row, k])
                value += tap * ring[channel, (whole - half + k) & mask]
            out[channel, i] = value


class SampleRing:
    """The newest samples of one writer. One thread writes, one reads.

    Args:
        channels: of the samples.
        rate: nominal rate of the writer.

    Attributes:
        clock: of the writer.
        written: number of samples so far.
    """

    def __init__(self, channels: int, rate: float = RATE) -> None:
        self.data: F32 = np.zeros((channels, _LENGTH), np.float32)
        self.rate = rate
        self.clock = DeviceClock(rate)
        self.written = 0

    def write(self, samples: F32, t_ns: float) -> None:
        """Append samples (channels, n) whose first one belongs to a monotonic time."""
        count = samples.shape[1]
        self.clock.note(self.written, t_ns)
        at = self.written & (_LENGTH - 1)
        first = min(count, _LENGTH - at)
        self.data[:, at : at + first] = samples[:, :first]
        if first < count:
            self.data[:, : count - first] = samples[:, first:]
        self.written += count


class AdaptiveReader:
    """Reads a ring by time, at a rate of its own.

    Attributes:
        extra_ns: delay that is added because samples came too late.
        starved: number of blocks for which they did.
    """

    def __init__(self, ring: SampleRing, rate: float = RATE) -> None:
        self._ring, self._rate = ring, rate
        self._table = design_table(ring.rate / rate)
        self._at: float | None = None
        self.extra_ns = 0.0
        self.starved = 0

    def read(self, out: F32, count: int, t_ns: float, end_ns: float) -> bool:
        """Read the samples between two times of the ring's clock; silence where there are none.

        Args:
            out: (channels, n), its first `count` samples are filled.
            t_ns, end_ns: time of the first sample, and of the one after the last.

        Returns:
            Whether there was sound.
        """
        ring = self._ring
        view = out[:, :count]
        if not ring.clock.has_started:
            view[:] = 0.0
            return False
        target = ring.clock.position_at(t_ns - self.extra_ns)
        end = ring.clock.position_at(end_ns - self.extra_ns)
        written, half = ring.written, _TAPS // 2
        if end + half > written:
            missing_ns = (end + half - written) / ring.rate * 1e9
            self.starved += 1
            self.extra_ns = min(self.extra_ns + missing_ns + _SLACK_NS, _MOST_EXTRA_NS)
            self._at = None
            view[:] = 0.0
            return False
        if target - half < max(0, written - _LENGTH + count):
            self._at = None
            view[:] = 0.0
            return False
        at, nominal = self._at, ring.rate / self._rate
        jumps = at is None or abs(target - at) > _JUMP * ring.rate
        if at is None or jumps:
            at = target
        step = (end - at) / count
        step = min(max(step, nominal * (1.0 - MOST_STEP)), nominal * (1.0 + MOST_STEP))
        if at + step * count + half > written:
            step = (written - half - at) / count
        run_reader(ring.data, out, count, at, step, self._table)
        self._at = at + step * count
        if jumps:
            fade = min(_FADE, count)
            view[:, :fade] *= np.linspace(0.0, 1.0, fade, dtype=np.float32)
        return True
