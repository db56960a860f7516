"""Run a live show for some minutes, disturb it on a schedule, and measure what its audience missed.

The show is the real command with a desk, a recording with a second disk, an HLS folder and, where
nginx has its RTMP module, a stream; its engine can be made to lose the GPU and the time of day.
What is measured is in its recording, which has one clock from start to end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from renderer.bench import rtmp_server, sound_server
from renderer.bench.desk.screen import open_screen
from renderer.bench.faults.inputs import write_repeated_clip
from renderer.bench.faults.running_show import Moment, RunningShow, ShowSetup
from renderer.bench.machine import load_average, processor_name
from renderer.bench.onair.measure import (
    MemoryMeter,
    Recording,
    count_missing,
    invert,
    list_shared_memory,
    longest_silence,
    read_recording,
    sleep_until,
    widen,
)
from renderer.bench.onair.records import AirFault, AirReport
from renderer.bench.onair.schedule import (
    ENGINE_ALARM,
    Disturbance,
    Surroundings,
    choose_faults,
)
from renderer.bench.sound_server import SoundServer
from renderer.errors import OutputError
from renderer.paths import CLIP, SONG

EVERY_S: Final = 60.0
"""Seconds from one fault to the next."""
_FIRST_S: Final = 10.0
"""Seconds on air before the first fault."""
_CALM_S: Final = 5.0
"""Least seconds between the recovery from a fault and the next fault."""
RATE: Final = 20.0
"""Frames per second of the benchmark's shows; see running_show.PICTURE."""

Happened = tuple[Disturbance, Moment, Moment, bool, str]
"""A disturbance, the moments before and after it, whether all worked again, and remarks."""


def run_air_bench(
    minutes: float,
    progress: Callable[[str], None],
    every_s: float = EVERY_S,
    faults: str = "",
    has_standby: bool = False,
) -> AirReport:
    """Disturb one show on a schedule.

    Args:
        minutes: for which it is on air.
        progress: called with the name of each step.
        every_s: seconds from one fault to the next; a fault that lasts longer delays the next.
        faults: beginning of the names of the faults that are injected; empty for all. The schedule
            is repeated until the time is over.
        has_standby: whether the show has a standby engine.

    Raises:
        RendererError: the show, the desk's display or the stream server does not start, or no
            fault has such a name.
    """
    schedule = choose_faults(faults)
    began = load_average()
    folder = Path(tempfile.mkdtemp(prefix="onair-bench-"))
    shared = list_shared_memory()
    with ExitStack() as opened:
        display, environment = opened.enter_context(open_screen())
        server = None
        if rtmp_server.is_installed():
            server = opened.enter_context(rtmp_server.RtmpServer(folder / "nginx"))
        sound = _open_sound(folder, environment, opened)
        around = Surroundings(server, sound)
        usable = [one for one in schedule if one.is_possible(around)]
        clip = folder / "input.mp4"
        write_repeated_clip(CLIP, clip, round(60.0 * minutes) + 600)
        document = [] if sound is None else [str(_write_document(folder / "show.toml"))]
        setup = ShowSetup(
            (
                *document, "--input", str(clip), "--song", str(SONG),
                *(["--standby"] if has_standby else []),
            ),
            "" if server is None else server.url,
            is_injected=True,
            has_second_disk=True,
        )  # fmt: skip
        progress("the show starts")
        show = opened.enter_context(RunningShow(folder / "show", setup, environment))
        show.await_on_air()
        with MemoryMeter(show.pid, lambda: show.is_on_air) as memory:
            happened = _disturb(show, around, usable, minutes, every_s, progress)
        is_alive = show.exit_status is None
        progress("the show ends")
        show.end()
        machine = (
            f"{processor_name()}, {os.cpu_count()} cores, load {began:.1f} before; {display}; "
            f"{'no stream' if server is None else 'nginx-rtmp'}; "
            f"{'no sound device' if sound is None else 'PulseAudio'}"
        )
        leftovers = [*show.leftovers(), *_find_files(show, shared)]
        report = _judge(show, happened, is_alive, machine, minutes, memory.growth_pct(), leftovers)
    if report.survived:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _open_sound(folder: Path, environment: dict[str, str], opened: ExitStack) -> SoundServer | None:
    """Return a sound server that shows of this environment play to; None if it is not installed."""
    if not sound_server.is_installed():
        return None
    (folder / "pulse").mkdir()
    server = opened.enter_context(SoundServer(folder / "pulse"))
    environment["PULSE_SERVER"] = server.address
    return server


