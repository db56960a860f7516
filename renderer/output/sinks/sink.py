"""An output in operation: a queue, a thread, and the status of both."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import deque

from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.latency import FirstShown, LatencyWindow
from renderer.output.sinks.queue import PacketQueue
from renderer.output.spec import OutputSpec
from renderer.protocol.latency import StageLatency
from renderer.protocol.outputs import Drops, OutputState, OutputStatus, StateChange

STALL_S = 2.0
"""Seconds without progress, while packets are queued, after which an output counts as stalled."""
RATE_S = 2.0
"""Seconds over which the bit rate is measured: the interval of keyframes."""
HISTORY = 32
"""Changes of state that are kept; the journal has all of them."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 2.0
"""Seconds between two attempts to open a target; exponential back-off doubles each pause."""


class Latency:
    """Measures how long pictures take from the camera and from the encoder to a sink, live only."""

    def __init__(self) -> None:
        self._first = FirstShown()
        self._total, self._send = LatencyWindow(), LatencyWindow()

    def note(self, packet: EncodedPacket) -> None:
        """Record a packet that has just been handed to its sink."""
        if self._first.is_first(packet.t_seen_ns):
            now_ns = time.monotonic_ns()
            self._total.note(now_ns - packet.t_seen_ns)
            self._send.note(now_ns - packet.t_encoded_ns)

    def read(self) -> tuple[StageLatency, StageLatency]:
        """Return the latency from the camera and from the encoder."""
        return self._total.read(), self._send.read()


class WriteRate:
    """Measures the bytes written over the last seconds."""

    def __init__(self) -> None:
        self._written: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Count bytes written now."""
        with self._lock:
            self._written.append((time.monotonic(), count))
            self._forget()

    def kbit_s(self) -> float:
        """Return the rate of the last RATE_S seconds, kbit/s."""
        with self._lock:
            self._forget()
            return sum(count for _, count in self._written) * 8 / 1000 / RATE_S

    def _forget(self) -> None:
        since = time.monotonic() - RATE_S
        while self._written and self._written[0][0] < since:
            self._written.popleft()


class Sink(ABC):
    """One output. `offer` queues packets; its own thread writes them.

    Its states: waiting for its target to open, running, stalled or retrying, ended or failed.

    Args:
        name: the output's name on the desk.
        spec: the output's kind and address.
        header: the streams' description from a ProgramEncoder.
        live: drop rather than wait when the queue is full, and measure the latency.
        size: of the queue, in packets; there are about 100 per second.
        keep_trying: retry a target that cannot be opened instead of failing the output.
    """

    def __init__(
        self,
        name: str,
        spec: OutputSpec,
        header: bytes,
        live: bool,
        size: int,
        keep_trying: bool = False,
    ) -> None:
        self.name, self.spec = name, spec
        self._header, self._live, self._keep_trying = header, live, keep_trying
        self._queue = PacketQueue(size, patient=not live)
        self._state, self._detail = OutputState.WAITING, ""
        self._fault = ""
        self._history: deque[StateChange] = deque(maxlen=HISTORY)
        self._rate = WriteRate()
        self._packets = self._bytes = 0
        self._begin_ticks = 0
        self._first_ticks: int | None = None
        self._origin_ticks: int | None = None
        self._end_ticks = 0
        self._progress_s = time.monotonic()
        self._latency = Latency()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"output {name}", daemon=True)

    def start(self) -> None:
        """Open the target, in the sink's thread."""
        self._thread.start()

    def begin_at(self, ticks: int) -> None:
        """Start with the first keyframe at or after this time, in ticks of VIDEO_CLOCK."""
        self._begin_ticks = ticks

    def offer(self, packet: EncodedPacket) -> None:
        """Queue a packet for writing."""
        if not packet.is_video or packet.pts >= self._begin_ticks:
            self._queue.put(packet)

    def close(self) -> None:
        """Accept no more packets; end once the queue is written."""
        self._queue.close()
        self._closing.set()

    def break_off(self, why: str) -> None:
        """End once the queue is written, and count as failed."""
        self._fault = why
        self.close()

    def join(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for it to end; return whether it has."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._fail(f"it did not end within {timeout:.0f} s")
            return False
        return True

    def take_keyframe_request(self) -> bool:
        """Return whether it needs a keyframe to resume; each request is reported once."""
        return not self.over and self._queue.take_keyframe_request()

    @property
    def fullness(self) -> float:
        """Return how full the queue of an open output is, 0 to 1."""
        return self._queue.fullness if self._state is OutputState.RUNNING else 0.0

    @property
    def over(self) -> bool:
        """Return whether it has ended or failed."""
        return self._state.is_over

    def status(self) -> OutputStatus:
        """Return its status."""
        total, send = self._latency.read()
        state, detail = self._state, self._detail
        # A picture that took long to draw is no fault of the output.
        still_s = min(time.monotonic() - self._progress_s, self._queue.still_s)
        if state is OutputState.RUNNING and still_s > STALL_S:
            state, detail = OutputState.STALLED, f"nothing could be written for {still_s:.0f} s"
        first = self._first_ticks if self._origin_ticks is None else self._origin_ticks
        return OutputStatus(
            name=self.name,
            kind=self.spec.kind,
            address=self.spec.shown,
            state=state,
            detail=detail,
            packets=self._packets,
            dropped=self._queue.dropped,
            bytes=self._bytes,
            latency_p50_ms=total.p50_ms,
            latency_p95_ms=total.p95_ms,
            send=send,
            total=total,
            seconds=(self._end_ticks - first) / VIDEO_CLOCK if first is not None else 0.0,
            begins_s=(first or 0) / VIDEO_CLOCK,
            kbit_s=0.0 if state.is_over else self._rate.kbit_s(),
            drops=Drops(network=self._queue.dropped),
            history=list(self._history),
        )

    @abstractmethod
    def _work(self) -> None:
        """Run the thread: open, write until the queue has ended, close, and set the state."""

    def _run(self) -> None:
        try:
            self._work()
        except Exception as fault:  # noqa: BLE001 - every failure of an output is reported
            self._fail(f"it broke off ({type(fault).__name__}: {fault})")

    def _enter(self, state: OutputState, detail: str = "") -> None:
        """Enter a state; a change is kept in the history."""
        if state is not self._state:
            self._history.append(StateChange(state, time.time(), detail))
        # The detail first: a reader in another thread takes the state with the reason for it.
        self._detail, self._state = detail, state

    def _account(self, packet: EncodedPacket) -> None:
        """Count a written packet."""
        self._progress_s = time.monotonic()
        self._packets += 1
        self._bytes += len(packet.data)
        self._rate.add(len(packet.data))
        if packet.is_video:
            if self._first_ticks is None:
                self._first_ticks = packet.pts
            self._end_ticks = packet.pts + packet.duration
        if self._live:
            self._latency.note(packet)

    def _end(self, detail: str = "") -> None:
        """Enter the last state: ended, or failed if it was broken off."""
        if self._fault:
            self._enter(OutputState.FAILED, self._fault)
        else:
            self._enter(OutputState.ENDED, detail)

    def _fail(self, why: str) -> None:
        """Fail, and record why. Later packets are refused, so that nothing waits for room."""
        self._enter(OutputState.FAILED, why)
        self._queue.close()
