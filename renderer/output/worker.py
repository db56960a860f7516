"""What runs in the media process: take a frame, encode it, give the packets to the outputs."""

from __future__ import annotations

import signal
import threading

from renderer.errors import OutputError, RendererError
from renderer.output.audio.sound import Song
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.requests import (
    Add,
    Ask,
    Finish,
    Forget,
    Job,
    MediaReport,
    Ready,
    Remove,
    Request,
)
from renderer.output.sinks.outputs import Outputs
from renderer.transport.ring import PeerGone, RingReader

TAKE_S = 1.0
GOODBYE_S = 2.0
"""For the engine to fetch the report."""


def serve(job: Job) -> None:
    """Run the media process, until the engine closes the ring or dies."""
    # The show decides when it ends; Ctrl-C and a service's stop reach every process of a group.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        song = Song(job.song) if job.song is not None else None
        encoder = ProgramEncoder(job.program, song)
    except RendererError as fault:
        job.control.send(fault)
        return
    job.control.send(Ready(encoder.name))
    Worker(job, encoder, song).run()


class Worker:
    """Two threads: `run` encodes, `_answer` hears the engine's requests."""

    def __init__(self, job: Job, encoder: ProgramEncoder, song: Song | None) -> None:
        self._encoder, self._song = encoder, song
        self._outputs = Outputs(encoder.header, job.program.live)
        self._ring, self._control = RingReader(job.ring), job.control
        self._frames = 0
        self._report: MediaReport | None = None
        self._done = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="control", daemon=True)

    def run(self) -> None:
        """Encode until no frame follows, then finish every output."""
        self._listener.start()
        try:
            self._encode_all()
        finally:
            # Whatever happened, what was recorded is finished in order.
            outputs = self._outputs.end()
            notes = [f"the song {self._song.fault}"] if self._song and self._song.fault else []
            self._report = MediaReport(
                self._encoder.name, self._frames, self._encoder.late, outputs, notes
            )
            self._done.set()
            self._listener.join(GOODBYE_S)
            self._encoder.close()
            if self._song is not None:
                self._song.close()

    def _encode_all(self) -> None:
        try:
            while True:
                taken = self._ring.take(TAKE_S)
                if taken is None:
                    continue
                header, planes = taken
                packets = self._encoder.encode(
                    planes,
                    header.t_show_ns,
                    header.t_seen_ns,
                    self._outputs.take_keyframe_requests(),
                )
                self._ring.release()
                self._frames += 1
                self._outputs.offer(packets)
        except PeerGone:
            self._outputs.offer(self._encoder.finish())

    def _listen(self) -> None:
        try:
            while True:
                request: Request = self._control.recv()
                self._control.send(self._answer(request))
        except (EOFError, OSError):
            # The engine has let go, or is gone: the ring says so too, and decides what follows.
            return

    def _answer(self, request: Request) -> object:
        match request:
            case Add(spec):
                if self._done.is_set():
                    return OutputError(spec.shown, "came after the end", "add it before")
                return self._outputs.add(spec)
            case Remove(name):
                self._outputs.remove(name)
                return None
            case Forget(name):
                self._outputs.forget(name)
                return None
            case Ask():
                return self._outputs.statuses()
            case Finish():
                self._done.wait()
                return self._report
