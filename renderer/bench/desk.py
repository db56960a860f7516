"""Benchmark the desk: whether it survives a show, its processor load and its response time.

A real desk process on its own display follows a simulated show: four cameras with one performer
each, 30 detections per second, eight outputs, and program, preview and ten shots in the sizes in
which they are drawn. No input events are sent to it.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from renderer.bench.machine import load_average, processor_name
from renderer.errors import DeskError
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink

SCREEN: Final = "1920x1080x24"
"""Width, height and colour depth of the Xvfb screen."""
WINDOW: Final = "1900x1040"
"""Size of the desk's window, pixels."""
WARM_UP_S: Final = 3.0
"""Seconds excluded from the measurement, while Qt loads and lays out the window."""

_READY_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.2
_LEAVE_S: Final = 10.0
_PROGRESS_EVERY_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine measured on; `load` is the load average of the preceding minute."""

    processor: str
    cores: int
    load: float
    system: str
    python: str
    qt: str


@dataclass(frozen=True, slots=True)
class DeskReport:
    """Results of the desk benchmark.

    Attributes:
        asked_s: requested duration, seconds.
        survived_s: how long the desk ran, from its first line of output on, seconds.
        exit_status: exit status if it ended by itself; None if it ran to the end.
        cpu_share: processor time of its process over wall time: 1 is one core.
        worst_turn_ms: longest iteration of its event loop.
        worst_turn_processor_ms: most processor time of the desk's thread in one iteration, which
            other programs on the machine do not lengthen.
        reconnect_s: time in which a new desk knows the whole show; without its window.
        turns_over_8ms_share: share of the iterations that took more than 8 ms.
        turns: number of iterations measured.
        display: the display it was drawn on.
    """

    asked_s: float
    survived_s: float
    exit_status: int | None
    cpu_share: float
    worst_turn_ms: float
    worst_turn_processor_ms: float
    reconnect_s: float
    turns_over_8ms_share: float
    turns: int
    display: str
    machine: Machine

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data for JSON."""
        return asdict(self)

    def text(self) -> str:
        """Return the results as a readable table."""
        end = (
            "lived to the end"
            if self.exit_status is None
            else f"ended by itself with status {self.exit_status}"
        )
        machine = self.machine
        return "\n".join(
            [
                f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}; "
                f"{machine.system}; Python {machine.python}, Qt {machine.qt}; {self.display}",
                f"  survived        {self.survived_s:8.1f} s of {self.asked_s:.1f} s, {end}",
                f"  processor       {self.cpu_share:8.3f} of one core",
                f"  worst turn      {self.worst_turn_ms:8.1f} ms",
                f"  of processor    {self.worst_turn_processor_ms:8.1f} ms",
                f"  reconnected in  {self.reconnect_s:8.2f} s",
                f"  turns over 8 ms {self.turns_over_8ms_share:8.1%} of {self.turns}",
            ]
        )


@dataclass(frozen=True, slots=True)
class TurnSums:
    """Event-loop iterations summed over all lines after the warm-up."""

    turns: int
    long: int
    worst_ms: float
    worst_processor_ms: float = 0.0


def run_desk_bench(seconds: float, progress: Callable[[str], None]) -> DeskReport:
    """Run the desk benchmark.

    Args:
        seconds: duration of the measurement, after the warm-up.
        progress: called with the name of each step.

    Raises:
        DeskError: the simulated show or the desk does not start.
    """
    load = load_average()
    with (
        tempfile.TemporaryDirectory(prefix="desk-bench-") as folder,
        open_screen() as (display, screen),
    ):
        # A private runtime folder keeps this show and this desk apart from real ones.
        environment = {**os.environ, **screen, "ENCORE_RUNTIME": str(Path(folder) / "run")}
        progress(f"a stand-in show, and a desk on {display}")
        with _stand_in_show(environment) as session:
            return _measure(session, seconds, Path(folder), environment, display, load, progress)


