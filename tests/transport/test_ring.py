"""Test frames between real, spawned processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from renderer.processes.process import ChildProcess
from renderer.transport.ring import (
    EndOfFrames,
    FrameHeader,
    FrameRing,
    PeerGone,
    RingReader,
    create_ring,
)

# The children import their targets from here, because they inherit their parent's path.
sys.path.append(str(Path(__file__).parent))
from ring_targets import consume

SHAPE = (96, 64)
ROOT = Path(__file__).resolve().parents[2]


def header(number: int) -> FrameHeader:
    return FrameHeader(number, number * 10, number * 100, number * 1000)


def commit(ring: FrameRing, number: int, timeout: float = 0.0) -> bool:
    frame = ring.acquire(timeout)
    if frame is None:
        return False
    frame[:] = number % 251
    ring.commit(header(number))
    return True


@pytest.fixture
def ends() -> tuple[FrameRing, RingReader]:
    producer, consumer = create_ring(SHAPE, 3)
    return FrameRing(producer), RingReader(consumer)


def test_frames_and_headers_arrive_in_order_and_whole(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    for number in range(10):
        assert commit(ring, number)
        taken = reader.take(1.0)
        assert taken is not None
        assert taken[0] == header(number)
        assert np.all(taken[1] == number)
        reader.release()
    ring.close()
    reader.close()


def test_a_full_ring_drops_without_waiting_and_counts(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    assert [commit(ring, number) for number in range(5)] == [True] * 3 + [False] * 2
    assert ring.dropped == 2
    first = reader.take(1.0)
    assert first is not None and first[0].number == 0
    reader.release()
    assert commit(ring, 5)
    ring.close()
    reader.close()


def test_a_frame_stays_as_it_is_until_it_is_released(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    commit(ring, 7)
    taken = reader.take(1.0)
    assert taken is not None
    assert [commit(ring, 8), commit(ring, 9), commit(ring, 10)] == [True, True, False]
    assert np.all(taken[1] == 7)
    ring.close()
    reader.close()


def test_nothing_to_take_is_none(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    assert reader.take(0.01) is None
    ring.close()
    reader.close()


def test_what_was_committed_is_read_after_the_producer_has_closed(
    ends: tuple[FrameRing, RingReader],
) -> None:
    ring, reader = ends
    commit(ring, 1)
    commit(ring, 2)
    ring.close()
    for number in (1, 2):
        taken = reader.take(1.0)
        assert taken is not None and taken[0].number == number
        reader.release()
    with pytest.raises(PeerGone, match="producer"):
        reader.take(1.0)
    reader.close()


def test_an_end_that_was_said_differs_from_a_death(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    commit(ring, 1)
    ring.finish()
    ring.close()
    assert reader.take(1.0) is not None
    with pytest.raises(EndOfFrames):
        reader.take(1.0)
    reader.close()


def test_frames_are_released_in_the_order_in_which_they_were_taken(
    ends: tuple[FrameRing, RingReader],
) -> None:
    """The consumer keeps the newest frame, to repeat it, while it takes the next."""
    ring, reader = ends
    kept = None
    for number in range(8):
        assert commit(ring, number)
        taken = reader.take(1.0)
        assert taken is not None
        if kept is not None:
            assert np.all(kept == number - 1)
            reader.release()
        kept = taken[1]
    ring.close()
    reader.close()


def test_the_producer_detects_the_consumers_end(ends: tuple[FrameRing, RingReader]) -> None:
    ring, reader = ends
    reader.close()
    with pytest.raises(PeerGone, match="consumer"):
        ring.acquire(1.0)
    with pytest.raises(PeerGone, match="consumer"):
        ring.commit(header(0))
    ring.close()


def produce(frames: int, slots: int, slow_s: float) -> tuple[FrameRing, Connection, ChildProcess]:
    """Send frames to a process that takes `slow_s` for each; its results come through a pipe."""
    producer, consumer = create_ring((96, 64), slots)
    ring = FrameRing(producer)
    mine, theirs = Pipe(duplex=False)
    process = ChildProcess("consumer", consume, consumer, theirs, slow_s, grace_s=None)
    process.start()
    for number in range(frames):
        frame = ring.acquire(30.0)
        assert frame is not None
        frame[:] = number % 251
        ring.commit(header(number))
    return ring, mine, process


def test_a_slow_consumer_holds_the_producer_back_and_nothing_is_lost() -> None:
    ring, results, process = produce(40, 2, 0.005)
    assert ring.dropped == 0
    ring.close()
    with results:
        assert results.recv() == [(n, n % 251, n % 251) for n in range(40)]
    assert process.wait(20.0)
    process.stop()


def test_a_killed_consumer_is_noticed_by_a_waiting_producer() -> None:
    ring, results, process = produce(3, 3, 1000.0)
    process.wait_ready()
    killer = threading.Timer(0.3, process.kill)
    killer.start()
    with pytest.raises(PeerGone):
        ring.acquire(30.0)
    killer.join()
    process.stop()
    ring.close()
    results.close()


PRODUCER = """
import os, signal, sys
sys.path.append({tests!r})
from test_ring import produce
ring, results, process = produce(3, 3, 0.1)
print(process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_producer_leaves_its_frames_and_no_warning() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRODUCER.format(tests=str(Path(__file__).parent))],
        capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert done.stderr == ""
    deadline = time.monotonic() + 20
    while Path(f"/proc/{done.stdout.strip()}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{done.stdout.strip()}").exists()
