"""Defines the faults, and injects them into a running show."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import psutil

from renderer.bench.faults.follow import wait_until
from renderer.bench.faults.progress import PacketProgress
from renderer.bench.faults.running_show import Moment, RunningShow
from renderer.bench.faults.tick_parts import TICK_PARTS, TickPart
from renderer.protocol.outputs import GoLive

STOPPED_S: Final = 8.0
"""Seconds for which a process is stopped."""
CALLS: Final = 4
"""Number of calls in which a part of the tick raises: enough for it to count as failing."""
_REPORT_S: Final = 20.0
_BACK_S: Final = 150.0
"""Timeout of the recovery in seconds: a capture process reloads its trackers on a busy machine."""
_RAISED_S: Final = 60.0
_FRAMES: Final = 10
"""Program frames after which the show counts as running, not just flushing its queues."""
_BETWEEN_S: Final = 2.0
"""Pause in seconds between two faults: on a busy machine a second passes between two pictures."""
_COMMAND_EVERY_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class ProcessFault:
    """Kills a process of the show, or stops it temporarily.

    Attributes:
        process: prefix of its name; SUPERVISOR for the show's own process.
        label: its name in the report.
        alarm: prefix of the id of the alarm that reports it.
        is_killed: killed, rather than stopped temporarily.
        must_survive: whether the show must continue; otherwise it must end in order.
    """

    process: str
    label: str
    alarm: str
    is_killed: bool
    must_survive: bool = True

    @property
    def name(self) -> str:
        """Return the name of the fault."""
        return f"{self.label} {'killed' if self.is_killed else f'stopped for {STOPPED_S:.0f} s'}"

    @property
    def needs_stream(self) -> bool:
        """Return whether the fault requires a stream server."""
        return self.process == RELAY


@dataclass(frozen=True, slots=True)
class TickFault:
    """Makes a part of the tick raise several times in a row."""

    part: TickPart
    must_survive: bool = True

    @property
    def name(self) -> str:
        """Return the name of the fault."""
        return f"exception in {self.part.name}"


Fault = ProcessFault | TickFault

SUPERVISOR: Final = ""
ENGINE: Final = "engine"
MEDIA: Final = "media"
RELAY: Final = "stream "
"""Prefixes of process names; the supervisor is the show's own process."""

SURVIVABLE: Final = (
    ProcessFault("desk", "desk", "desk", is_killed=False),
    ProcessFault("desk", "desk", "desk", is_killed=True),
    ProcessFault("watch ", "watch", "watch.", is_killed=False),
    ProcessFault("watch ", "watch", "watch.", is_killed=True),
    ProcessFault(RELAY, "relay", "output.rtmp", is_killed=False),
    ProcessFault(RELAY, "relay", "output.rtmp", is_killed=True),
    ProcessFault("capture ", "capture", "camera.", is_killed=False),
    ProcessFault("capture ", "capture", "camera.", is_killed=True),
    ProcessFault(MEDIA, "media", "media.silent", is_killed=False),
    ProcessFault(MEDIA, "media", "media.lost", is_killed=True),
    ProcessFault(ENGINE, "engine", "engine", is_killed=False),
    ProcessFault(ENGINE, "engine", "engine", is_killed=True),
)
TICK_FAULTS: Final = tuple(map(TickFault, TICK_PARTS))
ENDING: Final = (ProcessFault(SUPERVISOR, "supervisor", "", is_killed=True, must_survive=False),)
ALL: Final[tuple[Fault, ...]] = (*SURVIVABLE, *TICK_FAULTS, *ENDING)


@dataclass(slots=True)
class Trial:
    """Records the injection of a fault.

    Attributes:
        begun: moment just before the injection.
        ended: moment of recovery, or of the timeout.
        is_back: whether everything worked again.
        remarks: other observations.
    """

    fault: Fault
    begun: Moment
    ended: Moment
    is_back: bool
    remarks: list[str] = field(default_factory=list)

    @property
    def ends_show(self) -> bool:
        """Return whether the fault may end the show."""
        return not self.fault.must_survive


