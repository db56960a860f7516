"""Process a microphone's channel: gate, compressor; and lower the song while somebody sings."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.compile import compiled
from renderer.output.sound.filters import F32, F64, design_high_pass, run_sections
from renderer.output.sound.settings import RATE, MicrophonePlan

_GATE_HOLD: Final = RATE * 15 // 100
"""Samples for which a gate stays open after the last sound above its threshold."""
_GATE_HYSTERESIS_DB: Final = 6.0
_GATE_FLOOR: Final = 1e-4
"""Gain of a closed gate: -80 dB."""
_NEPERS: Final = math.log(10.0) / 20.0
DUCK_DB: Final = -40.0
"""Level of the voices above which the song is lowered."""


def smoothing(seconds: float) -> float:
    """Return the coefficient of a one-pole smoother with this time constant."""
    return math.exp(-1.0 / (seconds * RATE))


def linear(db: float) -> float:
    """Return the gain of a level in dB."""
    return math.exp(db * _NEPERS)


_ATTACK, _RELEASE = smoothing(0.005), smoothing(0.120)
_GATE_ATTACK, _GATE_RELEASE = smoothing(0.002), smoothing(0.080)
_ENVELOPE = smoothing(0.020)
_DUCK_ATTACK, _DUCK_RELEASE = smoothing(0.040), smoothing(0.400)


@compiled
def run_gate(
    x: F32, count: int, threshold: float, closing: float, hold: int, floor: float,
    envelope: float, attack: float, release: float, state: F64,
) -> None:  # fmt: skip
    """Silence what is below a threshold, in place.

    Args:
        x: (1, n).
        threshold, closing: levels at which it opens and closes.
        state: (3,) envelope, gain, samples since it was last open.
    """
    level, gain, since = state[0], state[1], state[2]
    for i in range(count):
        level = max(abs(float(x[0, i])), level * envelope)
        if level >= threshold:
            since = 0.0
        elif level < closing:
            since += 1.0
        target = 1.0 if since <= hold else floor
        rate = attack if target > gain else release
        gain = target + (gain - target) * rate
        x[0, i] *= gain
    state[0], state[1], state[2] = level, gain, since


@compiled
def run_compressor(
    x: F32, count: int, threshold_db: float, ratio: float, make_up: float,
    attack: float, release: float, state: F64,
) -> None:  # fmt: skip
    """Compress with a soft knee of 6 dB, in place (Giannoulis and others 2012, log domain).

    Args:
        x: (1, n).
        make_up: gain.
        state: (1,) smoothed reduction, dB.
    """
    reduction, slope = state[0], 1.0 - 1.0 / ratio
    for i in range(count):
        over = 20.0 * math.log10(abs(float(x[0, i])) + 1e-9) - threshold_db
        if over <= -3.0:
            target = 0.0
        elif over < 3.0:
            target = slope * (over + 3.0) ** 2 / 12.0
        else:
            target = slope * over
        rate = attack if target > reduction else release
        reduction = target + (reduction - target) * rate
        x[0, i] *= make_up * 10.0 ** (-reduction / 20.0)
    state[0] = reduction


@compiled
def run_ducker(
    voices: F32, gains: F32, count: int, threshold: float, depth_db: float,
    envelope: float, attack: float, release: float, state: F64,
) -> None:  # fmt: skip
    """Compute the song's gain for each sample.

    Args:
        voices: (1, n) their sum.
        gains: (n,) filled.
        state: (2,) envelope of the voices, reduction in dB.
    """
    level, reduction = state[0], state[1]
    for i in range(count):
        level = max(abs(float(voices[0, i])), level * envelope)
        target = depth_db if level > threshold else 0.0
        rate = attack if target > reduction else release
        reduction = target + (reduction - target) * rate
        gains[i] = 10.0 ** (-reduction / 20.0)
    state[0], state[1] = level, reduction


class ChannelStrip:
    """High-pass, gate and compressor of one microphone, in this order."""

    def __init__(self, plan: MicrophonePlan) -> None:
        self._plan = plan
        self._sections = design_high_pass(plan.high_pass_hz) if plan.high_pass_hz else None
        self._filter = np.zeros((1, 1, 2))
        self._gate = np.array([0.0, _GATE_FLOOR, _GATE_HOLD + 1.0])
        self._reduction = np.zeros(1)
        threshold = plan.compressor_db or 0.0
        # A voice that peaks at full scale is as loud after compression as before, less half.
        self._make_up = linear(-threshold * (1.0 - 1.0 / plan.ratio) / 2.0)

    def run(self, x: F32, count: int) -> None:
        """Process the first `count` samples of (1, n), in place."""
        plan = self._plan
        if self._sections is not None:
            run_sections(x, x, count, self._sections, self._filter)
        if plan.gate_db is not None:
            threshold = linear(plan.gate_db)
            closing = linear(plan.gate_db - _GATE_HYSTERESIS_DB)
            run_gate(
                x, count, threshold, closing, _GATE_HOLD, _GATE_FLOOR,
                _ENVELOPE, _GATE_ATTACK, _GATE_RELEASE, self._gate,
            )  # fmt: skip
        if plan.compressor_db is not None:
            run_compressor(
                x, count, plan.compressor_db, plan.ratio, self._make_up,
                _ATTACK, _RELEASE, self._reduction,
            )  # fmt: skip


class Ducker:
    """Lowers the song while the voices are above a level.

    Attributes:
        depth_db: by how much; 0 for not at all.
        gains: (n,) of the newest block.
    """

    def __init__(self, depth_db: float, block: int) -> None:
        self.depth_db = depth_db
        self.gains: F32 = np.ones(block, np.float32)
        self._state = np.zeros(2)

    @property
    def reduction_db(self) -> float:
        """Return by how much the song is lowered now."""
        return float(self._state[1])

    def run(self, voices: F32, count: int) -> F32:
        """Return the song's gains for the first `count` samples of the voices' sum (1, n)."""
        if self.depth_db or self._state[1] > 0.01:
            run_ducker(
                voices, self.gains, count, linear(DUCK_DB), self.depth_db,
                _ENVELOPE, _DUCK_ATTACK, _DUCK_RELEASE, self._state,
            )  # fmt: skip
        else:
            self.gains[:count] = 1.0
        return self.gains[:count]
