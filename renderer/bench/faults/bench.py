"""Injects faults into real live shows one after another, and reports their effects.

Processes are stopped and killed from outside, as the system or a crash would do it; parts of the
tick raise in a show whose functions are wrapped. Faults that a show must survive share a show until
one of them ends it; killing the supervisor takes a show of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from renderer.bench import rtmp_server
from renderer.bench.desk.screen import open_screen
from renderer.bench.faults.inputs import write_repeated_clip, write_standing_performer
from renderer.bench.faults.judge import judge_show
from renderer.bench.faults.records import FaultReport, FaultResult
from renderer.bench.faults.running_show import RunningShow, ShowSetup
from renderer.bench.faults.scenarios import (
    ALL,
    Fault,
    ProcessFault,
    TickFault,
    Trial,
    await_calm,
    try_process_fault,
    try_tick_fault,
)
from renderer.bench.machine import load_average, processor_name
from renderer.errors import ShowError
from renderer.paths import CLIP, SONG

USUAL_S: Final = 6.0
"""Seconds for which a show is observed before its first fault."""
INPUT_S: Final = 1800
"""Length of the input in seconds; longer than any show of the benchmark."""


def run_fault_bench(progress: Callable[[str], None], faults: Sequence[Fault] = ALL) -> FaultReport:
    """Inject faults into real shows.

    Args:
        progress: called with the name of each step.
        faults: the faults to inject; tick faults run in shows of their own.

    Raises:
        RendererError: the desk's display or the stream server does not start.
    """
    began = load_average()
    folder = Path(tempfile.mkdtemp(prefix="fault-bench-"))
    with ExitStack() as opened:
        display, environment = opened.enter_context(open_screen())
        stream, omitted = "", []
        if rtmp_server.is_installed():
            stream = opened.enter_context(rtmp_server.RtmpServer(folder / "nginx")).url
        else:
            reason = "nginx with its RTMP module is not installed"
            omitted = [f"{one.name}: {reason}" for one in faults if _needs_stream(one)]
            faults = [one for one in faults if not _needs_stream(one)]
        bench = _Bench(folder, environment, stream, progress)
        results = bench.try_all(faults)
    is_passed = all(result.is_passed for result in results)
    if is_passed:
        shutil.rmtree(folder, ignore_errors=True)
    return FaultReport(
        machine=f"{processor_name()}, {os.cpu_count()} cores, load {began:.1f} before; {display}; "
        f"{'nginx-rtmp' if stream else 'no stream'}",
        results=results,
        omitted=omitted,
        kept="" if is_passed else str(folder),
    )


class _Bench:
    """Starts shows and injects faults into them."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        stream: str,
        progress: Callable[[str], None],
    ) -> None:
        self._folder, self._environment, self._stream = folder, environment, stream
        self._progress = progress
        self._shows = 0
        self._clip = folder / "input.mp4"
        self._companion = folder / "companion.vrma"

    def try_all(self, faults: Sequence[Fault]) -> list[FaultResult]:
        """Inject every fault; return the results in the order in which they were injected."""
        write_repeated_clip(CLIP, self._clip, INPUT_S)
        write_standing_performer(self._companion, INPUT_S)
        survivable = [one for one in faults if one.must_survive]
        results: list[FaultResult] = []
        for kind in (ProcessFault, TickFault):
            waiting: list[Fault] = [one for one in survivable if isinstance(one, kind)]
            while waiting:
                # If a fault ends the show, the remaining faults run in a new one.
                results += self._try_in_one_show(waiting)
        for one in faults:
            if not one.must_survive:
                results += self._try_in_one_show([one])
        return results

    def _try_in_one_show(self, waiting: list[Fault]) -> list[FaultResult]:
        """Inject faults until one ends the show; remove those that were injected from the list.

        If the show does not start, every fault is reported as not tried.
        """
        self._shows += 1
        trials: list[Trial] = []
        setup = self._setup(waiting[0])
        self._progress(f"show {self._shows} starts")
        with RunningShow(self._folder / str(self._shows), setup, self._environment) as show:
            try:
                show.await_on_air()
            except ShowError as refused:
                untried = [_report_untried(one, str(refused)) for one in waiting]
                waiting.clear()
                return untried
            begun = show.mark()
            time.sleep(USUAL_S)
            usual = (begun, show.mark())
            while waiting and show.exit_status is None:
                fault = waiting.pop(0)
                self._progress(fault.name)
                if isinstance(fault, TickFault):
                    trials.append(try_tick_fault(show, fault))
                else:
                    trials.append(try_process_fault(show, fault))
            await_calm(show, trials)
            self._progress(f"show {self._shows} ends")
            show.end()
            return judge_show(show, usual, trials)

    def _setup(self, fault: Fault) -> ShowSetup:
        """Return the setup of the show for a fault and others of its kind."""
        inputs: tuple[str, ...] = ("--input", str(self._clip), "--song", str(SONG))
        if not isinstance(fault, TickFault):
            return ShowSetup(inputs, self._stream)
        inputs += ("--input", str(self._companion), "--closeup", str(self._clip))
        inputs += ("--voice", str(SONG))
        return ShowSetup(inputs, self._stream, has_desk=False, is_injected=True)


def _report_untried(fault: Fault, why: str) -> FaultResult:
    return FaultResult(
        fault=fault.name,
        show_survived=False,
        longest_gap_s=0.0,
        told=False,
        ended_in_order=False,
        must_survive=fault.must_survive,
        usual_gap_s=0.0,
        back_after_s=None,
        gaps_s={},
        detail=f"not tried: {why}",
    )


def _needs_stream(fault: Fault) -> bool:
    return isinstance(fault, ProcessFault) and fault.needs_stream
