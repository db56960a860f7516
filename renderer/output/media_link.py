"""Connect an engine to a media process: frames through a ring, requests and answers beside it."""

from __future__ import annotations

import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError
from renderer.output.requests import MediaReport, MediaRequest, Ready
from renderer.transport.link import Link
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone
from renderer.transport.rpc import ConnectionEnded, RpcClient

NAME = "the media process"
START_S, ANSWER_S, FINISH_S = 60.0, 5.0, 60.0
T = TypeVar("T")
LOOK_S = 0.05
"""Interval in seconds between checks of whether what is awaited has come."""


class MediaEnded(OutputError):  # noqa: N818 - it tells of an end, which is not always an error
    """The media process has died, or ended before it was asked to."""


class MediaLink:
    """An engine's end of the link to a media process; per frame: `frame_buffer`, fill, `submit`.

    `frame_buffer` and `submit` belong to one thread; all other methods may be called from any.
    While the process does not respond (stopped, swapped out, waiting for a disk), requests are
    late, `silent_s` grows and live frames are refused; it continues once it responds again.

    Args:
        live: drop frames rather than wait; else the producer blocks.
    """

    def __init__(self, live: bool) -> None:
        self._live = live
        self._ring: FrameRing | None = None
        self._client: RpcClient | None = None
        self._ready: Future[Ready] = Future()
        self._report: Future[MediaReport] = Future()

    def connect(self, link: Link) -> Ready:
        """Use a link, and wait until the media process accepts frames over it.

        Raises:
            OutputError: it does not answer, or has ended.
        """
        self._ready, self._report = Future(), Future()
        self._ring = FrameRing(link.ring)
        self._client = RpcClient(link.requests, NAME, self._hear)
        return self._await(self._ready, START_S, "did not start", "start it again")

    @property
    def alive(self) -> bool:
        """Return whether the link works."""
        return self._client is not None and not self._client.ended

    @property
    def has_ended(self) -> bool:
        """Return whether the process was started and has ended."""
        return self._client is not None and self._client.ended

    @property
    def silent_s(self) -> float:
        """Return for how many seconds the oldest unanswered request has waited."""
        return self._client.silent_s if self._client is not None else 0.0

    @property
    def dropped(self) -> int:
        """Return the number of live frames dropped because the ring was full."""
        return self._ring.dropped if self._ring is not None else 0

    def frame_buffer(self, timeout: float = 0.0) -> npt.NDArray[np.uint8] | None:
        """Return a free frame buffer.

        Args:
            timeout: seconds to wait for one; a live show never waits.

        Returns:
            (height * 3 // 2, width) uint8 to fill with I420 or NV12, or with alpha
            (height, width * 4) to fill with RGBA; None if the ring is full.

        Raises:
            MediaEnded: the media process has died.
        """
        try:
            return self._require_ring().acquire(0.0 if self._live else timeout)
        except PeerGone as gone:
            raise self._build_end_error() from gone

    def submit(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        run: int = 0,
        layout: PixelLayout = PixelLayout.I420,
        origin_ns: int = 0,
    ) -> None:
        """Send the frame whose buffer was filled last.

        Args:
            number, t_show_ns, t_seen_ns: of the frame, as in FrameHeader.
            run: run of show time; the first frame of a later run restarts the song.
            layout: of the buffer's bytes.
            origin_ns: live, monotonic time at the run's show time zero, by which the media process
                replaces frames that do not come; 0 replaces none.

        Raises:
            MediaEnded: the media process has died.
        """
        header = FrameHeader(
            number, t_show_ns, t_seen_ns, time.monotonic_ns(), run, layout, origin_ns
        )
        try:
            self._require_ring().commit(header)
        except PeerGone as gone:
            raise self._build_end_error() from gone

    def finish(self) -> MediaReport:
        """Encode all submitted frames, finish every output, and end the process.

        Raises:
            OutputError: the media process had already ended, or did not respond for a minute and
                was killed; `settle` returns the outputs' final statuses.
        """
        dropped = self.dropped
        had_ended = self._report.done()
        ring = self._require_ring()
        ring.finish()
        try:
            report = self._await(
                self._report,
                FINISH_S,
                "did not finish",
                "start it again; what was recorded until then can be played",
            )
        finally:
            self.close()
        if had_ended:
            raise self._build_end_error()
        return replace(report, dropped=dropped)

    def close(self) -> None:
        """Close the link. Idempotent."""
        if self._ring is not None:
            self._ring.close()

    def _hear(self, event: Ready | MediaReport) -> None:
        if isinstance(event, Ready):
            self._ready.set_result(event)
        else:
            self._report.set_result(event)

    def _await(self, future: Future[T], seconds: float, fault: str, remedy: str) -> T:
        """Return an event's value.

        Raises:
            OutputError: it did not come in time, or the process has ended.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                return future.result(LOOK_S)
            if self.has_ended and not future.done():
                raise self._build_end_error()
        raise OutputError(NAME, f"{fault} within {seconds:.0f} s and was ended", remedy)

    def _call(self, request: MediaRequest) -> Any:
        try:
            return self._require_connection().call(request, ANSWER_S)
        except ConnectionEnded as gone:
            raise self._build_end_error() from gone

    def _require_connection(self) -> RpcClient:
        if self._client is None:
            raise _build_not_running_error()
        return self._client

    def _require_ring(self) -> FrameRing:
        if self._ring is None:
            raise _build_not_running_error()
        return self._ring

    def _describe_end(self) -> str:
        """Return how the process ended, to follow "it"."""
        return "closed its pipe"

    def _build_end_error(self) -> MediaEnded:
        return MediaEnded(
            NAME,
            f"has died: it {self._describe_end()}",
            "start it again; what was recorded until then can be played",
        )


def _build_not_running_error() -> OutputError:
    return OutputError(NAME, "is not running", "start it first")
