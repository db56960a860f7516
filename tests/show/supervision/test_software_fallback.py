"""Test from which ends of engines the next one draws in software."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

import pytest

from renderer.errors import GpuLostError, GraphicsError, RendererError, ShowError
from renderer.graphics.software import ENVIRONMENT, VARIABLE
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.supervision.software_fallback import ALARM, SoftwareFallback

LOST = GpuLostError("the GPU", "was reset and does not draw", "another engine goes on")


@dataclass(frozen=True)
class Dead:
    """An engine that has ended."""

    error: RendererError | None = None
    exit_status: int | None = 0


@pytest.fixture
def alarms() -> Alarms:
    return Alarms(lambda _: None)


@pytest.mark.parametrize(
    "dead",
    [
        Dead(LOST, 2),
        Dead(GraphicsError("OpenGL 4.1", "no context could be opened", "install a driver"), 2),
    ],
)
def test_an_engine_without_a_gpu_is_followed_by_one_in_software(alarms: Alarms, dead: Dead) -> None:
    fallback = SoftwareFallback(alarms)
    assert not fallback.environment
    fallback.note_end(dead, 0.0)
    assert fallback.environment == ENVIRONMENT
    (alarm,) = alarms.active
    assert alarm.id == ALARM and alarm.severity is Severity.CRITICAL
    assert dead.error is not None and dead.error.fault in alarm.text
    assert "drawn in software" in alarm.text
    # It stays so, and is reported once.
    fallback.note_end(Dead(LOST), 1000.0)
    assert fallback.is_on and len(alarms.history) == 1


def test_a_killed_engine_keeps_the_gpu(alarms: Alarms) -> None:
    fallback = SoftwareFallback(alarms)
    for now_s in range(5):
        fallback.note_end(Dead(exit_status=-signal.SIGKILL), float(now_s))
        fallback.note_end(Dead(ShowError("a show", "is broken", "mend it"), 2), float(now_s))
    assert not fallback.is_on and not alarms.active


def test_a_driver_that_crashes_twice_in_a_minute_loses_the_gpu(alarms: Alarms) -> None:
    fallback = SoftwareFallback(alarms)
    crashed = Dead(exit_status=-signal.SIGSEGV)
    fallback.note_end(crashed, 0.0)
    fallback.note_end(crashed, 100.0)
    assert not fallback.is_on
    fallback.note_end(crashed, 130.0)
    assert fallback.is_on


def give_up(child: Child) -> None:
    """End as an engine does whose GPU is lost; the fault is its environment."""
    child.leave_with(GpuLostError("the GPU", os.environ.get(VARIABLE, ""), "look"))


def test_a_process_gets_its_environment_and_tells_why_it_gives_up() -> None:
    process = ChildProcess("engine", give_up, environment=ENVIRONMENT)
    process.start()
    assert process.wait(60.0)
    assert isinstance(process.error, GpuLostError)
    assert process.error.fault == ENVIRONMENT[VARIABLE]
    assert VARIABLE not in os.environ
    process.stop()
