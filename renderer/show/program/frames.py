"""Pass drawn frames to the media processes, and measure how late they are."""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.errors import OutputError
from renderer.graphics.records import ProgramFrame
from renderer.output.latency import FirstShown, LatencyWindow
from renderer.output.media_group import MediaGroup
from renderer.output.media_link import MediaEnded
from renderer.protocol.pictures import PROGRAM
from renderer.show.clock import ProgramTime

IN_PREVIEW: Final = -1
"""Show time of a frame that only the crew sees."""

_OFFLINE_WAIT_S: Final = 60.0


class FrameSender:
    """Sends the frames of all views. Belongs to the tick's thread.

    Args:
        media: the media processes of all views.
        time: show time.
        live: drop frames instead of waiting for the encoder.

    Attributes:
        delivers: whether the renderer returns frames.
        sent, refused: frames that were taken, and that were not.
    """

    def __init__(self, media: MediaGroup, time: ProgramTime, *, live: bool) -> None:
        self._media, self._time, self._live = media, time, live
        self.delivers = not live
        self.sent = self.refused = 0
        self._sent_run = self._origin_ns = 0
        self._sent_ns = 0
        self._latency = LatencyWindow()
        self._first_shown = FirstShown()

    def resume(self, run: int) -> None:
        """Go on in a run that another engine began."""
        self._sent_run = run

    def send(self, frame: ProgramFrame, t_now_ns: int | None) -> None:
        """Pass a frame to the encoder. If it is busy, drop the frame live, and wait offline.

        Args:
            frame: from the renderer.
            t_now_ns: live, the monotonic time, for the latency from camera to encoder.

        Raises:
            OutputError: offline, no frame was accepted for a minute.
        """
        self.delivers = True
        if frame.t_show_ns == IN_PREVIEW or not self._time.rolling:
            return
        if self._sent_run < self._time.run and (
            not self._sent_run or frame.t_show_ns <= self._sent_ns
        ):
            # The renderer may still return frames drawn before show time restarted.
            self._sent_run = self._time.run
        if self._live and self._sent_run == self._time.run:
            self._origin_ns = self._time.origin_ns
        self._sent_ns = frame.t_show_ns
        try:
            is_taken = self._hand_over(frame)
        except MediaEnded:
            is_taken = False
        if not is_taken:
            self.refused += 1
            return
        self.sent += 1
        if t_now_ns is not None and self._first_shown.is_first(frame.t_seen_ns):
            self._latency.note(t_now_ns - frame.t_seen_ns)

    def send_view(self, view: str, frame: ProgramFrame) -> None:
        """Pass a frame of a further view, after the program's frame of the same tick.

        Raises:
            OutputError: offline, no frame was accepted for a minute.
        """
        if frame.t_show_ns == IN_PREVIEW or not self._time.rolling:
            return
        try:
            self.refused += not self._hand_over(frame, view)
        except MediaEnded:
            # Its outputs have failed, which is an alarm of its own; the program goes on.
            return

    def latency_ms(self) -> tuple[float, float] | None:
        """Return median and 95th percentile from camera to encoder over the last ten seconds."""
        found = self._latency.read()
        return (found.p50_ms, found.p95_ms) if found.frames else None

    def _hand_over(self, frame: ProgramFrame, view: str = PROGRAM) -> bool:
        """Pass a frame to its view's media process; return whether there was room for it."""
        buffer = self._media.frame_buffer(0.0 if self._live else _OFFLINE_WAIT_S, view)
        if buffer is None and not self._live:
            raise OutputError(
                "The media process",
                f"took no frame for {_OFFLINE_WAIT_S:.0f} s",
                "start the show again; what was recorded so far can be played",
            )
        if buffer is None:
            return False
        np.copyto(buffer, frame.planes)
        self._media.submit(
            frame.number, frame.t_show_ns, frame.t_seen_ns, self._sent_run, frame.layout, view,
            self._origin_ns,
        )  # fmt: skip
        return True
