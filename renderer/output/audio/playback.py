"""Play the song on the program's clock, restarted on demand, with silence after end or fault."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np

from renderer.errors import OutputError
from renderer.output.audio.conversion import Samples
from renderer.output.audio.sound import FADE, Song, reason
from renderer.output.encode.packets import AUDIO_CLOCK

_SILENCE_TOLD: Final = AUDIO_CLOCK
"""Samples of silence after the song's end that are reported: one second. A show as long as its
song reads slightly past its end."""


class SongPlayback:
    """Plays a song, always returns the requested number of samples and never fails on air.

    Args:
        path: the song's file.

    Raises:
        OutputError: the file is missing, broken or contains no sound.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._song: Song | None = Song(path)
        self._position = 0
        self._played = self._silence = 0
        self._restart_at: int | None = None
        self._restart_from = 0
        self._faults: list[str] = []

    @property
    def notes(self) -> dict[str, str]:
        """Return the song's faults and whether it has ended, as in a MediaStatus."""
        name = f"The song {self._path.name}"
        song = self._song
        faults = [*self._faults, *([song.fault] if song is not None and song.fault else [])]
        notes = {}
        if faults:
            notes["song.fault"] = f"{name} {'; it '.join(dict.fromkeys(faults))}"
        if self._silence > _SILENCE_TOLD:
            at = self._played // AUDIO_CLOCK
            notes["song.ended"] = f"{name} ended after {at // 60}:{at % 60:02d}; silence follows it"
        return notes

    def read(self, count: int) -> Samples:
        """Return the next samples of the program, (2, count) float32."""
        parts = []
        start, at = self._position, self._restart_at
        if at is not None and start + count > at:
            parts.append(self._fade_out(self._play(at - start), at))
            self._restart()
            count -= at - start
            at = None
        samples = self._play(count)
        parts.append(samples if at is None else self._fade_out(samples, at))
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def skip(self, count: int) -> None:
        """Skip samples of the program, up to a second at a time."""
        while count > 0:
            self.read(min(count, AUDIO_CLOCK))
            count -= AUDIO_CLOCK

    def restart_at(self, sample: int, skip: int = 0) -> None:
        """Restart the song at a sample of the program, after a short fade-out.

        Args:
            sample: counted from the program's start; not yet read.
            skip: samples to skip at the song's start.
        """
        self._restart_at, self._restart_from = max(sample, self._position), skip

    def close(self) -> None:
        """Close the file."""
        if self._song is not None:
            self._song.close()

    def _play(self, count: int) -> Samples:
        self._position += count
        try:
            samples = self._song.read(count) if self._song else np.zeros((2, 0), np.float32)
        except (OSError, ValueError, av.FFmpegError) as fault:
            why = str(fault) if isinstance(fault, ValueError) else reason(fault)
            self._faults.append(f"breaks off: {why}")
            self._drop()
            samples = np.zeros((2, 0), np.float32)
        self._played += samples.shape[1]
        missing = count - samples.shape[1]
        self._silence += missing
        return np.pad(samples, ((0, 0), (0, missing))) if missing else samples

    def _fade_out(self, samples: Samples, end: int) -> Samples:
        """Fade the newest samples out, to silence at sample `end` of the program."""
        left = end - np.arange(self._position - samples.shape[1], self._position)
        return (samples * np.clip(left / FADE, 0.0, 1.0)).astype(np.float32)

    def _restart(self) -> None:
        if self._song is not None and self._song.fault:
            self._faults.append(self._song.fault)
        self._drop()
        self._restart_at = None
        self._played = self._silence = 0
        try:
            self._song = Song(self._path)
            self._song.skip(self._restart_from)
        except OutputError as fault:
            self._faults.append(f"could not start again: {fault.fault}")

    def _drop(self) -> None:
        song, self._song = self._song, None
        if song is not None:
            song.close()
