"""Own a show's capture processes, so that they outlive its engine."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final

from renderer.capture.process.worker import Job
from renderer.errors import RendererError
from renderer.processes.process import ChildProcess
from renderer.show.supervision.engine_process import EngineProcess
from renderer.transport.pipe_end import send_pipe

_RUN: Final = "renderer.capture.process.worker:run"
"""By name, since it loads what the supervisor must not."""
_STOP_S: Final = 2.0


@dataclass(slots=True)
class _Capture:
    process: ChildProcess
    job: Job
    channel: Connection
    engine: EngineProcess | None


@dataclass(frozen=True, slots=True)
class CaptureFate:
    """How a capture process is: whether it runs, and otherwise how it ended."""

    is_running: bool
    fate: str
    error: RendererError | None


class CaptureKeeper:
    """The capture processes by number. An engine that takes over gets those of the one before."""

    def __init__(self, target: str = _RUN) -> None:
        """Start without processes; `target` names what they run."""
        self._target = target
        self._captures: dict[int, _Capture] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def open(self, name: str, job: Job, engine: EngineProcess) -> int:
        """Give an engine a capture process: a running one without an engine, or a new one.

        The engine gets the pipe from which it is read before it gets the answer.

        Args:
            name: of the process.
            job: its parameters; one that runs was started with the same, at whatever time.
            engine: that asks for it.

        Returns:
            The number of the capture.

        Raises:
            SetupError: the system cannot start another process.
        """
        with self._lock:
            pipe, sink = Pipe(duplex=False)
            number = self._find(job, engine)
            if number is None:
                number = next(self._numbers)
                channel, theirs = Pipe(duplex=True)
                process = ChildProcess(name, self._target, job, sink, theirs)
                process.start()
                self._captures[number] = _Capture(process, job, channel, engine)
            else:
                capture = self._captures[number]
                capture.engine = engine
                with suppress(OSError):  # The engine sees by the pipe's end that it has ended.
                    send_pipe(capture.channel, sink, capture.process.pid or 0)
            engine.send_capture_pipe(pipe)
            return number

    def fate(self, number: int) -> CaptureFate:
        """Return how a capture process is."""
        process = self._captures[number].process
        return CaptureFate(process.is_running, process.fate, process.error)

    def stop(self, number: int) -> None:
        """End a capture process, without waiting for it."""
        process = self._captures[number].process
        threading.Thread(target=process.stop, args=(_STOP_S,), name="capture ends").start()

    def stop_unused(self, engine: EngineProcess) -> None:
        """End the processes that an engine which has taken over did not ask for."""
        for number, capture in list(self._captures.items()):
            if capture.engine is not engine and capture.process.is_running:
                self.stop(number)

    def close(self) -> None:
        """End all processes. Idempotent."""
        with self._lock:
            for capture in self._captures.values():
                capture.process.request_stop()
            for capture in self._captures.values():
                capture.process.stop(_STOP_S)
                capture.channel.close()

    def _find(self, job: Job, engine: EngineProcess) -> int | None:
        """Return a running process of the same job whose engine has died."""
        for number, capture in self._captures.items():
            same = replace(capture.job, began_ns=None) == replace(job, began_ns=None)
            if same and capture.engine is not engine and capture.process.is_running:
                return number
        return None
