"""A real show in a process of its own, as a crew would start it, and what came of it."""

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
"""Small and slow enough for a machine without a GPU."""
START_S: Final = 240.0
"""Several trackers load at once, on a machine that may be busy."""
END_S: Final = 120.0
_LEAVE_S: Final = 30.0
"""Until a process that lost its parent is gone; a media process finishes its recordings first."""
_SEEING: Final = (CameraState.SEEING, CameraState.EMPTY)
_ADDRESS: Final = re.compile(r"Watch live at (\S+)")


@dataclass(frozen=True, slots=True)
class ShowSetup:
    """What a show of the bench consists of.

    Attributes:
        inputs: words of its inputs and what goes with them, for `encore show`.
        stream: an RTMP address, or empty.
        has_desk: whether its desk is opened.
        is_injected: whether its parts can be made to raise.
    """

    inputs: tuple[str, ...]
    stream: str = ""
    has_desk: bool = True
    is_injected: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment by three clocks, in seconds: monotonic, since the Unix epoch, of the show."""

    monotonic: float
    epoch: float
    show: float


class RunningShow(Closing):
    """Starts `encore show --live`, and follows it, its stream and its page.

    Attributes:
        folder: where everything of it lies.
        recording, hls: its local outputs.
        setup: what it was started with.
        exit_status: None while it runs.
    """

    def __init__(self, folder: Path, setup: ShowSetup, environment: Mapping[str, str]) -> None:
        """Start the show.

        Args:
            folder: is made; nothing is written outside it.
            environment: what leads the desk to its display.
        """
        self.folder, self.setup = folder, setup
        self.recording, self.hls = folder / "show.mp4", folder / "hls"
        self._report, self._raised = folder / "report.json", folder / "raised.txt"
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
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=errors,
            )

    @property
    def exit_status(self) -> int | None:
        """How the show's process ended; None while it runs."""
        return self._process.poll()

    @property
    def pid(self) -> int:
        """The number of the show's process."""
        return self._process.pid

    @property
    def errors(self) -> str:
        """What the show wrote to its terminal beside its report."""
        return self._errors.read_text(encoding="utf-8", errors="replace")

    @property
    def follower(self) -> StatusFollower:
        """What follows its status."""
        if self._follower is None:
            raise ShowError("the bench's show", "is not on air", "wait for it")
        return self._follower

    def await_on_air(self) -> None:
        """Wait until every output runs, somebody is seen, and all processes beside it are there.

        Raises:
            ShowError: it does not start.
        """
        if not wait_until(lambda: self.exit_status is not None or self._is_found(), START_S):
            raise self._not_started("has no session")
        wanted = {"media", "watch 1"} | ({"desk"} if self.setup.has_desk else set())
        if not wait_until(
            lambda: (
                self.exit_status is not None
                or (self.is_on_air and wanted <= self.processes().keys())
            ),
            START_S,
        ):
            raise self._not_started(f"is not on air after {START_S:.0f} s")
        if self.exit_status is not None:
            raise self._not_started(f"ended with status {self.exit_status}")
        if (found := _ADDRESS.search(self.errors)) is not None:
            self._page = PageViewer(found.group(1))
        if self.setup.stream:
            self._viewer = subprocess.Popen(
                [sys.executable, "-m", viewer.MODULE, self.setup.stream, str(self._viewed)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        if not wait_until(lambda: self.exit_status is not None or self._is_viewed(), START_S):
            raise self._not_started("cannot be watched")

    @property
    def is_on_air(self) -> bool:
        """Whether every output runs and every camera shows something."""
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
        """Program frames so far."""
        return self.follower.status.of(ShowHealth).frames

    @property
    def packets(self) -> dict[str, int]:
        """Packets of each output so far, by its name."""
        outputs = self.follower.status.of(OutputsHealth).outputs
        return {one.name: one.packets for one in outputs}

    @property
    def pages(self) -> int:
        """How often the watch page has come so far."""
        return len(self._page.seen_at) if self._page is not None else 0

    def mark(self) -> Moment:
        """Return this moment."""
        show = self.follower.status.of(ShowHealth).show_seconds if self._follower else 0.0
        return Moment(time.monotonic(), time.time(), show)

    def processes(self) -> dict[str, psutil.Process]:
        """Return the show's child processes by name."""
        found = find_named_children(self.pid)
        self._seen |= {process: name for name, process in found.items()}
        return found

    def process(self, prefix: str) -> psutil.Process | None:
        """Return the child process whose name begins so."""
        for name, process in self.processes().items():
            if name.startswith(prefix):
                return process
        return None

    def post(self, command: Command) -> None:
        """Ask the show for something; one that is gone is not asked."""
        with suppress(DeskError):
            self.follower.post(command)

    def request_fault(self, part: str, calls: int) -> None:
        """Make a part of the tick raise in its next calls."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(f"{calls} {part}\n".encode())
                self._process.stdin.flush()

    def count_raised(self, part: str) -> int:
        """Return how often a part of the tick has raised on request."""
        with suppress(OSError):
            return self._raised.read_text(encoding="utf-8").splitlines().count(part)
        return 0

    def end(self) -> None:
        """Have the show end, if it still runs, and wait for it."""
        self.processes()
        if self.exit_status is None:
            self.post(EndShow())
        self.wait()

    def wait(self) -> None:
        """Wait for the show's end; one that does not come is killed."""
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def report(self) -> dict[str, Any] | None:
        """Return the report that the show wrote; None where it wrote none."""
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
        """Return when pictures of the stream came, in monotonic seconds."""
        with suppress(OSError):
            # The last line may be half written.
            lines = self._viewed.read_text(encoding="ascii").rpartition("\n")[0]
            return [float(line) for line in lines.splitlines()]
        return []

    def page_times(self) -> list[float]:
        """Return when the watch page came, in monotonic seconds."""
        return list(self._page.seen_at) if self._page is not None else []

    def leftovers(self) -> list[str]:
        """Return the processes that are still there some time after the show's end.

        The desk is not among them: it stays to show how the show ended.
        """
        left = [one for one, name in self._seen.items() if name != "desk"]
        psutil.wait_procs(left, _LEAVE_S)
        return [self._seen[one] for one in left if _runs(one)]

    def close(self) -> None:
        """End everything that is still there."""
        if self._process.poll() is None:
            self.processes()
            self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
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
        words = ["show", *self.setup.inputs, "--live", *PICTURE, "--record", str(self.recording)]
        words += ["--output", f"hls:{self.hls}", "--report", str(self._report)]
        if self.setup.stream:
            words += ["--output", self.setup.stream]
        if self.setup.has_desk:
            words.append("--desk")
        if self.setup.is_injected:
            return [sys.executable, "-m", injection.MODULE, str(self._raised), *words]
        return [sys.executable, "-m", "renderer.cli", *words]

    def _is_found(self) -> bool:
        """Begin to follow the show's status as soon as that can be had."""
        for card in (self.folder / "run").glob("show-*/bus.json"):
            with suppress(DeskError):
                self._follower = StatusFollower(card.parent)
                return True
        return False

    def _is_viewed(self) -> bool:
        """Tell whether its stream and its page can be seen."""
        return self.pages > 0 and (not self.setup.stream or len(self.stream_times()) > 1)

    def _not_started(self, fault: str) -> ShowError:
        told = self.errors.strip().splitlines()
        reason = f"; it said: {told[-1]}" if told else ""
        return ShowError("the bench's show", f"{fault}{reason}", f"see {self.folder}")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
