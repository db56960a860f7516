"""Track on this machine for a show on another one."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import zmq

from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    FrameObservations,
    SourceInfo,
    SourceLosses,
    pack,
)
from renderer.capture.process.process import CaptureProcess, Launch, launch_here
from renderer.closing import Closing
from renderer.errors import CaptureError, DeskError
from renderer.processes.backoff import Backoff
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.jpeg import encode_jpeg
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import (
    CaptureData,
    CaptureOrder,
    CapturePicture,
    OpenCapture,
)
from renderer.transport.machines.store import JoinedShow

_POLL_MS: Final = 3
"""Longest wait for a message, milliseconds: frames are looked for as often."""
_UNUSED_S: Final = 120.0
"""Seconds after which a capture that the show no longer asks for is closed: loading the trackers
again takes longer than most cuts."""
_REPEAT_S: Final = 1.0
"""Interval at which the source's description is repeated, for a show that has started again."""
_PICTURE_EVERY_S: Final = 1 / 15
_END_S: Final = 1.0
"""Seconds for which the end of a source is tried to be sent, which is said once."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 2.0, 20.0, 60.0


class CaptureHost(Closing):
    """Tracks while the show asks for it; a cut of the network leaves the trackers running."""

    def __init__(
        self, show: JoinedShow, spec: str, version: str, notify: Callable[[str], None],
        models: Path | None = None, launch: Launch = launch_here,
    ) -> None:  # fmt: skip
        """Begin to connect.

        Args:
            show: which is joined.
            spec: the source, as for `sources.open_source`.
            version: of the program.
            notify: called with a sentence for each change.
            models: the model folder to use instead of the user's cache.
            launch: starts the capture process.

        Raises:
            DeskError: the show's address cannot be used.
        """
        self._spec, self._notify, self._models = spec, notify, models
        self._launch = launch
        self._context = zmq.Context()
        self._folder = tempfile.TemporaryDirectory(prefix="encore-capture-")
        self._path = Path(self._folder.name) / "camera.picture"
        self._capture: CaptureProcess | None = None
        self._picture: LatestPicture | None = None
        self._order: CaptureOrder | None = None
        self._asked_at = self._repeat_at = self._picture_at = self._opened_at = 0.0
        self._retry_at = 0.0
        self._backoff = Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
        self._info: SourceInfo | None = None
        self._losses = SourceLosses()
        try:
            self._member = Membership(self._context, show, version, notify)
        except DeskError:
            self._context.term()
            self._folder.cleanup()
            raise

    def run(self, stop: threading.Event) -> None:
        """Track for the show until `stop` is set, or a file has been played to its end."""
        while not stop.is_set():
            self._member.keep_up()
            self._member.socket.poll(_POLL_MS)
            for message in self._member.messages():
                if isinstance(message, OpenCapture):
                    self._follow(message.order)
            if self._order is None:
                continue
            if time.monotonic() - self._asked_at > _UNUSED_S:
                self._close_capture()
                self._order = None
                self._notify("the show asks for nothing more: the camera is closed")
            elif self._capture is not None:
                if self._read(self._capture):
                    return
            elif time.monotonic() >= self._retry_at:
                self._open(self._order)

    def close(self) -> None:
        """End the capture, and leave the show. Idempotent."""
        self._close_capture()
        self._member.close()
        self._context.term()
        self._folder.cleanup()

    def _follow(self, order: CaptureOrder) -> None:
        self._asked_at = time.monotonic()
        if order == self._order:
            return
        self._close_capture()
        self._order, self._retry_at = order, 0.0
        follows = "one performer" if order.performers == 1 else f"{order.performers} performers"
        self._notify(f"the show asks for {follows}: {self._spec} is opened")

    def _open(self, order: CaptureOrder) -> None:
        self._capture = CaptureProcess(
            self._spec, live=True, picture=self._path, models=self._models,
            performers=order.performers, picture_width=order.picture_width,
            closeup=order.closeup, focal=order.focal, heavy=order.heavy, launch=self._launch,
        )  # fmt: skip
        self._capture.start()
        self._opened_at = time.monotonic()

    def _close_capture(self) -> None:
        if self._picture is not None:
            self._picture.close()
            self._picture = None
        if self._capture is not None:
            self._capture.close()
            self._capture = None
        self._info, self._losses = None, SourceLosses()

    def _read(self, capture: CaptureProcess) -> bool:
        """Pass on what is new of a capture; return whether its file was played to its end."""
        try:
            got = capture.get_all(0.0)
        except CaptureError as fault:
            got = EndOfStream(str(fault), failed=True)
        if isinstance(got, EndOfStream):
            return self._end(got)
        if got is not None:
            self._pass_on(capture, got)
        self._show()
        return False

    def _pass_on(self, capture: CaptureProcess, seen: FrameObservations) -> None:
        now = time.monotonic()
        if self._info is None:
            # It comes before the first frame, so that this does not wait.
            self._info = capture.info
            self._notify(f"{self._info.name} is open, at {self._info.rate:.0f} frames a second")
        if now >= self._repeat_at or capture.losses != self._losses:
            self._repeat_at, self._losses = now + _REPEAT_S, capture.losses
            self._send(self._info)
            self._send(self._losses)
        clock = self._member.clock
        if clock.is_known:
            offset_ns = clock.offset_ns
            self._send(tuple(replace(one, t_seen_ns=one.t_seen_ns + offset_ns) for one in seen))

    def _end(self, ended: EndOfStream) -> bool:
        deadline = time.monotonic() + _END_S
        while not self._send(ended) and time.monotonic() < deadline:
            time.sleep(_POLL_MS / 1000)
        self._close_capture()
        if not ended.failed:
            self._notify(ended.reason)
            return True
        now = time.monotonic()
        pause = self._backoff.pause_after(now - self._opened_at)
        self._retry_at = now + pause
        self._notify(f"{ended.reason}; it is opened again in {pause:.0f} s")
        return False

    def _show(self) -> None:
        """Send a preview, if there is a new one and it is time."""
        now = time.monotonic()
        if self._info is None or self._info.picture_size is None or now < self._picture_at:
            return
        if self._picture is None:
            self._picture = LatestPicture.open(self._path)
        if (read := self._picture.read()) is None:
            return
        self._picture_at = now + _PICTURE_EVERY_S
        pixels, t_seen_ns = read
        if (jpeg := encode_jpeg(pixels)) is not None:
            offset_ns = self._member.clock.offset_ns
            self._member.send(CapturePicture(jpeg, t_seen_ns + offset_ns))

    def _send(self, message: FrameObservations | Control) -> bool:
        return self._member.send(CaptureData(pack(message)))
