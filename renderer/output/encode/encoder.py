"""Encode the program, pictures and song, into packets, once for all outputs."""

from __future__ import annotations

import io
from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from renderer.output.audio.sound import LEAD_NS, SampleSource, SoundTrack
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket

KEYFRAME_TICKS = 2 * VIDEO_CLOCK
"""Interval at which viewers can join: two seconds of show time, which stream servers require."""
GLOBAL_HEADER = 0x400000
"""AV_CODEC_FLAG_GLOBAL_HEADER: put parameter sets into the container, where muxers need them."""
BT709 = 1
"""Code of BT.709 for matrix, primaries and transfer curve (ITU-T H.273); the same number is
libav's code of limited range."""


@dataclass(frozen=True, slots=True)
class Codec:
    """An H.264 encoder.

    Attributes:
        name: libav's name.
        pixels: its input pixel format.
        live, offline: its options.
    """

    name: str
    pixels: str
    live: dict[str, str] = field(default_factory=dict)
    offline: dict[str, str] = field(default_factory=dict)

    def options(self, program: ProgramFormat) -> dict[str, str]:
        """Return all options for a program, by libav's names: `ffmpeg -NAME VALUE` does the same.

        Live, the threads share each picture, so that none adds latency. Offline each thread encodes
        a whole picture, which is faster because slices of one picture wait for each other.
        """
        options = {
            **(self.live if program.live else self.offline),
            "bf": "0",
            # Upper limit only: keyframes are requested by time, which works at any frame rate.
            "g": str(round(10 * program.rate)),
            "thread_type": "slice" if program.live else "frame",
        }
        if program.live or program.bitrate or self is not SOFTWARE:
            bits = str(program.bits)
            return options | {"b": bits, "maxrate": bits, "bufsize": bits}
        return options | {"crf": "20"}


HARDWARE = (
    Codec(
        "h264_nvenc",
        "yuv420p",
        {"preset": "p3", "tune": "ull", "zerolatency": "1", "delay": "0", "forced-idr": "1"},
        {"preset": "p5", "tune": "hq", "forced-idr": "1"},
    ),
    Codec(
        "h264_qsv",
        "nv12",
        {"preset": "veryfast", "async_depth": "1", "forced_idr": "1"},
        {"preset": "medium", "forced_idr": "1"},
    ),
    Codec(
        "h264_amf",
        "yuv420p",
        {"usage": "ultralowlatency", "forced_idr": "1"},
        {"usage": "transcoding", "forced_idr": "1"},
    ),
    Codec("h264_videotoolbox", "yuv420p", {"realtime": "1"}, {}),
)
# No keyframes at scene cuts such as a light going on: viewers and files request theirs by time.
SOFTWARE = Codec(
    "libx264",
    "yuv420p",
    {"preset": "veryfast", "tune": "zerolatency", "sc_threshold": "0", "forced-idr": "1"},
    {"preset": "veryfast", "sc_threshold": "0", "forced-idr": "1"},
)


