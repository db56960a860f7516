"""Watches an RTMP stream: `python -m renderer.bench.faults.viewer URL FILE`.

It writes the monotonic time of each picture's arrival, one per line, and reconnects whenever the
stream ends. It runs in its own process, because PyAV blocks the interpreter while it connects.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import av

MODULE: Final = "renderer.bench.faults.viewer"
_PAUSE_S: Final = 0.2


def view(url: str, times: Path) -> None:
    """Watch a stream until terminated."""
    with times.open("a", encoding="ascii") as lines:
        while True:
            with suppress(OSError, av.FFmpegError), av.open(url) as stream:
                for packet in stream.demux(video=0):
                    if packet.size:
                        lines.write(f"{time.monotonic():.4f}\n")
                        lines.flush()
            time.sleep(_PAUSE_S)


if __name__ == "__main__":
    view(sys.argv[1], Path(sys.argv[2]))
