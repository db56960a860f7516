"""Play songs on the program's clock as they are planned, with silence after an end or a fault."""

from __future__ import annotations

import queue
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np

from renderer.errors import OutputError
from renderer.output.audio.conversion import Samples
from renderer.output.audio.sound import FADE, Song, reason
from renderer.output.encode.packets import AUDIO_CLOCK
from renderer.output.requests import SongSegment

_SILENCE_REPORTED: Final = AUDIO_CLOCK
"""Samples of silence after a song's end that are reported: one second. A show as long as its
song reads slightly past its end."""
_MOST_PLANNED: Final = 64
"""Maximum number of segments that wait for their time; further ones replace the newest."""


@dataclass(slots=True)
class _Planned:
    """A segment that waits for its time.

    Attributes:
        at: sample of the program at which it begins.
        song: opened, at the sample at which it begins; None for silence.
    """

    segment: SongSegment
    at: int
    song: Song | None


class SongPlayback:
    """Plays the songs of a show, always returns as many samples as requested, never fails on air.

    Every run of show time begins with the opening song. `plan` may be called from any thread, and
    does what takes time; all else belongs to the thread that reads.

    Args:
        opening: file of the song that begins with show time; None for silence.

    Raises:
        OutputError: the opening song is missing, broken or contains no sound.
    """

    def __init__(self, opening: Path | None) -> None:
        self._opening = opening
        self._song: Song | None = None if opening is None else Song(opening)
        self._name = "" if opening is None else opening.name
        self._segment: SongSegment | None = None
        self._position = self._origin = 0
        self._run = 0
        self._expects_sound = opening is not None
        self._played = self._silence = 0
        self._fading_in = 0
        self._tail = np.zeros((2, 0), np.float32)
        self._due: list[_Planned] = []
        self._opened: queue.SimpleQueue[_Planned] = queue.SimpleQueue()
        self._later: list[_Planned] = []
        self._faults: list[str] = []

    @property
    def notes(self) -> dict[str, str]:
        """Return the song's faults and whether it has ended, as in a MediaStatus."""
        name = f"The song {self._name}"
        song = self._song
        faults = [*self._faults, *([song.fault] if song is not None and song.fault else [])]
        notes = {}
        if faults:
            notes["song.fault"] = f"{name} {'; it '.join(dict.fromkeys(faults))}"
        if self._silence > _SILENCE_REPORTED:
            at = self._played // AUDIO_CLOCK
            notes["song.ended"] = f"{name} ended after {at // 60}:{at % 60:02d}; silence follows it"
        return notes

    @property
    def segments(self) -> tuple[SongSegment, ...]:
        """Return what plays and what is planned after it in this run; empty for the opening song.

        May be called from any thread.
        """
        playing = self._segment
        return (*(() if playing is None else (playing,)), *(one.segment for one in self._due))

    @property
    def place(self) -> tuple[str, int]:
        """Return the song's name, empty for the opening song, and its sample that is read next.

        The sample is negative while a song is counted in.
        """
        playing = self._segment
        if playing is None:
            return "", self._position - self._origin
        after = self._due[0] if self._due else None
        if not playing.song and after is not None and after.segment.song:
            return after.segment.song, self._position - after.at
        begins = self._origin + _sample(playing.at_ns)
        return playing.song, self._position - begins + _sample(playing.from_ns)

    def plan(self, segment: SongSegment) -> None:
        """Play a segment from its time on, in place of what was planned for then and later.

        One that comes too late for its first samples begins in their place, in time.

        Raises:
            OutputError: its song is missing, broken or contains no sound; nothing changes then.
        """
        song = None if segment.file is None else Song(segment.file)
        at = _sample(segment.at_ns)
        if song is not None:
            late = max(self._position - self._origin - at, 0) if segment.run == self._run else 0
            song.skip(_sample(segment.from_ns) + late)
            at += late
        self._opened.put(_Planned(segment, at, song))

    def begin_run(self, run: int, sample: int, skip: int) -> None:
        """Begin a run of show time with the opening song, after a short fade-out of what plays.

        Args:
            run: its number.
            sample: of the program, at which its first frame begins; not yet read.
            skip: samples of show time before that frame.
        """
        self._take_opened()
        is_first, self._run = not self._run, run
        self._origin = sample - skip
        due, self._due = self._due, []
        for one in due:
            _close(one.song)
        if not is_first:
            begins = SongSegment(run, 0, "", self._opening, 0)
            self._due = [_Planned(begins, max(sample, self._position), None)]
            self._segment = None
        later, self._later = self._later, []
        for one in later:
            self._place(one)

    def read(self, count: int) -> Samples:
        """Return the next samples of the program, (2, count) float32."""
        self._take_opened()
        parts = []
        while count > 0:
            after = self._due[0] if self._due else None
            if after is not None and after.at <= self._position:
                self._begin(self._due.pop(0))
                continue
            part = count if after is None else min(count, after.at - self._position)
            samples = self._play(part)
            parts.append(samples if after is None else self._fade_out(samples, after.at))
            count -= part
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def skip(self, count: int) -> None:
        """Skip samples of the program, up to a second at a time."""
        while count > 0:
            self.read(min(count, AUDIO_CLOCK))
            count -= AUDIO_CLOCK

    def close(self) -> None:
        """Close all files."""
        self._take_opened()
        for song in (self._song, *(one.song for one in (*self._due, *self._later))):
            _close(song)

    def _take_opened(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._place(self._opened.get_nowait())

    def _place(self, planned: _Planned) -> None:
        """Put a segment into its place among those of its run."""
        run = planned.segment.run
        if run != self._run:
            if run > self._run and len(self._later) < _MOST_PLANNED:
                self._later.append(planned)
            else:
                _close(planned.song)
            return
        planned.at += self._origin
        while self._due and (self._due[-1].at >= planned.at or len(self._due) >= _MOST_PLANNED):
            _close(self._due.pop().song)
        self._due.append(planned)

    def _begin(self, planned: _Planned) -> None:
        """Play a segment from now on; its song continues where it would be by now."""
        song, segment, late = planned.song, planned.segment, self._position - planned.at
        old, self._song = self._song, None
        if old is not None and old.fault:
            self._faults.append(old.fault)
        is_opening = song is None and segment.file is not None
        is_late = not is_opening and (
            late > 0 or planned.at - self._origin > _sample(segment.at_ns)
        )
        if old is not None and is_late:
            # What played should have faded out before; it does so now, under the new song.
            tail = self._read_safely(old, FADE)
            self._tail = tail * np.linspace(1.0, 0.0, tail.shape[1], dtype=np.float32)
        _close(old)
        self._played = self._silence = 0
        if is_opening and segment.file is not None:
            try:
                song = Song(segment.file)
                song.skip(max(planned.at - self._origin, 0))
            except OutputError as fault:
                self._faults.append(f"could not start again: {fault.fault}")
        if song is not None:
            song.skip(late)
        if segment.file is not None:
            self._name = segment.file.name
        self._fading_in = FADE if not is_opening and (is_late or segment.from_ns > 0) else 0
        self._expects_sound = segment.file is not None
        self._song, self._segment = song, None if is_opening else segment

    def _play(self, count: int) -> Samples:
        self._position += count
        song = self._song
        samples = np.zeros((2, 0), np.float32) if song is None else self._read_safely(song, count)
        self._played += samples.shape[1]
        missing = count - samples.shape[1]
        if self._expects_sound:
            self._silence += missing
        if missing:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        if self._fading_in:
            faded = min(count, self._fading_in)
            first = 1.0 - self._fading_in / FADE
            samples = samples.copy()
            samples[:, :faded] *= np.linspace(first, first + faded / FADE, faded, dtype=np.float32)
            self._fading_in -= faded
        if self._tail.shape[1]:
            mixed = min(count, self._tail.shape[1])
            samples = samples.copy()
            samples[:, :mixed] += self._tail[:, :mixed]
            self._tail = self._tail[:, mixed:]
        return samples

    def _read_safely(self, song: Song, count: int) -> Samples:
        """Return a song's next samples; fewer if it breaks off, which is a fault."""
        try:
            return song.read(count)
        except (OSError, ValueError, av.FFmpegError) as fault:
            why = str(fault) if isinstance(fault, ValueError) else reason(fault)
            self._faults.append(f"breaks off: {why}")
            if song is self._song:
                song.close()
                self._song = None
            return np.zeros((2, 0), np.float32)

    def _fade_out(self, samples: Samples, end: int) -> Samples:
        """Fade the newest samples out, to silence at sample `end` of the program."""
        left = end - np.arange(self._position - samples.shape[1], self._position)
        return (samples * np.clip(left / FADE, 0.0, 1.0)).astype(np.float32)


def _close(song: Song | None) -> None:
    if song is not None:
        song.close()


def _sample(time_ns: int) -> int:
    return (time_ns * AUDIO_CLOCK + 500_000_000) // 1_000_000_000
