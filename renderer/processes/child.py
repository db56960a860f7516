"""Run a child process: heartbeat, monitoring of the parent, logging and exit status.

Only modules that load quickly are imported here. The target imports what it needs, because some
libraries read the environment when they are imported.
"""

from __future__ import annotations

import faulthandler
import logging
import math
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Final, NoReturn

from renderer.errors import RendererError
from renderer.logs.files import join_logging
from renderer.platform import PLATFORM
from renderer.processes import messages
from renderer.processes.handover import Job, unpack
from renderer.processes.messages import HEARTBEAT_S, Failed, FromChild, Heartbeat, Ready

PATH_VARIABLE: Final = "ENCORE_CHILD_PATH"
"""Environment variable with the parent's `sys.path`, so that both import the same modules."""
WATCHDOG_STATUS: Final = 1
"""Exit status of a process that exceeded a `limit`; set by faulthandler."""
REFUSED_STATUS: Final = 2
"""Exit status after a RendererError; the same as the command line's."""
FAULT_STATUS: Final = 70
"""Exit status after an uncaught exception; EX_SOFTWARE of sysexits.h."""

_log = logging.getLogger(__name__)


class Child:
    """The child's side of the connection to its parent.

    Attributes:
        stopping: set when the parent asks this process to stop, or has died.
        parent_is_gone: whether the parent has died or released this process.
    """

    def __init__(self, link: Connection, grace_s: float | None) -> None:
        self.stopping = threading.Event()
        self.parent_is_gone = False
        self._link = link
        self._grace_s = grace_s
        self._sending = threading.Lock()
        self._busy_until = math.inf
        for run in (self._watch_parent, self._beat):
            threading.Thread(target=run, name=run.__name__.strip("_"), daemon=True).start()

    def ready(self, detail: str = "") -> None:
        """Send the parent a Ready message."""
        self.send(Ready(detail))

    def send(self, message: FromChild) -> None:
        """Send a message to the parent; does nothing if it has died."""
        with self._sending, suppress(OSError):
            self._link.send_bytes(messages.encode(message))

    def leave_with(self, error: RendererError) -> NoReturn:
        """End this process at once with an error; nothing of it is closed."""
        _log.error("%s", error)
        self.send(Failed(type(error).__name__, error.thing, error.fault, error.remedy))
        _leave(REFUSED_STATUS)

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Kill this process if the block takes longer, even while it holds the GIL.

        For libraries that block the interpreter. The traceback goes to the parent's log. Must not
        be nested.
        """
        faulthandler.dump_traceback_later(seconds, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    @contextmanager
    def busy(self, seconds: float) -> Iterator[None]:
        """Count this process as hung if the block takes longer: its heartbeat then stops.

        For work during which other threads still run, such as a tracker that waits for itself.
        """
        self.expect(seconds)
        try:
            yield
        finally:
            self._busy_until = math.inf

    def expect(self, seconds: float) -> None:
        """Count this process as hung unless this is called again in time, as by an event loop."""
        self._busy_until = time.monotonic() + seconds

    def _beat(self) -> None:
        while not self.parent_is_gone:
            if time.monotonic() < self._busy_until:
                self.send(Heartbeat())
            time.sleep(HEARTBEAT_S)

    def _watch_parent(self) -> None:
        """Wait for a message from the parent or for its death."""
        with suppress(EOFError, OSError):
            while True:
                messages.decode_from_parent(self._link.recv_bytes())
                self.stopping.set()
        self.parent_is_gone = True
        if self._grace_s is None:
            return
        self.stopping.set()
        time.sleep(self._grace_s)
        _leave(0)


def run_child(handle: int) -> None:
    """Run the job that the parent sends over a pipe, then exit with its status."""
    path = os.environ.pop(PATH_VARIABLE, None)
    if path is not None:
        sys.path[:] = path.split(os.pathsep)
    link = PLATFORM.import_connection(handle, readable=True, writable=True)
    try:
        data = link.recv_bytes()
    except (EOFError, OSError):
        _leave(0)  # The parent died while this process started.
    job = unpack(data)
    faulthandler.enable()
    if job.log is not None:
        join_logging(job.name, job.log)
    child = Child(link, job.grace_s)
    PLATFORM.handle_stop_signals(lambda: _terminate(child))
    _leave(_run(job, child))


def _run(job: Job, child: Child) -> int:
    """Run the target and return its exit status."""
    try:
        target = pkgutil.resolve_name(job.target) if isinstance(job.target, str) else job.target
        return target(child, *job.args) or 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except RendererError as error:
        _log.warning("%s", error)
        child.send(Failed(type(error).__name__, error.thing, error.fault, error.remedy))
        return REFUSED_STATUS
    except Exception as error:  # noqa: BLE001 - every exception is reported and logged
        _log.critical("uncaught exception", exc_info=True)
        fault = f"failed ({error!r})"
        child.send(Failed("RendererError", f"the {job.name} process", fault, "see the log file"))
        return FAULT_STATUS


def _terminate(child: Child) -> None:
    """Unwind at SIGTERM, but only after the parent asked: service managers signal whole groups."""
    if child.stopping.is_set():
        raise SystemExit(0)


def _leave(status: int) -> NoReturn:
    """Exit immediately: the libraries' own clean-up at exit sometimes crashes or hangs."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)
