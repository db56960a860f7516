"""Benchmark the desk: whether it survives a show, its processor load and its response time.

A real desk process on its own display follows a simulated show: four cameras with one performer
each, 30 detections per second, eight outputs, and program, preview and ten shots in the sizes in
which they are drawn. No input events are sent to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from renderer.bench.desk.engine import EngineRates, measure_engine
from renderer.bench.desk.report import DeskReport, add_turns, describe_desk_machine
from renderer.bench.desk.screen import open_screen, run_process
from renderer.bench.machine import load_average
from renderer.errors import DeskError
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink

WINDOW: Final = "1900x1040"
"""Size of the desk's window, pixels."""
WARM_UP_S: Final = 3.0
"""Seconds excluded from the measurement, while Qt loads and lays out the window."""
ENGINE_FROM_S: Final = 60.0
"""Shortest measurement of the desk after which the engine is measured too, seconds."""
ENGINE_S: Final = 20.0
"""Length of each measurement of the engine, seconds."""

_READY_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.2
_PROGRESS_EVERY_S: Final = 30.0


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
    command = [sys.executable, "-m", "renderer.cli", "desk", "--size", WINDOW]
    reconnect_s = _reconnect(Path(environment["ENCORE_RUNTIME"]) / session)
    started_ns = time.monotonic_ns()
    with run_process([*command, "--session", session, "--turns", str(lines)], environment) as desk:
        _await(lambda: lines.exists() and lines.stat().st_size > 0, desk, "the desk")
        began = time.monotonic()
        watched = psutil.Process(desk.pid)
        used_before, used_at, used, now = 0.0, began, 0.0, began
        reported_at = began
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
            if now - reported_at >= _PROGRESS_EVERY_S:
                reported_at = now
                progress(f"{now - began:.0f} s of {WARM_UP_S + seconds:.0f} s")
        status = desk.poll()
    sums = add_turns(lines.read_text(encoding="utf-8").splitlines(), WARM_UP_S)
    engine: EngineRates | None = None
    if status is None and seconds >= ENGINE_FROM_S:
        try:
            engine = measure_engine(command, environment, folder, ENGINE_S, progress)
        except DeskError as fault:
            progress(f"the engine was not measured: {fault}")
    return DeskReport(
        asked_s=WARM_UP_S + seconds,
        survived_s=round(now - began, 1),
        exit_status=status,
        cpu_share=round((used - used_before) / max(now - used_at, _LOOK_EVERY_S), 4),
        worst_turn_ms=sums.worst_ms,
        worst_turn_processor_ms=sums.worst_processor_ms,
        reconnect_s=round(reconnect_s, 3),
        shown_s=round((sums.shown_ns - started_ns) / 1e9, 3) if sums.shown_ns else None,
        turns_over_8ms_share=round(sums.long / max(sums.turns, 1), 4),
        processor_turns_over_8ms_share=round(sums.long_processor / max(sums.turns, 1), 4),
        turns=sums.turns,
        engine_ratio=None if engine is None else round(engine.ratio, 4),
        engine_rate=None if engine is None else round(engine.without, 2),
        display=display,
        machine=describe_desk_machine(load),
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


@contextmanager
def _stand_in_show(environment: dict[str, str]) -> Iterator[str]:
    """Run the simulated show, and yield the name of its session."""
    command = [sys.executable, "-m", "renderer.desk.stand_in"]
    with run_process(command, environment, stdout=subprocess.PIPE) as show:
        name = show.stdout.readline().decode().strip() if show.stdout else ""
        if not name:
            raise DeskError("the stand-in show", "does not start", "see what it wrote above")
        yield name


def _await(is_there: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + _READY_S
    while not is_there():
        if process.poll() is not None or time.monotonic() > deadline:
            raise DeskError(name, "does not start", "see what it wrote above")
        time.sleep(_LOOK_EVERY_S)
