"""Start, monitor and stop a child process from its parent."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import MappingProxyType
from typing import Any, Final

import msgspec

from renderer import errors
from renderer.closing import Closing
from renderer.errors import RendererError, SetupError
from renderer.logs.files import log_settings
from renderer.platform import PLATFORM
from renderer.processes import messages
from renderer.processes.child import FAULT_STATUS, PATH_VARIABLE, WATCHDOG_STATUS
from renderer.processes.handover import Job, PackedJob
from renderer.processes.messages import HEARTBEAT_S, Failed, FromChild, ProcessState, Ready, Stop

READY_S: Final = 60.0
"""Startup timeout, seconds. Opening a camera and loading trackers takes 1 or 2 s, at worst 10 s."""
SILENCE_S: Final = 6.0
"""Seconds without a heartbeat after which a child counts as hung: twelve missed heartbeats."""
_STARTING_SILENCE_S: Final = 30.0
"""The same during startup, since loading a library can block the interpreter for seconds."""
ORPHAN_GRACE_S: Final = 2.0
"""Seconds that a child may continue after its parent has died."""
_ASK_S: Final = 4.0
_TERMINATE_S: Final = 1.0
_REAP_S: Final = 5.0
"""Timeout from the closing of a child's pipe to its exit, seconds: an interpreter with much memory
takes a while."""
_OUTPUT_LINE: Final = 4096
"""Maximum length of a line of child output, bytes; the rest counts as another line."""

BOOT: Final = (
    "import os, sys; sys.path[:] = os.environ['ENCORE_CHILD_PATH'].split(os.pathsep); "
    "from renderer.processes.child import run_child; run_child(int(sys.argv[1]))"
)
"""Bootstrap code of every child; a handle and its name follow on the command line."""
_log = logging.getLogger(__name__)
_output = logging.getLogger(f"{__name__}.output")


class ChildProcess(Closing):
    """Starts, monitors and stops one process. Thread-safe.

    The child's output goes into this process's log, line by line.

    Attributes:
        name: of the process, for display and for its log file.
        exit_status: None until it has ended; negative for a signal.
    """

    def __init__(
        self,
        name: str,
        target: Callable[..., int | None] | str,
        *args: Any,
        ready_s: float = READY_S,
        silence_s: float = SILENCE_S,
        kill_silent: bool = True,
        grace_s: float | None = ORPHAN_GRACE_S,
        detached: bool = False,
        environment: Mapping[str, str] = MappingProxyType({}),
        on_change: Callable[[ProcessState], None] | None = None,
    ) -> None:
        """Prepare the process without starting it.

        Args:
            name: see above.
            target: a module-level function, or its name as `package.module:function`; called in the
                child with its `Child` and `args`.
            args: may contain connections and SharedFiles, which are transferred: `start` closes
                this process's copies.
            ready_s: timeout until the child is ready; it is then killed.
            silence_s: a child without a heartbeat for this long counts as hung.
            kill_silent: kill a hung child, so that it can be replaced; otherwise only report it.
            grace_s: how long the child may continue after this process has died; None: no limit.
            detached: the child outlives this process and its terminal, regardless of `grace_s`, and
                can be released with `release`.
            environment: variables that the child has besides this process's.
            on_change: called with each new state, in another thread.
        """
        self.name = name
        self.exit_status: int | None = None
        self._job = Job(name, target, args, None if detached else grace_s, log_settings())
        self._ready_s, self._silence_s = ready_s, silence_s
        self._kill_silent, self._detached = kill_silent, detached
        self._environment = dict(environment)
        self._on_change = on_change
        self._changed = threading.Condition()
        self._state = ProcessState.NEW
        self._ready: Ready | None = None
        self._failed: Failed | None = None
        self._verdict = ""
        self._released = False
        self._started_at = 0.0
        self._silent_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Connection | None = None
        self._sending = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the process; does not block.

        Raises:
            SetupError: the system cannot start another process.
        """
        packed = PackedJob(self._job)
        link, theirs = Pipe(duplex=True)
        handle = PLATFORM.export_connection(theirs)
        # An empty entry means the working directory, which the child shares.
        path = os.pathsep.join(entry or str(os.curdir) for entry in sys.path)
        command = [sys.executable, "-P", "-c", BOOT, str(handle), self.name]
        try:
            self._process = PLATFORM.spawn(
                command,
                [*packed.handles, handle],
                {**os.environ, **self._environment, PATH_VARIABLE: path},
                detached=self._detached,
            )
        except OSError as fault:
            link.close()
            raise SetupError(
                f"the {self.name} process",
                f"cannot be started ({fault.strerror or fault})",
                "end other programs and try again",
            ) from fault
        finally:
            # Only the child may hold its ends open; otherwise its death would not close the pipe.
            theirs.close()
            packed.close()
        self._link = link
        self._started_at = time.monotonic()
        self._enter(ProcessState.STARTING)
        with suppress(OSError):  # It may have died already.
            link.send_bytes(packed.data)
        for run, args in ((self._monitor, (link,)), (self._read_output, ())):
            thread = threading.Thread(
                target=run, args=args, name=f"{self.name}: {run.__name__.strip('_')}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    @property
    def pid(self) -> int | None:
        """Return the process ID; None before the start."""
        return None if self._process is None else self._process.pid

    @property
    def state(self) -> ProcessState:
        """Return the state of the process."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Return whether the process was started and has not ended."""
        return self._state not in (ProcessState.NEW, ProcessState.ENDED)

    @property
    def silent_s(self) -> float:
        """Return the seconds since the last sign of life, in steps of the heartbeat interval."""
        return self._silent_s

    @property
    def ran_s(self) -> float:
        """Return the seconds since the process was started."""
        return time.monotonic() - self._started_at

    @property
    def fate(self) -> str:
        """Return how the process ended, to follow its name in a sentence; empty while it runs."""
        if self._state is not ProcessState.ENDED:
            return ""
        if self._verdict:
            return self._verdict
        if self._failed is not None:
            return f"ended: {self._failed.thing}: {self._failed.fault}"
        if self.exit_status == WATCHDOG_STATUS:
            return "hung in a library and ended itself"
        if self.exit_status == FAULT_STATUS:
            return "failed by a fault of its own, which is in the log file"
        if self.exit_status is None:
            return "is gone"
        return PLATFORM.describe_exit(self.exit_status) if self.exit_status else "has ended"

    @property
    def error(self) -> RendererError | None:
        """Return the error that the child raised, in its own class if renderer.errors has it."""
        if (failed := self._failed) is None:
            return None
        kind = getattr(errors, failed.kind) if failed.kind in errors.__all__ else RendererError
        error: RendererError = kind(failed.thing, failed.fault, failed.remedy)
        return error

    def wait_ready(self) -> str:
        """Wait until the process is ready.

        Returns:
            The detail of its Ready message.

        Raises:
            RendererError: raised by the child, if it could not do its work.
            SetupError: it ended, or was not ready in time.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready is not None or not self.is_running)
        if (error := self.error) is not None:
            raise error
        if self._ready is None:
            fate = self.fate or "was not started"
            raise SetupError(f"the {self.name} process", fate, "try it again")
        return self._ready.detail

    def limit_start(self, seconds: float) -> None:
        """Let the process take this long, from now, until it is ready; it is then killed."""
        self._ready_s = self.ran_s + seconds

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the process to end; return whether it has ended in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.is_running, timeout)

    def request_stop(self) -> None:
        """Ask the process to end; does not block."""
        with self._sending, suppress(OSError):
            if self._link is not None:
                self._link.send_bytes(messages.encode(Stop()))

    def kill(self) -> None:
        """Kill the process; does not wait for its end."""
        if self._process is not None and self.is_running:
            self._process.kill()

    def stop(self, ask_s: float = _ASK_S) -> None:
        """End the process: ask, then terminate, then kill. May be called at any time.

        Args:
            ask_s: timeout after asking, seconds.
        """
        process = self._process
        if process is None:
            self._enter(ProcessState.ENDED)
            return
        if self.is_running and self._state is not ProcessState.SILENT:
            self.request_stop()
            if not self.wait(ask_s):
                process.terminate()
                self.wait(_TERMINATE_S)
        if self.is_running:
            _log.warning("%s does not end when asked; it is killed", self.name)
            process.kill()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_REAP_S)

    def release(self) -> None:
        """Release a detached process; it then counts as ended here."""
        self._released = True
        for thread in self._threads[:1]:
            thread.join(_REAP_S)

    def close(self) -> None:
        """End the process. May be called twice."""
        self.stop()

    def _monitor(self, link: Connection) -> None:
        """Receive the child's messages until its end, detect hangs, and reap it."""
        while not self._released:
            asked = time.monotonic()
            try:
                if link.poll(HEARTBEAT_S):
                    self._note(messages.decode_from_child(link.recv_bytes()))
                    self._silent_s = 0.0
                else:
                    waited = time.monotonic() - asked
                    # Ignore intervals in which this process itself was suspended.
                    self._silent_s += waited if waited < 2 * HEARTBEAT_S else 0.0
            except (EOFError, OSError, msgspec.DecodeError):
                break
            self._judge(self._silent_s)
        with self._sending:
            link.close()
        self._reap()

    def _note(self, message: FromChild) -> None:
        match message:
            case Ready():
                self._ready = message
            case Failed():
                self._failed = message
        if self._ready is not None and not self._verdict:
            self._enter(ProcessState.READY)

    def _judge(self, silent_s: float) -> None:
        """Kill a child that hangs or is not ready in time."""
        if self._verdict:
            return
        if self._ready is None and self.ran_s > self._ready_s:
            self._condemn(f"was not ready within {self._ready_s:.0f} s")
        elif silent_s > (self._silence_s if self._ready is not None else _STARTING_SILENCE_S):
            if self._kill_silent:
                self._condemn(f"hung: it gave no sign of life for {silent_s:.0f} s")
            else:
                self._enter(ProcessState.SILENT)

    def _condemn(self, verdict: str) -> None:
        self._verdict = verdict
        self.kill()

    def _reap(self) -> None:
        """Collect the exit status, so that no zombie remains."""
        process = self._process
        if process is None:
            return
        if self._released:
            process.returncode = 0  # Otherwise Popen would warn that it was not waited for.
        else:
            try:
                self.exit_status = process.wait(_REAP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                self.exit_status = process.wait()
        self._enter(ProcessState.ENDED)

    def _read_output(self) -> None:
        """Log the output of the child and its libraries."""
        process = self._process
        if process is None or process.stdout is None:
            return
        with process.stdout as output, suppress(OSError):
            for line in iter(lambda: output.readline(_OUTPUT_LINE), b""):
                if text := line.decode("utf-8", "replace").strip():
                    _output.info("%s: %s", self.name, text)

    def _enter(self, state: ProcessState) -> None:
        """Change the state, notify waiting threads, and call `on_change` once."""
        with self._changed:
            if self._state is state:
                return
            before, self._state = self._state, state
            self._changed.notify_all()
        self._log_change(before, state)
        if self._on_change is not None:
            self._on_change(state)

    def _log_change(self, before: ProcessState, state: ProcessState) -> None:
        match state:
            case ProcessState.STARTING:
                _log.info("%s starts as process %s", self.name, self.pid)
            case ProcessState.READY if before is ProcessState.SILENT:
                _log.warning("%s gives signs of life again", self.name)
            case ProcessState.READY:
                _log.info("%s is ready after %.1f s", self.name, self.ran_s)
            case ProcessState.SILENT:
                _log.error("%s gives no sign of life", self.name)
            case ProcessState.ENDED if self._released:
                _log.info("%s goes on alone", self.name)
            case ProcessState.ENDED if self.exit_status == 0 and not self._verdict:
                _log.info("%s has ended after %.1f s", self.name, self.ran_s)
            case ProcessState.ENDED:
                _log.error("%s %s after %.1f s", self.name, self.fate, self.ran_s)
