"""Manage all outputs of a show, which start and end while it runs."""

from __future__ import annotations

import threading
import time

import msgspec

from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.requests import Add
from renderer.output.sinks.hls import HlsFolder
from renderer.output.sinks.recording import Recording
from renderer.output.sinks.sink import Sink
from renderer.output.sinks.stream import Stream
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import Drops, OutputStatus

END_S = 10.0
"""Seconds for all outputs together to write their queues and end."""


class Outputs:
    """The sinks. Adding and querying happen in one thread, offering in another."""

    def __init__(self, header: bytes, live: bool) -> None:
        self._header, self._live = header, live
        self._sinks: dict[str, Sink] = {}
        self._awaited_runs: dict[str, int] = {}
        self._run = 0
        self._held = self._refused = self._bits = 0
        self._begun_at: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def add(self, request: Add) -> None:
        """Start an output. Its status says whether it runs, or why not."""
        with self._lock:
            # An output that is started again replaces the status of the ended one.
            for other in [s for s in self._sinks.values() if s.over and s.spec == request.spec]:
                del self._sinks[other.name]
            sink = self._make(request)
            self._sinks[request.name] = sink
            self._begun_at[request.name] = self._held, self._refused
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

    @property
    def specs(self) -> dict[str, OutputSpec]:
        """Return the specifications of the outputs that have not ended, by name."""
        with self._lock:
            return {name: sink.spec for name, sink in self._sinks.items() if not sink.over}

    @property
    def are_watched(self) -> bool:
        """Return whether an output takes the current run's packets."""
        with self._lock:
            return any(
                not sink.over and name not in self._awaited_runs
                for name, sink in self._sinks.items()
            )

    def note_program(self, held: int, refused: int, bits: int) -> None:
        """Record how many frames were replaced and refused, and the encoder's bits a second."""
        self._held, self._refused, self._bits = held, refused, bits

    @property
    def fullness(self) -> float:
        """Return how full the fullest stream's queue is, 0 to 1."""
        with self._lock:
            return max(
                (one.fullness for one in self._sinks.values() if one.spec.is_stream), default=0.0
            )

    def statuses(self) -> list[OutputStatus]:
        """Return the status of every output, including ended ones."""
        with self._lock:
            return [self._complete(sink.status()) for sink in self._sinks.values()]

    def _complete(self, status: OutputStatus) -> OutputStatus:
        """Return an output's status with what it has lost before it came to the output."""
        held, refused = self._begun_at.get(status.name, (0, 0))
        drops = Drops(self._held - held, self._refused - refused, status.drops.network)
        return msgspec.structs.replace(status, drops=drops, target_kbit_s=self._bits / 1000)

    def end(self) -> list[OutputStatus]:
        """End all outputs, and return their final statuses."""
        with self._lock:
            sinks = list(self._sinks.values())
        for sink in sinks:
            sink.close()
        deadline = time.monotonic() + END_S
        for sink in sinks:
            sink.join(max(0.1, deadline - time.monotonic()))
        return [self._complete(sink.status()) for sink in sinks]

    def _make(self, request: Add) -> Sink:
        spec = request.spec
        if spec.is_stream:
            return Stream(request.name, spec, self._header, request.keep_trying)
        if spec.is_recording:
            return Recording(request.name, spec, self._header, self._live, request.keep_trying)
        return HlsFolder(
            request.name, spec, self._header, self._live, request.keep_trying, request.continues_s
        )
