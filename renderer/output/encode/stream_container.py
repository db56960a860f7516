"""Describe the encoded streams of pictures and sound, from which every sink makes its own."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Stream

from renderer.output.encode.codecs import GLOBAL_HEADER, Codec, add_video
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK


class StreamContainer:
    """Two streams in a container in memory; their encoders are open.

    Attributes:
        video, sound: the streams, which encode.
        header: their description, for packets.Templates.
    """

    def __init__(self, codec: Codec, program: ProgramFormat) -> None:
        """Open the encoders of pictures and sound.

        Raises:
            OSError, ValueError, av.FFmpegError: the pictures cannot be encoded.
        """
        memory = io.BytesIO()
        # NUT does not know ProRes; a fragmented MOV has its header at once.
        self._container: OutputContainer = (
            av.open(memory, "w", format="mov", options={"movflags": "empty_moov+frag_keyframe"})
            if program.has_alpha
            else av.open(memory, "w", format="nut")
        )
        try:
            self.video = add_video(self._container, codec, program)
            self.sound = _add_sound(self._container)
            self._container.start_encoding()
            if not program.has_alpha:
                for stream in (self.video, self.sound):
                    # This container's header is complete only after a first packet.
                    self._container.mux(_empty_packet(stream))
        except BaseException:
            self._container.close()
            raise
        self.header = memory.getvalue()

    def close(self) -> None:
        """Free the encoders."""
        self._container.close()


def _add_sound(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=AUDIO_CLOCK, layout="stereo")
    stream.codec_context.bit_rate = 160_000
    stream.codec_context.flags |= GLOBAL_HEADER
    return stream


def _empty_packet(stream: Stream) -> av.Packet[Stream]:
    packet: av.Packet[Stream] = av.Packet(b"\0")
    packet.pts = packet.dts = 0
    packet.time_base = Fraction(1, VIDEO_CLOCK if stream.type == "video" else AUDIO_CLOCK)
    packet.is_keyframe = True
    packet.stream = stream
    return packet
