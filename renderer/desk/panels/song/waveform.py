"""`python -m renderer.desk.panels.song.waveform FILE`: write a recording's loudness over time.

It runs as a process of its own: decoding a song takes a second, and must not delay the desk.
"""

from __future__ import annotations

import sys
from typing import Final

import numpy as np

COLUMNS: Final = 2000
"""Loudness values of a song: more than a monitor has pixels for."""


def loudness(path: str) -> tuple[float, bytes]:
    """Return a recording's length in seconds, and its peaks as COLUMNS bytes, 255 the loudest.

    Raises:
        OSError: it cannot be read, or has no sound.
    """
    import av

    with av.open(path) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise OSError(f"{path} has no sound")
        peaks = [
            float(np.abs(np.asarray(frame.to_ndarray(), np.float32)).max(initial=0.0))
            for frame in container.decode(stream)
        ]
        length = float(container.duration or 0) / 1e6
    values = np.interp(
        np.linspace(0.0, 1.0, COLUMNS), np.linspace(0.0, 1.0, max(len(peaks), 1)), peaks or [0.0]
    )
    top = max(float(values.max()), 1e-9)
    return length, np.round(values / top * 255).astype(np.uint8).tobytes()


def main() -> int:
    """Write the length and the peaks to standard output."""
    try:
        length, peaks = loudness(sys.argv[1])
    except (OSError, ValueError, IndexError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.buffer.write(f"{length:.3f}\n".encode() + peaks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
