"""Manage all outputs of a show, which start and end while it runs."""

from __future__ import annotations

import threading
import time

from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.requests import Add
from renderer.output.sinks.hls import HlsFolder
from renderer.output.sinks.recording import Recording
from renderer.output.sinks.sink import Sink
from renderer.output.sinks.stream import Stream
from renderer.protocol.outputs import OutputStatus

END_S = 10.0
"""Seconds for all outputs together to write their queues and end."""


class Outputs:
    """The sinks. Adding and querying happen in one thread, offering in another."""

    def __init__(self, header: bytes, live: bool) -> None:
        self._header, self._live = header, live
        self._sinks: dict[str, Sink] = {}
        self._awaited_runs: dict[str, int] = {}
        self._run = 0
        self._lock = threading.Lock()

    def add(self, request: Add) -> None:
        """Start an output. Its status says whether it runs, or why not."""
        with self._lock:
            # An output that is started again replaces the status of the ended one.
            for other in [s for s in self._sinks.values() if s.over and s.spec == request.spec]:
                del self._sinks[other.name]
            sink = self._make(request)
            self._sinks[request.name] = sink
            if request.run > self._run:
                self._awaited_runs[request.name] = request.run
        sink.start()

    def remove(self, name: str) -> None:
        """End an output once its queue is written."""
        with self._lock:
            sink = self._sinks.get(name)
        if sink is not None:
            sink.close()

    def discard(self, name: str) -> None:
        """End an output, and remove it from the statuses."""
        with self._lock:
            sink = self._sinks.pop(name, None)
            self._awaited_runs.pop(name, None)
        if sink is not None:
            sink.close()

    def begin_run(self, run: int, t_program_ns: int) -> None:
        """Record that the frame at this program time belongs to `run`.

        Outputs that wait for the run receive its packets, but none of an earlier run that is still
        in the encoder.
        """
        if run <= self._run:
            return
        ticks = (t_program_ns * VIDEO_CLOCK + 500_000_000) // 1_000_000_000
        with self._lock:
            self._run = run
            for name in [n for n, awaited in self._awaited_runs.items() if awaited <= run]:
                del self._awaited_runs[name]
                if name in self._sinks:
                    self._sinks[name].begin_at(ticks)

    def offer(self, packets: list[EncodedPacket]) -> None:
        """Pass packets to every output that does not wait for a later run."""
        with self._lock:
            sinks = [
                sink
                for name, sink in self._sinks.items()
                if not sink.over and name not in self._awaited_runs
            ]
        for sink in sinks:
            for packet in packets:
                sink.offer(packet)

    def take_keyframe_requests(self) -> bool:
        """Return whether an output waits for a keyframe; each request is reported once."""
        with self._lock:
            requests = [
                sink.take_keyframe_request()
                for name, sink in self._sinks.items()
                if name not in self._awaited_runs
            ]
        return any(requests)

    def statuses(self) -> list[OutputStatus]:
        """Return the status of every output, including ended ones."""
        with self._lock:
            return [sink.status() for sink in self._sinks.values()]

    def end(self) -> list[OutputStatus]:
        """End all outputs, and return their final statuses."""
        with self._lock:
            sinks = list(self._sinks.values())
        for sink in sinks:
            sink.close()
        deadline = time.monotonic() + END_S
        for sink in sinks:
            sink.join(max(0.1, deadline - time.monotonic()))
        return [sink.status() for sink in sinks]

    def _make(self, request: Add) -> Sink:
        spec = request.spec
        if spec.kind == "rtmp":
            return Stream(request.name, spec, self._header, request.keep_trying)
        local = Recording if spec.kind == "mp4" else HlsFolder
        return local(request.name, spec, self._header, self._live, request.keep_trying)
