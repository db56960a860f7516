"""Find the beats of a recording with librosa, an optional package (the extra `beats`)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from renderer.errors import SetupError, ShowError
from renderer.show.document.entries.songs import BeatEntry
from renderer.show.songs.grid import as_entry

RATE: Final = 22_050
"""Samples per second at which librosa looks for onsets; its default."""
LEAST_BEATS: Final = 8
DETECTED_SPREAD_S: Final = 0.06
"""Deviation of detected beats from a steady tempo up to which it is taken as steady, seconds: the
detector's hop is 23 ms, and it may be two off."""


def detect_grid(path: Path, beats_per_bar: int = 4) -> BeatEntry:
    """Return the grid of a recording; its first beat is taken as a downbeat.

    Which beat begins a bar is not heard: correct `first` if it is another one.

    Raises:
        SetupError: librosa is not installed.
        ShowError: the recording cannot be read, or has no beat.
    """
    try:
        # It takes seconds to import, and most shows type the tempo.
        from librosa.beat import beat_track
    except ImportError as fault:
        raise SetupError(
            "Beat detection",
            "needs the package librosa, which is not installed",
            "run pip install 'encore-renderer[beats]', type the tempo, or tap it",
        ) from fault
    samples = _read_mono(path)
    _, frames = beat_track(y=samples, sr=RATE, units="time")
    times = [float(at) for at in frames]
    if len(times) < LEAST_BEATS:
        raise ShowError(
            f"Song {path}", "has no beat that can be heard", "type its tempo, or tap it"
        )
    return as_entry(times, beats_per_bar, DETECTED_SPREAD_S)


def _read_mono(path: Path) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the recording as mono samples at RATE.

    Raises:
        ShowError: it cannot be decoded.
    """
    import av

    parts = []
    try:
        with av.open(str(path)) as file:
            resampler = av.AudioResampler("flt", "mono", RATE)
            for frame in file.decode(audio=0):
                parts += [one.to_ndarray()[0] for one in resampler.resample(frame)]
            parts += [one.to_ndarray()[0] for one in resampler.resample(None)]
    except (av.FFmpegError, IndexError, OSError) as fault:
        raise ShowError(f"Song {path}", "cannot be decoded", "name a sound file") from fault
    if not parts:
        raise ShowError(f"Song {path}", "holds no sound", "name a sound file")
    return np.concatenate(parts).astype(np.float32)
