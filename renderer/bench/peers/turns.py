"""Measure two renderers in turn, each in its own process, which draws on request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from renderer.closing import Closing


class AbsentError(Exception):
    """Raised when a peer cannot be run on this machine; the message states the reason."""


class Drawer(Protocol):
    """A renderer that draws on request."""

    def draw(self, frames: int) -> Sequence[float]:
        """Draw frames; return the milliseconds of each, by the clock."""

    def processor_s(self) -> float:
        """Return the processor seconds of all its processes since their start; 0 if unknown."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our time for a frame as a fraction of a peer's.

    Attributes:
        value: ratio of the median wall times over all rounds; None if the peer is absent.
        reason: why it is absent.
        ours_ms, peer_ms: the medians.
        processor: the same ratio of processor time over all threads and processes, which other load
            on the machine affects less; None if the system does not report it.
    """

    value: float | None
    reason: str = ""
    ours_ms: float = 0.0
    peer_ms: float = 0.0
    processor: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the ratio as plain data."""
        return {
            "ratio": self.value,
            "reason": self.reason or None,
            "ours_ms": self.ours_ms,
            "peer_ms": self.peer_ms,
            "processor_ratio": self.processor,
        }

    def text(self) -> str:
        """Return the ratio as readable text."""
        if self.value is None:
            return f"not measured: {self.reason}"
        processor = "" if self.processor is None else f", {self.processor:.2f} of processor time"
        return f"{self.value:.2f} ({self.ours_ms:.1f} ms for {self.peer_ms:.1f} ms){processor}"


def compare(
    ours: Drawer, peer: Drawer, *, rounds: int, frames: int, notify: Callable[[str], None]
) -> Ratio:
    """Measure both in turn for several rounds; the first round is not counted.

    Args:
        frames: number of frames that each draws in a round.
        notify: called with the number of each round.
    """
    spent: tuple[list[float], list[float]] = [], []
    processor = [0.0, 0.0]
    for number in range(rounds + 1):
        notify(f"round {number} of {rounds}")
        for which, drawer in enumerate((ours, peer)):
            before = drawer.processor_s()
            drawn = drawer.draw(frames)
            if number:
                spent[which].extend(drawn)
                processor[which] += drawer.processor_s() - before
    own, other = (float(np.median(times)) for times in spent)
    share = processor[0] / processor[1] if min(processor) > 0.0 else None
    return Ratio(own / other, "", own, other, share)


def group_processor_s(group: int) -> float:
    """Return the processor seconds of all live processes of a group; 0 where /proc is missing."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # The process has ended in the meantime.
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


class DrawingProcess(Closing):
    """A Python process that draws on request.

    The process prints a line once it is ready. For each line with a number of frames it draws them
    and prints a line with their milliseconds as JSON.

    Args:
        arguments: of Python.
        folder: working folder, whose modules are imported first.

    Raises:
        AbsentError: the process ends before it is ready.
    """

    def __init__(self, arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder,
            env={**environment, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        self._answer()

    def draw(self, frames: int) -> Sequence[float]:
        """Draw frames; return the milliseconds of each, by the clock."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{frames}\n")
        self._process.stdin.flush()
        times: list[float] = json.loads(self._answer())
        return times

    def processor_s(self) -> float:
        """Return the processor seconds of the process since its start; 0 if unknown."""
        return group_processor_s(self._process.pid)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, errors = self._process.communicate()
            last = (errors.strip().splitlines() or ["it printed nothing"])[-1]
            raise AbsentError(f"it ended at once ({last})")
        return line

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


def serve(draw: Callable[[int], None]) -> None:
    """Draw frames on request until the standard input ends: the other side of DrawingProcess.

    Args:
        draw: draws the frame of a given number, and returns after its readback.
    """
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    number = 0
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            draw(number)
            times.append((time.perf_counter() - start) * 1e3)
            number += 1
        sys.stdout.write(json.dumps(times) + "\n")
        sys.stdout.flush()
