"""List the video encoders, and open the first one that works."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import av
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK

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
        if program.is_baseline:
            options["profile"] = "constrained_baseline" if self.name == _AMF else "baseline"
        if program.live or program.bitrate or self is not SOFTWARE:
            bits = str(program.bits)
            return options | {"b": bits, "maxrate": bits, "bufsize": bits}
        return options | {"crf": "20"}


_AMF = "h264_amf"
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
        _AMF,
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


def choose_codec(program: ProgramFormat, avoided: Collection[str]) -> Codec:
    """Return the first encoder that works.

    Args:
        program: format of the pictures.
        avoided: names of hardware encoders that have failed in this show.
    """
    if program.has_alpha:
        return PRORES
    usable = (codec for codec in HARDWARE if codec.name not in avoided)
    return next((codec for codec in usable if is_working(codec, program)), SOFTWARE)


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
            stream = add_video(container, codec, program)
            container.start_encoding()
            return bool(stream.encode(frame) + stream.encode(None))
    except (OSError, ValueError, av.FFmpegError):
        return False


def add_video(container: OutputContainer, codec: Codec, program: ProgramFormat) -> VideoStream:
    """Add a stream of pictures to a container."""
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
