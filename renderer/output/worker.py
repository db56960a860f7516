"""Run the media process: take frames, encode them, and pass the packets to the outputs."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

import av
import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError, RendererError
from renderer.output.audio.playback import SongPlayback
from renderer.output.audio.sound import LEAD_NS
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.packets import AUDIO_CLOCK, EncodedPacket
from renderer.output.encode.timeline import ProgramTimeline
from renderer.output.requests import (
    Add,
    Discard,
    GetStatus,
    Job,
    MediaReport,
    MediaRequest,
    MediaStatus,
    Ready,
    Remove,
)
from renderer.output.sinks.outputs import Outputs
from renderer.processes.child import Child
from renderer.protocol.outputs import OutputStatus
from renderer.transport.ring import FrameHeader, PeerGone, RingReader
from renderer.transport.rpc import Event, RpcServer

TAKE_S = 1.0

_log = logging.getLogger(__name__)


def serve(child: Child, job: Job) -> None:
    """Run the media process, until the engine closes the ring or dies."""
    try:
        song = SongPlayback(job.song) if job.song is not None else None
        encoder = ProgramEncoder(job.program, song)
    except RendererError as fault:
        job.control.send(Event(fault))
        return
    child.ready()
    outputs = Worker(job, encoder, song).run()
    if child.parent_is_gone:
        # No process is left to send a report to.
        _log.error("the show's process is gone; all outputs were finished without it")
    for output in outputs:
        _log.info(
            "%s %s: %.1f s, %d packets, %d bytes, %d dropped; %s",
            output.address,
            output.state.value,
            output.seconds,
            output.packets,
            output.bytes,
            output.dropped,
            output.detail or "no fault",
        )


class Worker:
    """The media process's work, in two threads: `run` encodes, another answers requests."""

    def __init__(self, job: Job, encoder: ProgramEncoder, song: SongPlayback | None) -> None:
        live = job.program.live
        self._encoder, self._song = encoder, song
        self._outputs = Outputs(encoder.header, live)
        self._timeline = ProgramTimeline(
            round(1_000_000_000 / job.program.rate), LEAD_NS if live else 0
        )
        self._ring = RingReader(job.ring)
        self._server = RpcServer(job.control, self._answer)
        self._frames = self._failed_frames = 0
        self._encoder_fault = ""
        self._done = threading.Event()

    def run(self) -> list[OutputStatus]:
        """Encode until the frames end, finish every output, and return their final statuses."""
        self._server.announce(Ready(self._encoder.name))
        threading.Thread(target=self._server.serve, name="requests", daemon=True).start()
        try:
            self._encode_all()
        finally:
            # Finalise recordings, whatever happened.
            self._done.set()
            outputs = self._outputs.end()
            self._server.announce(
                MediaReport(
                    self._encoder.name, self._frames, self._encoder.late, outputs, self._notes()
                )
            )
            self._encoder.close()
            if self._song is not None:
                self._song.close()
        return outputs

    def _encode_all(self) -> None:
        try:
            while True:
                taken = self._ring.take(TAKE_S)
                if taken is None:
                    continue
                packets = self._encode(*taken)
                self._ring.release()
                self._outputs.offer(packets)
        except PeerGone:
            with suppress(OSError, ValueError, av.FFmpegError):
                self._outputs.offer(self._encoder.finish())

    def _encode(self, header: FrameHeader, planes: npt.NDArray[np.uint8]) -> list[EncodedPacket]:
        """Encode a frame; a frame that the encoder refuses is dropped and counted."""
        place = self._timeline.place(header.run, header.t_show_ns)
        if place.begins_run and self._song is not None:
            skip = _sample(header.t_show_ns)
            self._song.restart_at(_sample(place.t_program_ns), skip)
        self._outputs.begin_run(header.run, place.t_program_ns)
        # An output that joins with this run needs a keyframe, like one that has requested it.
        join = self._outputs.take_keyframe_requests() or place.begins_run
        try:
            packets = self._encoder.encode(planes, place.t_program_ns, header.t_seen_ns, join)
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._failed_frames += 1
            self._encoder_fault = str(fault)
            return []
        self._frames += 1
        return packets

    def _notes(self) -> dict[str, str]:
        notes = self._song.notes if self._song is not None else {}
        if self._failed_frames:
            notes["encoder"] = (
                f"The encoder {self._encoder.name} failed on {self._failed_frames} frames: "
                f"{self._encoder_fault}"
            )
        return notes

    def _answer(self, request: MediaRequest) -> object:
        match request:
            case Add():
                if self._done.is_set():
                    raise OutputError(request.spec.shown, "came after the end", "add it before")
                self._outputs.add(request)
            case Remove(name):
                self._outputs.remove(name)
            case Discard(name):
                self._outputs.discard(name)
            case GetStatus():
                return MediaStatus(self._outputs.statuses(), self._notes())
        return None


def _sample(time_ns: int) -> int:
    return (time_ns * AUDIO_CLOCK + 500_000_000) // 1_000_000_000
