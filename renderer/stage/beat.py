"""Pulse lights on the beat."""

from __future__ import annotations

import math
from typing import Final

ATTACK: Final = 0.16
"""Duration of a pulse's rise, beats: two or three frames, so that light swells and does not jump.
The same as in shaders/beat.glsl."""


def pulse_at(beat: float, decay: float, period: float = 1.0) -> float:
    """Return a pulse's level, which rises before each beat, is 1 on it, and decays after it.

    Args:
        beat: of the song.
        decay: rate of the decay, per beat.
        period: beats from one pulse to the next.
    """
    return max(math.exp(-decay * (beat % period)), 1.0 - (-beat % period) / ATTACK)
