"""Encode a guest's voice to Opus and back, in blocks of 20 ms of one channel."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

RATE: Final = 48_000
BLOCK: Final = 960
"""Samples of a block: 20 ms, the usual compromise between delay and overhead."""
BLOCK_NS: Final = BLOCK * 1_000_000_000 // RATE
BIT_RATE: Final = 64_000
"""Bits per second of the encoder: singing in one channel is transparent from 48,000 on."""
DELAY_NS: Final = 312 * 1_000_000_000 // RATE
"""By how much decoded sound is later than what was encoded: libopus looks 6.5 ms ahead."""
MOST_BYTES: Final = 400
"""Longest packet that is accepted: more than twice a block's share of the bit rate."""


class VoiceEncoder:
    """Encodes blocks in their order."""

    def __init__(self) -> None:
        self._codec = av.AudioCodecContext.create("libopus", "w")
        self._codec.sample_rate = RATE
        self._codec.layout = "mono"
        self._codec.format = "flt"
        self._codec.bit_rate = BIT_RATE
        self._codec.options = {"application": "audio", "frame_duration": "20", "vbr": "constrained"}
        self._count = 0

    def encode(self, samples: F32) -> bytes:
        """Return a block, (BLOCK,) within ±1, as a packet."""
        frame = av.AudioFrame.from_ndarray(samples[None, :], "flt", "mono")
        frame.sample_rate = RATE
        frame.pts = self._count
        self._count += BLOCK
        return b"".join(map(bytes, self._codec.encode(frame)))


class VoiceDecoder:
    """Decodes packets in their order."""

    def __init__(self) -> None:
        self._codec = av.AudioCodecContext.create("libopus", "r")
        self._codec.sample_rate = RATE
        self._codec.layout = "mono"

    def decode(self, packet: bytes) -> F32 | None:
        """Return the block of a packet, (BLOCK,); None if it is none."""
        try:
            frames = self._codec.decode(av.Packet(packet))
        except (av.FFmpegError, ValueError):
            return None
        samples = [_to_float(frame.to_ndarray()) for frame in frames]
        whole = np.concatenate(samples) if samples else np.zeros(0, np.float32)
        return whole if len(whole) == BLOCK else None


def _to_float(samples: npt.NDArray[np.generic]) -> F32:
    flat = samples.reshape(-1)
    if flat.dtype == np.int16:
        return flat.astype(np.float32) / np.float32(32768.0)
    return flat.astype(np.float32)
