"""Keep a process running: restart it after a failure until it exits normally."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.processes.backoff import Backoff
from renderer.processes.process import ChildProcess

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_CALM_S: Final = 60.0
_READY_S: Final = 120.0
"""Seconds in which a process has to be ready: it may hang once and be started again."""
_LOOK_S: Final = 0.05

_log = logging.getLogger(__name__)


class KeptProcess(Closing):
    """Runs a process, and restarts it if it crashes, hangs or is killed.

    A process that ends with exit status 0, such as a window that was closed, has exited normally
    and is not restarted.
    """

    def __init__(
        self,
        thing: str,
        make: Callable[[], ChildProcess],
        notify: Callable[[str], None],
        backoff: Backoff | None = None,
    ) -> None:
        """Start the process.

        Args:
            thing: what it is, to begin a sentence, such as "The desk".
            make: creates the process without starting it; called for each start.
            notify: called with a sentence after each failure, in another thread.
            backoff: the pauses before restarts.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._thing, self._make, self._notify = thing, make, notify
        self._backoff = backoff or Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
        self._closing = threading.Event()
        self._child = make()
        self._child.start()
        self._thread = threading.Thread(target=self._keep, name=f"{thing}: keep", daemon=True)
        self._thread.start()

    @property
    def child(self) -> ChildProcess:
        """Return the current process, or the last one."""
        return self._child

    def wait_ready(self, seconds: float = _READY_S) -> str:
        """Wait until the process is ready, through restarts if it dies or hangs before.

        Args:
            seconds: after which it is not waited for any more.

        Returns:
            The detail of its Ready message.

        Raises:
            RendererError: raised by the process, if it could not do its work.
            SetupError: it has ended by itself, or was not ready in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            child = self._child
            try:
                return child.wait_ready()
            except RendererError:
                has_ended = child.error is not None or child.exit_status == 0
                if has_ended or not self._await_another(child, deadline):
                    raise

    def release(self) -> None:
        """Release a detached process and stop restarting it."""
        self._closing.set()
        self._child.release()
        self._thread.join()

    def close(self) -> None:
        """End the process and stop restarting it. May be called twice."""
        self._closing.set()
        self._child.close()
        self._thread.join()

    def _keep(self) -> None:
        while True:
            self._child.wait()
            child = self._child
            if self._closing.is_set() or child.exit_status == 0:
                return
            pause = self._backoff.pause_after(child.ran_s)
            self._say(f"{self._thing} {child.fate}; it is started again in {pause:.0f} s")
            while True:
                if self._closing.wait(pause):
                    return
                try:
                    self._child = self._start_another()
                    break
                except RendererError as fault:
                    pause = self._backoff.pause_after(0.0)
                    self._say(f"{fault}; it is tried again in {pause:.0f} s")

    def _await_another(self, child: ChildProcess, deadline: float) -> bool:
        """Wait until another process has replaced this one; return whether one has in time."""
        while self._child is child:
            if time.monotonic() > deadline or self._closing.wait(_LOOK_S):
                return False
        return True

    def _start_another(self) -> ChildProcess:
        child = self._make()
        child.start()
        return child

    def _say(self, sentence: str) -> None:
        _log.error("%s", sentence)
        self._notify(sentence)
