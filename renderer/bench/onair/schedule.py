"""List what happens to a show that has to stay on air, in the order of the schedule."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from renderer.bench.faults.follow import wait_until
from renderer.bench.faults.running_show import Moment, RunningShow
from renderer.bench.faults.scenarios import (
    ENGINE,
    MEDIA,
    RELAY,
    STOPPED_S,
    ProcessFault,
    Trial,
    try_process_fault,
)
from renderer.bench.rtmp_server import RtmpServer

_BACK_S: Final = 150.0


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One entry of the schedule.

    Attributes:
        name: for the report.
        disturb: injects it, waits until all works again, and returns whether it does, with the
            moments before and after.
        needs_server: whether there must be a stream server.
    """

    name: str
    disturb: Callable[[RunningShow, RtmpServer | None], tuple[Moment, Moment, bool, str]]
    needs_server: bool = False


def _of_process(process: str, label: str, alarm: str, *, is_killed: bool) -> Disturbance:
    fault = ProcessFault(process, label, alarm, is_killed)

    def disturb(show: RunningShow, _server: RtmpServer | None) -> tuple[Moment, Moment, bool, str]:
        trial: Trial = try_process_fault(show, fault)
        return trial.begun, trial.ended, trial.is_back, "; ".join(trial.remarks)

    return Disturbance(fault.name, disturb, needs_server=fault.needs_stream)


def _kill_server(show: RunningShow, server: RtmpServer | None) -> tuple[Moment, Moment, bool, str]:
    begun = show.mark()
    if server is not None:
        server.kill()
        time.sleep(STOPPED_S)  # The length of the outage is under test.
        server.start()
    return _await_all(show, begun)


def _stall_server(show: RunningShow, server: RtmpServer | None) -> tuple[Moment, Moment, bool, str]:
    begun = show.mark()
    if server is not None:
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(STOPPED_S)  # The length of the stall is under test.
        os.kill(server.pid, signal.SIGCONT)
    return _await_all(show, begun)


def _await_all(show: RunningShow, begun: Moment) -> tuple[Moment, Moment, bool, str]:
    packets = show.packets

    def is_back() -> bool:
        return (
            show.is_on_air
            and not show.follower.is_alarmed("output.")
            and all(count > packets.get(name, 0) for name, count in show.packets.items())
        )

    came_back = wait_until(lambda: show.exit_status is not None or is_back(), _BACK_S)
    is_alive = show.exit_status is None
    return begun, show.mark(), came_back and is_alive, "" if is_alive else "the show ended"


SCHEDULE: Final = (
    _of_process(ENGINE, "engine", "engine", is_killed=True),
    _of_process(MEDIA, "media", "media.lost", is_killed=True),
    Disturbance("stream server killed for 8 s", _kill_server, needs_server=True),
    _of_process("capture ", "capture", "camera.", is_killed=True),
    _of_process(RELAY, "relay", "output.rtmp", is_killed=True),
    _of_process("watch ", "watch", "watch.", is_killed=True),
    _of_process("desk", "desk", "desk", is_killed=True),
    _of_process(ENGINE, "engine", "engine", is_killed=False),
    Disturbance("stream server stalled for 8 s", _stall_server, needs_server=True),
    _of_process(MEDIA, "media", "media.silent", is_killed=False),
    _of_process("capture ", "capture", "camera.", is_killed=False),
    _of_process(RELAY, "relay", "output.rtmp", is_killed=False),
    _of_process("watch ", "watch", "watch.", is_killed=False),
    _of_process("desk", "desk", "desk", is_killed=False),
)
"""Faults of a show, those first that its audience sees; it begins again after the last."""
