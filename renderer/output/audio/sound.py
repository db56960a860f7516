"""Read the song as samples, and encode the sound track.

The picture's clock drives the sound encoder: after a frame of show time t, exactly the samples up
to the end of that frame have been passed to it. Both tracks are therefore in sync by construction,
whatever frames were dropped. Before, after and without a song the track is silent, because players
and stream servers expect a sound track.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from renderer.errors import OutputError
from renderer.media_address import LOCAL_FILES_ONLY, file_address
from renderer.output.audio.conversion import Samples, StereoConverter, UnconvertibleError
from renderer.output.encode.packets import AUDIO_CLOCK, EncodedPacket

BLOCK = 1024
"""Samples per AAC frame."""
FADE = AUDIO_CLOCK // 50
"""Samples of the fade where a song is cut: 20 ms. The same number is held back until due."""
LEAD_NS = 64_000_000
"""How far live sound runs ahead of pictures: the samples held back, and two AAC frames. A muxer
sends a picture once it has the sound up to it; so no picture ever waits."""
SHORT_S, SHORT_SHARE = 1.0, 0.01
"""Seconds and share of its length by which a song may be shorter than its header says, because
encoders round and pad."""
MAX_UNUSABLE: Final = 10 * AUDIO_CLOCK
"""A song is refused if this many samples at its start are unusable."""
MAX_FAULTS: Final = 8
"""Number of different faults recorded per song."""
_EXACT_LENGTHS: Final = frozenset(("flac", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"))
"""Formats whose header gives the length; for others libav estimates it from the file's size."""
_TAGS: Final = (b"ID3", b"TAG", b"APETAGEX")
"""First bytes of tags in MP3 files."""


class SampleSource(Protocol):
    """A source of the program's sound, read sequentially."""

    def read(self, count: int) -> Samples:
        """Return the next samples, (2, count) float32; (2, fewer) at the end."""

    def skip(self, count: int) -> None:
        """Skip samples."""


class Song:
    """A song of any format, read sequentially as 48 kHz stereo.

    A packet that cannot be decoded or converted is replaced by silence, to keep the rest in time.

    Raises:
        OutputError: the file is missing, broken or contains no sound.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._faults: list[str] = []
        remedy = "give a song that a music player plays"
        try:
            self._file = av.open(file_address(path), "r", options=LOCAL_FILES_ONLY)
        except (OSError, av.FFmpegError) as fault:
            raise OutputError(f"the song {path.name}", reason(fault), remedy) from fault
        if not self._file.streams.audio:
            self._file.close()
            raise OutputError(f"the song {path.name}", "holds no sound", remedy)
        self._converted = 0
        self._blocks = self._decode()
        self._rest = np.zeros((2, 0), np.float32)
        while not self._converted and self._rest.shape[1] < MAX_UNUSABLE:
            if (block := next(self._blocks, None)) is None:
                break
            self._rest = np.concatenate((self._rest, block), axis=1)
        if not self._converted:
            self._file.close()
            raise OutputError(f"the song {path.name}", self.fault or "holds no sound", remedy)

    @property
    def fault(self) -> str:
        """Return a clause on its faults so far, to follow its name; empty if there are none."""
        return "; ".join(self._faults)

    def read(self, count: int) -> Samples:
        """Return the next samples, (2, count) float32; (2, fewer) at the song's end."""
        parts, found = [self._rest], self._rest.shape[1]
        while found < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            found += block.shape[1]
        samples = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        self._rest = samples[:, count:]
        return samples[:, :count]

    def skip(self, count: int) -> None:
        """Skip samples, up to a second at a time."""
        while count > 0 and self.read(min(count, AUDIO_CLOCK)).size:
            count -= AUDIO_CLOCK

    def close(self) -> None:
        """Close the file."""
        self._blocks.close()
        self._file.close()

    def _decode(self) -> Generator[Samples, None, None]:
        converter, given = StereoConverter(), 0
        try:
            for packet in self._file.demux(audio=0):
                for block in self._convert(packet, converter):
                    given += block.shape[1]
                    yield block
            for block in converter.flush():
                given += block.shape[1]
                yield block
            self._check_length(given / AUDIO_CLOCK)
        except (OSError, av.FFmpegError) as fault:
            self._add_fault(f"breaks off at {_clock(given)}: {reason(fault)}")

    def _convert(
        self, packet: av.Packet[AudioStream], converter: StereoConverter
    ) -> Iterator[Samples]:
        """Yield a packet's samples, or silence of the same length if it is broken or unusable."""
        try:
            frames = packet.decode()
        except av.FFmpegError:
            # Concatenated files contain tags midway, which are no sound but no fault either.
            if not bytes(packet).startswith(_TAGS):
                self._add_fault("is broken in places")
            yield _silence((packet.duration or 0) * (packet.time_base or 0))
            return
        for frame in frames:
            try:
                for block in converter.convert(frame):
                    self._converted += block.shape[1]
                    yield block
            except UnconvertibleError as fault:
                self._add_fault(f"holds sound that cannot be converted ({fault})")
                yield _silence(Fraction(frame.samples, frame.sample_rate))

    def _check_length(self, seconds: float) -> None:
        """Record a fault if the song ends well before the end that the file's header gives."""
        promised = (self._file.duration or 0) / av.time_base
        is_exact = self._file.format.name in _EXACT_LENGTHS
        if is_exact and seconds < promised - max(SHORT_S, SHORT_SHARE * promised):
            end = round(promised * AUDIO_CLOCK)
            self._add_fault(
                f"ends at {_clock(round(seconds * AUDIO_CLOCK))}, though its header says "
                f"{_clock(end)}: the file is not whole"
            )

    def _add_fault(self, text: str) -> None:
        if text not in self._faults and len(self._faults) < MAX_FAULTS:
            self._faults.append(text)


class SoundTrack:
    """Encodes the program's sound as AAC.

    Args:
        stream: the open encoder, 48 kHz stereo.
        song: None for silence.
        lead_ns: how far sound runs ahead of pictures.
    """

    def __init__(self, stream: AudioStream, song: SampleSource | None, lead_ns: int) -> None:
        self._stream, self._song, self._lead_ns = stream, song, lead_ns
        self._cursor = 0
        self._origin: int | None = None

    def encode_until(self, start_ns: int, end_ns: int) -> list[EncodedPacket]:
        """Encode the sound due with the frame from `start_ns` to `end_ns` of show time."""
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
        """Fade out up to `end_ns`, and return the last packets."""
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
    """Return libav's or the system's text for a fault, without function names."""
    text = fault.strerror or str(fault)
    return text[:1].lower() + text[1:]


def _sample(time_ns: int) -> int:
    return (time_ns * AUDIO_CLOCK + 500_000_000) // 1_000_000_000


def _silence(seconds: Fraction | int) -> Samples:
    return np.zeros((2, round(seconds * AUDIO_CLOCK)), np.float32)


def _clock(samples: int) -> str:
    """Return a time in the song as minutes and seconds."""
    seconds = samples // AUDIO_CLOCK
    return f"{seconds // 60}:{seconds % 60:02d}"
