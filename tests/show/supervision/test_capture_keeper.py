"""Test that capture processes outlive an engine, and are passed to the next one."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from renderer.capture.process.inbox import EveryMessage
from renderer.capture.process.messages import SourceInfo
from renderer.capture.process.rate import RateMeter
from renderer.capture.process.sink import MessageSink
from renderer.capture.process.worker import Job
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.show.supervision.capture_keeper import CaptureKeeper

# The children import their targets from here, because they inherit their parent's path.
sys.path.append(str(Path(__file__).parent))

JOB = Job("camera:0", True, None, None, 1, None, 640, False, 1.0)


def count_frames(child: Child, job: Job, pipe: Connection, channel: Connection | None) -> None:
    """Send a frame every 10 ms, as a tracker does, until stopped."""
    if job.spec == "nothing":
        raise CaptureError("camera nothing", "is not there", "connect it")
    sink = MessageSink(pipe, channel)
    child.ready()
    sink.send(SourceInfo(job.spec, (640, 480), 100.0, None, None))
    number = 0
    while not child.stopping.wait(0.01):
        sink.send((Observation(time.monotonic_ns(), number, (640, 480)),))
        number += 1
    sink.close()


class Engine:
    """Stands in for an engine process: it reads the pipes that it is given."""

    def __init__(self) -> None:
        self.pipes: queue.SimpleQueue[Connection] = queue.SimpleQueue()

    def send_capture_pipe(self, pipe: Connection) -> None:
        self.pipes.put(pipe)

    def inbox(self) -> EveryMessage:
        return EveryMessage(self.pipes.get_nowait(), RateMeter(live=True))


def receive(inbox: EveryMessage, is_wanted: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        message = inbox.receive(1.0)
        if message is not None and is_wanted(message):
            return message
    raise AssertionError("no such message came")


def frame_of(inbox: EveryMessage) -> int:
    return int(receive(inbox, lambda message: isinstance(message, tuple))[0].index)


@pytest.fixture
def keeper() -> Iterator[CaptureKeeper]:
    with_target = CaptureKeeper("test_capture_keeper:count_frames")
    yield with_target
    with_target.close()


def test_the_next_engine_gets_the_same_process_with_its_description(
    keeper: CaptureKeeper,
) -> None:
    first: Any = Engine()
    number = keeper.open("capture camera:0", JOB, first)
    inbox = first.inbox()
    info = receive(inbox, lambda message: isinstance(message, SourceInfo))
    last = frame_of(inbox)
    inbox.close()  # As a killed engine's end.
    second: Any = Engine()
    assert keeper.open("capture camera:0", JOB, second) == number
    inbox = second.inbox()
    assert receive(inbox, lambda message: isinstance(message, SourceInfo)) == info
    assert frame_of(inbox) > last
    assert keeper.fate(number).is_running
    keeper.close()
    inbox.close()


def test_an_engine_that_opens_a_camera_twice_gets_two(keeper: CaptureKeeper) -> None:
    engine: Any = Engine()
    numbers = {keeper.open("capture camera:0", JOB, engine) for _ in range(2)}
    assert len(numbers) == 2
    keeper.close()
    for _ in numbers:
        engine.pipes.get_nowait().close()


def test_what_the_next_engine_does_not_want_is_ended_and_faults_are_passed_on(
    keeper: CaptureKeeper,
) -> None:
    first: Any = Engine()
    second: Any = Engine()
    unused = keeper.open("capture camera:0", JOB, first)
    broken = keeper.open(
        "capture nothing", Job("nothing", True, None, None, 1, None, 640, False, 1.0), second
    )
    keeper.stop_unused(second)
    deadline = time.monotonic() + 20.0
    while keeper.fate(unused).is_running or keeper.fate(broken).is_running:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert isinstance(keeper.fate(broken).error, CaptureError)
    assert keeper.fate(unused).error is None
    for engine in (first, second):
        engine.pipes.get_nowait().close()
