"""All outputs of a show, coming and going while it runs."""

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
"""For every output to write what waits and to end, taken together."""


class Outputs:
    """The sinks. Adding and asking happen in one thread, offering in another."""

    def __init__(self, header: bytes, live: bool) -> None:
        self._header, self._live = header, live
        self._sinks: dict[str, Sink] = {}
        self._awaited_runs: dict[str, int] = {}
        self._run = 0
        self._lock = threading.Lock()

    def add(self, request: Add) -> None:
        """Start an output. Its status tells when it runs, or why not."""
        with self._lock:
            # An output that is begun again replaces the account of the one that is over.
            for other in [s for s in self._sinks.values() if s.over and s.spec == request.spec]:
                del self._sinks[other.name]
            sink = self._make(request)
            self._sinks[request.name] = sink
            if request.run > self._run:
                self._awaited_runs[request.name] = request.run
        sink.start()

    def remove(self, name: str) -> None:
        """Let an output write what waits, and end."""
        with self._lock:
            sink = self._sinks.get(name)
        if sink is not None:
            sink.close()

    def discard(self, name: str) -> None:
        """Let an output end, and leave it out of the statuses."""
        with self._lock:
            sink = self._sinks.pop(name, None)
            self._awaited_runs.pop(name, None)
        if sink is not None:
            sink.close()

    def begin_run(self, run: int, t_program_ns: int) -> None:
        """Note that the frame at this program time belongs to `run`.

        Outputs that wait for the run get its packets, and none of an earlier run that the encoder
        still holds.
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
        """Give packets to every output that does not wait for a later run."""
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
        """Return whether one of them waits for a keyframe; each tells it once."""
        with self._lock:
            requests = [
                sink.take_keyframe_request()
                for name, sink in self._sinks.items()
                if name not in self._awaited_runs
            ]
        return any(requests)

    def statuses(self) -> list[OutputStatus]:
        """Return how they all are, those that are over included."""
        with self._lock:
            return [sink.status() for sink in self._sinks.values()]

    def end(self) -> list[OutputStatus]:
        """End all of them, and return how they fared."""
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
