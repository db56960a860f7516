"""Runs a real show in its own process, as a crew would start it, and collects its outputs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from renderer.bench.faults import injection, viewer
from renderer.bench.faults.follow import PageViewer, StatusFollower, wait_until
from renderer.closing import Closing
from renderer.errors import DeskError, ShowError
from renderer.processes.find import find_named_children
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.outputs import OutputsHealth, OutputState
from renderer.protocol.schema import Command
from renderer.protocol.show import EndShow, ShowHealth, ShowState

PICTURE: Final = ("--size", "256x144", "--rate", "20")
"""Output size and rate that a machine without a GPU can render."""
START_S: Final = 240.0
"""Timeout of the start in seconds: several trackers load at once, on a machine that may be busy."""
END_S: Final = 120.0
_LEAVE_S: Final = 30.0
"""Timeout in seconds for orphans to end; a media process first finishes its recordings."""
_SEEING: Final = (CameraState.SEEING, CameraState.EMPTY)
_ADDRESS: Final = re.compile(r"Watch live at (\S+)")


@dataclass(frozen=True, slots=True)
class ShowSetup:
    """Configuration of a show of the benchmark.

    Attributes:
        inputs: arguments of `encore show` for its inputs.
        stream: an RTMP address, or empty.
        has_desk: whether its desk is opened.
        is_injected: whether its parts can be made to raise.
        has_second_disk: whether its recording has a fallback folder.
    """

    inputs: tuple[str, ...]
    stream: str = ""
    has_desk: bool = True
    is_injected: bool = False
    has_second_disk: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """The same moment on three clocks, in seconds: monotonic, Unix epoch, show time."""

    monotonic: float
    epoch: float
    show: float


class RunningShow(Closing):
    """Starts `encore show --live`, and follows the show, its stream and its watch page.

    Attributes:
        folder: folder of all its files.
        recording, hls: its local outputs.
        setup: its configuration.
        exit_status: exit status of its process; None while it runs.
    """

    def __init__(self, folder: Path, setup: ShowSetup, environment: Mapping[str, str]) -> None:
        """Start the show.

        Args:
            folder: created; nothing is written outside it.
            environment: environment variables that select the desk's display.
        """
        self.folder, self.setup = folder, setup
        self.recording, self.hls = folder / "show.mp4", folder / "hls"
        self._report, self._raised = folder / "report.json", folder / injection.RAISED
        self._requests = folder / injection.REQUESTS
        self._errors, self._viewed = folder / "errors.txt", folder / "viewed.txt"
        self.logs = folder / "logs"
        folder.mkdir()
        self._follower: StatusFollower | None = None
        self._page: PageViewer | None = None
        self._viewer: subprocess.Popen[bytes] | None = None
        self._seen: dict[psutil.Process, str] = {}
        self._environment = {
            **os.environ,
            **environment,
            "ENCORE_RUNTIME": str(folder / "run"),
            "ENCORE_LOGS": str(self.logs),
        }
        with self._errors.open("wb") as errors, (folder / "printed.txt").open("wb") as printed:
            self._process = subprocess.Popen(
                self._command(),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=errors,
            )

    @property
    def exit_status(self) -> int | None:
        """Return the exit status of the show's process; None while it runs."""
        return self._process.poll()

    @property
    def pid(self) -> int:
        """Return the process ID of the show."""
        return self._process.pid

    @property
    def errors(self) -> str:
        """Return what the show printed besides its report."""
        return self._errors.read_text(encoding="utf-8", errors="replace")

    @property
    def follower(self) -> StatusFollower:
        """Return the follower of its status."""
        if self._follower is None:
            raise ShowError("the bench's show", "is not on air", "wait for it")
        return self._follower

    def await_on_air(self) -> None:
        """Wait until every output runs, a performer is detected and all child processes have
        started.

        Raises:
            ShowError: the show does not start.
        """
        if not wait_until(lambda: self.exit_status is not None or self._is_found(), START_S):
            raise self._build_start_error("has no session")
        wanted = {"engine", "media", "watch 1"} | ({"desk"} if self.setup.has_desk else set())
        if not wait_until(
            lambda: (
                self.exit_status is not None
                or (
                    self.is_on_air
                    and wanted <= self.processes().keys()
                    and _ADDRESS.search(self.errors) is not None
                )
            ),
            START_S,
        ):
            raise self._build_start_error(f"is not on air after {START_S:.0f} s")
        if self.exit_status is not None:
            raise self._build_start_error(f"ended with status {self.exit_status}")
        if (found := _ADDRESS.search(self.errors)) is not None:
            self._page = PageViewer(found.group(1))
        if self.setup.stream:
            self._viewer = subprocess.Popen(
                [sys.executable, "-m", viewer.MODULE, self.setup.stream, str(self._viewed)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        if not wait_until(lambda: self.exit_status is not None or self._is_viewed(), START_S):
            raise self._build_start_error("cannot be watched")

    @property
    def is_on_air(self) -> bool:
        """Return whether every output runs and every camera delivers frames."""
        status = self.follower.status
        outputs = status.of(OutputsHealth).outputs
        cameras = status.of(InputsHealth).cameras
        return (
            self.exit_status is None
            and status.of(ShowHealth).state is ShowState.ON_AIR
            and len(outputs) == 2 + bool(self.setup.stream)
            and all(one.state is OutputState.RUNNING and one.packets for one in outputs)
            and bool(cameras)
            and all(one.state in _SEEING for one in cameras)
        )

    @property
    def frames(self) -> int:
        """Return the number of program frames so far."""
        return self.follower.status.of(ShowHealth).frames

    @property
    def packets(self) -> dict[str, int]:
        """Return the number of packets of each output so far, by its name."""
        outputs = self.follower.status.of(OutputsHealth).outputs
        return {one.name: one.packets for one in outputs}

    @property
    def pages(self) -> int:
        """Return the number of responses of the watch page so far."""
        return len(self._page.seen_at) if self._page is not None else 0

    def mark(self) -> Moment:
        """Return the current moment."""
        show = self.follower.status.of(ShowHealth).show_seconds if self._follower else 0.0
        return Moment(time.monotonic(), time.time(), show)

    def processes(self) -> dict[str, psutil.Process]:
        """Return the show's child processes by name."""
        found = find_named_children(self.pid)
        self._seen |= {process: name for name, process in found.items()}
        return found

    def process(self, prefix: str) -> psutil.Process | None:
        """Return the child process whose name starts with a prefix."""
        for name, process in self.processes().items():
            if name.startswith(prefix):
                return process
        return None

    def post(self, command: Command) -> None:
        """Send a command to the show; do nothing if it has ended."""
        with suppress(DeskError):
            self.follower.post(command)

    def request_fault(self, part: str, calls: int) -> None:
        """Make a part of the tick raise in its next calls, or what else injection knows."""
        with self._requests.open("a", encoding="utf-8") as file:
            file.write(f"{calls} {part}\n")

    def count_raised(self, part: str) -> int:
        """Return how often a part of the tick has raised on request."""
        with suppress(OSError):
            return self._raised.read_text(encoding="utf-8").splitlines().count(part)
        return 0

    def end(self) -> None:
        """Send the end command if the show still runs, and wait for its end."""
        self.processes()
        if self.exit_status is None:
            self.post(EndShow())
        self.wait()

    def wait(self) -> None:
        """Wait for the show's end; kill it after a timeout."""
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def report(self) -> dict[str, Any] | None:
        """Return the report that the show wrote; None if there is none."""
        try:
            report: dict[str, Any] = json.loads(self._report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return report

    def log_messages(self, process: str) -> list[str]:
        """Return the messages in the log of a child process."""
        messages = []
        for path in sorted(self.logs.glob(f"*/{process}.log")):
            for line in path.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError, KeyError):
                    messages.append(str(json.loads(line)["message"]))
        return messages

    def stream_times(self) -> list[float]:
        """Return the arrival times of the stream's pictures, monotonic seconds."""
        with suppress(OSError):
            # The last line may be incomplete.
            lines = self._viewed.read_text(encoding="ascii").rpartition("\n")[0]
            return [float(line) for line in lines.splitlines()]
        return []

    def page_times(self) -> list[float]:
        """Return the arrival times of the watch page, monotonic seconds."""
        return list(self._page.seen_at) if self._page is not None else []

    def leftovers(self) -> list[str]:
        """Return the processes that still run some time after the show's end.

        The desk is excluded: it stays open to show how the show ended.
        """
        left = [one for one, name in self._seen.items() if name != "desk"]
        psutil.wait_procs(left, _LEAVE_S)
        return [self._seen[one] for one in left if _is_running(one)]

    def close(self) -> None:
        """Kill all processes that still run."""
        if self._process.poll() is None:
            self.processes()
            self._process.kill()
        self._process.wait()
        if self._viewer is not None:
            self._viewer.kill()
            self._viewer.wait()
        for one in (self._page, self._follower):
            if one is not None:
                one.close()
        self._page = self._follower = None
        for process in self._seen:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _command(self) -> list[str]:
        words = ["show", *self.setup.inputs, "--live", *PICTURE, "--record", self._record]
        words += ["--output", f"hls:{self.hls}", "--report", str(self._report)]
        if self.setup.stream:
            words += ["--output", self.setup.stream]
        if self.setup.has_desk:
            words.append("--desk")
        if self.setup.is_injected:
            return [sys.executable, "-m", injection.MODULE, str(self.folder), *words]
        return [sys.executable, "-m", "renderer.cli", *words]

    @property
    def _record(self) -> str:
        """Return the word of the recording."""
        if not self.setup.has_second_disk:
            return str(self.recording)
        return f"{self.recording}#fallback={self.folder / 'second'}"

    def _is_found(self) -> bool:
        """Follow the show's status as soon as it is available."""
        for card in (self.folder / "run").glob("show-*/bus.json"):
            with suppress(DeskError):
                self._follower = StatusFollower(card.parent)
                return True
        return False

    def _is_viewed(self) -> bool:
        """Return whether its stream and its watch page deliver pictures."""
        return self.pages > 0 and (not self.setup.stream or len(self.stream_times()) > 1)

    def _build_start_error(self, fault: str) -> ShowError:
        output_lines = self.errors.strip().splitlines()
        reason = f"; it said: {output_lines[-1]}" if output_lines else ""
        return ShowError("the bench's show", f"{fault}{reason}", f"see {self.folder}")


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
