"""Inject the faults of the machine under a show: a full disk, a stepped clock, a lost GPU."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

import psutil

from renderer.bench.faults.clock_step import CLOCK
from renderer.bench.faults.follow import wait_until
from renderer.bench.faults.injection import GPU
from renderer.bench.faults.progress import PacketProgress
from renderer.bench.faults.running_show import Moment, RunningShow
from renderer.bench.faults.scenarios import MEDIA
from renderer.show.supervision.software_fallback import ALARM

BACK_S: Final = 150.0
"""Timeout of a recovery in seconds."""
REPORT_S: Final = 20.0
"""Seconds within which an alarm has to tell of a fault."""
_STEP_S: Final = 30
"""Seconds by which the clock is set back."""
_STEPPED_S: Final = 5.0
"""Seconds for which it is wrong."""
_SECOND_DISK: Final = "A recording is on its second disk"
"""Begin of the alarm's text."""

Outcome = tuple[Moment, Moment, bool, str]
"""The moments before a fault and after it, whether all works again, and remarks."""


def await_all(show: RunningShow, begun: Moment, *alarms: str) -> Outcome:
    """Wait until everything works again, and none of some alarms is active.

    Args:
        begun: moment before the fault.
        alarms: begins of their ids or texts.
    """
    progress = PacketProgress(show.packets)

    def is_back() -> bool:
        has_advanced = progress.has_advanced(show.packets)
        return has_advanced and show.is_on_air and not any(map(show.follower.is_alarmed, alarms))

    came_back = wait_until(lambda: show.exit_status is not None or is_back(), BACK_S)
    is_alive = show.exit_status is None
    return begun, show.mark(), came_back and is_alive, "" if is_alive else "the show ended"


def fill_disk(show: RunningShow) -> Outcome:
    """Let the recording's file grow no more, and wait until the recording is on its second disk.

    The limit is of the media process and for files of the recording's present size, so that the
    folder's segments are still written; it is lifted when the recording has moved.
    """
    begun = show.mark()
    if show.follower.is_alarmed(_SECOND_DISK):
        return begun, begun, True, "not tried, since the recording is on its second disk already"
    if not hasattr(psutil.Process, "rlimit"):
        return begun, begun, True, "not tried, since this system does not limit a process's files"
    process = show.process(MEDIA)
    files = sorted(show.folder.glob("show*.mp4"), key=lambda path: path.stat().st_mtime)
    if process is None or not files:
        return begun, begun, False, "there is no recording"
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (files[-1].stat().st_size, before[1]))
    is_told = wait_until(lambda: show.follower.has_alarm(_SECOND_DISK, begun.epoch), REPORT_S)
    with suppress(psutil.NoSuchProcess):
        process.rlimit(psutil.RLIMIT_FSIZE, before)
    begun, ended, is_back, remarks = await_all(show, begun)
    return begun, ended, is_back, remarks or ("" if is_told else "no alarm was raised")


def step_clock(show: RunningShow) -> Outcome:
    """Set the engine's clock of the day back for some seconds, and forward again."""
    begun = show.mark()
    show.request_fault(CLOCK, -_STEP_S)
    time.sleep(_STEPPED_S)  # How long the clock is wrong is under test.
    show.request_fault(CLOCK, _STEP_S)
    return await_all(show, begun, "part.")


def lose_gpu(show: RunningShow) -> Outcome:
    """Lose the GPU, and wait until another engine draws in software."""
    begun = show.mark()
    if show.follower.is_alarmed(ALARM):
        return begun, begun, True, "not tried, since the show is drawn in software already"
    frames = show.frames
    show.request_fault(GPU, 1)
    if not wait_until(lambda: show.follower.has_alarm(ALARM, begun.epoch), BACK_S):
        return begun, show.mark(), False, "no alarm was raised"
    wait_until(lambda: show.exit_status is not None or show.frames > frames, BACK_S)
    return await_all(show, begun, "engine")
