"""Encode the program, pictures and song, into packets, once for all outputs.

A keyed program is encoded as ProRes 4444, any other as H.264.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Collection
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
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from renderer.output.audio.sound import LEAD_NS, SampleSource, SoundTrack
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.marked_picture import MarkedPicture
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket
from renderer.transport.pixel_layout import PixelLayout

KEYFRAME_TICKS = 2 * VIDEO_CLOCK
"""Interval at which viewers can join: two seconds of show time, which stream servers require."""
GLOBAL_HEADER = 0x400000
"""AV_CODEC_FLAG_GLOBAL_HEADER: put parameter sets into the container, where muxers need them."""
BT709 = 1
"""Code of BT.709 for matrix, primaries and transfer curve (ITU-T H.273); the same number is
libav's code of limited range."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A video encoder.

    Attributes:
        name: libav's name.
        pixels: its input pixel format: for hardware NV12, its own layout.
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
        if self is PRORES:
            return self.offline
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
        "nv12",
        {"usage": "ultralowlatency", "forced_idr": "1"},
        {"usage": "transcoding", "forced_idr": "1"},
    ),
    Codec("h264_videotoolbox", "nv12", {"realtime": "1"}, {}),
)
# No keyframes at scene cuts such as a light going on: viewers and files request theirs by time.
SOFTWARE = Codec(
    "libx264",
    "yuv420p",
    {"preset": "veryfast", "tune": "zerolatency", "sc_threshold": "0", "forced-idr": "1"},
    {"preset": "veryfast", "sc_threshold": "0", "forced-idr": "1"},
)
PRORES = Codec(
    "prores_ks",
    "yuva444p10le",
    offline={"profile": "4444", "alpha_bits": "16", "vendor": "apl0"},
)
"""For pictures with straight alpha; every frame is a keyframe."""


class ProgramEncoder:
    """Encodes frames and a song as H.264 or ProRes, and AAC.

    Attributes:
        name: name of the video encoder in use.
        layout: that it takes without conversion.
        header: the streams' description, for packets.Templates.
        late: number of frames dropped because their time was not after the previous frame's.
    """

    def __init__(
        self,
        program: ProgramFormat,
        song: SampleSource | None,
        avoided: Collection[str] = (),
    ) -> None:
        """Open the first encoder that works.

        Args:
            program: format of the program.
            song: None for silence.
            avoided: names of hardware encoders that have failed in this show.
        """
        # Keyed pictures are the crew's own material, for another program.
        is_marked = program.mark is not None and not program.has_alpha
        self._marked = MarkedPicture(program) if is_marked else None
        self._frame_ticks = round(VIDEO_CLOCK / program.rate)
        self._frame_ns = round(1_000_000_000 / program.rate)
        if program.has_alpha:
            self._codec, self.layout = PRORES, PixelLayout.RGBA
        else:
            usable = (codec for codec in HARDWARE if codec.name not in avoided)
            self._codec = next((codec for codec in usable if is_working(codec, program)), SOFTWARE)
            self.layout = PixelLayout(self._codec.pixels)
        self.name = self._codec.name
        memory = io.BytesIO()
        # NUT does not know ProRes; a fragmented MOV has its header at once.
        self._container: OutputContainer = (
            av.open(memory, "w", format="mov", options={"movflags": "empty_moov+frag_keyframe"})
            if program.has_alpha
            else av.open(memory, "w", format="nut")
        )
        self._video = _add_video(self._container, self._codec, program)
        audio = _add_audio(self._container)
        self._container.start_encoding()
        if not program.has_alpha:
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
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout = PixelLayout.I420,
    ) -> list[EncodedPacket]:
        """Encode a frame and the sound up to its end.

        Args:
            planes: (height * 3 // 2, width) uint8, or RGBA (height, width * 4); may be reused on
                return.
            t_show_ns: show time.
            t_seen_ns: camera time of the newest performer data in it.
            join: a consumer waits for a keyframe.
            layout: of the planes.
        """
        ticks = (t_show_ns * VIDEO_CLOCK + 500_000_000) // 1_000_000_000
        if self._last_ticks is not None and ticks <= self._last_ticks:
            self.late += 1
            return []
        if layout is PixelLayout.RGBA:
            frame = convert_keyed(planes, self._codec.pixels)
        else:
            if self._marked is not None:
                planes = self._marked.mark(planes, t_show_ns)
            frame = VideoFrame.from_numpy_buffer(planes, layout.value)
        if layout is not self.layout:
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

    def set_bits(self, bits: int) -> None:
        """Change the bit rate, bits per second, from the next frame on; libav reconfigures."""
        self._video.codec_context.bit_rate = bits

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


def convert_keyed(pixels: npt.NDArray[np.uint8], pixel_format: str) -> VideoFrame:
    """Return a frame in BT.709 with alpha.

    Args:
        pixels: (height, width * 4) uint8 sRGB with straight alpha.
        pixel_format: libav's name of a YUV format with alpha.
    """
    height, stride = pixels.shape
    frame = VideoFrame.from_ndarray(pixels.reshape(height, stride // 4, 4), "rgba")
    return frame.reformat(
        format=pixel_format,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


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
