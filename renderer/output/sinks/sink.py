"""An output at work: a queue, a thread, and an account of both."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import deque

import av
import numpy as np

from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks.queue import PacketQueue
from renderer.output.spec import OutputSpec
from renderer.protocol.messages import OutputStatus

LATENCY_WINDOW_NS = 10_000_000_000


class Latency:
    """How long ago the performer did what the last packets show: camera to sink, live only."""

    def __init__(self) -> None:
        # Ten seconds at 120 frames a second.
        self._samples: deque[tuple[int, int]] = deque(maxlen=1200)

    def note(self, packet: EncodedPacket) -> None:
        """Count a packet that has just been handed to its sink."""
        if packet.t_seen_ns:
            now = time.monotonic_ns()
            self._samples.append((now, now - packet.t_seen_ns))

    def percentiles(self) -> tuple[float, float]:
        """The median and the 95th percentile of the last ten seconds, milliseconds; 0 if none."""
        since = time.monotonic_ns() - LATENCY_WINDOW_NS
        recent = [delay for at, delay in tuple(self._samples) if at >= since]
        if not recent:
            return 0.0, 0.0
        middle, most = np.percentile(recent, (50, 95)) / 1e6
        return float(middle), float(most)


class Sink(ABC):
    """One output. `offer` gives it packets; its own thread writes them.

    States: waiting until its target is open, running, retrying (streams only), then ended or
    failed.

    Args:
        name: how the desk calls it.
        spec: where it goes.
        header: the streams, of a ProgramEncoder.
        live: drop rather than wait when the queue is full, and measure the latency.
        size: of the queue, in packets; about 100 make a second.
    """

    def __init__(self, name: str, spec: OutputSpec, header: bytes, live: bool, size: int) -> None:
        self.name, self.spec = name, spec
        self._header, self._live = header, live
        self._queue = PacketQueue(size, patient=not live)
        self._state, self._detail = "waiting", ""
        self._packets = self._bytes = 0
        self._latency = Latency()
        self._thread = threading.Thread(target=self._work, name=f"output {name}", daemon=True)

    def start(self) -> None:
        """Open the target, in the sink's thread."""
        self._thread.start()

    def offer(self, packet: EncodedPacket) -> None:
        """Take a packet to write."""
        self._queue.put(packet)

    def close(self) -> None:
        """Take no more packets; write what waits, then end."""
        self._queue.close()

    def join(self, timeout: float) -> bool:
        """Wait until it has ended, for `timeout` seconds at most; whether it has."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._fail(f"it did not end within {timeout:.0f} s")
            return False
        return True

    def take_keyframe_request(self) -> bool:
        """Whether it could begin, or go on, if the next picture were a keyframe; told once."""
        return not self.over and self._queue.take_keyframe_request()

    @property
    def over(self) -> bool:
        """Whether it has ended or failed."""
        return self._state in ("ended", "failed")

    def status(self) -> OutputStatus:
        """How it is doing."""
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
        """The thread: open, write until the queue has ended, close, and set the state."""

    def _account(self, packet: EncodedPacket) -> None:
        """Count a packet that was written."""
        self._packets += 1
        self._bytes += len(packet.data)
        if self._live:
            self._latency.note(packet)

    def _end(self) -> None:
        self._state, self._detail = "ended", ""

    def _fail(self, why: str) -> None:
        """Give up, and say why. Later packets are refused, so that nobody waits for room."""
        self._detail = why
        self._state = "failed"
        self._queue.close()


class LocalSink(Sink):
    """An output on this machine's disk: it never retries, for what is lost is lost."""

    QUEUE = 2000
    """Packets: some twenty seconds of a disk that has fallen asleep."""

    def __init__(self, name: str, spec: OutputSpec, header: bytes, live: bool) -> None:
        super().__init__(name, spec, header, live, self.QUEUE)

    @abstractmethod
    def _open(self) -> Muxer:
        """Open the target."""

    @abstractmethod
    def _abandon(self, muxer: Muxer) -> str:
        """Close the target after a fault, raising none; say what becomes of the part written."""

    def _finish(self, muxer: Muxer) -> None:
        """Close the target."""
        muxer.close()

    def _work(self) -> None:
        try:
            muxer = self._open()
        except (OSError, av.FFmpegError) as fault:
            self._fail(f"it cannot be opened: {reason(fault)}")
            return
        self._state = "running"
        try:
            self._write_all(muxer)
            self._finish(muxer)
        except (OSError, av.FFmpegError) as fault:
            self._queue.close()
            self._fail(f"{reason(fault)}; {self._abandon(muxer)}")
        else:
            self._end()

    def _write_all(self, muxer: Muxer) -> None:
        while not self._queue.ended:
            packet = self._queue.get()
            if packet is not None and self._write(muxer, packet):
                self._account(packet)

    def _write(self, muxer: Muxer, packet: EncodedPacket) -> bool:
        """Write one packet; whether it was needed."""
        return muxer.write(packet)
