"""Filter samples by second-order sections: high-pass, and the K-weighting of loudness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.output.sound.settings import RATE

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

K_WEIGHTING: F64 = np.array(
    [
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            -1.69065929318241,
            0.73248077421585,
        ],
        [1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
"""Sections (b0, b1, b2, a1, a2) of the K-weighting at 48 kHz (ITU-R BS.1770-4, tables 1 and 2)."""


def design_high_pass(hertz: float) -> F64:
    """Return the section (1, 5) of a Butterworth high-pass (bilinear transform).

    Args:
        hertz: corner frequency, below half the sample rate.
    """
    k = np.tan(np.pi * hertz / RATE)
    norm = 1.0 / (1.0 + np.sqrt(2.0) * k + k * k)
    return np.array(
        [
            [
                norm,
                -2.0 * norm,
                norm,
                2.0 * (k * k - 1.0) * norm,
                (1.0 - np.sqrt(2.0) * k + k * k) * norm,
            ]
        ]
    )


@compiled
def run_sections(samples: F32, out: F32, count: int, sections: F64, state: F64) -> None:
    """Filter the first `count` samples (transposed direct form II); `out` may be `samples`.

    Args:
        samples, out: (channels, n).
        sections: (s, 5) coefficients b0, b1, b2, a1, a2.
        state: (s, channels, 2), kept between blocks.
    """
    for channel in range(samples.shape[0]):
        for i in range(count):
            x = float(samples[channel, i])
            for s in range(sections.shape[0]):
                y = sections[s, 0] * x + state[s, channel, 0]
                state[s, channel, 0] = (
                    sections[s, 1] * x - sections[s, 3] * y + state[s, channel, 1]
                )
                state[s, channel, 1] = sections[s, 2] * x - sections[s, 4] * y
                x = y
            out[channel, i] = x
    # Numbers too small to be heard would slow the processor down.
    for s in range(sections.shape[0]):
        for channel in range(samples.shape[0]):
            for j in range(2):
                if abs(state[s, channel, j]) < 1e-20:
                    state[s, channel, j] = 0.0


@compiled
def sanitize(samples: F32, count: int) -> None:
    """Replace what is no number by silence, and clamp the rest to 18 dB above full scale, in place.

    A driver's broken sample would otherwise stay in every filter's state.
    """
    for channel in range(samples.shape[0]):
        for i in range(count):
            x = samples[channel, i]
            if not -8.0 <= x <= 8.0:
                samples[channel, i] = (
                    8.0 if 8.0 < x < np.inf else -8.0 if -np.inf < x < -8.0 else 0.0
                )
