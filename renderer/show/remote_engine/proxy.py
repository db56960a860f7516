"""Stand for an engine on another machine, in a process of the show's machine.

To the supervisor, the media processes and the captures this process is the engine: it has its
pipes and its links. What comes over them goes to the other machine, which sends back requests, and
the frames as compressed video. Sound, watermark and outputs stay here. If the other machine or the
network is gone, this process ends like an engine that has died.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import zmq

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.processes.child import Child
from renderer.show.remote_engine.records import (
    SUPERVISOR,
    ChannelClosed,
    EngineEnded,
    EngineReady,
    LinkOpened,
    Passed,
    PipeData,
    PipeOpened,
    RemoteEngine,
    StopAsked,
)
from renderer.show.remote_engine.same_show import describe_show
from renderer.show.remote_engine.tunnel import Tunnel
from renderer.show.remote_engine.video import FrameReceiver
from renderer.show.supervision.messages import EngineJob, TakeOver
from renderer.transport.link import Link, receive_link
from renderer.transport.machines.card import read_card
from renderer.transport.machines.member import connect, receive, send
from renderer.transport.machines.messages import (
    SIGN_EVERY_S,
    CaptureState,
    EngineData,
    EngineFrame,
    EngineOrder,
    ToMachine,
    WantEngine,
)
from renderer.transport.pipe_end import receive_pipe
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone
from renderer.transport.rpc import Event

_POLL_MS: Final = 2
"""Longest wait for a message, milliseconds: the pipes are looked at as often."""
_HUNG_S: Final = 20.0
_GONE_S: Final = 6.0
"""Seconds without a sign of life after which the other machine is gone: as for an engine here."""
_UNREADABLE: Final = (EOFError, OSError)


def run_proxy(child: Child, job: EngineJob, engine: RemoteEngine) -> None:
    """Stand for the engine until the show has ended.

    Raises:
        DeskError: the other machine is gone, or its engine has ended.
    """
    card = read_card(Path(engine.folder))
    if card is None or job.resumed is None:
        raise DeskError(
            f"machine {engine.machine}", "cannot join this show", "start it with --machines"
        )
    order = EngineOrder(
        secrets.token_hex(8), engine.folder, describe_show(job.plan),
        list(job.plan.inputs), msgspec.msgpack.encode(job.resumed.for_journal),
    )  # fmt: skip
    with ExitStack() as opened:
        context = opened.enter_context(zmq.Context())
        dealer = opened.enter_context(connect(context, card.endpoint, card.server, card.keys))
        proxy = opened.enter_context(_Proxy(child, job, engine.machine, order.session, dealer))
        asked_at = 0.0
        while not proxy.is_over:
            now = time.monotonic()
            child.expect(_HUNG_S)
            if now - asked_at >= SIGN_EVERY_S:
                asked_at = now
                send(dealer, WantEngine(engine.machine, order))
            if dealer.poll(_POLL_MS):
                for message in receive(dealer):
                    proxy.take(message)
            proxy.pass_on()


class _MediaLink:
    """This end of a link to a media process."""

    def __init__(self, link: Link) -> None:
        self.requests = link.requests
        self._ring = FrameRing(link.ring)
        self._receiver = FrameReceiver(link.ring.shape)

    def show(self, frame: EngineFrame) -> None:
        """Hand a frame to the media process; one that it has no room for is lost.

        Raises:
            PeerGone: the media process has ended.
        """
        planes = self._receiver.restore(frame.parameters, frame.picture)
        if planes is None or (slot := self._ring.acquire()) is None:
            return
        slot[:] = planes
        header = FrameHeader.unpack(frame.header)
        self._ring.commit(replace(header, layout=PixelLayout.I420, t_render_ns=time.monotonic_ns()))

    def close(self) -> None:
        """Close it; the media process then has no engine."""
        self._ring.close()
        self.requests.close()


class _Proxy(Closing):
    """The pipes of an engine, and what has come from the other machine."""

    def __init__(
        self,
        child: Child,
        job: EngineJob,
        machine: str,
        session: str,
        dealer: zmq.Socket[bytes],
    ) -> None:
        self._child, self._machine = child, machine
        self._tunnel = Tunnel(session, lambda message: send(dealer, message))
        self._pipes: dict[int, Connection] = {SUPERVISOR: job.requests}
        self._links: dict[int, _MediaLink] = {}
        self._arrived: queue.SimpleQueue[Link | Connection] = queue.SimpleQueue()
        self._number = SUPERVISOR
        self._heard_at: float | None = None
        self._fault = ""
        self._has_taken_over = self._asked = False
        self.is_over = False
        receivers: tuple[tuple[Callable[[], Link | Connection], str], ...] = (
            (lambda: receive_link(job.links), "links"),
            (lambda: receive_pipe(job.captures, writable=False), "captures"),
        )
        for get, name in receivers:
            threading.Thread(target=self._receive, args=(get,), name=name, daemon=True).start()

    def take(self, message: ToMachine) -> None:
        """Handle a message of the other machine, or of the port for machines.

        Raises:
            DeskError: its engine has ended.
        """
        match message:
            case EngineData():
                if (record := self._tunnel.take(message)) is not None:
                    self._heard_at = time.monotonic()
                    self._handle(record)
            case EngineFrame(channel=channel):
                if (link := self._links.get(channel)) is not None:
                    try:
                        link.show(message)
                    except PeerGone:
                        self._close(channel)
            case CaptureState(fault):
                self._fault = fault

    def pass_on(self) -> None:
        """Pass on what has come over the pipes.

        Raises:
            DeskError: the other machine is gone.
        """
        if self._heard_at is not None and time.monotonic() - self._heard_at > _GONE_S:
            raise DeskError(
                f"machine {self._machine}", self._fault or "is gone", "it joins again by itself"
            )
        if self._child.stopping.is_set() and not self._asked:
            self._asked = True
            # An engine that is not on air ends when it is not wanted any more.
            self.is_over = not self._has_taken_over
            self._tunnel.put(StopAsked())
        if self._heard_at is None:
            return  # There is no engine yet; what is for it waits in the pipes.
        with suppress(queue.Empty):
            while True:
                self._open(self._arrived.get_nowait())
        numbers = {pipe: number for number, pipe in self._pipes.items()}
        for ready in wait(list(numbers), 0.0):
            pipe = cast(Connection, ready)
            self._read(numbers[pipe], pipe)
        self._tunnel.flush()

    def close(self) -> None:
        """Close all pipes."""
        for channel in list(self._pipes):
            self._forget(channel)

    def _handle(self, record: Any) -> None:
        match record:
            case EngineReady():
                self._child.ready()
            case EngineEnded(fate):
                if fate:
                    raise DeskError(f"the engine on {self._machine}", fate, "see its log")
                self.is_over = True
            case Passed(channel, body):
                pipe = self._pipes.get(channel)
                if pipe is None:
                    return
                try:
                    pipe.send(body)
                except OSError:
                    self._close(channel)
            case ChannelClosed(channel):
                self._forget(channel)

    def _read(self, channel: int, pipe: Connection) -> None:
        """Pass on one message of a pipe; its end is passed on, too."""
        try:
            if channel in self._links or channel == SUPERVISOR:
                body = pipe.recv()
                self._has_taken_over |= isinstance(body, Event) and isinstance(body.body, TakeOver)
                self._tunnel.put(Passed(channel, body))
            else:
                self._tunnel.put(PipeData(channel, pipe.recv_bytes()))
        except _UNREADABLE:
            self._close(channel)

    def _open(self, arrived: Link | Connection) -> None:
        self._number += 1
        if isinstance(arrived, Link):
            ring = arrived.ring
            self._tunnel.put(LinkOpened(self._number, arrived.view, ring.shape, ring.slots))
            self._links[self._number] = link = _MediaLink(arrived)
            self._pipes[self._number] = link.requests
        else:
            self._tunnel.put(PipeOpened(self._number))
            self._pipes[self._number] = arrived

    def _close(self, channel: int) -> None:
        self._forget(channel)
        self._tunnel.put(ChannelClosed(channel))
        # Without the supervisor there is no show.
        self.is_over |= channel == SUPERVISOR

    def _forget(self, channel: int) -> None:
        pipe, link = self._pipes.pop(channel, None), self._links.pop(channel, None)
        if link is not None:
            link.close()
        elif pipe is not None:
            pipe.close()

    def _receive(self, get: Callable[[], Link | Connection]) -> None:
        with suppress(*_UNREADABLE):
            while True:
                self._arrived.put(get())
