"""Measure what a desk costs the engine: its frame rate without a desk and with one, in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.bench.desk.screen import run_process
from renderer.errors import DeskError
from renderer.paths import FIRST_LIGHT
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.pictures import PROGRAM, PicturesHealth
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink

PICTURE: Final = ("--size", "256x144", "--rate", "20")
"""Output size and rate that a machine without a GPU can render."""
PAIRS: Final = 3
"""Pairs of measurements, without a desk and with one: their medians are compared."""
_START_S: Final = 240.0
"""Time limit for the start of show and desk, on a machine that may be busy."""
_WARM_UP_S: Final = 4.0
"""Seconds left out after each change: the engine opens or closes the views that a desk asks for."""
_LOOK_EVERY_S: Final = 0.05
_SEEING: Final = (CameraState.SEEING, CameraState.EMPTY)


@dataclass(frozen=True, slots=True)
class EngineRates:
    """Program frames a second of a real show.

    Attributes:
        without, beside: medians of the measurements without a desk and with one.
    """

    without: float
    beside: float

    @property
    def ratio(self) -> float:
        """Return the rate with a desk over the rate without."""
        return self.beside / max(self.without, 1e-6)


def measure_engine(
    desk: list[str],
    environment: Mapping[str, str],
    folder: Path,
    seconds: float,
    progress: Callable[[str], None],
) -> EngineRates:
    """Run First Light off air, and count its frames with and without a desk.

    Args:
        desk: command of a desk that follows the newest show.
        environment: variables of display and runtime folder.
        folder: for the show's files.
        seconds: length of each measurement.
        progress: called with the name of each step.

    Raises:
        DeskError: show or desk does not start.
    """
    own = {**environment, "ENCORE_RUNTIME": str(folder / "engine")}
    words = ["show", str(FIRST_LIGHT), "--live", "--off-air", *PICTURE]
    command = [sys.executable, "-m", "renderer.cli", *words]
    with run_process(
        command, own, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as show:
        follower = _follow(folder / "engine", show)
        try:
            return _compare(follower, desk, own, seconds, progress)
        finally:
            follower.link.post(EndShow())
            follower.link.close()
            show.wait(_START_S)


class _Follower:
    """Reads the status of a show, and counts its frames."""

    def __init__(self, link: DeskLink) -> None:
        self.link = link
        self.status = Status()

    def wait(self, is_there: Callable[[Status], bool], what: str) -> None:
        """Read until a condition holds.

        Raises:
            DeskError: it does not in time.
        """
        deadline = time.monotonic() + _START_S
        while not is_there(self.status):
            if time.monotonic() > deadline:
                raise DeskError(what, "does not start", "see what it wrote above")
            self._read()

    def rate(self, seconds: float) -> float:
        """Return the program frames a second within a time, by what the show counts."""
        self._pass(_WARM_UP_S)
        began, first = time.monotonic(), self.status.of(ShowHealth).frames
        self._pass(seconds)
        frames = self.status.of(ShowHealth).frames - first
        return frames / (time.monotonic() - began)

    def _pass(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read()

    def _read(self) -> None:
        self.status = self.link.latest_status() or self.status
        time.sleep(_LOOK_EVERY_S)


def _follow(runtime: Path, show: subprocess.Popen[bytes]) -> _Follower:
    """Return a follower of a show that has just been started.

    Raises:
        DeskError: it ends, or does not start in time.
    """
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and show.poll() is None:
        for card in runtime.glob("show-*/bus.json"):
            return _Follower(DeskLink(card.parent))
        time.sleep(_LOOK_EVERY_S)
    raise DeskError("First Light", "does not start", "see what it wrote above")


def _compare(
    follower: _Follower,
    desk: list[str],
    environment: Mapping[str, str],
    seconds: float,
    progress: Callable[[str], None],
) -> EngineRates:
    follower.wait(_is_seen, "First Light")
    without, beside = [], []
    for pair in range(PAIRS):
        progress(f"the engine without a desk and with one, {pair + 1} of {PAIRS}")
        without.append(follower.rate(seconds))
        with run_process(desk, environment):
            follower.wait(_is_watched, "the desk")
            beside.append(follower.rate(seconds))
        # What a desk asked for is drawn until its lease ends.
        follower.wait(lambda status: not _is_watched(status), "the desk's end")
    return EngineRates(statistics.median(without), statistics.median(beside))


def _is_seen(status: Status) -> bool:
    """Return whether the show runs and its performer is tracked."""
    cameras = status.of(InputsHealth).cameras
    return (
        status.of(ShowHealth).state is ShowState.PREVIEW
        and bool(cameras)
        and all(one.state in _SEEING for one in cameras)
    )


def _is_watched(status: Status) -> bool:
    """Return whether a desk has asked for the program's picture."""
    return any(one.view == PROGRAM for one in status.of(PicturesHealth).pictures)
