"""Keep a standby engine on this machine for a show on another one."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import zmq

from renderer.closing import Closing
from renderer.errors import CaptureError, DeskError, RendererError
from renderer.processes.child import Child
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.show.host.resume import ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.remote_engine.records import (
    SUPERVISOR,
    ChannelClosed,
    EngineEnded,
    EngineReady,
    LinkOpened,
    Passed,
    PipeData,
    PipeOpened,
    StillThere,
    StopAsked,
)
from renderer.show.remote_engine.same_show import describe_show, find_difference
from renderer.show.remote_engine.translate import Translator
from renderer.show.remote_engine.tunnel import Tunnel
from renderer.show.remote_engine.video import FrameSource
from renderer.show.supervision.messages import EngineJob, StandbyLevel
from renderer.transport.link import create_link, send_link
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import (
    SIGN_EVERY_S,
    UNREADABLE,
    EngineData,
    EngineFrame,
    EngineOrder,
    OpenEngine,
)
from renderer.transport.machines.store import JoinedShow
from renderer.transport.pipe_end import send_pipe

ENGINE: Final = "renderer.show.supervision.engine:run_engine"
"""The engine's work, by name, since it loads what this process need not."""
_POLL_MS: Final = 2
_START_S: Final = 600.0
_STOP_S: Final = 20.0
_UNUSED_S: Final = 10.0
"""Seconds without an order after which the engine is ended: longer than the show waits for it."""


class StandbyHost(Closing):
    """Runs an engine as long as the show wants one."""

    def __init__(
        self,
        show: JoinedShow,
        plan: ShowPlan,
        version: str,
        notify: Callable[[str], None],
        target: Callable[[Child, EngineJob], None] | str = ENGINE,
    ) -> None:
        """Begin to connect.

        Args:
            show: which is joined.
            plan: of the show, made on this machine.
            version: of the program.
            notify: called with a sentence for each change.
            target: what the engine's process runs.

        Raises:
            DeskError: the show's address cannot be used.
        """
        # Options of the show's machine may have made it live.
        self._plan = replace(plan, live=True)
        self._notify, self._target = notify, target
        self._files = describe_show(plan)
        self._engine: _HostedEngine | None = None
        self._session, self._asked_at = "", 0.0
        self._context = zmq.Context()
        try:
            self._member = Membership(self._context, show, version, notify)
        except DeskError:
            self._context.term()
            raise

    def run(self, stop: threading.Event) -> None:
        """Serve the show until `stop` is set."""
        while not stop.is_set():
            self._member.keep_up()
            self._member.socket.poll(_POLL_MS)
            for message in self._member.messages():
                if isinstance(message, OpenEngine):
                    self._follow(message.order)
                elif isinstance(message, EngineData) and self._engine is not None:
                    self._act(partial(_HostedEngine.take, message=message))
            if self._engine is None:
                continue
            if time.monotonic() - self._asked_at > _UNUSED_S:
                self._end("the show wants no engine any more, or its network is cut")
            else:
                self._act(_HostedEngine.poll)

    def close(self) -> None:
        """End the engine, and leave the show. Idempotent."""
        self._end("")
        self._member.close()
        self._context.term()

    def _follow(self, order: EngineOrder) -> None:
        self._asked_at = time.monotonic()
        if order.session == self._session or not self._member.clock.is_known:
            return
        self._end("")
        self._session = order.session
        tunnel = Tunnel(order.session, self._member.send)
        if difference := find_difference(self._files, order.files):
            self._notify(f"refused to draw: {difference}")
            tunnel.put(EngineEnded(f"is refused: {difference}"))
            return
        try:
            state = msgspec.msgpack.decode(order.state, type=ResumeState)
            self._engine = _HostedEngine(
                self._plan, order, state, tunnel, self._member, self._target
            )
        except (*UNREADABLE, RendererError) as fault:
            self._notify(str(fault))
            tunnel.put(EngineEnded(f"does not start: {fault}"))
            return
        self._notify("prepares an engine for the show")

    def _act(self, act: Callable[[_HostedEngine], str]) -> None:
        """Let the engine do something; end it if it has ended, or the connection is cut."""
        engine = self._engine
        if engine is None:
            return
        try:
            if said := act(engine):
                self._notify(said)
            if engine.has_ended:
                self._end("the engine has ended")
        except DeskError as fault:
            self._end(str(fault))

    def _end(self, why: str) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
            if why:
                self._notify(why)


