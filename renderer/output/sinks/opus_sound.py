"""Convert the program's sound from AAC to Opus, which browsers require of WebRTC."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
from av.audio.fifo import AudioFifo
from av.audio.resampler import AudioResampler

from renderer.output.encode.packets import AUDIO_CLOCK, EncodedPacket, Templates

_SAMPLES: Final = 960
"""Samples of a packet: 20 ms."""
_BITS: Final = 160_000


class OpusSound:
    """Decodes AAC packets and encodes Opus packets.

    Args:
        header: the streams' description from a ProgramEncoder.
    """

    def __init__(self, header: bytes) -> None:
        templates = Templates(header)
        try:
            extradata = templates.audio.codec_context.extradata
        finally:
            templates.close()
        self._decoder = av.CodecContext.create("aac", "r")
        self._decoder.extradata = extradata
        self._resampler = AudioResampler(format="s16", layout="stereo", rate=AUDIO_CLOCK)
        self._fifo = AudioFifo()
        encoder = av.CodecContext.create("libopus", "w")
        encoder.format = "s16"
        encoder.layout = "stereo"
        encoder.sample_rate = AUDIO_CLOCK
        encoder.bit_rate = _BITS
        encoder.time_base = Fraction(1, AUDIO_CLOCK)
        encoder.options = {"application": "audio", "frame_duration": "20"}
        self._encoder = encoder
        self._next: int | None = None

    def convert(self, packet: EncodedPacket) -> Iterator[EncodedPacket]:
        """Yield the Opus packets that are complete with an AAC packet."""
        given: av.Packet[av.stream.Stream] = av.Packet(packet.data)
        given.pts, given.time_base = packet.pts, Fraction(1, AUDIO_CLOCK)
        for frame in self._decoder.decode(given):
            if self._next is None:
                self._next = max(0, packet.pts)
            for part in self._resampler.resample(frame):
                part.pts = None
                self._fifo.write(part)
        while (samples := self._fifo.read(_SAMPLES)) is not None and self._next is not None:
            samples.pts, samples.time_base = self._next, Fraction(1, AUDIO_CLOCK)
            for raw in self._encoder.encode(samples):
                yield EncodedPacket(bytes(raw), self._next, _SAMPLES, AUDIO_CLOCK, True)
            self._next += _SAMPLES
