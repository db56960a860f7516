"""`python -m renderer.desk.panels.song.waveform FILE`: write a recording's loudness over time.

It runs as a process of its own: decoding a song takes a second, and must not delay the desk. What
it has measured is kept in the user's cache, so that a song is decoded once.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from renderer.errors import DeskError
from renderer.paths import cache_folder

COLUMNS: Final = 2000
"""Loudness values of a song: more than a monitor has pixels for."""
_VERSION: Final = "1"
"""Changed with the way of measuring, so that older measurements are not used."""


def loudness(path: Path) -> tuple[float, bytes]:
    """Return a recording's length in seconds, and its peaks as COLUMNS bytes, 255 the loudest.

    Raises:
        OSError: it cannot be read, or has no sound.
    """
    import av

    with av.open(str(path)) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise OSError(f"{path} has no sound")
        peaks = [_peak(np.asarray(frame.to_ndarray())) for frame in container.decode(stream)]
        length = float(container.duration or 0) / 1e6
    values = _spread(np.array(peaks or [0.0]))
    top = max(float(values.max()), 1e-9)
    return length, np.round(values / top * 255).astype(np.uint8).tobytes()


def measure(path: Path) -> bytes:
    """Return a line with the length, and the peaks; from the cache if they were measured before.

    Raises:
        OSError: the recording cannot be read, or has no sound.
    """
    kept = _cache_path(path)
    if kept is not None:
        with suppress(OSError):
            return kept.read_bytes()
    length, peaks = loudness(path)
    found = f"{length:.3f}\n".encode() + peaks
    if kept is not None:
        part = kept.with_suffix(".part")
        with suppress(OSError):  # Without a cache it is measured the next time.
            kept.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(found)
            part.replace(kept)
    return found


def main() -> int:
    """Write the length and the peaks to standard output."""
    try:
        found = measure(Path(sys.argv[1]))
    except (OSError, ValueError, IndexError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.buffer.write(found)
    return 0


def _peak(samples: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> float:
    """Return the greatest sample of a block; whole numbers and floats have scales of their own."""
    return float(np.abs(samples.astype(np.float32)).max(initial=0.0))


def _spread(
    peaks: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return COLUMNS values: the greatest block of each, so that no beat is lost between two."""
    edges = np.linspace(0, len(peaks), COLUMNS, endpoint=False).astype(int)
    return np.maximum.reduceat(peaks, edges)


def _cache_path(path: Path) -> Path | None:
    """Return where a recording's measurement is kept; None if there is no cache."""
    try:
        found = path.stat()
        folder = cache_folder()
    except (OSError, DeskError):
        return None
    key = f"{path.resolve()}|{found.st_mtime_ns}|{found.st_size}|{_VERSION}"
    return folder / "waveforms" / hashlib.sha256(key.encode()).hexdigest()[:32]


if __name__ == "__main__":
    sys.exit(main())
