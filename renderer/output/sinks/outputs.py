"""Manage all outputs of a show, which start and end while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import MutableSet

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.rendition import PROGRAM_RENDITION, Rendition
from renderer.output.requests import Add
from renderer.output.sinks.hls import HlsFolder
from renderer.output.sinks.image_folder import ImageFolder
from renderer.output.sinks.recording import Recording
from renderer.output.sinks.renditions import Renditions
from renderer.output.sinks.sink import Sink
from renderer.output.sinks.stream import Stream
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import Drops, OutputStatus
from renderer.transport.pixel_layout import PixelLayout

END_S = 10.0
"""Seconds for all outputs together to write their queues and end."""


class Outputs:
    """The sinks. Adding and querying happen in one thread, offering in another.

    Args:
        header: the streams' description from the program's encoder.
        program: format of the program.
        avoided: names of hardware encoders that have failed in this show; one that fails is added.
    """

    def __init__(
        self, header: bytes, program: ProgramFormat, avoided: MutableSet[str] | None = None
    ) -> None:
        self._header, self._program, self._live = header, program, program.live
        self._renditions = Renditions(
            program,
            set() if avoided is None else avoided,
            self._deliver,
            self._break_off,
            self.measure_fullness,
        )
        self._sinks: dict[str, Sink] = {}
        self._awaited_runs: dict[str, int] = {}
        self._run = 0
        self._held = self._refused = self._bits = 0
        self._begun_at: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def add(self, request: Add) -> None:
        """Start an output. Its status says whether it runs, or why not.

        Raises:
            OutputError: the program cannot be encoded as the output asks.
            EncoderError: no encoder opens for it.
        """
        rendition = self._rendition_of(request.spec)
        is_own = rendition == PROGRAM_RENDITION
        header = self._header if is_own else self._renditions.reserve(rendition)
        try:
            self._start(request, header)
        finally:
            if not is_own:
                self._renditions.release(rendition)

    def _start(self, request: Add, header: bytes) -> None:
        with self._lock:
            # An output that is started again replaces the status of the ended one.
            for other in [s for s in self._sinks.values() if s.over and s.spec == request.spec]:
                del self._sinks[other.name]
            sink = self._make(request, header)
            self._sinks[request.name] = sink
            lost = self._count_lost(self._rendition_of(request.spec))
            self._begun_at[request.name] = self._held, lost
            if request.run > self._run:
                self._awaited_runs[request.name] = request.run
        sink.start()

    def remove(self, name: str) -> None:
        """End an output once its queue is written."""
        with self._lock:
            sink = self._sinks.get(name)
        if sink is None:
            return
        rendition = self._rendition_of(sink.spec)
        if rendition == PROGRAM_RENDITION or self._using(rendition) != [sink]:
            sink.close()
        else:
            # What is still in its encoder belongs to it.
            self._renditions.finish(rendition, sink.close)

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

    def offer_picture(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
    ) -> None:
        """Pass a picture to the encoders of other renditions than the program's own."""
        if self._renditions.is_empty:
            return
        self._renditions.retire(self._used_renditions)
        self._renditions.put_picture(planes, layout, t_program_ns, t_seen_ns, join)

    @property
    def is_program_taken(self) -> bool:
        """Return whether an output takes the program's own rendition; without others, always."""
        return self._renditions.is_empty or PROGRAM_RENDITION in self._used_renditions

    @property
    def _used_renditions(self) -> set[Rendition]:
        with self._lock:
            return {self._rendition_of(sink.spec) for sink in self._sinks.values() if not sink.over}

    def offer(self, packets: list[EncodedPacket]) -> None:
        """Pass the program's packets to every output that does not wait for a later run."""
        for packet in packets:
            # An output that is added after another encoder has replaced the first one.
            self._header = packet.header or self._header
        self._deliver(PROGRAM_RENDITION, packets)
        if not self._renditions.is_empty:
            self._renditions.put_sound([one for one in packets if not one.is_video])

    def _deliver(self, rendition: Rendition, packets: list[EncodedPacket]) -> None:
        for sink in self._using(rendition):
            for packet in packets:
                sink.offer(packet)

    def _break_off(self, rendition: Rendition, why: str) -> None:
        for sink in self._using(rendition):
            sink.break_off(why)

    def _using(self, rendition: Rendition) -> list[Sink]:
        """Return the outputs that take a rendition's packets now."""
        with self._lock:
            return [
                sink
                for name, sink in self._sinks.items()
                if not sink.over
                and name not in self._awaited_runs
                and self._rendition_of(sink.spec) == rendition
            ]

    def _rendition_of(self, spec: OutputSpec) -> Rendition:
        return spec.options.rendition.simplify(self._program)

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

    def measure_fullness(self, rendition: Rendition = PROGRAM_RENDITION) -> float:
        """Return how full the fullest queue of a rendition's streams is, 0 to 1."""
        with self._lock:
            return max(
                (
                    sink.fullness
                    for sink in self._sinks.values()
                    if sink.spec.is_stream and self._rendition_of(sink.spec) == rendition
                ),
                default=0.0,
            )

    @property
    def lowered(self) -> dict[str, int]:
        """Return the bit rates of other renditions that are lowered; see Renditions."""
        return self._renditions.lowered

    @property
    def encoder_notes(self) -> dict[str, str]:
        """Return a sentence about each replaced encoder of another rendition; see Renditions."""
        return self._renditions.notes

    def statuses(self) -> list[OutputStatus]:
        """Return the status of every output, including ended ones."""
        with self._lock:
            return [self._complete(sink.status()) for sink in self._sinks.values()]

    def _complete(self, status: OutputStatus) -> OutputStatus:
        """Return an output's status with what was lost before it came to the output.

        Pictures that a rendition's encoder was too slow for count as dropped.
        """
        sink = self._sinks.get(status.name)
        rendition = PROGRAM_RENDITION if sink is None else self._rendition_of(sink.spec)
        is_own = rendition == PROGRAM_RENDITION
        bits = self._bits if is_own else self._renditions.bits(rendition)
        held, lost_before = self._begun_at.get(status.name, (0, 0))
        lost = self._count_lost(rendition) - lost_before
        drops = Drops(self._held - held, lost, status.drops.network)
        return msgspec.structs.replace(
            status,
            dropped=status.dropped + (0 if is_own else drops.encode),
            drops=drops,
            target_kbit_s=bits / 1000,
            rendition=rendition.shown,
        )

    def _count_lost(self, rendition: Rendition) -> int:
        """Return how many pictures a rendition's encoder has not encoded."""
        is_own = rendition == PROGRAM_RENDITION
        return self._refused if is_own else self._renditions.lost(rendition)

    def end(self) -> list[OutputStatus]:
        """End all outputs, and return their final statuses."""
        self._renditions.end(END_S)
        with self._lock:
            sinks = list(self._sinks.values())
        for sink in sinks:
            sink.close()
        deadline = time.monotonic() + END_S
        for sink in sinks:
            sink.join(max(0.1, deadline - time.monotonic()))
        return [self._complete(sink.status()) for sink in sinks]

    def _make(self, request: Add, header: bytes) -> Sink:
        spec, live = request.spec, self._live
        if spec.is_stream:
            return Stream(request.name, spec, header, request.keep_trying)
        if spec.is_recording:
            return Recording(request.name, spec, header, live, request.keep_trying)
        if spec.is_images:
            return ImageFolder(
                request.name, spec, self._program.rate, live, request.keep_trying,
                request.continues_s,
            )  # fmt: skip
        form = self._rendition_of(spec).apply(self._program)
        return HlsFolder(request.name, spec, header, form, request.keep_trying, request.continues_s)
