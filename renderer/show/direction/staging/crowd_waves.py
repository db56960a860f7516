"""Send waves through the blocks of the hall, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from renderer.show.document.cues import WaveAction
from renderer.show.songs.grid import SECOND_NS
from renderer.stage.records import Crowd, CrowdWave, WaveAxis

_BEYOND: Final = 0.2
"""Distance from both ends of the hall at which a wave's front begins and ends, as a fraction of
the hall: nobody has risen there yet."""
_RISES: Final = 0.1
"""Part of a wave's time in which it reaches its height, and in which it ends."""
_AXES: Final = {
    "right": (WaveAxis.ACROSS, False),
    "left": (WaveAxis.ACROSS, True),
    "back": (WaveAxis.DEPTH, False),
    "front": (WaveAxis.DEPTH, True),
}
"""Axis of a wave and whether it runs against it, by where it runs to."""


class CrowdWaves:
    """The audience's waves; a new one replaces the one before."""

    def __init__(self) -> None:
        self._to = "right"
        self._began_ns, self._length_ns = 0, 0

    def begin(self, action: WaveAction, at_ns: int, rate: float) -> None:
        """Start a wave.

        Args:
            at_ns: of the show's clock.
            rate: beats per second.
        """
        self._to = action.to
        self._began_ns = at_ns
        self._length_ns = round(action.beats / rate * SECOND_NS)

    def is_running(self, now_ns: int) -> bool:
        """Return whether a wave runs, or is about to."""
        return now_ns < self._began_ns + self._length_ns

    def apply(self, crowd: Crowd, now_ns: int) -> Crowd:
        """Return the audience with the wave that runs through it."""
        if not self._began_ns <= now_ns < self._began_ns + self._length_ns:
            return crowd
        share = (now_ns - self._began_ns) / self._length_ns
        axis, is_reversed = _AXES[self._to]
        front = (1.0 + 2.0 * _BEYOND) * share - _BEYOND
        height = min(share / _RISES, (1.0 - share) / _RISES, 1.0)
        wave = CrowdWave(1.0 - front if is_reversed else front, axis, height)
        return replace(crowd, wave=wave)
