"""Test a kept process: restarted with growing pauses, not restarted after exit status 0."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import targets

from renderer.errors import CaptureError
from renderer.processes.backoff import Backoff
from renderer.processes.kept import KeptProcess
from renderer.processes.process import ChildProcess


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_pauses_double_up_to_a_limit_and_begin_again_after_a_calm_time() -> None:
    backoff = Backoff(1.0, 5.0, 60.0)
    assert [backoff.pause_after(0.0) for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert backoff.pause_after(61.0) == 1.0
    assert backoff.pause_after(59.0) == 2.0


def test_a_killed_process_is_started_again_and_reported() -> None:
    told: list[str] = []
    kept = KeptProcess(
        "The desk", lambda: ChildProcess("desk", targets.work), told.append, Backoff(0.1, 1.0, 60.0)
    )
    with kept:
        first = kept.child
        first.wait_ready()
        os.kill(first.pid or 0, signal.SIGKILL)
        assert wait_until(lambda: kept.child is not first)
        kept.child.wait_ready()
        assert told == ["The desk was killed (SIGKILL); it is started again in 0 s"]
        second = kept.child
    assert second.exit_status == 0


def test_a_process_that_left_of_its_own_accord_stays_away() -> None:
    told: list[str] = []
    kept = KeptProcess("The desk", lambda: ChildProcess("desk", targets.leave, 0), told.append)
    with kept:
        assert kept.child.wait(60.0)
        kept._thread.join(10.0)
        assert not kept._thread.is_alive()
    assert told == []


def test_a_process_that_dies_at_its_start_is_tried_again_and_again() -> None:
    told: list[str] = []
    made: list[ChildProcess] = []

    def make() -> ChildProcess:
        made.append(ChildProcess("desk", targets.leave, 7))
        return made[-1]

    with KeptProcess("The desk", make, told.append, Backoff(0.05, 0.2, 60.0)):
        assert wait_until(lambda: len(told) >= 3)
    assert all("exit status 7" in sentence for sentence in told)
    assert not any(child.is_running for child in made)


def test_a_process_that_dies_before_it_is_ready_is_waited_for(tmp_path: Path) -> None:
    target, marker = targets.work_at_second_start, tmp_path / "started"
    with KeptProcess(
        "The page", lambda: ChildProcess("page", target, marker), lambda _: None,
        Backoff(0.05, 0.2, 60.0),
    ) as kept:  # fmt: skip
        assert kept.wait_ready() == "at work"


def test_a_process_that_tells_why_it_cannot_work_is_not_waited_for() -> None:
    with (
        KeptProcess("The page", lambda: ChildProcess("page", targets.fail), lambda _: None) as kept,
        pytest.raises(CaptureError, match="camera 7"),
    ):
        kept.wait_ready()


def test_a_kept_process_is_released_while_it_waits_to_be_started_again() -> None:
    kept = KeptProcess(
        "The desk", lambda: ChildProcess("desk", targets.leave, 7), lambda _: None,
        Backoff(60.0, 60.0, 60.0),
    )  # fmt: skip
    assert kept.child.wait(60.0)
    began = time.monotonic()
    kept.close()
    assert time.monotonic() - began < 30.0
