"""Start one engine process and talk to it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import MappingProxyType
from typing import Any, Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.protocol.schema import Command
from renderer.show.host.resume import ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.remote_engine.records import RemoteEngine
from renderer.show.supervision.messages import (
    BusFault,
    EngineJob,
    FromEngine,
    PassedCommand,
    StandbyLevel,
    TakeOver,
)
from renderer.transport.link import Link, send_link
from renderer.transport.pipe_end import send_pipe
from renderer.transport.rpc import RpcServer

ENGINE: Final = "renderer.show.supervision.engine:run_engine"
"""The process's work, by name, since it loads what the supervisor must not."""
_PROXY: Final = "renderer.show.remote_engine.proxy:run_proxy"
"""What stands here for an engine on another machine, likewise."""
NAME: Final = "engine"
"""Name of the first process; later ones have a number behind it."""
_START_S: Final = 600.0
"""Seconds in which an engine has to be on air; a camera alone may take a minute to open."""
_STOP_S: Final = 60.0
"""Seconds for an engine to finish the show."""

target: str = ENGINE
"""What engines run; the benchmark replaces it by an engine whose parts can be made to raise."""


class EngineProcess(Closing):
    """One engine.

    Args:
        plan: of the show.
        resumed: the state from which it goes on; None at the show's start.
        answer: handles its messages, in another thread, and returns the answers; called with the
            engine and the message.
        standby: how far it prepares itself before it waits for `take_over`; None to begin at once.
        number: of the engine, from 1.
        environment: variables that it has besides this process's.
        elsewhere: where it runs, if not on this machine; then it is prepared as a standby.

    Attributes:
        is_on_air: whether it has begun, or gone on with, the show; set by its supervisor.
        is_elsewhere: whether it runs on another machine.
    """

    def __init__(
        self,
        plan: ShowPlan,
        resumed: ResumeState | None,
        answer: Callable[[EngineProcess, FromEngine], Any],
        *,
        standby: StandbyLevel | None = None,
        number: int = 1,
        environment: Mapping[str, str] = MappingProxyType({}),
        elsewhere: RemoteEngine | None = None,
    ) -> None:
        self.is_on_air = False
        self.is_elsewhere = elsewhere is not None
        requests, their_requests = Pipe(duplex=True)
        self._links, their_links = Pipe(duplex=True)
        self._captures, their_captures = Pipe(duplex=True)
        self._requests = requests
        job = EngineJob(plan, their_requests, their_links, their_captures, resumed, standby)
        self._server = RpcServer(requests, partial(answer, self))
        self._thread = threading.Thread(target=self._server.serve, name="engine", daemon=True)
        name = NAME if number == 1 else f"{NAME} {number}"
        # One that waits is ready only once it goes on, or once its machine has joined.
        waits = standby is StandbyLevel.LOADED or elsewhere is not None
        ready_s = math.inf if waits else _START_S
        runs = (target, job) if elsewhere is None else (_PROXY, job, elsewhere)
        self._process = ChildProcess(name, *runs, ready_s=ready_s, environment=environment)

    def start(self) -> None:
        """Start the process, without waiting for it.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._process.start()
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Return whether it has begun its show, or as a standby could go on with one."""
        return self._process.state is ProcessState.READY

    @property
    def has_ended(self) -> bool:
        """Return whether it has ended, and all its messages have been handled."""
        return not self._process.is_running and not self._thread.is_alive()

    @property
    def error(self) -> RendererError | None:
        """Return the error with which it ended, if it is one of the program's own."""
        return self._process.error

    @property
    def exit_status(self) -> int | None:
        """Return its exit status, negative for a signal; None until it has ended."""
        return self._process.exit_status

    @property
    def fate(self) -> str:
        """Return how it ended, to follow "The engine"."""
        return self._process.fate

    @property
    def ran_s(self) -> float:
        """Return the seconds since its start."""
        return self._process.ran_s

    def pass_command(self, number: int, command: Command) -> None:
        """Pass on a desk's command."""
        self._server.announce(PassedCommand(number, command))

    def report_bus_fault(self, text: str) -> None:
        """Tell that a desk's message could not be read."""
        self._server.announce(BusFault(text))

    def take_over(
        self, state: ResumeState, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Let a standby engine go on with the show, at once or as soon as it is prepared.

        Args:
            state: of the show.
            environment: variables that it has to set, from which the GPU may not be used.
        """
        self._process.limit_start(_START_S)
        self._server.announce(TakeOver(state, dict(environment)))

    def send_link(self, link: Link) -> None:
        """Send its end of a link to a media process; lost if it has ended."""
        with suppress(OSError):
            send_link(self._links, link, self._process.pid or 0)

    def send_capture_pipe(self, pipe: Connection) -> None:
        """Send the pipe from which a capture process is read; lost if it has ended."""
        with suppress(OSError):
            send_pipe(self._captures, pipe, self._process.pid or 0)

    def kill(self) -> None:
        """Kill it; does not wait for its end."""
        self._process.kill()

    def request_stop(self) -> None:
        """Ask it to finish the show; does not wait."""
        self._process.request_stop()

    def close(self) -> None:
        """End the process, and wait for its last messages. Idempotent."""
        self._process.stop(_STOP_S if self.is_ready else 0.0)
        if self._thread.is_alive():
            self._thread.join()
        for connection in (self._links, self._captures, self._requests):
            connection.close()