def _write_document(path: Path) -> Path:
    """Write the document of a show that plays its program in the room, and return its path."""
    path.write_text('schema = 1\n\n[sound]\nroom = "pulse:room"\n', encoding="utf-8")
    return path


def _disturb(
    show: RunningShow,
    around: Surroundings,
    schedule: Sequence[Disturbance],
    minutes: float,
    every_s: float,
    progress: Callable[[str], None],
) -> list[Happened]:
    """Inject faults until the time is over; return what happened."""

    def is_over() -> bool:
        return show.exit_status is not None

    end = time.monotonic() + 60.0 * minutes
    due = time.monotonic() + _FIRST_S
    happened: list[Happened] = []
    for one in cycle(schedule):
        sleep_until(min(due, end), is_over)
        if is_over() or time.monotonic() >= end:
            return happened
        progress(one.name)
        happened.append((one, *one.disturb(show, around)))
        due = max(due + every_s, time.monotonic() + _CALM_S)
    return happened


def _judge(
    show: RunningShow,
    happened: Sequence[Happened],
    is_alive: bool,
    machine: str,
    minutes: float,
    growth_pct: float,
    leftovers: Sequence[str],
) -> AirReport:
    problems = [] if is_alive else [f"the show ended with status {show.exit_status}"]
    if "Traceback" in show.errors:
        problems.append("the show wrote a traceback")
    last_report = show.report()
    if last_report is None:
        problems.append("there is no report")
    alarms = [] if last_report is None else last_report["alarms"]
    try:
        recording = read_recording(show.recording)
    except OutputError as fault:
        recording = Recording([], [])
        problems.append(str(fault))
    spans = [widen(begun.show, ended.show) for _, begun, ended, _, _ in happened]
    length = recording.pictures[-1] if recording.pictures else 0.0
    outside = invert(spans, length)
    # A gap that reaches into the time around a fault belongs to the fault.
    missing = count_missing(recording.pictures, RATE, [(0.0, length)])
    elsewhere = missing - count_missing(recording.pictures, RATE, spans)
    steps = np.diff(recording.pictures) if len(recording.pictures) > 1 else np.ones(1)
    faults = [
        AirFault(
            fault=one.name,
            recovered_s=round(ended.monotonic - begun.monotonic, 1) if is_back else None,
            frames_missing=count_missing(recording.pictures, RATE, [span]),
            sound_gap_s=round(longest_silence(recording.sound, [span]), 3),
            detail=remarks,
            engine_away_s=_find_engine_away(alarms, begun.epoch, ended.epoch),
        )
        for span, (one, begun, ended, is_back, remarks) in zip(spans, happened, strict=True)
    ]
    return AirReport(
        machine=machine,
        minutes=minutes,
        faults=faults,
        survived=not problems and all(one.recovered_s is not None for one in faults),
        frames_missing_elsewhere=elsewhere,
        longest_gap_s=round(_longest_gap(recording.pictures, outside), 2),
        runs_backwards=int((steps <= 0.0).sum()),
        memory_growth_pct=round(growth_pct, 1),
        leftovers=leftovers,
        problems=problems,
    )


def _find_engine_away(
    alarms: Sequence[Mapping[str, Any]], begin: float, end: float
) -> float | None:
    """Return for how long the engine's alarm was active that was raised between two times.

    Args:
        alarms: of the show's report.
        begin, end: seconds since the Unix epoch.

    Returns:
        Seconds; None if there was no such alarm, or it was never cleared.
    """
    for alarm in alarms:
        if alarm["id"] == ENGINE_ALARM and begin <= alarm["raised_at"] <= end:
            cleared_at = alarm.get("cleared_at")
            return None if cleared_at is None else round(cleared_at - alarm["raised_at"], 1)
    return None


def _longest_gap(times: Sequence[float], spans: Sequence[tuple[float, float]]) -> float:
    gaps = [
        late - early
        for early, late in pairwise(times)
        if any(begin <= early and late <= end for begin, end in spans)
    ]
    return max(gaps, default=0.0)


def _find_files(show: RunningShow, shared: set[str]) -> list[str]:
    """Return the session folders and shared memory that the show left behind."""
    sessions = [path.name for path in (show.folder / "run").glob("show-*")]
    parts = [path.name for path in show.folder.glob("*.part*")]
    return [*sessions, *parts, *sorted(list_shared_memory() - shared)]
