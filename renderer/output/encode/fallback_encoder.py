"""Encode the pictures of one stream; on air another encoder replaces one that keeps failing."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import MutableSet
from contextlib import suppress
from dataclasses import replace
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream

from renderer.errors import EncoderError
from renderer.output.encode.codecs import SOFTWARE, Codec, choose_codec
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import EncodedPacket
from renderer.output.encode.picture_encoder import PictureEncoder
from renderer.output.encode.stream_container import StreamContainer
from renderer.transport.pixel_layout import PixelLayout

MOST_FAILURES: Final = 10
"""Pictures in a row that an encoder may refuse before it is replaced: a third of a second."""
_MOST_REPLACEMENTS: Final = 3
"""Encoders that are replaced within _WITHIN_S; with one more, the cause is not the encoder."""
_WITHIN_S: Final = 60.0

_log = logging.getLogger(__name__)


class FallbackEncoder:
    """Encodes pictures as H.264 or ProRes.

    After MOST_FAILURES refused pictures in a row a live stream gets another encoder: the next
    hardware encoder that works, else libx264, which is opened again if it is the one that fails.
    The streams' description may change with it. Every keyframe from then on carries the new one
    (EncodedPacket.header).

    Args:
        program: format of the stream.
        avoided: names of hardware encoders that have failed in this show; one that fails is added.

    Attributes:
        sound: stream of sound in the same description; its encoder is never replaced.
        header: the current description of the streams, for packets.Templates.
        note: sentence about the last replacement; empty before the first.

    Raises:
        OSError, ValueError, av.FFmpegError: no encoder opens.
    """

    def __init__(self, program: ProgramFormat, avoided: MutableSet[str]) -> None:
        self._program, self._avoided = program, avoided
        self._first = self._container = StreamContainer(
            codec := choose_codec(program, avoided), program
        )
        self._codec: Codec = codec
        self._pictures = PictureEncoder(self._container.video, codec, program)
        self.sound: AudioStream = self._container.sound
        self.header = self._container.header
        self.note = ""
        self._bits: int | None = None
        self._has_changed = False
        self._failed_in_a_row = 0
        self._replaced_at: deque[float] = deque(maxlen=_MOST_REPLACEMENTS)

    @property
    def name(self) -> str:
        """Return libav's name of the encoder in use."""
        return self._codec.name

    @property
    def layout(self) -> PixelLayout:
        """Return the layout of pictures that it takes without conversion."""
        return PixelLayout.RGBA if self._program.has_alpha else PixelLayout(self._codec.pixels)

    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout,
    ) -> list[EncodedPacket]:
        """Encode a picture; the arguments are those of PictureEncoder.encode.

        Raises:
            OSError, ValueError, av.FFmpegError: this picture was refused.
            EncoderError: live, encoders keep failing, or none opens.
        """
        try:
            packets = self._pictures.encode(planes, t_show_ns, t_seen_ns, join, layout)
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._failed_in_a_row += 1
            if not self._program.live or self._failed_in_a_row < MOST_FAILURES:
                raise
            self._replace(fault)
            packets = self._pictures.encode(planes, t_show_ns, t_seen_ns, True, layout)
        self._failed_in_a_row = 0
        return self._describe(packets) if self._has_changed else packets

    def set_bits(self, bits: int) -> None:
        """Change the bit rate, bits per second, from the next picture on."""
        self._bits = bits
        self._pictures.set_bits(bits)

    def finish(self) -> list[EncodedPacket]:
        """Return the last packets. Nothing can be encoded afterwards."""
        packets = self._pictures.finish()
        return self._describe(packets) if self._has_changed else packets

    def close(self) -> None:
        """Free the encoders."""
        self._container.close()
        if self._first is not self._container:
            self._first.close()

    def _describe(self, packets: list[EncodedPacket]) -> list[EncodedPacket]:
        return [replace(one, header=self.header) if one.starts_picture else one for one in packets]

    def _replace(self, fault: Exception) -> None:
        """Open another encoder, or the same again if it is the last one.

        Raises:
            EncoderError: it was replaced too often, or none opens.
        """
        failed, now = self._codec.name, time.monotonic()
        is_often = len(self._replaced_at) == _MOST_REPLACEMENTS
        if is_often and now - self._replaced_at[0] < _WITHIN_S:
            raise self._describe_failure(fault) from fault
        if self._codec is not SOFTWARE:
            self._avoided.add(failed)
        try:
            codec = choose_codec(self._program, self._avoided)
            container = StreamContainer(codec, self._program)
        except (OSError, ValueError, av.FFmpegError) as other:
            raise self._describe_failure(other) from fault
        # The first one encodes the sound until the end.
        if self._container is not self._first:
            with suppress(OSError, ValueError, av.FFmpegError):
                self._container.close()
        self._codec, self._container = codec, container
        self._pictures = PictureEncoder(container.video, codec, self._program)
        self._has_changed |= container.header != self.header
        self.header = container.header
        if self._bits is not None:
            self._pictures.set_bits(self._bits)
        self._failed_in_a_row = 0
        self._replaced_at.append(now)
        successor = f"another {codec.name}" if codec.name == failed else codec.name
        self.note = (
            f"The encoder {failed} failed on {MOST_FAILURES} pictures in a row ({fault}); "
            f"{successor} goes on"
        )
        _log.warning("%s", self.note)

    def _describe_failure(self, fault: Exception) -> EncoderError:
        return EncoderError(
            f"the encoder {self._codec.name}",
            f"failed on {self._failed_in_a_row} pictures in a row ({fault})",
            "another encoder is opened",
        )
