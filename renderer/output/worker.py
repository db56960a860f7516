"""Run the media process: take frames, encode them, and pass the packets to the outputs.

It owns what must not stop on air: the show's clock, the song, the pace, the outputs. An engine
delivers pictures over a link; if none comes in time, the last one is repeated, then the slate is
sent, and the sound goes on. Another engine can take over with another link.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import av
import numpy as np
import numpy.typing as npt

from renderer.output.answers import RequestHandler
from renderer.output.audio.playback import SongPlayback
from renderer.output.audio.sound import LEAD_NS
from renderer.output.encode.bitrate import BitrateControl
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.packets import AUDIO_CLOCK
from renderer.output.encode.timeline import ProgramTimeline
from renderer.output.engine_frames import EngineFrames
from renderer.output.latency import LatencyWindow
from renderer.output.pacing import HOLD_NS, FramePacer
from renderer.output.requests import Job, MediaReport, Ready
from renderer.output.sinks.outputs import Outputs
from renderer.output.slate import Slate
from renderer.processes.child import Child
from renderer.protocol.outputs import OutputStatus
from renderer.transport.link import Link
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import EndOfFrames, FrameHeader
from renderer.transport.rpc import RpcServer

if TYPE_CHECKING:
    from renderer.output.sound.program_sound import ProgramSound
    from renderer.output.sound.settings import SoundPlan

_TAKE_S: Final = 0.2
"""Longest wait in seconds for a frame, after which links and the parent are looked after."""
_REPORT_S: Final = 1.0
"""Seconds without a picture from which a note reports it; slow engines miss single frames."""

_log = logging.getLogger(__name__)


def serve(child: Child, job: Job) -> None:
    """Run the media process, until an engine or its parent asks it to finish.

    Raises:
        OutputError: the format cannot be encoded, or the song or the slate cannot be read.
        EncoderError: on air, encoders keep failing; the outputs have been finished.
    """
    program = job.program
    slate = Slate(job.slate, program.width, program.height) if program.live else None
    song = SongPlayback(job.song)
    sound = None if job.sound is None else _open_sound(job.sound, song, live=program.live)
    avoided = set(job.avoided)
    encoder = ProgramEncoder(program, song if sound is None else sound, avoided)
    if slate is not None:
        slate.convert(encoder.layout)
    child.ready(encoder.name)
    sinks = Outputs(encoder.header, program, avoided)
    outputs = Worker(child, job, encoder, sinks, song if sound is None else sound, slate).run()
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
    """The media process's work: `run` encodes, a thread for each link answers its requests.

    Args:
        child: this process.
        job: its start-up parameters.
        encoder, outputs, song: opened; closed at the end of `run`.
        slate: in the encoder's layout; None offline.
    """

    def __init__(
        self,
        child: Child,
        job: Job,
        encoder: ProgramEncoder,
        outputs: Outputs,
        song: SongPlayback | ProgramSound,
        slate: Slate | None,
    ) -> None:
        live = job.program.live
        frame_ns = round(1_000_000_000 / job.program.rate)
        self._child, self._live = child, live
        self._encoder, self._song, self._slate = encoder, song, slate
        # An encoder that replaces this one may take another.
        self._slate_layout = encoder.layout
        self._sound = None if isinstance(song, SongPlayback) else song
        self._outputs = outputs
        self._timeline = ProgramTimeline(frame_ns, LEAD_NS if live else 0)
        self._pacer = FramePacer(frame_ns)
        self._server: RpcServer | None = None
        self._is_slate = False
        self._run: int | None = None
        self._frames = self._failed_frames = 0
        self._encoder_fault = ""
        self._latency = LatencyWindow()
        has_rate = live and not job.program.has_alpha
        self._bitrate = BitrateControl(job.program.bits) if has_rate else None
        self._requests = RequestHandler(
            outputs, song, self._pacer, self._latency, self._notes, slate
        )
        self._engine = EngineFrames(job.links, live=live, serve=self._serve)

    def run(self) -> list[OutputStatus]:
        """Encode until the show is finished, finish every output, and return their statuses."""
        try:
            with suppress(EndOfFrames):
                while True:
                    self._work()
            with suppress(OSError, ValueError, av.FFmpegError):
                self._outputs.offer(self._encoder.finish())
        finally:
            # Finalise recordings even after an exception.
            self._requests.end()
            outputs = self._outputs.end()
            if self._server is not None:
                self._server.announce(
                    MediaReport(
                        self._encoder.name,
                        self._frames,
                        self._encoder.late,
                        outputs,
                        self._notes(),
                        held=self._pacer.held,
                    )
                )
            self._encoder.close()
            self._song.close()
        return outputs

    def _work(self) -> None:
        """Encode one frame: the engine's next one, or the replacement of a missing one.

        Raises:
            EndOfFrames: the show is finished.
        """
        wait_ns = self._pacer.wait_ns(time.monotonic_ns())
        taken = self._engine.take(_TAKE_S if wait_ns is None else min(_TAKE_S, wait_ns / 1e9))
        if taken is not None:
            header, planes = taken
            self._fill_gap(header)
            self._pacer.note(header, time.monotonic_ns())
            self._show_frame(header, planes)
        elif self._child.parent_is_gone or self._child.stopping.is_set():
            raise EndOfFrames
        elif self._pacer.wait_ns(time.monotonic_ns()) == 0:
            self._replace_frame()

    def _serve(self, link: Link) -> None:
        """Tell an engine what runs, and answer its requests in a thread of their own."""
        self._server = server = RpcServer(link.requests, self._requests.answer)
        name, layout = self._encoder.name, self._encoder.layout
        server.announce(
            Ready(name, layout, self._pacer.clock, self._outputs.specs, self._song.segments)
        )
        threading.Thread(target=server.serve, name="requests", daemon=True).start()

    def _show_frame(self, header: FrameHeader, planes: npt.NDArray[np.uint8]) -> None:
        place = self._timeline.place(header.run, header.t_show_ns)
        if header.run != self._run:
            self._run = header.run
            at, skip = _sample(place.t_program_ns), _sample(header.t_show_ns)
            self._song.begin_run(header.run, at, skip)
        if self._sound is not None:
            wall_ns = header.origin_ns + header.t_show_ns if header.origin_ns else 0
            self._sound.note_frame(place.t_program_ns, wall_ns, header.t_seen_ns)
        self._outputs.begin_run(header.run, place.t_program_ns)
        # An output that joins with this run needs a keyframe, like one that has requested it.
        join = place.begins_run or self._is_slate
        self._is_slate = False
        self._encode(planes, header.layout, place.t_program_ns, header.t_seen_ns, join)
        self._latency.note(time.monotonic_ns() - header.t_render_ns)

    def _fill_gap(self, header: FrameHeader) -> None:
        """Encode the last picture again for each frame that the engine left out before this one."""
        shown = self._engine.previous
        if self._is_slate and self._slate is not None:
            shown = self._slate.planes, self._slate_layout
        if shown is None or not self._outputs.are_watched:
            return
        planes, layout = shown
        for t_show_ns in self._pacer.list_gap(header):
            place = self._timeline.place(header.run, t_show_ns)
            # Renditions do without: their queues are short, and the next picture needs the room.
            is_needed = self._outputs.is_program_taken
            self._encode_program(planes, layout, place.t_program_ns, 0, False, is_needed)

    def _replace_frame(self) -> None:
        """Encode the last frame again, or the slate if it has been repeated for long."""
        clock, held, now_ns = self._pacer.clock, self._engine.held, time.monotonic_ns()
        if clock is None or held is None:
            return
        if not self._outputs.are_watched:
            self._pacer.skip_to(now_ns)
            return
        layout, was_slate = self._engine.layout, self._is_slate
        if self._slate is not None and self._pacer.silent_ns(now_ns) > HOLD_NS:
            held, layout, self._is_slate = self._slate.planes, self._slate_layout, True
        place = self._timeline.place(clock.run, self._pacer.replace())
        self._encode(held, layout, place.t_program_ns, 0, self._is_slate and not was_slate)

    def _encode(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
    ) -> None:
        """Encode a picture for every rendition; one that an encoder refuses is counted."""
        join |= self._outputs.take_keyframe_requests()
        self._outputs.offer_picture(planes, layout, t_program_ns, t_seen_ns, join)
        is_needed = self._outputs.is_program_taken
        self._encode_program(planes, layout, t_program_ns, t_seen_ns, join, is_needed)

    def _encode_program(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
        is_needed: bool,
    ) -> None:
        """Encode a picture, if it is needed, and the sound for the program's own outputs."""
        try:
            packets = self._encoder.encode(planes, t_program_ns, t_seen_ns, join, layout, is_needed)
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._failed_frames += 1
            self._encoder_fault = str(fault)
            return
        self._frames += 1
        self._adapt_bitrate()
        self._outputs.offer(packets)

    def _adapt_bitrate(self) -> None:
        control = self._bitrate
        if control is not None and control.update(
            self._outputs.measure_fullness(), time.monotonic()
        ):
            self._encoder.set_bits(control.bits)
            _log.warning("the bit rate is now %d kbit/s", control.bits // 1000)
        bits = control.bits if control is not None else 0
        self._outputs.note_program(self._pacer.held, self._failed_frames, bits)

    def _notes(self) -> dict[str, str]:
        notes = self._song.notes
        if self._encoder.note:
            notes["encoder"] = self._encoder.note
        elif self._failed_frames:
            notes["encoder"] = (
                f"The encoder {self._encoder.name} failed on {self._failed_frames} frames: "
                f"{self._encoder_fault}"
            )
        for shown, note in self._outputs.encoder_notes.items():
            notes[f"encoder {shown}"] = f"{shown}: {note}"
        control = self._bitrate
        if control is not None and control.is_lowered:
            notes["bitrate"] = (
                f"A stream takes less than is sent: the bit rate of all outputs is lowered to "
                f"{control.bits // 1000} kbit/s"
            )
        for shown, bits in self._outputs.lowered.items():
            notes[f"bitrate {shown}"] = (
                f"A stream takes less than is sent: the bit rate of the outputs with {shown} is "
                f"lowered to {bits // 1000} kbit/s"
            )
        silent_s = self._pacer.silent_ns(time.monotonic_ns()) / 1e9
        if self._pacer.is_holding and silent_s >= _REPORT_S:
            sent = "the slate is sent" if self._is_slate else "the last one is repeated"
            notes["hold"] = f"No picture has come for {silent_s:.0f} s; {sent}"
        return notes


def _open_sound(plan: SoundPlan, song: SongPlayback, *, live: bool) -> ProgramSound:
    # Imported here because it compiles its loops, which a song alone does not need.
    from renderer.output.sound.program_sound import ProgramSound

    return ProgramSound(plan, song, live=live)


def _sample(time_ns: int) -> int:
    return (time_ns * AUDIO_CLOCK + 500_000_000) // 1_000_000_000
