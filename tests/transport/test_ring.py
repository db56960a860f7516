"""Frames between real, spawned processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from renderer.transport.ring import FrameHeader, FrameRing, PeerGone, RingHandle, RingReader

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
    fd = os.dup(handle.fd)
    pipe = Connection(os.dup(handle.pipe.fileno()))
    reader = RingReader(RingHandle(fd, pipe, handle.shape, handle.slots))
    ring.handed_over()
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


CHILD = """
    import sys
    from multiprocessing import get_context
    from renderer.transport.ring import FrameHeader, FrameRing, PeerGone, RingReader

    def consume(handle, results, slow):
        import time
        reader, seen = RingReader(handle), []
        try:
            while True:
                taken = reader.take(5.0)
                if taken is None:
                    break
                header, frame = taken
                seen.append((header.number, int(frame.min()), int(frame.max())))
                time.sleep(slow)
                reader.release()
        except PeerGone:
            pass
        results.send(seen)

    def produce(frames, slots, slow):
        context = get_context("spawn")
        ring = FrameRing((96, 64), slots)
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=consume, args=(ring.handle, theirs, slow))
        process.start()
        theirs.close()
        ring.handed_over()
        for number in range(frames):
            frame = ring.acquire(10.0)
            frame[:] = number % 251
            ring.commit(FrameHeader(number, 0, 0, 0))
        return ring, mine, process
"""


def run_script(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    """Run a program that spawns: it needs a file of its own to be imported from."""
    script = folder / "program.py"
    script.write_text(
        textwrap.dedent(CHILD)
        + "\nif __name__ == '__main__':\n"
        + textwrap.indent(textwrap.dedent(body), "    ")
    )
    return subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True, text=True, timeout=60, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_a_slow_consumer_holds_the_producer_back_and_nothing_is_lost(tmp_path: Path) -> None:
    done = run_script(
        tmp_path,
        """
        ring, results, process = produce(40, 2, 0.005)
        assert ring.dropped == 0
        ring.close()
        assert results.recv() == [(n, n % 251, n % 251) for n in range(40)]
        process.join()
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_killed_consumer_is_noticed_by_a_waiting_producer(tmp_path: Path) -> None:
    done = run_script(
        tmp_path,
        """
        import threading
        ring, results, process = produce(3, 3, 1000.0)
        threading.Timer(0.3, process.kill).start()
        try:
            ring.acquire(30.0)
        except PeerGone:
            print("noticed")
        process.join()
        """,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "noticed\n", "")


def test_a_killed_producer_leaves_its_frames_and_no_warning(tmp_path: Path) -> None:
    done = run_script(
        tmp_path,
        """
        import os, signal
        ring, results, process = produce(3, 3, 0.1)
        print(process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    # Standard error is read to its end, so the consumer and the resource tracker have ended too.
    assert done.returncode == -signal.SIGKILL
    assert "leaked" not in done.stderr
    deadline = time.monotonic() + 10
    while Path(f"/proc/{done.stdout.strip()}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{done.stdout.strip()}").exists()