def try_process_fault(show: RunningShow, fault: ProcessFault) -> Trial:
    """Stop or kill a process of a show, and wait for recovery."""
    is_own = fault.process == SUPERVISOR
    process = psutil.Process(show.pid) if is_own else show.process(fault.process)
    begun = show.mark()
    if process is None:
        return Trial(fault, begun, begun, False, [f"there is no {fault.label} process"])
    if fault.is_killed:
        process.kill()
    else:
        process.suspend()
        time.sleep(STOPPED_S)  # The duration itself is under test.
        with suppress(psutil.NoSuchProcess):  # The show may have replaced the process meanwhile.
            process.resume()
    if not fault.must_survive:
        show.wait()
        return Trial(fault, begun, show.mark(), False)
    progress, pages = PacketProgress(show.packets), show.pages

    def is_back() -> bool:
        # Noted each time, or the low count of another media process would be missed.
        has_advanced = progress.has_advanced(show.packets)
        another = show.process(fault.process)
        return (
            another is not None
            and not (fault.is_killed and another == process)
            and not show.follower.is_alarmed(fault.alarm)
            and show.is_on_air
            and show.pages > pages
            and has_advanced
        )

    trial = _await_back(show, fault, begun, is_back)
    # A part that recovers before its fault was detected may still be replaced.
    if trial.is_back:
        wait_until(
            lambda: (
                show.exit_status is not None or show.follower.has_alarm(fault.alarm, begun.epoch)
            ),
            _REPORT_S,
        )
        if not is_back():
            return _await_back(show, fault, begun, is_back)
    return trial


def try_tick_fault(show: RunningShow, fault: TickFault) -> Trial:
    """Make a part of the tick raise, and wait until the show continues."""
    part = fault.part
    begun = show.mark()
    show.request_fault(part.name, CALLS)
    commanded = 0.0

    def has_raised() -> bool:
        nonlocal commanded
        if part.needs == "command" and time.monotonic() > commanded + _COMMAND_EVERY_S:
            commanded = time.monotonic()
            show.post(GoLive())  # LIVE is already set, so an accepted command changes nothing.
        return show.exit_status is not None or show.count_raised(part.name) >= CALLS

    if not wait_until(has_raised, _RAISED_S):
        raised = show.count_raised(part.name)
        return Trial(fault, begun, show.mark(), False, [f"raised {raised} of {CALLS} times"])
    frames = show.frames
    return _await_back(
        show,
        fault,
        begun,
        lambda: (
            show.follower.has_alarm(part.part, begun.epoch)
            and show.is_on_air
            and show.frames > frames + _FRAMES
        ),
    )


def await_calm(show: RunningShow, trials: list[Trial]) -> None:
    """Wait until no alarm of the tick is active; record those that still are."""
    parts = [
        (trial, trial.fault.part.part) for trial in trials if isinstance(trial.fault, TickFault)
    ]
    wait_until(
        lambda: (
            show.exit_status is not None
            or not any(show.follower.is_alarmed(part) for _, part in parts)
        ),
        _RAISED_S,
    )
    for trial, part in parts:
        if show.follower.is_alarmed(part):
            trial.is_back = False
            trial.remarks.append("its alarm was never cleared")


def _await_back(
    show: RunningShow, fault: Fault, begun: Moment, is_back: Callable[[], bool]
) -> Trial:
    came_back = wait_until(lambda: show.exit_status is not None or is_back(), _BACK_S)
    is_alive = show.exit_status is None
    remarks = [] if is_alive else ["the show ended"]
    if is_alive and not came_back:
        remarks.append(f"not everything worked again within {_BACK_S:.0f} s")
    ended = show.mark()
    time.sleep(_BETWEEN_S)  # Separates the gap of the next fault from this one.
    return Trial(fault, begun, ended, came_back and is_alive, remarks)