class ProgramEncoder:
    """Encodes I420 frames and a song as H.264 and AAC.

    Attributes:
        name: name of the H.264 encoder in use.
        header: the streams' description, for packets.Templates.
        late: number of frames dropped because their time was not after the previous frame's.
    """

    def __init__(self, program: ProgramFormat, song: SampleSource | None) -> None:
        self._frame_ticks = round(VIDEO_CLOCK / program.rate)
        self._frame_ns = round(1_000_000_000 / program.rate)
        self._codec = next((c for c in HARDWARE if is_working(c, program)), SOFTWARE)
        self.name = self._codec.name
        memory = io.BytesIO()
        self._container: OutputContainer = av.open(memory, "w", format="nut")
        self._video = _add_video(self._container, self._codec, program)
        audio = _add_audio(self._container)
        self._container.start_encoding()
        for stream in (self._video, audio):
            # This container's header is complete only after a first packet.
            self._container.mux(_empty_packet(stream))
        self.header = memory.getvalue()
        self._sound = SoundTrack(audio, song, LEAD_NS if program.live else 0)
        self._seen: deque[tuple[int, int]] = deque()
        self._heard: deque[EncodedPacket] = deque()
        self._last_ticks: int | None = None
        self._key_ticks: int | None = None
        self._end_ns = 0
        self.late = 0

    def encode(
        self, planes: npt.NDArray[np.uint8], t_show_ns: int, t_seen_ns: int, join: bool
    ) -> list[EncodedPacket]:
        """Encode a frame and the sound up to its end.

        Args:
            planes: (height * 3 // 2, width) uint8 I420; may be reused on return.
            t_show_ns: show time.
            t_seen_ns: camera time of the newest performer data in it.
            join: a consumer waits for a keyframe.
        """
        ticks = (t_show_ns * VIDEO_CLOCK + 500_000_000) // 1_000_000_000
        if self._last_ticks is not None and ticks <= self._last_ticks:
            self.late += 1
            return []
        frame = VideoFrame.from_numpy_buffer(planes, "yuv420p")
        if self._codec.pixels != "yuv420p":
            frame = frame.reformat(format=self._codec.pixels)
        frame.pts, frame.time_base = ticks, Fraction(1, VIDEO_CLOCK)
        # Rather half a frame early than a whole frame late, since live times jitter.
        wait = KEYFRAME_TICKS - self._frame_ticks // 2
        if join or self._key_ticks is None or ticks - self._key_ticks >= wait:
            frame.pict_type = PictureType.I
            self._key_ticks = ticks
        self._last_ticks, self._end_ns = ticks, t_show_ns + self._frame_ns
        self._seen.append((ticks, t_seen_ns))
        pictures = self._pack(frame)
        self._heard += self._sound.encode_until(t_show_ns, self._end_ns)
        return pictures + self._due_sound(pictures)

    def finish(self) -> list[EncodedPacket]:
        """Flush both encoders and return their last packets. Nothing can be encoded afterwards."""
        if self._last_ticks is None:
            return []
        return [*self._pack(None), *self._heard, *self._sound.finish(self._end_ns)]

    def close(self) -> None:
        """Free the encoders."""
        self._container.close()

    def _due_sound(self, pictures: list[EncodedPacket]) -> list[EncodedPacket]:
        """Return the sound due with `pictures`, which an encoder with look-ahead returns late."""
        due: list[EncodedPacket] = []
        if pictures:
            end = pictures[-1].pts + self._frame_ticks + LEAD_NS * VIDEO_CLOCK // 1_000_000_000
            while self._heard and self._heard[0].pts * VIDEO_CLOCK <= end * AUDIO_CLOCK:
                due.append(self._heard.popleft())
        return due

    def _pack(self, frame: VideoFrame | None) -> list[EncodedPacket]:
        packets = []
        for raw in self._video.encode(frame):
            pts = raw.pts or 0
            seen = 0
            while self._seen and self._seen[0][0] <= pts:
                seen = self._seen.popleft()[1]
            packets.append(
                EncodedPacket(
                    bytes(raw), pts, self._frame_ticks, VIDEO_CLOCK, raw.is_keyframe, seen
                )
            )
        return packets


def _add_video(container: OutputContainer, codec: Codec, program: ProgramFormat) -> VideoStream:
    # With a variable name, type checkers would consider that it may be an audio codec.
    stream = cast(VideoStream, container.add_stream(codec.name, rate=program.rate))
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = program.width, program.height, codec.pixels
    context.time_base = Fraction(1, VIDEO_CLOCK)
    context.flags |= GLOBAL_HEADER
    context.color_range = context.colorspace = BT709
    context.color_primaries = context.color_trc = BT709
    context.options = codec.options(program)
    return stream


def _add_audio(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=AUDIO_CLOCK, layout="stereo")
    stream.codec_context.bit_rate = 160_000
    stream.codec_context.flags |= GLOBAL_HEADER
    return stream


def is_working(codec: Codec, program: ProgramFormat) -> bool:
    """Return whether the hardware of `codec` is available, by opening it and encoding a frame."""
    if codec.name not in av.codecs_available:
        return False
    frame = VideoFrame(program.width, program.height, codec.pixels)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.pts, frame.time_base = 0, Fraction(1, VIDEO_CLOCK)
    try:
        with av.open(io.BytesIO(), "w", format="nut") as container:
            stream = _add_video(container, codec, program)
            container.start_encoding()
            return bool(stream.encode(frame) + stream.encode(None))
    except (OSError, ValueError, av.FFmpegError):
        return False


def _empty_packet(stream: Stream) -> av.Packet[Stream]:
    packet: av.Packet[Stream] = av.Packet(b"\0")
    packet.pts = packet.dts = 0
    packet.time_base = Fraction(1, VIDEO_CLOCK if stream.type == "video" else AUDIO_CLOCK)
    packet.is_keyframe = True
    packet.stream = stream
    return packet
