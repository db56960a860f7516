"""A child process, seen from its parent."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
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
"""Opening a camera and loading trackers takes a second or two, on a bad day ten."""
SILENCE_S: Final = 6.0
"""Without a heartbeat this long, twelve missed, a child hangs."""
_STARTING_SILENCE_S: Final = 30.0
"""The same while it starts, since loading a library can block the interpreter for seconds."""
ORPHAN_GRACE_S: Final = 2.0
"""How long a child may go on when its parent is gone."""
_ASK_S: Final = 4.0
_TERMINATE_S: Final = 1.0
_REAP_S: Final = 5.0
"""From the closing of a child's pipe to its end: an interpreter with much memory takes a while."""
_OUTPUT_LINE: Final = 4096
"""Bytes of a line that a library printed; the rest counts as another line."""

BOOT: Final = (
    "import os, sys; sys.path[:] = os.environ['ENCORE_CHILD_PATH'].split(os.pathsep); "
    "from renderer.processes.child import run_child; run_child(int(sys.argv[1]))"
)
"""What every child runs; a handle and its name follow on its command line."""
_log = logging.getLogger(__name__)
_output = logging.getLogger(f"{__name__}.output")


class ChildProcess(Closing):
    """Starts, watches and stops one process. May be used from any thread.

    Everything that the child prints goes into this process's log, line by line.

    Attributes:
        name: of the process, for people and for its log file.
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
        on_change: Callable[[ProcessState], None] | None = None,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            name: see above.
            target: a function of a module, or its name as `package.module:function`; called in the
                child with its `Child` and `args`.
            args: connections and SharedFiles among them are handed over: this process's copies are
                closed by `start`.
            ready_s: a child that is not ready in this time is killed.
            silence_s: a child without a heartbeat for this long is silent.
            kill_silent: kill a silent child, so that it can be replaced; else only tell of it.
            grace_s: how long the child may go on when this process is gone; None: as it likes.
            detached: the child outlives this process and its terminal, whatever `grace_s` says, and
                `release` lets it go.
            on_change: called with each new state, in another thread.
        """
        self.name = name
        self.exit_status: int | None = None
        self._job = Job(name, target, args, None if detached else grace_s, log_settings())
        self._ready_s, self._silence_s = ready_s, silence_s
        self._kill_silent, self._detached = kill_silent, detached
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
        """Start the process; returns at once.

        Raises:
            SetupError: the system starts no further process.
        """
        packed = PackedJob(self._job)
        link, theirs = Pipe(duplex=True)
        handle = PLATFORM.export_connection(theirs)
        # A path may be empty for the working folder, which the child shares.
        path = os.pathsep.join(entry or str(os.curdir) for entry in sys.path)
        command = [sys.executable, "-P", "-c", BOOT, str(handle), self.name]
        try:
            self._process = PLATFORM.spawn(
                command,
                [*packed.handles, handle],
                {**os.environ, PATH_VARIABLE: path},
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
            # The child's ends must be open in the child alone, or its death would not close them.
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
        """The process's number; None before it is started."""
        return None if self._process is None else self._process.pid

    @property
    def state(self) -> ProcessState:
        """Where the process stands."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._state not in (ProcessState.NEW, ProcessState.ENDED)

    @property
    def silent_s(self) -> float:
        """Seconds since the process last gave a sign of life, in steps of a heartbeat."""
        return self._silent_s

    @property
    def ran_s(self) -> float:
        """Seconds since the process was started."""
        return time.monotonic() - self._started_at

    @property
    def fate(self) -> str:
        """What became of the process, to follow its name in a sentence; empty while it runs."""
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
        """The error that the child raised, of its own class where renderer.errors has that."""
        if (failed := self._failed) is None:
            return None
        kind = getattr(errors, failed.kind) if failed.kind in errors.__all__ else RendererError
        error: RendererError = kind(failed.thing, failed.fault, failed.remedy)
        return error

    def wait_ready(self) -> str:
        """Wait until the process is ready.

        Returns:
            What it said then.

        Raises:
            RendererError: the child's own, where it could not do its work.
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

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the process's end; whether it has ended in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.is_running, timeout)

    def ask_to_stop(self) -> None:
        """Ask the process to end; returns at once."""
        with self._sending, suppress(OSError):
            if self._link is not None:
                self._link.send_bytes(messages.encode(Stop()))

    def kill(self) -> None:
        """End the process at once; its end is noticed soon after."""
        if self._process is not None and self.is_running:
            self._process.kill()

    def stop(self, ask_s: float = _ASK_S) -> None:
        """End the process: ask it, then terminate it, then kill it. May be called at any time.

        Args:
            ask_s: seconds that it may take when asked.
        """
        process = self._process
        if process is None:
            self._enter(ProcessState.ENDED)
            return
        if self.is_running and self._state is not ProcessState.SILENT:
            self.ask_to_stop()
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
        """Let a detached process go on alone; it counts as ended here."""
        self._released = True
        for thread in self._threads[:1]:
            thread.join(_REAP_S)

    def close(self) -> None:
        """End the process. May be called twice."""
        self.stop()

    def _monitor(self, link: Connection) -> None:
        """Hear the child until its end, notice when it hangs, and reap it."""
        while not self._released:
            asked = time.monotonic()
            try:
                if link.poll(HEARTBEAT_S):
                    self._note(messages.decode_from_child(link.recv_bytes()))
                    self._silent_s = 0.0
                else:
                    waited = time.monotonic() - asked
                    # Where this process itself was stopped meanwhile, its child is not to blame.
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
        """End a child that hangs, or is not ready in time."""
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
        """Take the exit status, so that no zombie stays."""
        process = self._process
        if process is None:
            return
        if self._released:
            process.returncode = 0  # Popen would complain that it was not waited for.
        else:
            try:
                self.exit_status = process.wait(_REAP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                self.exit_status = process.wait()
        self._enter(ProcessState.ENDED)

    def _read_output(self) -> None:
        """Log what the child and its libraries print."""
        process = self._process
        if process is None or process.stdout is None:
            return
        with process.stdout as output, suppress(OSError):
            for line in iter(lambda: output.readline(_OUTPUT_LINE), b""):
                if text := line.decode("utf-8", "replace").strip():
                    _output.info("%s: %s", self.name, text)

    def _enter(self, state: ProcessState) -> None:
        """Change the state, wake those who wait for it, and tell of it once."""
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