def _measure(
    session: str,
    seconds: float,
    folder: Path,
    environment: dict[str, str],
    display: str,
    load: float,
    progress: Callable[[str], None],
) -> DeskReport:
    lines = folder / "turns.jsonl"
    command = [sys.executable, "-m", "renderer.cli", "desk"]
    command += ["--session", session, "--size", WINDOW, "--turns", str(lines)]
    reconnect_s = _reconnect(Path(environment["ENCORE_RUNTIME"]) / session)
    with _process(command, environment) as desk:
        _await(lambda: lines.exists() and lines.stat().st_size > 0, desk, "the desk")
        began = time.monotonic()
        watched = psutil.Process(desk.pid)
        used_before, used_at, used, now = 0.0, began, 0.0, began
        told = began
        while desk.poll() is None and now - began < WARM_UP_S + seconds:
            time.sleep(_LOOK_EVERY_S)
            now = time.monotonic()
            try:
                times = watched.cpu_times()
            except psutil.Error:
                break  # The process has ended.
            used = times.user + times.system
            if now - began < WARM_UP_S:
                used_before, used_at = used, now
            if now - told >= _PROGRESS_EVERY_S:
                told = now
                progress(f"{now - began:.0f} s of {WARM_UP_S + seconds:.0f} s")
        status = desk.poll()
    sums = add_turns(lines.read_text(encoding="utf-8").splitlines(), WARM_UP_S)
    return DeskReport(
        asked_s=WARM_UP_S + seconds,
        survived_s=round(now - began, 1),
        exit_status=status,
        cpu_share=round((used - used_before) / max(now - used_at, _LOOK_EVERY_S), 4),
        worst_turn_ms=sums.worst_ms,
        worst_turn_processor_ms=sums.worst_processor_ms,
        reconnect_s=round(reconnect_s, 3),
        turns_over_8ms_share=round(sums.long / max(sums.turns, 1), 4),
        turns=sums.turns,
        display=display,
        machine=_machine(load),
    )


def _reconnect(session: Path) -> float:
    """Return the seconds in which a new connection has the state of the running show.

    Args:
        session: folder of the show's session.
    """
    began, status = time.monotonic(), Status()
    with DeskLink(session) as link:
        while time.monotonic() < began + _READY_S:
            status = link.latest_status() or status
            needed = (ShowHealth, ShowDocument, CuesHealth, DocumentContent)
            if all(status.has(kind) for kind in needed):
                return time.monotonic() - began
            time.sleep(0.005)
    raise DeskError("the stand-in show", "does not answer", "see what it wrote above")


def add_turns(lines: Sequence[str], warm_up_s: float) -> TurnSums:
    """Return the sums of a desk's output lines after its warm-up, without truncated lines."""
    turns, long, worst, processor = 0, 0, 0.0, 0.0
    for line in lines:
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if one["t_s"] > warm_up_s:
            turns += one["turns"]
            long += one["long"]
            worst = max(worst, one["worst_ms"])
            processor = max(processor, one.get("worst_processor_ms", 0.0))
    return TurnSums(turns, long, worst, processor)


@contextmanager
def open_screen() -> Iterator[tuple[str, dict[str, str]]]:
    """Open a display for the desk: Xvfb where it is installed, else Qt's offscreen platform.

    Yields:
        The display's name, and the environment variables that select it for Qt.
    """
    server = shutil.which("Xvfb")
    if server is None:
        yield "offscreen (Xvfb is not installed)", {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            if not number:
                raise DeskError("Xvfb", "opens no screen", "uninstall it to measure offscreen")
            yield f"Xvfb {SCREEN}", {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            process.terminate()


@contextmanager
def _stand_in_show(environment: dict[str, str]) -> Iterator[str]:
    """Run the simulated show, and yield the name of its session."""
    command = [sys.executable, "-m", "renderer.desk.stand_in"]
    with _process(command, environment, stdout=subprocess.PIPE) as show:
        name = show.stdout.readline().decode().strip() if show.stdout else ""
        if not name:
            raise DeskError("the stand-in show", "does not start", "see what it wrote above")
        yield name


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process; on exit terminate it, and kill it if it does not end."""
    with subprocess.Popen(command, env=environment, stdout=stdout) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(_LEAVE_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _await(is_there: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + _READY_S
    while not is_there():
        if process.poll() is not None or time.monotonic() > deadline:
            raise DeskError(name, "does not start", "see what it wrote above")
        time.sleep(_LOOK_EVERY_S)


def _machine(load: float) -> Machine:
    from importlib.metadata import version

    return Machine(
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load=round(load, 2),
        system=platform.platform(),
        python=platform.python_version(),
        qt=version("pyside6-essentials"),
    )
