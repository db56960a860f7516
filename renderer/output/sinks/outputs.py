"""All outputs of a show, coming and going while it runs."""

from __future__ import annotations

import threading
import time

from renderer.output.encode.packets import EncodedPacket
from renderer.output.sinks.hls import HlsFolder
from renderer.output.sinks.recording import Recording
from renderer.output.sinks.sink import Sink
from renderer.output.sinks.stream import Stream
from renderer.output.spec import OutputSpec
from renderer.protocol.messages import OutputStatus

END_S = 10.0
"""For every output to write what waits and to end, taken together."""


class Outputs:
    """The sinks. Adding and asking happen in one thread, offering in another."""

    def __init__(self, header: bytes, live: bool) -> None:
        self._header, self._live = header, live
        self._sinks: dict[str, Sink] = {}
        self._count = 0
        self._lock = threading.Lock()

    def add(self, spec: OutputSpec) -> str:
        """Start an output, and give it a name. Its status tells when it runs, or why not."""
        with self._lock:
            self._count += 1
            name = f"{spec.kind}-{self._count}"
            # An output that is begun again replaces the account of the one that is over.
            for other in [s for s in self._sinks.values() if s.over and s.spec == spec]:
                del self._sinks[other.name]
            sink = self._make(name, spec)
            self._sinks[name] = sink
        sink.start()
        return name

    def remove(self, name: str) -> None:
        """Let an output write what waits, and end."""
        with self._lock:
            sink = self._sinks.get(name)
        if sink is not None:
            sink.close()

    def forget(self, name: str) -> None:
        """Let an output end, and count it out."""
        with self._lock:
            sink = self._sinks.pop(name, None)
        if sink is not None:
            sink.close()

    def offer(self, packets: list[EncodedPacket]) -> None:
        """Give packets to every output."""
        with self._lock:
            sinks = [sink for sink in self._sinks.values() if not sink.over]
        for sink in sinks:
            for packet in packets:
                sink.offer(packet)

    def take_keyframe_requests(self) -> bool:
        """Whether one of them waits for a keyframe; each tells it once."""
        with self._lock:
            wishes = [sink.take_keyframe_request() for sink in self._sinks.values()]
        return any(wishes)

    def statuses(self) -> list[OutputStatus]:
        """How they all are, those that are over included."""
        with self._lock:
            return [sink.status() for sink in self._sinks.values()]

    def end(self) -> list[OutputStatus]:
        """End all of them, and say how they fared."""
        with self._lock:
            sinks = list(self._sinks.values())
        for sink in sinks:
            sink.close()
        deadline = time.monotonic() + END_S
        for sink in sinks:
            sink.join(max(0.1, deadline - time.monotonic()))
        return [sink.status() for sink in sinks]

    def _make(self, name: str, spec: OutputSpec) -> Sink:
        if spec.kind == "rtmp":
            return Stream(name, spec, self._header)
        local = Recording if spec.kind == "mp4" else HlsFolder
        return local(name, spec, self._header, self._live)
