"""Test a child process: readiness, monitoring, stopping, and its end with its parent."""

from __future__ import annotations

import logging
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

import pytest
import targets

from renderer.errors import CaptureError, SetupError
from renderer.platform import PLATFORM
from renderer.processes.find import find_named_children
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.transport.shared_file import SharedFile

Start = Callable[..., ChildProcess]
LONG_S = 60.0
ROOT = Path(__file__).parents[2]


def is_running(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until(true: Callable[[], bool], seconds: float = LONG_S) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_child_is_ready_works_and_stops_when_asked(start: Start) -> None:
    states: list[ProcessState] = []
    child = start(targets.work, on_change=states.append)
    assert child.wait_ready() == "at work"
    assert child.state is ProcessState.READY
    assert child.pid is not None
    child.stop()
    assert child.exit_status == 0
    assert child.fate == "has ended"
    assert states == [ProcessState.STARTING, ProcessState.READY, ProcessState.ENDED]
    assert not Path(f"/proc/{child.pid}").exists(), "not even as a zombie"
    child.close()


def test_pipes_and_shared_memory_are_handed_over(start: Start) -> None:
    mine, theirs = Pipe(duplex=True)
    child = start(targets.echo, theirs)
    assert theirs.closed
    mine.send({"a": 1})
    assert mine.poll(LONG_S)
    assert mine.recv() == {"a": 1}
    mine.close()
    assert child.wait(LONG_S)
    memory = PLATFORM.create_memory(4096)
    start(targets.fill, SharedFile(os.dup(memory))).wait_ready()
    assert os.pread(memory, 20, 0) == b"written by the child"
    os.close(memory)


def test_the_death_of_a_child_closes_the_pipes_it_was_given(start: Start) -> None:
    mine, theirs = Pipe(duplex=True)
    child = start(targets.echo, theirs)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGKILL)
    assert mine.poll(LONG_S)
    with pytest.raises((EOFError, ConnectionResetError)):
        mine.recv()
    mine.close()


def test_a_killed_child_is_noticed_named_and_reaped_at_once(start: Start) -> None:
    child = start(targets.work)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGKILL)
    assert child.wait(5.0)
    assert child.fate == "was killed (SIGKILL)"
    assert child.exit_status == -signal.SIGKILL
    assert not Path(f"/proc/{child.pid}").exists()


def test_a_child_that_hangs_is_noticed_and_ended(start: Start) -> None:
    child = start(targets.work, silence_s=1.5)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGSTOP)
    assert child.wait(LONG_S)
    assert "hung: it gave no sign of life" in child.fate
    assert not Path(f"/proc/{child.pid}").exists()


def test_work_that_never_ends_counts_as_hung(start: Start) -> None:
    child = start(targets.wait_for_itself, silence_s=1.5)
    assert child.wait(LONG_S)
    assert "hung: it gave no sign of life" in child.fate


def test_a_child_that_may_hang_is_reported_and_comes_back(start: Start) -> None:
    child = start(targets.work, silence_s=1.5, kill_silent=False)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGSTOP)
    assert wait_until(lambda: child.state is ProcessState.SILENT)
    os.kill(child.pid or 0, signal.SIGCONT)
    assert wait_until(lambda: child.state is ProcessState.READY)
    child.stop()
    assert child.exit_status == 0


def test_how_long_a_child_has_been_silent_is_known(start: Start) -> None:
    child = start(targets.work)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGSTOP)
    assert wait_until(lambda: child.silent_s > 1.0)
    os.kill(child.pid or 0, signal.SIGCONT)
    assert wait_until(lambda: child.silent_s < 1.0)


def test_a_child_and_its_children_are_found_by_name(start: Start) -> None:
    assert find_named_children(os.getpid()) == {}
    child = start(targets.have_child)
    child.wait_ready()
    found = find_named_children(os.getpid())
    assert found["test"].pid == child.pid
    assert found["inner"].ppid() == child.pid
    child.stop()
    assert find_named_children(os.getpid()) == {}
    assert find_named_children(child.pid or 0) == {}


