"""Measure a live show on two cores: its frame rate, and the limits that the governor applied."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from renderer.paths import CLIP, SONG

SIZE: Final = "640x360"
CORES: Final = 2
GOAL: Final = 15.0
_LIMIT_S: Final = 300.0
"""Timeout of a show of half a minute, including its start on a busy machine, seconds."""


@dataclass(frozen=True, slots=True)
class LiveRate:
    """Results of a live show.

    Attributes:
        rate: program frames per second; None if it cannot be measured.
        given_up: seconds for which each limit was applied, by name.
        reason: why it cannot be measured.
    """

    rate: float | None
    given_up: dict[str, float] = field(default_factory=dict)
    reason: str = ""

    def text(self) -> str:
        """Return the results as readable text."""
        if self.rate is None:
            return f"not measured: {self.reason}"
        parts = "; ".join(f"{name} for {seconds:.0f} s" for name, seconds in self.given_up.items())
        return f"{self.rate:.1f} frames a second, given up: {parts or 'nothing'}"


def measure_live_rate() -> LiveRate:
    """Run the demo's performance live, with capture, drawing and encoding, on CORES cores."""
    if not hasattr(os, "sched_setaffinity"):
        return LiveRate(None, reason="this system cannot hold a process to two cores")
    cores = set(sorted(os.sched_getaffinity(0))[:CORES])
    if len(cores) < CORES:
        return LiveRate(None, reason="this machine has a single core")
    with tempfile.TemporaryDirectory() as folder:
        report, record = Path(folder, "report.json"), Path(folder, "show.mp4")
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # A child inherits it.
        try:
            done = subprocess.run(
                [sys.executable, "-m", "renderer.cli", "show", "--live", "--input", str(CLIP),
                 "--song", str(SONG), "--size", SIZE, "--record", str(record),
                 "--report", str(report)],
                env={**os.environ, "LP_NUM_THREADS": str(CORES)},
                capture_output=True, text=True, timeout=_LIMIT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return LiveRate(None, reason=f"the show did not end within {_LIMIT_S:.0f} s")
        finally:
            os.sched_setaffinity(0, before)
        if not report.is_file():
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            return LiveRate(None, reason=f"the show left no report ({last})")
        figures = json.loads(report.read_text())
    rate = figures["frames"] / max(figures["show_seconds"], 1e-3)
    return LiveRate(rate, figures["given_up"])
