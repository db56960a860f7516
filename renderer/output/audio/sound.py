"""The song as samples, and the sound track that carries it.

Sound is fed to its encoder by the picture's clock: after a frame of show time t, exactly the
samples up to the end of that frame have been handed over. Both tracks therefore agree by
construction, whatever frames were dropped. Before, after and without a song there is silence,
because players and stream servers expect a sound track.
"""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from renderer.errors import OutputError
from renderer.output.encode.packets import AUDIO_CLOCK, EncodedPacket

Samples = npt.NDArray[np.float32]

BLOCK = 1024
"""Samples in one AAC frame."""
FADE = AUDIO_CLOCK // 50
"""Samples of the fade where a song is cut: 20 ms. As many are held back until they are due."""
LEAD_NS = 64_000_000
"""How far sound runs ahead of live pictures: what is held back, and two AAC frames. A muxer sends
a picture when it has the sound up to it; thus no picture ever waits."""


class Song:
    """A song of any format as 48 kHz stereo, read from front to back.

    Raises:
        OutputError: the file is missing, broken or holds no sound.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fault = ""
        remedy = "give a song that a music player plays"
        try:
            self._file = av.open(str(path), "r")
        except (OSError, av.FFmpegError) as fault:
            raise OutputError(f"the song {path.name}", reason(fault), remedy) from fault
        if not self._file.streams.audio:
            self._file.close()
            raise OutputError(f"the song {path.name}", "holds no sound", remedy)
        self._blocks = self._decode()
        self._rest = np.zeros((2, 0), np.float32)
        self._rest = next(self._blocks, self._rest)
        if not self._rest.size:
            self._file.close()
            raise OutputError(f"the song {path.name}", self.fault or "holds no sound", remedy)

    def read(self, count: int) -> Samples:
        """The next samples, (2, count) float32; (2, fewer) at the song's end."""
        parts, found = [self._rest], self._rest.shape[1]
        while found < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            found += block.shape[1]
        samples = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        self._rest = samples[:, count:]
        return samples[:, :count]

    def skip(self, count: int) -> None:
        """Leave out samples, a second at a time."""
        while count > 0 and self.read(min(count, AUDIO_CLOCK)).size:
            count -= AUDIO_CLOCK

    def close(self) -> None:
        """Close the file."""
        self._blocks.close()
        self._file.close()

    def _decode(self) -> Generator[Samples, None, None]:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_CLOCK)
        try:
            for packet in self._file.demux(audio=0):
                for frame in self._heal(packet):
                    yield from map(_samples, resampler.resample(frame))
            yield from map(_samples, resampler.resample(None))
        except (OSError, av.FFmpegError) as fault:
            # On air a broken song becomes silence; the report says so.
            self.fault = f"breaks off: {reason(fault)}"

    def _heal(self, packet: av.Packet[AudioStream]) -> list[AudioFrame]:
        """Decode a packet; a broken one is left out, as players do."""
        try:
            return packet.decode()
        except av.FFmpegError:
            self.fault = "is broken in places"
            return []


class SoundTrack:
    """The AAC side of a program.

    Args:
        stream: the open encoder, 48 kHz stereo.
        song: None for silence.
        lead_ns: how far sound runs ahead of pictures.
    """

    def __init__(self, stream: AudioStream, song: Song | None, lead_ns: int) -> None:
        self._stream, self._song, self._lead_ns = stream, song, lead_ns
        self._cursor = 0
        self._origin: int | None = None

    def encode_until(self, start_ns: int, end_ns: int) -> list[EncodedPacket]:
        """Encode what is due when the frame from `start_ns` to `end_ns` of show time is shown."""
        if self._origin is None:
            self._origin = self._cursor = _sample(start_ns)
            if self._song is not None:
                self._song.skip(self._cursor)
        packets = []
        due = _sample(end_ns + self._lead_ns) - FADE
        while self._cursor + BLOCK <= due:
            packets += self._encode(self._read(BLOCK))
        return packets

    def finish(self, end_ns: int) -> list[EncodedPacket]:
        """Fade out up to `end_ns`, and empty the encoder."""
        if self._origin is None:
            return []
        packets: list[EncodedPacket] = []
        count = max(0, _sample(end_ns + self._lead_ns) - self._cursor)
        samples = self._read(count).copy()
        fade = min(FADE, count)
        samples[:, count - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        for start in range(0, count, BLOCK):
            packets += self._encode(samples[:, start : start + BLOCK])
        return packets + self._pack(None)

    def _read(self, count: int) -> Samples:
        samples = self._song.read(count) if self._song is not None else np.zeros((2, 0), "f4")
        missing = count - samples.shape[1]
        return np.pad(samples, ((0, 0), (0, missing))) if missing else samples

    def _encode(self, samples: Samples) -> list[EncodedPacket]:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
        frame.sample_rate = AUDIO_CLOCK
        frame.time_base = Fraction(1, AUDIO_CLOCK)
        frame.pts = self._cursor
        self._cursor += samples.shape[1]
        return self._pack(frame)

    def _pack(self, frame: AudioFrame | None) -> list[EncodedPacket]:
        return [
            EncodedPacket(bytes(packet), packet.pts or 0, BLOCK, AUDIO_CLOCK, is_keyframe=True)
            for packet in self._stream.encode(frame)
        ]


def reason(fault: OSError | av.FFmpegError) -> str:
    """What libav or the system says, without its function names."""
    text = fault.strerror or str(fault)
    return text[:1].lower() + text[1:]


def _sample(time_ns: int) -> int:
    return (time_ns * AUDIO_CLOCK + 500_000_000) // 1_000_000_000


def _samples(frame: AudioFrame) -> Samples:
    samples: Samples = frame.to_ndarray().astype(np.float32, copy=False)
    return samples
