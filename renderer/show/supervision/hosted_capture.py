"""Use a capture process that the supervisor owns, from an engine."""

from __future__ import annotations

import threading
import time
from multiprocessing.connection import Connection
from typing import Final

from renderer.capture.process.process import Worker
from renderer.capture.process.worker import Job
from renderer.errors import RendererError
from renderer.show.supervision.capture_keeper import CaptureFate
from renderer.show.supervision.messages import GetCapture, OpenCapture, StopCapture
from renderer.transport.pipe_end import receive_pipe
from renderer.transport.rpc import RpcClient

_ANSWER_S: Final = 20.0
_LOOK_S: Final = 0.05
_END_S: Final = 5.0


class HostedCapture(Worker):
    """One capture process of the supervisor; see Worker.

    Attributes:
        pid: None, since the process is no child of this one.
    """

    pid = None

    def __init__(self, rpc: RpcClient, number: int) -> None:
        self._rpc, self._number = rpc, number

    @property
    def fate(self) -> str:
        """See Worker."""
        return self._ask().fate

    @property
    def error(self) -> RendererError | None:
        """See Worker."""
        return self._ask().error

    def wait(self, timeout: float) -> bool:
        """See Worker."""
        deadline = time.monotonic() + timeout
        while self._ask().is_running:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_S)
        return True

    def stop(self, ask_s: float) -> None:
        """See Worker."""
        self._rpc.call(StopCapture(self._number), _ANSWER_S)
        self.wait(ask_s + _END_S)

    def _ask(self) -> CaptureFate:
        fate: CaptureFate = self._rpc.call(GetCapture(self._number), _ANSWER_S)
        return fate


class CaptureLauncher:
    """Opens capture processes through the supervisor; called as process.Launch is."""

    def __init__(self, rpc: RpcClient, channel: Connection) -> None:
        """Use the engine's requests; `channel` brings the pipes of the processes."""
        self._rpc, self._channel = rpc, channel
        self._lock = threading.Lock()

    def __call__(self, name: str, job: Job) -> tuple[Worker, Connection]:
        """Return a process and the pipe from which it is read.

        Raises:
            SetupError: the system cannot start another process.
        """
        with self._lock:
            number = self._rpc.call(OpenCapture(name, job), _ANSWER_S)
            pipe = receive_pipe(self._channel, writable=False)
        return HostedCapture(self._rpc, number), pipe
