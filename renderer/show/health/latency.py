"""Measure how long each stage of a live show's frames takes, from light to the slowest output."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from renderer.output.latency import FirstShown, LatencyWindow
from renderer.protocol.latency import STAGES, LatencyHealth, StageLatency
from renderer.protocol.outputs import OutputStatus

_IN_FLIGHT: Final = 16
"""Frames drawn and not yet sent whose times are kept: more than a renderer has under way."""
_READ_EVERY_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Begun:
    """Monotonic times of a frame that is being drawn."""

    number: int
    t_seen_ns: int
    t_taken_ns: int
    t_posed_ns: int


class LatencyMeter:
    """Follows each frame through the engine by its number.

    Args:
        clock: returns monotonic nanoseconds.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._windows = {stage: LatencyWindow(clock) for stage in ("capture", "solve", "draw")}
        self._first = FirstShown()
        self._begun: deque[_Begun] = deque(maxlen=_IN_FLIGHT)
        self._taken_ns = 0
        self._read = LatencyHealth()
        self._read_at_ns = 0

    def take_in(self) -> None:
        """Note that the engine begins to take in observations."""
        self._taken_ns = self._clock()

    def draw(self, number: int, t_seen_ns: int) -> None:
        """Note that a frame's performers are posed.

        Args:
            number: of the frame.
            t_seen_ns: camera time of the newest observation in it; 0 if there is none.
        """
        if self._first.is_first(t_seen_ns):
            self._begun.append(_Begun(number, t_seen_ns, self._taken_ns, self._clock()))

    def send(self, number: int) -> None:
        """Note that a frame is with the media process."""
        while self._begun and self._begun[0].number <= number:
            begun = self._begun.popleft()
            if begun.number == number:
                now_ns = self._clock()
                # An animation's data are there before their time.
                self._windows["capture"].note(max(0, begun.t_taken_ns - begun.t_seen_ns))
                self._windows["solve"].note(begun.t_posed_ns - begun.t_taken_ns)
                self._windows["draw"].note(now_ns - begun.t_posed_ns)

    def read(self, encode: StageLatency, outputs: Sequence[OutputStatus]) -> LatencyHealth:
        """Return the latency of every stage; computed once a second.

        Args:
            encode: as the media process measured it.
            outputs: their statuses; the slowest one counts.
        """
        now_ns = self._clock()
        if now_ns - self._read_at_ns >= _READ_EVERY_NS:
            self._read_at_ns = now_ns
            stages = {stage: window.read() for stage, window in self._windows.items()}
            stages["encode"] = encode
            running = [one for one in outputs if one.total.frames]
            stages["send"] = max((o.send for o in running), key=_rank, default=StageLatency())
            stages["total"] = max((o.total for o in running), key=_rank, default=StageLatency())
            known = {stage: stages[stage] for stage in STAGES if stages[stage].frames}
            self._read = LatencyHealth(known)
        return self._read


def _rank(latency: StageLatency) -> float:
    return latency.p95_ms
