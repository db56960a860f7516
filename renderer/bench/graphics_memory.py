"""Measure whether drawing grows memory: `python -m renderer.bench.graphics_memory FRAMES`."""

from __future__ import annotations

import gc
import itertools
import json
import math
import mmap
import sys
import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from avatars import load_avatar
from avatars.instance import AvatarInstance
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.show.concert_scene import ConcertScene
from renderer.stage.concert import StagedSong
from renderer.tools.duet_staging import BEATS, BPM, STAGING
from renderer.tools.song_titles import song_titles

SIZE: Final = (64, 36)
"""Size of the frames, pixels; a leak per frame appears at any size."""
FRAMES: Final = 100_000
SONG: Final = 240
"""Frames in which the song is drawn once. Memory is compared at the song's end alone: which shots,
lights and text are cached depends on the place in the song."""
_SETTLING: Final = 2
"""Songs before the first measurement: free lists and caches reach their size in them."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of memory over a number of frames.

    Attributes:
        frames: number of frames.
        python_bytes: growth of what Python has allocated.
        resident_bytes: growth of the process's resident memory, drivers included; 0 if unknown.
        least_song_bytes: the smallest growth of what Python has allocated in one song. A leak grows
            in every song; what other threads and caches allocate once does not.
    """

    frames: int
    python_bytes: int
    resident_bytes: int
    least_song_bytes: int

    def text(self) -> str:
        """Return the growth as readable text."""
        return (
            f"{self.frames} frames: Python {self.python_bytes / 1024:+.0f} KiB "
            f"(least in a song {self.least_song_bytes / 1024:+.1f}), "
            f"process {self.resident_bytes / 1024:+.0f} KiB"
        )


def measure_growth(frames: int, song: int = SONG) -> Growth:
    """Draw the concert's song twice, then again and again, and measure memory.

    Args:
        frames: minimum number after the first two songs; rounded up to whole songs.
        song: frames in which the song is drawn once.
    """
    songs = max(1, math.ceil(frames / song))
    idol = load_avatar(IDOL)
    instance = AvatarInstance(idol)
    titles = song_titles()
    staging = replace(STAGING, beats=BEATS)
    scene = ConcertScene([idol], SIZE[0] / SIZE[1], StagedSong(staging, titles), {})
    step_ns = round(60e9 * BEATS / BPM / song)
    with StageRenderer(*SIZE, scene.set, [idol]) as drawing:
        drawing.prepare_effects()
        drawing.prepare_titles(titles)

        def draw(first: int, count: int) -> None:
            for number in range(first, first + count):
                now = number * step_ns
                drawing.draw(scene.state(number, now, 0, now, [instance]))
                drawing.collect()

        # From the start of tracing: replacing an entry of a full cache is not growth.
        tracemalloc.start()
        try:
            draw(0, _SETTLING * song)
            resident, python = _resident_bytes(), [_traced_bytes()]
            for number in range(_SETTLING, _SETTLING + songs):
                draw(number * song, song)
                python.append(_traced_bytes())
            return Growth(
                songs * song,
                python[-1] - python[0],
                _resident_bytes() - resident,
                min(after - before for before, after in itertools.pairwise(python)),
            )
        finally:
            tracemalloc.stop()


def _traced_bytes() -> int:
    """Return what Python has allocated after a collection, in bytes."""
    gc.collect()
    # Python's cache of attributes keeps thousands of names that C code made to look them up.
    sys._clear_type_cache()
    return tracemalloc.get_traced_memory()[0]


def _resident_bytes() -> int:
    """Return the process's resident memory; 0 where the system does not report it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE


if __name__ == "__main__":
    growth = measure_growth(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES)
    sys.stdout.write(json.dumps({name: getattr(growth, name) for name in Growth.__slots__}) + "\n")
