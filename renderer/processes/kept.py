"""Keep a process running: restart it after a failure until it exits normally."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.processes.backoff import Backoff
from renderer.processes.process import ChildProcess

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_CALM_S: Final = 60.0

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
        tell: Callable[[str], None],
        backoff: Backoff | None = None,
    ) -> None:
        """Start the process.

        Args:
            thing: what it is, to begin a sentence, such as "The desk".
            make: creates the process without starting it; called for each start.
            tell: called with a sentence after each failure, in another thread.
            backoff: the pauses before restarts.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._thing, self._make, self._tell = thing, make, tell
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

    def _start_another(self) -> ChildProcess:
        child = self._make()
        child.start()
        return child

    def _say(self, sentence: str) -> None:
        _log.error("%s", sentence)
        self._tell(sentence)
