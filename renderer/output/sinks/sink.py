"""Sinks: one output each, with a queue, a thread that writes, and a status."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from pathlib import Path

import av
import numpy as np

from renderer.errors import DeskError
from renderer.locks import LockHeldError
from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks.queue import PacketQueue
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import OutputSpec
from renderer.protocol.messages import OutputStatus

LATENCY_WINDOW_NS = 10_000_000_000
"""The latency that is shown is that of the last ten seconds."""

_log = logging.getLogger(__name__)


class Latency:
    """Measures the time from camera to sink over the last packets, live only."""

    def __init__(self) -> None:
        # Ten seconds at 120 frames a second.
        self._samples: deque[tuple[int, int]] = deque(maxlen=1200)

    def note(self, packet: EncodedPacket) -> None:
        """Record a packet that has just been written."""
        if packet.t_seen_ns:
            now = time.monotonic_ns()
            self._samples.append((now, now - packet.t_seen_ns))

    def percentiles(self) -> tuple[float, float]:
        """Return median and 95th percentile of the last ten seconds in milliseconds; 0 if none."""
        since = time.monotonic_ns() - LATENCY_WINDOW_NS
        recent = [delay for at, delay in tuple(self._samples) if at >= since]
        if not recent:
            return 0.0, 0.0
        middle, most = np.percentile(recent, (50, 95)) / 1e6
        return float(middle), float(most)


class Sink(ABC):
    """One output: takes packets by `offer` and writes them in a thread of its own.

    States: waiting until its target is open, running, retrying (streams only), then ended or
    failed.

    Args:
        name: by which the desk refers to it.
        spec: where it goes.
        header: description of the streams, from a ProgramEncoder.
        live: drop rather than wait when the queue is full, and measure the latency.
        size: of the queue in packets; a second has about 100.
    """

    def __init__(self, name: str, spec: OutputSpec, header: bytes, live: bool, size: int) -> None:
        self.name, self.spec = name, spec
        self._header, self._live = header, live
        self._queue = PacketQueue(size, patient=not live)
        self._state, self._detail = "waiting", ""
        self._packets = self._bytes = 0
        self._latency = Latency()
        self._thread = threading.Thread(target=self._run, name=f"output {name}", daemon=True)

    def start(self) -> None:
        """Open the target, in the sink's thread."""
        self._thread.start()

    def offer(self, packet: EncodedPacket) -> None:
        """Queue a packet to be written."""
        self._queue.put(packet)

    def close(self) -> None:
        """Accept no more packets; what is queued is written, then the output ends."""
        self._queue.close()

    def join(self, timeout: float) -> bool:
        """Wait `timeout` seconds at most for the end; return whether it has come."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._fail(f"it did not end within {timeout:.0f} s")
            return False
        return True

    def take_keyframe_request(self) -> bool:
        """Return whether it waits for a keyframe to begin or go on; True once for each wait."""
        return not self.over and self._queue.take_keyframe_request()

    @property
    def over(self) -> bool:
        """Whether it has ended or failed."""
        return self._state in ("ended", "failed")

    def status(self) -> OutputStatus:
        """Return state, counts and latency."""
        middle, most = self._latency.percentiles() if self._live else (0.0, 0.0)
        return OutputStatus(
            name=self.name,
            kind=self.spec.kind,
            address=self.spec.shown,
            state=self._state,
            detail=self._detail,
            packets=self._packets,
            dropped=self._queue.dropped,
            bytes=self._bytes,
            latency_p50_ms=middle,
            latency_p95_ms=most,
        )

    @abstractmethod
    def _work(self) -> None:
        """Open, write until the queue has ended, close, and set the state, in the sink's thread."""

    def _run(self) -> None:
        try:
            self._work()
        except Exception as fault:  # noqa: BLE001 - the status must tell of any end
            _log.exception("output %s ended by an internal fault", self.name)
            self._fail(f"internal fault: {type(fault).__name__}")

    def _account(self, packet: EncodedPacket) -> None:
        """Count a packet that was written."""
        self._packets += 1
        self._bytes += len(packet.data)
        if self._live:
            self._latency.note(packet)

    def _end(self) -> None:
        self._state, self._detail = "ended", ""

    def _fail(self, why: str) -> None:
        """End as failed. Later packets are refused, so that no producer waits for room."""
        self._detail = why
        self._state = "failed"
        self._queue.close()


class LocalSink(Sink):
    """An output on this machine's disk; it never retries, since a gap could not be closed."""

    QUEUE = 2000
    """Packets: about twenty seconds, for a disk that spins up."""

    def __init__(self, name: str, spec: OutputSpec, header: bytes, live: bool) -> None:
        super().__init__(name, spec, header, live, self.QUEUE)

    @abstractmethod
    def _open(self) -> Muxer:
        """Open the target."""

    @abstractmethod
    def _abandon(self, muxer: Muxer) -> str:
        """Close the target after a fault, raising none; return what becomes of the part written."""

    def _finish(self, muxer: Muxer) -> None:
        """Close the target."""
        muxer.close()

    def _work(self) -> None:
        try:
            with hold_target(Path(self.spec.address)):
                fault = self._write_target()
        except LockHeldError as held:
            fault = f"another output writes to it ({held.holder or 'unknown process'})"
        except DeskError as unusable:
            fault = f"it cannot be locked: {unusable}"
        except OSError as unusable:
            fault = f"it cannot be locked: {reason(unusable)}"
        # The state changes when the lock is free: the same target may be opened again at once.
        if fault:
            self._fail(fault)
        else:
            self._end()

    def _write_target(self) -> str:
        """Open the target, write until the queue has ended, and close it.

        Returns:
            What went wrong; empty if nothing did.
        """
        try:
            muxer = self._open()
        except (OSError, av.FFmpegError) as fault:
            return f"it cannot be opened: {reason(fault)}"
        self._state = "running"
        try:
            self._write_all(muxer)
            self._finish(muxer)
        except (OSError, av.FFmpegError) as fault:
            self._queue.close()
            return f"{reason(fault)}; {self._abandon(muxer)}"
        return ""

    def _write_all(self, muxer: Muxer) -> None:
        while not self._queue.ended:
            packet = self._queue.get()
            if packet is not None and self._write(muxer, packet):
                self._account(packet)

    def _write(self, muxer: Muxer, packet: EncodedPacket) -> bool:
        """Write one packet; return whether it was needed."""
        return muxer.write(packet)
