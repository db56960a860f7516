"""Frames between real, spawned processes."""

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
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone, RingHandle, RingReader
from renderer.transport.shared_file import SharedFile

# The children import what they run from here: they have their parent's path.
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
def ring() -> FrameRing:
    return FrameRing(SHAPE, 3)


def pair(ring: FrameRing) -> RingReader:
    """A reader in this process, with ends of its own as another process would have."""
    handle = ring.handle
    memory = SharedFile(os.dup(handle.memory.descriptor))
    pipe = Connection(os.dup(handle.pipe.fileno()))
    reader = RingReader(RingHandle(memory, pipe, handle.shape, handle.slots))
    ring.release_handle()
    return reader


def test_frames_and_headers_arrive_in_order_and_whole(ring: FrameRing) -> None:
    reader = pair(ring)
    for number in range(10):
        assert commit(ring, number)
        taken = reader.take(1.0)
        assert taken is not None
        assert taken[0] == header(number)
        assert np.all(taken[1] == number)
        reader.release()
    ring.close()
    reader.close()


def test_a_full_ring_drops_without_waiting_and_counts(ring: FrameRing) -> None:
    reader = pair(ring)
    assert [commit(ring, number) for number in range(5)] == [True] * 3 + [False] * 2
    assert ring.dropped == 2
    first = reader.take(1.0)
    assert first is not None and first[0].number == 0
    reader.release()
    assert commit(ring, 5)
    ring.close()
    reader.close()


def test_a_frame_stays_as_it_is_until_it_is_released(ring: FrameRing) -> None:
    reader = pair(ring)
    commit(ring, 7)
    taken = reader.take(1.0)
    assert taken is not None
    assert [commit(ring, 8), commit(ring, 9), commit(ring, 10)] == [True, True, False]
    assert np.all(taken[1] == 7)
    ring.close()
    reader.close()


def test_nothing_to_take_is_none(ring: FrameRing) -> None:
    reader = pair(ring)
    assert reader.take(0.01) is None
    ring.close()
    reader.close()


def test_what_was_committed_is_read_after_the_producer_has_closed(ring: FrameRing) -> None:
    reader = pair(ring)
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


def test_the_producer_hears_of_the_consumers_end(ring: FrameRing) -> None:
    pair(ring).close()
    with pytest.raises(PeerGone, match="consumer"):
        ring.acquire(1.0)
    with pytest.raises(PeerGone, match="consumer"):
        ring.commit(header(0))
    ring.close()


def produce(frames: int, slots: int, slow_s: float) -> tuple[FrameRing, Connection, ChildProcess]:
    """Send frames to a process that takes `slow_s` for each; its results come by the pipe."""
    ring = FrameRing((96, 64), slots)
    mine, theirs = Pipe(duplex=False)
    process = ChildProcess("consumer", consume, ring.handle, theirs, slow_s, grace_s=None)
    process.start()
    ring.release_handle()
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
