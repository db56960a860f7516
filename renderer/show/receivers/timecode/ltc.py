"""Read and write linear timecode (LTC): an audio signal of 80 bits a frame in biphase mark code.

Each bit begins with a change of sign, and a 1 has another one in its middle. Source: SMPTE ST
12-1:2014, clause 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.show.receivers.timecode.smpte import Label, TimecodeRate

F64 = npt.NDArray[np.float64]

BITS: Final = 80
_SYNC: Final = 0xBFFC
"""The last 16 bits of a frame, the first one lowest."""
_DROP_BIT: Final = 10
_HIGH_PASS_HZ: Final = 120.0
"""Removes hum; the slowest LTC has its bits at 960 Hz at half speed."""
_THRESHOLD: Final = 0.15
"""Share of the peak that the signal must pass to have changed its sign: noise does not."""
_PEAK_DECAY: Final = 0.9
_SLOWEST_HZ, _FASTEST_HZ = 600.0, 6000.0
"""Bits a second between which a signal is followed: 24 frames at a third of the speed, and 30 at
two and a half times it."""
_FOLLOW: Final = 0.08


@dataclass(frozen=True, slots=True)
class LtcFrame:
    """A frame that was read.

    Attributes:
        drops: whether the signal says that it is drop-frame.
        ends_at: sample at which the frame ends, counted from the first one.
        period: samples a bit, by which its speed is known.
    """

    label: Label
    drops: bool
    ends_at: float
    period: float


class LtcDecoder:
    """Finds frames in a stream of samples.

    Args:
        sample_rate: samples a second.

    Attributes:
        samples: that were read.
        invalid: frames whose digits are no time.
    """

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        # A show without LTC, and an engine that is started again, have no time for it.
        from scipy import signal

        self._filter = signal.lfilter
        self._b, self._a = signal.butter(1, _HIGH_PASS_HZ / (sample_rate / 2.0), "high")
        self._state: F64 = np.zeros(1)
        self._peak = 0.0
        self._sign = 0
        self._last_sample = 0.0
        self._edge: float | None = None
        self._period = 0.0
        self._is_half = False
        self._bits = 0
        self._count = 0
        self.samples = 0
        self.invalid = 0

    def feed(self, samples: npt.NDArray[np.floating]) -> list[LtcFrame]:
        """Return the frames that end within these samples, one channel."""
        if not len(samples):
            return []
        clean = np.nan_to_num(np.asarray(samples, np.float64), posinf=0.0, neginf=0.0)
        data, self._state = self._filter(self._b, self._a, clean, zi=self._state)
        found = []
        for edge in self._find_edges(data):
            frame = self._take_edge(edge)
            if frame is not None:
                found.append(frame)
        self.samples += len(data)
        return found

    def _find_edges(self, data: F64) -> list[float]:
        """Return the times at which the signal changes its sign, samples from the first one."""
        self._peak = max(self._peak * _PEAK_DECAY, float(np.abs(data).max()))
        level = max(_THRESHOLD * self._peak, 1e-4)
        signs = np.where(data > level, 1, np.where(data < -level, -1, 0))
        strong = np.flatnonzero(signs)
        if not len(strong):
            self._last_sample = float(data[-1])
            return []
        values = signs[strong]
        before = np.concatenate(([self._sign], values[:-1]))
        places = strong[(values != before) & (before != 0)]
        # The zero lies between the last sample of the old sign and the first one of the new.
        padded = np.concatenate(([self._last_sample], data))
        crossed = padded[:-1] * data <= 0.0
        zeros = np.flatnonzero(crossed)
        at = np.searchsorted(zeros, places, side="right") - 1
        edges = []
        for place, number in zip(places.tolist(), at.tolist(), strict=True):
            zero = int(zeros[number]) if number >= 0 else place
            old, new = float(padded[zero]), float(data[zero])
            share = new / (new - old) if new != old else 0.0
            edges.append(self.samples + zero - share)
        self._sign = int(values[-1])
        self._last_sample = float(data[-1])
        return edges

    def _take_edge(self, edge: float) -> LtcFrame | None:
        """Add the bit that an edge completes; return the frame that this completes."""
        before, self._edge = self._edge, edge
        if before is None:
            return None
        length = edge - before
        slowest, fastest = self._rate / _SLOWEST_HZ, self._rate / _FASTEST_HZ
        if not 0.3 * fastest < length < 1.5 * slowest:
            self._lose()
            return None
        if not self._period:
            # The longer of two kinds of intervals is a bit: sure after the first of each.
            self._period = length
        if length > 1.6 * self._period:
            # What was taken for a bit was half of one.
            self._period, self._is_half, self._count = length, False, 0
        if length > 0.75 * self._period:
            self._period += _FOLLOW * (length - self._period)
            self._is_half = False
            return self._add_bit(0, edge)
        self._period += 0.5 * _FOLLOW * (2.0 * length - self._period)
        self._is_half = not self._is_half
        return None if self._is_half else self._add_bit(1, edge)

    def _add_bit(self, bit: int, edge: float) -> LtcFrame | None:
        self._bits = (self._bits >> 1) | (bit << (BITS - 1))
        self._count += 1
        if self._bits >> 64 != _SYNC or self._count < BITS:
            return None
        self._count = 0
        label = _read_label(self._bits)
        if label is None:
            self.invalid += 1
            return None
        return LtcFrame(label, bool(self._bits >> _DROP_BIT & 1), edge, self._period)

    def _lose(self) -> None:
        self._period, self._is_half, self._count = 0.0, False, 0


def _read_label(bits: int) -> Label | None:
    def digits(units: int, tens: int, width: int) -> int | None:
        low = bits >> units & 15
        return None if low > 9 else low + 10 * (bits >> tens & (1 << width) - 1)

    frames, seconds = digits(0, 8, 2), digits(16, 24, 3)
    minutes, hours = digits(32, 40, 3), digits(48, 56, 2)
    if frames is None or seconds is None or minutes is None or hours is None:
        return None
    if frames > 29 or seconds > 59 or minutes > 59 or hours > 23:
        return None
    return Label(hours, minutes, seconds, frames)


def write_bits(label: Label, *, drops: bool = False, is_25: bool = False) -> int:
    """Return the 80 bits of a frame, the first one lowest; their parity is even.

    Args:
        drops: whether it is drop-frame.
        is_25: whether there are 25 frames a second, where another bit evens the parity.
    """
    bits = _SYNC << 64 | int(drops) << _DROP_BIT
    for value, units, tens in (
        (label.frames, 0, 8), (label.seconds, 16, 24), (label.minutes, 32, 40),
        (label.hours, 48, 56),
    ):  # fmt: skip
        bits |= value % 10 << units | value // 10 << tens
    # One bit keeps the number of zeros even, so that every frame begins with the same sign.
    return bits | (bits.bit_count() % 2) << (59 if is_25 else 27)


def encode(
    labels: list[Label],
    rate: TimecodeRate,
    sample_rate: int,
    *,
    speed: float = 1.0,
    level: float = 0.5,
) -> F64:
    """Return the signal of consecutive frames, samples from -level to level.

    Args:
        speed: of the tape; 1.01 is one percent too fast.
    """
    halves: list[int] = []
    sign = 1
    for label in labels:
        bits = write_bits(label, drops=rate.drops, is_25=rate.count == 25)
        for place in range(BITS):
            sign = -sign
            halves.append(sign)
            if bits >> place & 1:
                sign = -sign
            halves.append(sign)
    half = sample_rate / (float(rate.exact) * speed * BITS * 2)
    times = np.arange(round(len(halves) * half))
    places = np.minimum((times / half).astype(np.intp), len(halves) - 1)
    wave = level * np.array(halves, np.float64)[places]
    # Edges rise in a few samples, as ST 12-1 asks for (25 µs), and audio inputs need.
    return np.asarray(np.convolve(wave, (0.25, 0.5, 0.25), "same"))