def test_a_stopped_child_does_not_hold_up_its_end(start: Start) -> None:
    child = start(targets.work, silence_s=1.0, kill_silent=False)
    child.wait_ready()
    os.kill(child.pid or 0, signal.SIGSTOP)
    assert wait_until(lambda: child.state is ProcessState.SILENT)
    child.stop()
    assert child.fate == "was killed (SIGKILL)"


def test_a_child_that_heeds_nothing_is_killed(start: Start) -> None:
    child = start(targets.ignore_all)
    child.wait_ready()
    child.stop(ask_s=0.2)
    assert child.fate == "was killed (SIGKILL)"


def test_a_child_that_is_never_ready_is_ended_and_reported(start: Start) -> None:
    child = start(targets.never_ready, ready_s=1.0)
    with pytest.raises(SetupError, match=r"the test process: was not ready within 1 s"):
        child.wait_ready()
    assert child.wait(LONG_S)


def test_a_child_that_waits_to_be_needed_gets_its_time_from_then_on(start: Start) -> None:
    child = start(targets.never_ready, ready_s=math.inf)
    child.limit_start(0.5)
    with pytest.raises(SetupError, match="was not ready within"):
        child.wait_ready()
    assert child.wait(LONG_S)


def test_an_error_of_a_room_is_raised_in_the_parent(start: Start) -> None:
    child = start(targets.fail)
    with pytest.raises(CaptureError, match="plug it in") as told:
        child.wait_ready()
    assert (told.value.thing, told.value.fault) == ("camera 7", "is not there")


def test_an_unexpected_error_is_reported_with_its_name(start: Start) -> None:
    child = start(targets.crash)
    assert child.wait(LONG_S)
    assert child.exit_status == 70
    assert "ZeroDivisionError" in child.fate


@pytest.mark.parametrize("status", [0, 3])
def test_an_exit_status_is_known(start: Start, status: int) -> None:
    child = start(targets.leave, status)
    assert child.wait(LONG_S)
    assert child.exit_status == status


def test_what_a_child_prints_is_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        child = start(targets.talk)
        child.stop()
    said = [record.getMessage() for record in caplog.records if "output" in record.name]
    assert said == [
        "test: said by Python", "test: said by a library", "test: and not finished",
    ]  # fmt: skip


def test_a_child_that_blocks_its_interpreter_ends_itself(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        child = start(targets.block_interpreter)
        assert child.wait(LONG_S)
        child.stop()
    assert child.fate == "hung in a library and ended itself"
    assert "block_interpreter" in caplog.text, "the log says where"


def test_ctrl_c_and_a_service_s_stop_leave_the_child_to_its_parent(start: Start) -> None:
    child = start(targets.work)
    child.wait_ready()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(child.pid or 0, number)
    assert not child.wait(1.0)
    child.stop()
    assert child.exit_status == 0


def test_a_child_may_be_stopped_before_it_is_ready_or_was_started(start: Start) -> None:
    start(targets.work).stop()
    never = ChildProcess("test", targets.work)
    never.stop()
    assert never.state is ProcessState.ENDED


PARENT = """
import signal, sys, time
# A shell's background job, which this test may run in, ignores SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.append({tests!r})
import targets
from renderer.processes.process import ChildProcess
child = ChildProcess("outer", targets.have_child)
child.start()
print(child.pid, child.wait_ready(), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_children_and_their_children_end_with_the_parent(number: signal.Signals) -> None:
    program = PARENT.format(tests=str(Path(__file__).parent))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_running, pids))
        parent.send_signal(number)
        assert wait_until(lambda: not any(map(is_running, pids)), 20.0)


def test_a_stalled_parent_does_not_blame_its_children(start: Start) -> None:
    """This process cannot stop itself; its monitoring thread is delayed instead."""
    child = start(targets.work, silence_s=1.5)
    child.wait_ready()
    held = threading.Event()
    original = child._judge

    def stall(silent_s: float) -> None:
        if not held.is_set():
            time.sleep(4.0)
            held.set()
        original(silent_s)

    child._judge = stall  # type: ignore[method-assign]
    assert held.wait(LONG_S)
    assert not child.wait(2.0)
    assert child.state is ProcessState.READY
