"""Decide when a live frame is missing, and what show time its replacement has.

A frame of show time t reaches the media process at the wall-clock time at which show time is t,
plus the engine's lag: a few frames that are in its pipeline, and more on a slow machine. The lag of
the newest frames is measured, up to the moment at which the engine delivers them: how long they
then wait for a media process that stalls is no lag of the engine. A frame that is later than that
by a margin is missing: it is replaced, with its own show time, so that pictures and sound go on.
When the engine delivers again, its frames have later show times than the replacements, which never
overtake it. After a stall of the media process itself the engine gets time to deliver first.

An engine that is slower than the frame rate leaves out frames, but none is late by that margin.
Such a gap is filled when the frame after it comes: the program has a frame for each tick.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from renderer.transport.ring import FrameHeader

_LAG_WINDOW_NS: Final = 2_000_000_000
"""Nanoseconds of frames whose largest lag counts; a single late frame is forgotten after that."""
_MARGIN_NS: Final = 150_000_000
"""Nanoseconds by which a frame may exceed the largest lag: a hiccup that no viewer notices."""
_MARGIN_FRAMES: Final = 3
"""Least margin in frames, for low frame rates."""
_STALL_NS: Final = 500_000_000
"""Nanoseconds without a look at the time from which this process itself counts as having stalled:
its longest wait for a frame and a slow encoder take half of that."""
_FILLED_NS: Final = 3_000_000_000
"""Longest gap in nanoseconds that is filled at once, as after an encoder that hung. A longer one is
a stall of this process, and viewers would wait for the new picture while its gap is encoded."""
HOLD_NS: Final = 3_000_000_000
"""Nanoseconds for which the last frame is repeated before the slate replaces it: longer than a
hiccup, shorter than viewers take a still picture for the end."""


@dataclass(frozen=True, slots=True)
class ShowClock:
    """The clock of one run of show time.

    Attributes:
        run: number of the run.
        origin_ns: monotonic time at its show time zero.
    """

    run: int
    origin_ns: int


class FramePacer:
    """Tracks the engine's frames and their lag. Times are monotonic nanoseconds.

    Attributes:
        clock: of the newest frame; None before the first, and offline.
        held: number of replacements so far.
        is_holding: whether frames have been replaced since the newest one came.
    """

    def __init__(self, frame_ns: int) -> None:
        """Start without a clock; `frame_ns` is the duration of a frame."""
        self._frame_ns = frame_ns
        self._margin_ns = max(_MARGIN_NS, _MARGIN_FRAMES * frame_ns)
        self._lags: deque[tuple[int, int]] = deque()
        self._last_ns = 0
        self._arrived_ns = 0
        self._looked_ns = self._resumed_ns = 0
        self.clock: ShowClock | None = None
        self.held = 0
        self.is_holding = False

    def list_gap(self, header: FrameHeader) -> list[int]:
        """Return the show times of the frames that are missing just before one, which is not noted.

        A frame that is up to half a frame late leaves no gap, since live times jitter.
        """
        if not header.origin_ns or ShowClock(header.run, header.origin_ns) != self.clock:
            return []
        gap_ns = header.t_show_ns - self._last_ns
        if gap_ns > _FILLED_NS:
            return []
        missing = round(gap_ns / self._frame_ns) - 1
        return [self._last_ns + number * self._frame_ns for number in range(1, missing + 1)]

    def note(self, header: FrameHeader, now_ns: int) -> None:
        """Record a frame that has just been taken."""
        if not header.origin_ns:
            return
        clock = ShowClock(header.run, header.origin_ns)
        if clock != self.clock:
            self._last_ns = header.t_show_ns
            self._lags.clear()
        self.clock = clock
        self._arrived_ns, self.is_holding = now_ns, False
        self._last_ns = max(self._last_ns, header.t_show_ns)
        lag_ns = header.t_render_ns - header.origin_ns - header.t_show_ns
        self._lags.append((now_ns, lag_ns))
        while now_ns - self._lags[0][0] > _LAG_WINDOW_NS:
            self._lags.popleft()

    def wait_ns(self, now_ns: int) -> int | None:
        """Return how long the next frame may still take; 0 if it is missing, None without a clock.

        It has to be called for each frame: a longer pause is a stall of this process, after which
        the engine gets time to deliver. It does not know whether the show's time rests, because no
        output is open.
        """
        if self._looked_ns and now_ns - self._looked_ns > _STALL_NS:
            self._resumed_ns = now_ns
        self._looked_ns = now_ns
        if self.clock is None:
            return None
        lag_ns = max(lag for _, lag in self._lags)
        due_ns = self.clock.origin_ns + self._last_ns + self._frame_ns + lag_ns
        return max(0, max(due_ns, self._resumed_ns) + self._margin_ns - now_ns)

    def replace(self) -> int:
        """Return the show time of the missing frame's replacement, and count it."""
        self._last_ns += self._frame_ns
        self.held += 1
        self.is_holding = True
        return self._last_ns

    def silent_ns(self, now_ns: int) -> int:
        """Return how long ago the newest frame came; 0 before the first."""
        return now_ns - self._arrived_ns if self._arrived_ns else 0

    def skip_to(self, now_ns: int) -> None:
        """Do not replace the frames up to now, because nobody needed them."""
        if self.clock is not None:
            lag_ns = max(lag for _, lag in self._lags) + self._margin_ns
            self._last_ns = max(self._last_ns, now_ns - self.clock.origin_ns - lag_ns)
