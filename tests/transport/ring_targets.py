"""Consumer of frames for the ring's tests, in a module that a child process can import."""

from __future__ import annotations

import time
from multiprocessing.connection import Connection

from renderer.processes.child import Child
from renderer.transport.ring import PeerGone, RingHandle, RingReader


def consume(child: Child, handle: RingHandle, results: Connection, slow_s: float) -> None:
    """Read every frame, and send the contents once the producer has ended."""
    child.ready()
    reader, seen = RingReader(handle), []
    try:
        while (taken := reader.take(5.0)) is not None:
            header, frame = taken
            seen.append((header.number, int(frame.min()), int(frame.max())))
            time.sleep(slow_s)
            reader.release()
    except PeerGone:
        pass
    results.send(seen)
