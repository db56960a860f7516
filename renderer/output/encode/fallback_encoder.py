"""Encode the pictures of one stream; on air another encoder replaces one that keeps failing."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, MutableSet
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream

from renderer.errors import EncoderError
from renderer.output.encode.call_thread import CallThread, HungCallError
from renderer.output.encode.codecs import HARDWARE, SOFTWARE, Codec, choose_codec
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
HUNG_S: Final = 2.0
"""Seconds without an answer from which an encoder is hung: a picture takes milliseconds, and on a
machine that does much else a tenth of that. Viewers see a still picture meanwhile."""
_OPEN_S: Final = 10.0
"""Seconds in which another encoder has to open."""
T = TypeVar("T")

_log = logging.getLogger(__name__)


class FallbackEncoder:
    """Encodes pictures as H.264 or ProRes.

    After MOST_FAILURES refused pictures in a row a live stream gets another encoder: the next
    hardware encoder that works, else libx264, which is opened again if it is the one that fails.
    So it does when an encoder hangs: live, it works in a thread of its own, which is given up.
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
        # Offline nobody waits for a picture.
        self._thread = CallThread("encoder") if program.live else None
        self._is_first_hung = False

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
        arguments = planes, t_show_ns, t_seen_ns
        try:
            packets = self._call(partial(self._pictures.encode, *arguments, join, layout))
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._failed_in_a_row += 1
            is_over = self._failed_in_a_row >= MOST_FAILURES or isinstance(fault, HungCallError)
            if not self._program.live or not is_over:
                raise
            self._replace(fault)
            packets = self._call(partial(self._pictures.encode, *arguments, True, layout))
        self._failed_in_a_row = 0
        return self._describe(packets) if self._has_changed else packets

    def set_bits(self, bits: int) -> None:
        """Change the bit rate, bits per second, from the next picture on."""
        self._bits = bits
        self._pictures.set_bits(bits)

    def finish(self) -> list[EncodedPacket]:
        """Return the last packets; none if the encoder fails. Nothing can be encoded afterwards."""
        try:
            packets = self._call(self._pictures.finish)
        except (OSError, ValueError, av.FFmpegError) as fault:
            _log.warning("the encoder %s gave no last pictures (%s)", self.name, fault)
            return []
        return self._describe(packets) if self._has_changed else packets

    def close(self) -> None:
        """Free the encoders, except those that hang."""
        is_hung = self._thread is not None and self._thread.is_hung
        if self._first is not self._container and not self._is_first_hung:
            self._free(self._first)
        if not is_hung:
            self._free(self._container)
        if self._thread is not None:
            self._thread.close()

    def _free(self, container: StreamContainer) -> None:
        """Close a container; one that hangs in it is left to itself."""
        thread = CallThread("encoder end") if self._program.live else None
        with suppress(OSError, ValueError, av.FFmpegError):
            if thread is None:
                container.close()
            else:
                thread.call(container.close, HUNG_S)
        if thread is not None:
            thread.close()

    def _call(self, function: Callable[[], T], limit_s: float | None = None) -> T:
        """Execute a call of the encoder; live it counts as hung after `limit_s`, or HUNG_S.

        Raises:
            HungCallError: it did not return in time.
        """
        if self._thread is None:
            return function()
        return self._thread.call(function, HUNG_S if limit_s is None else limit_s)

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
        is_hung = isinstance(fault, HungCallError)
        if is_hung:
            self._thread = CallThread("encoder")
        try:
            codec, container = self._open()
        except (OSError, ValueError, av.FFmpegError) as other:
            raise self._describe_failure(other) from fault
        if self._container is self._first:
            # It encodes the sound until the end.
            self._is_first_hung = is_hung
        elif not is_hung:
            self._free(self._container)
        self._codec, self._container = codec, container
        self._pictures = PictureEncoder(container.video, codec, self._program)
        self._has_changed |= container.header != self.header
        self.header = container.header
        if self._bits is not None:
            self._pictures.set_bits(self._bits)
        successor = f"another {codec.name}" if codec.name == failed else codec.name
        self.note = f"The encoder {failed} {self._describe_fault(fault)}; {successor} goes on"
        self._failed_in_a_row = 0
        self._replaced_at.append(now)
        _log.warning("%s", self.note)

    def _open(self) -> tuple[Codec, StreamContainer]:
        """Open the next encoder that works; libx264 if the search for one hangs.

        Raises:
            OSError, ValueError, av.FFmpegError: none opens.
        """
        try:
            return self._call(self._choose, _OPEN_S)
        except HungCallError:
            self._avoided |= {codec.name for codec in HARDWARE}
            self._thread = CallThread("encoder")
            return self._call(self._choose, _OPEN_S)

    def _choose(self) -> tuple[Codec, StreamContainer]:
        codec = choose_codec(self._program, self._avoided)
        return codec, StreamContainer(codec, self._program)

    def _describe_fault(self, fault: Exception) -> str:
        if isinstance(fault, HungCallError):
            return f"hangs ({fault})"
        return f"failed on {self._failed_in_a_row} pictures in a row ({fault})"

    def _describe_failure(self, fault: Exception) -> EncoderError:
        return EncoderError(
            f"the encoder {self._codec.name}",
            self._describe_fault(fault),
            "another encoder is opened",
        )
