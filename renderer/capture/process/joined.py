"""Pass on the landmarks of another machine, in the place of a capture process that tracks here.

So whatever is true of a capture process is true of another machine, too: it outlives the engine, it
is started again, and a show idles while it is away. A cut of the network does not end this process:
it goes on with the first message after it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import zmq

from renderer.capture.process.messages import EndOfStream, FrameObservations, SourceInfo, unpack
from renderer.capture.process.sink import MessageSink
from renderer.capture.sources.address import MACHINE_PREFIX
from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.card import read_card
from renderer.transport.machines.jpeg import decode_jpeg
from renderer.transport.machines.member import connect, receive, send
from renderer.transport.machines.messages import (
    SIGN_EVERY_S,
    CaptureData,
    CaptureOrder,
    CapturePicture,
    CaptureState,
    WantCapture,
)

if TYPE_CHECKING:
    from renderer.capture.process.worker import Job

_LONGEST_S: Final = 50.0
"""Seconds for the other machine to join and to open its camera: less than a process has to be
ready."""
_STALE_NS: Final = 2_000_000_000
"""Age in nanoseconds from which landmarks are left out: they were under way during a cut."""
_LARGEST_SIDE: Final = 16384
_TALLEST: Final = 4
"""Height of an upright preview over the width that was asked for, at the most."""
_HIGHEST_RATE: Final = 1000.0
"""Pixels and frames a second beyond any camera's."""
_POLL_MS: Final = 50
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, CaptureError)


def relay(child: Child, job: Job, sink: MessageSink) -> None:
    """Pass on another machine's landmarks until its source ends or the parent stops this process.

    Raises:
        CaptureError: no machine may join the show, or this one does not in time.
        BrokenPipeError: the engine has ended.
    """
    name = job.spec.removeprefix(MACHINE_PREFIX)
    card = None if job.picture is None else read_card(job.picture.parent)
    if job.picture is None or card is None:
        raise CaptureError(
            f"machine {name}", "cannot join here", "name it as an input of a live show"
        )
    order = CaptureOrder(
        job.performers, job.picture_width, job.focal, closeup=job.closeup, heavy=job.heavy
    )
    with ExitStack() as opened:
        context = opened.enter_context(zmq.Context())
        dealer = opened.enter_context(connect(context, card.endpoint, card.server, card.keys))
        other = opened.enter_context(_OtherMachine(name, order, job.picture, child, sink))
        asked_at, began = 0.0, time.monotonic()
        while not (child.stopping.is_set() or other.has_ended):
            now = time.monotonic()
            if now - asked_at >= SIGN_EVERY_S:
                asked_at = now
                send(dealer, WantCapture(name, order))
            if not other.is_open and now - began > _LONGEST_S:
                raise CaptureError(
                    f"machine {name}",
                    other.fault or "does not open its camera",
                    "see what encore capture says there",
                )
            if dealer.poll(_POLL_MS):
                for message in receive(dealer):
                    other.take(message)


class _OtherMachine:
    """What has come from the other machine, and where it goes."""

    def __init__(
        self, name: str, order: CaptureOrder, picture: Path, child: Child, sink: MessageSink
    ) -> None:
        self._name, self._order, self._path = name, order, picture
        self._child, self._sink = child, sink
        self._info: SourceInfo | None = None
        self._picture: LatestPicture | None = None
        self.has_ended = False
        self.fault = ""

    @property
    def is_open(self) -> bool:
        """Return whether its source is open."""
        return self._info is not None

    def take(self, message: object) -> None:
        """Handle a message; unreadable ones are left out.

        Raises:
            BrokenPipeError: the engine has ended.
        """
        match message:
            case CaptureState(fault):
                self.fault = fault
            case CaptureData(data):
                self._take_data(data)
            case CapturePicture(jpeg, t_seen_ns):
                self._show(jpeg, t_seen_ns)

    def __enter__(self) -> _OtherMachine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._picture is not None:
            self._picture.close()

    def _take_data(self, data: bytes) -> None:
        try:
            message = unpack(data)
        except _UNREADABLE:
            return
        if isinstance(message, tuple):
            if self.is_open and self._is_wanted(message):
                self._sink.send(message)
        elif isinstance(message, SourceInfo):
            self._open(message)
        else:
            self._sink.send(message)
            self.has_ended = isinstance(message, EndOfStream)

    def _is_wanted(self, seen: FrameObservations) -> bool:
        """Return whether observations are of the performers asked for, and of now."""
        expected = list(range(self._order.performers))
        if [one.performer for one in seen] != expected:
            return False
        return time.monotonic_ns() - seen[0].t_seen_ns < _STALE_NS

    def _open(self, info: SourceInfo) -> None:
        if info == self._info:
            return
        if not self._is_possible(info):
            return
        self._info = info
        if self._picture is not None:
            self._picture.close()
            self._picture = None
        if info.picture_size is not None:
            self._picture = LatestPicture.create(self._path, *info.picture_size)
        self._sink.send(msgspec.structs.replace(info, name=f"{self._name}: {info.name}"))
        self._child.ready()

    def _is_possible(self, info: SourceInfo) -> bool:
        """Return whether a source can be: sizes that were not asked for would fill the memory."""
        width, height = info.picture_size or (1, 1)
        widest = self._order.picture_width
        return (
            all(0 < side <= _LARGEST_SIDE for side in info.size)
            and 0 < width <= widest
            and 0 < height <= _TALLEST * widest
            and 0.0 <= info.rate <= _HIGHEST_RATE
        )

    def _show(self, jpeg: bytes, t_seen_ns: int) -> None:
        picture = self._picture
        if picture is None:
            return
        pixels = decode_jpeg(jpeg, picture.width, picture.height)
        if pixels is not None:
            picture.publish(pixels, t_seen_ns)
