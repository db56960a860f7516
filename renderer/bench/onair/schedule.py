"""List what happens to a show that has to stay on air, in the order of the schedule."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from renderer.bench.faults.follow import wait_until
from renderer.bench.faults.running_show import RunningShow
from renderer.bench.faults.scenarios import (
    ENGINE,
    MEDIA,
    RELAY,
    STOPPED_S,
    ProcessFault,
    Trial,
    try_process_fault,
)
from renderer.bench.onair.machine_faults import (
    REPORT_S,
    Outcome,
    await_all,
    fill_disk,
    lose_gpu,
    step_clock,
)
from renderer.bench.rtmp_server import RtmpServer
from renderer.bench.sound_server import SoundServer
from renderer.errors import ShowError

ENGINE_ALARM: Final = "engine"
"""Id of the alarm of an engine that is away."""
STREAM_ALARM: Final = "output.rtmp"
"""Begin of the ids of the alarms of streams."""
ROOM_ALARM: Final = "media.sound.program"
"""Id of the alarm of the device that plays the program in the room."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around a show: its servers; None for one that is not installed."""

    stream: RtmpServer | None = None
    sound: SoundServer | None = None


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One entry of the schedule.

    Attributes:
        name: for the report.
        disturb: injects it, waits until all works again, and returns whether it does, with the
            moments before and after.
        needs_server: whether there must be a stream server.
        needs_sound: whether there must be a sound server.
    """

    name: str
    disturb: Callable[[RunningShow, Surroundings], Outcome]
    needs_server: bool = False
    needs_sound: bool = False

    def is_possible(self, around: Surroundings) -> bool:
        """Return whether what it needs is installed."""
        has_server = around.stream is not None or not self.needs_server
        return has_server and (around.sound is not None or not self.needs_sound)


def _of_process(process: str, label: str, alarm: str, *, is_killed: bool) -> Disturbance:
    fault = ProcessFault(process, label, alarm, is_killed)

    def disturb(show: RunningShow, _around: Surroundings) -> Outcome:
        trial: Trial = try_process_fault(show, fault)
        return trial.begun, trial.ended, trial.is_back, "; ".join(trial.remarks)

    return Disturbance(fault.name, disturb, needs_server=fault.needs_stream)


def _kill_server(show: RunningShow, around: Surroundings) -> Outcome:
    begun = show.mark()
    if (server := around.stream) is not None:
        server.kill()
        time.sleep(STOPPED_S)  # The length of the outage is under test.
        server.start()
    return await_all(show, begun, STREAM_ALARM, ROOM_ALARM)


def _stall_server(show: RunningShow, around: Surroundings) -> Outcome:
    begun = show.mark()
    if (server := around.stream) is not None:
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(STOPPED_S)  # The length of the stall is under test.
        os.kill(server.pid, signal.SIGCONT)
    return await_all(show, begun, STREAM_ALARM, ROOM_ALARM)


def _lose_sound(show: RunningShow, around: Surroundings) -> Outcome:
    begun = show.mark()
    is_told = False
    if (server := around.sound) is not None:
        server.kill()
        time.sleep(STOPPED_S)  # The length of the outage is under test.
        is_told = wait_until(lambda: show.follower.has_alarm(ROOM_ALARM, begun.epoch), REPORT_S)
        server.start()
    begun, ended, is_back, remarks = await_all(show, begun, STREAM_ALARM, ROOM_ALARM)
    return begun, ended, is_back, remarks or ("" if is_told else "no alarm was raised")


def _of_machine(name: str, inject: Callable[[RunningShow], Outcome]) -> Disturbance:
    def disturb(show: RunningShow, _around: Surroundings) -> Outcome:
        return inject(show)

    return Disturbance(name, disturb)


SCHEDULE: Final = (
    _of_process(ENGINE, "engine", ENGINE_ALARM, is_killed=True),
    _of_process(MEDIA, "media", "media.lost", is_killed=True),
    _of_machine("disk full", fill_disk),
    Disturbance("stream server killed for 8 s", _kill_server, needs_server=True),
    Disturbance("sound device lost for 8 s", _lose_sound, needs_sound=True),
    _of_process("capture ", "capture", "camera.", is_killed=True),
    _of_process(RELAY, "relay", "output.rtmp", is_killed=True),
    _of_process("watch ", "watch", "watch.", is_killed=True),
    _of_process("desk", "desk", "desk", is_killed=True),
    _of_machine("clock set back by 30 s", step_clock),
    _of_process(ENGINE, "engine", ENGINE_ALARM, is_killed=False),
    Disturbance("stream server stalled for 8 s", _stall_server, needs_server=True),
    _of_process(MEDIA, "media", "media.silent", is_killed=False),
    _of_process("capture ", "capture", "camera.", is_killed=False),
    _of_process(RELAY, "relay", "output.rtmp", is_killed=False),
    _of_process("watch ", "watch", "watch.", is_killed=False),
    _of_process("desk", "desk", "desk", is_killed=False),
    # The last one, since what follows is drawn in software.
    _of_machine("GPU lost", lose_gpu),
)
"""Faults of a show, those first that its audience sees; it begins again after the last."""


def choose_faults(name: str) -> list[Disturbance]:
    """Return the faults of the schedule whose names begin with a text.

    Raises:
        ShowError: none does.
    """
    chosen = [one for one in SCHEDULE if one.name.startswith(name)]
    if not chosen:
        names = ", ".join(one.name for one in SCHEDULE)
        raise ShowError(
            f"the fault {name[:40]!r}", "is not on the schedule", f"name one of {names}"
        )
    return chosen