class _HostedEngine(Closing):
    """An engine's process, with the ends of its pipes that its supervisor has elsewhere."""

    def __init__(
        self,
        plan: ShowPlan,
        order: EngineOrder,
        state: ResumeState,
        tunnel: Tunnel,
        member: Membership,
        target: Callable[[Child, EngineJob], None] | str,
    ) -> None:
        """Start the engine.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._tunnel, self._member, self._session = tunnel, member, order.session
        self._folder = tempfile.TemporaryDirectory(prefix="encore-standby-")
        clock = member.clock
        self._translator = Translator(
            lambda: clock.offset_ns, Path(self._folder.name), Path(order.folder),
            (plan.inputs, order.inputs),
        )  # fmt: skip
        requests, their_requests = Pipe(duplex=True)
        self._to_links, their_links = Pipe(duplex=True)
        self._to_captures, their_captures = Pipe(duplex=True)
        self._pipes: dict[int, Connection] = {SUPERVISOR: requests}
        self._frames: dict[int, FrameSource] = {}
        self._captures: dict[int, Connection] = {}
        self._is_ready = self.has_ended = False
        self._sign_at = 0.0
        job = EngineJob(
            plan, their_requests, their_links, their_captures,
            self._translator.hear_state(state), StandbyLevel.PREPARED,
        )  # fmt: skip
        self._process = ChildProcess("engine", target, job, ready_s=_START_S)
        self._process.start()

    def take(self, message: EngineData) -> str:
        """Handle a message of the show; return a sentence for the terminal, or an empty text.

        Raises:
            DeskError: one before it was lost.
        """
        match self._tunnel.take(message):
            case Passed(channel, body):
                if (pipe := self._pipes.get(channel)) is not None:
                    with suppress(OSError):
                        pipe.send(self._translator.hear(body))
            case LinkOpened(channel, view, shape, slots):
                return self._open_link(channel, view, shape, slots)
            case PipeOpened(channel):
                pipe, self._captures[channel] = Pipe(duplex=False)
                with suppress(OSError):
                    send_pipe(self._to_captures, pipe, self._process.pid or 0)
            case PipeData(channel, data):
                self._feed(channel, data)
            case ChannelClosed(channel):
                self._forget(channel)
            case StopAsked():
                self._process.request_stop()
        return ""

    def poll(self) -> str:
        """Pass on what the engine has said and drawn; return a sentence, or an empty text.

        Raises:
            DeskError: the connection to the show is cut.
        """
        # What it has said before its end is still in the pipes.
        is_running = self._process.is_running
        numbers = {pipe: number for number, pipe in self._pipes.items()}
        for ready in wait(list(numbers), 0.0):
            pipe = cast(Connection, ready)
            self._read(numbers[pipe], pipe)
        for channel, frames in list(self._frames.items()):
            self._send_frames(channel, frames)
        now = time.monotonic()
        if now >= self._sign_at:
            self._sign_at = now + SIGN_EVERY_S
            self._tunnel.put(StillThere())
        self._tunnel.flush()
        if not is_running and not wait(list(self._pipes.values()), 0.0):
            self.has_ended = True
            finished = self._process.exit_status == 0
            self._tunnel.put(EngineEnded("" if finished else self._process.fate))
            return f"the engine {self._process.fate}"
        if not self._is_ready and self._process.state is ProcessState.READY:
            self._is_ready = True
            self._tunnel.put(EngineReady())
            return "the engine is ready to take over"
        return ""

    def close(self) -> None:
        """End the process. Idempotent."""
        self._process.stop(_STOP_S if self.has_ended else 0.0)
        for channel in [*self._pipes, *self._captures]:
            self._forget(channel)
        for connection in (self._to_links, self._to_captures):
            connection.close()
        self._folder.cleanup()

    def _open_link(self, channel: int, view: str, shape: tuple[int, ...], slots: int) -> str:
        engines, media = create_link(view, shape, slots)
        self._pipes[channel] = media.requests
        self._frames[channel] = FrameSource(media.ring, self._translator.rates[view])
        with suppress(OSError):
            send_link(self._to_links, engines, self._process.pid or 0)
        return f"the engine draws the {view} now"

    def _read(self, channel: int, pipe: Connection) -> None:
        """Pass on one message of the engine."""
        try:
            said: Any = pipe.recv()
        except (EOFError, OSError):
            self._forget(channel)
            if channel != SUPERVISOR:
                self._tunnel.put(ChannelClosed(channel))
            return
        self._tunnel.put(Passed(channel, self._translator.say(said)))

    def _send_frames(self, channel: int, frames: FrameSource) -> None:
        """Send what the engine has drawn."""
        while (frame := frames.take()) is not None:
            header = self._translator.say_frame(frame.header)
            message = EngineFrame(
                self._session, channel, header.pack(), frame.parameters, frame.picture
            )
            if not self._member.send(message):
                frames.lose()

    def _feed(self, channel: int, data: bytes) -> None:
        if (pipe := self._captures.get(channel)) is None:
            return
        with suppress(OSError, CaptureError, *UNREADABLE):
            pipe.send_bytes(self._translator.hear_capture(data))

    def _forget(self, channel: int) -> None:
        if (frames := self._frames.pop(channel, None)) is not None:
            frames.close()
        for pipes in (self._pipes, self._captures):
            if (pipe := pipes.pop(channel, None)) is not None:
                pipe.close()
