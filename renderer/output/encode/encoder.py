"""Encode the program, pictures and song, into packets, once for all outputs.

A keyed program is encoded as ProRes 4444, any other as H.264.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, MutableSet

import numpy as np
import numpy.typing as npt

from renderer.output.audio.sound import LEAD_NS, SampleSource, SoundTrack
from renderer.output.encode.fallback_encoder import FallbackEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.picture_encoder import to_ticks
from renderer.transport.pixel_layout import PixelLayout


class SoundQueue:
    """Holds sound back until its pictures are encoded: look-ahead returns pictures late."""

    def __init__(self, frame_ticks: int) -> None:
        """Start empty; `frame_ticks` is the duration of a frame in ticks of VIDEO_CLOCK."""
        self._frame_ticks = frame_ticks
        self._packets: deque[EncodedPacket] = deque()
        self._end: int | None = None

    def add(self, packets: Iterable[EncodedPacket]) -> None:
        """Add packets of sound."""
        self._packets += packets

    def take_due(self, pictures: list[EncodedPacket]) -> list[EncodedPacket]:
        """Return the sound due with pictures that have just been encoded, or with earlier ones."""
        if pictures:
            lead = LEAD_NS * VIDEO_CLOCK // 1_000_000_000
            self._end = pictures[-1].pts + self._frame_ticks + lead
        due: list[EncodedPacket] = []
        end = self._end
        if end is None:
            return due
        while self._packets and self._packets[0].pts * VIDEO_CLOCK <= end * AUDIO_CLOCK:
            due.append(self._packets.popleft())
        return due

    def take_all(self) -> list[EncodedPacket]:
        """Return all that is left."""
        left = list(self._packets)
        self._packets.clear()
        return left


class ProgramEncoder:
    """Encodes frames and a song as H.264 or ProRes, and AAC.

    Attributes:
        late: number of frames dropped because their time was not after the previous frame's.
    """

    def __init__(
        self,
        program: ProgramFormat,
        song: SampleSource | None,
        avoided: MutableSet[str] | None = None,
    ) -> None:
        """Open the first encoder that works.

        Args:
            program: format of the program.
            song: None for silence.
            avoided: names of hardware encoders that have failed in this show; one that fails is
                added.
        """
        self._frame_ns = round(1_000_000_000 / program.rate)
        self._pictures = FallbackEncoder(program, set() if avoided is None else avoided)
        self._sound = SoundTrack(self._pictures.sound, song, LEAD_NS if program.live else 0)
        self._heard = SoundQueue(round(VIDEO_CLOCK / program.rate))
        self._last_ticks: int | None = None
        self._end_ns = 0
        self.late = 0

    @property
    def name(self) -> str:
        """Return the name of the video encoder in use."""
        return self._pictures.name

    @property
    def layout(self) -> PixelLayout:
        """Return the layout of pictures that it takes without conversion."""
        return self._pictures.layout

    @property
    def header(self) -> bytes:
        """Return the streams' description, for packets.Templates."""
        return self._pictures.header

    @property
    def note(self) -> str:
        """Return a sentence about a replaced encoder; empty if none was."""
        return self._pictures.note

    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout = PixelLayout.I420,
        with_picture: bool = True,
    ) -> list[EncodedPacket]:
        """Encode a frame and the sound up to its end.

        Args:
            planes: (height * 3 // 2, width) uint8, or RGBA (height, width * 4); may be reused on
                return.
            t_show_ns: show time.
            t_seen_ns: camera time of the newest performer data in it.
            join: a consumer waits for a keyframe.
            layout: of the planes.
            with_picture: whether an output takes the picture; else its sound alone is encoded.

        Raises:
            OSError, ValueError, av.FFmpegError: the picture was refused.
            EncoderError: on air, encoders keep failing.
        """
        ticks = to_ticks(t_show_ns)
        if self._last_ticks is not None and ticks <= self._last_ticks:
            self.late += 1
            return []
        pictures = (
            self._pictures.encode(planes, t_show_ns, t_seen_ns, join, layout)
            if with_picture
            else []
        )
        self._last_ticks, self._end_ns = ticks, t_show_ns + self._frame_ns
        self._heard.add(self._sound.encode_until(t_show_ns, self._end_ns))
        if not with_picture:
            return self._heard.take_all()
        return pictures + self._heard.take_due(pictures)

    def set_bits(self, bits: int) -> None:
        """Change the bit rate, bits per second, from the next frame on; libav reconfigures."""
        self._pictures.set_bits(bits)

    def finish(self) -> list[EncodedPacket]:
        """Flush both encoders and return their last packets. Nothing can be encoded afterwards."""
        if self._last_ticks is None:
            return []
        left = [*self._pictures.finish(), *self._heard.take_all()]
        return left + self._sound.finish(self._end_ns)

    def close(self) -> None:
        """Free the encoders."""
        self._pictures.close()
