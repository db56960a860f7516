"""Measure a show's outputs: the times of their pictures, and the gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av

from renderer.errors import OutputError


def picture_times(path: Path) -> list[float]:
    """Return the show times of all pictures of a recording or a playlist, seconds, ascending.

    Raises:
        OutputError: the file cannot be played.
    """
    try:
        with av.open(str(path)) as file:
            picture = file.streams.video[0]
            base = float(picture.time_base or 0)
            stamps = [one.pts for one in file.demux(picture) if one.pts is not None and one.size]
    except (OSError, av.FFmpegError, IndexError) as fault:
        raise _build_playback_error(path, fault) from fault
    return sorted(stamp * base for stamp in stamps)


def measure_decoded_s(path: Path) -> float:
    """Decode all pictures and sound; return the seconds from the first picture to the last.

    Raises:
        OutputError: a packet cannot be decoded, or there is no picture.
    """
    try:
        with av.open(str(path)) as file:
            frames = file.decode(video=0, audio=0)
            times = [one.time for one in frames if isinstance(one, av.VideoFrame)]
    except (OSError, av.FFmpegError, IndexError) as fault:
        raise _build_playback_error(path, fault) from fault
    stamped = [at for at in times if at is not None]
    if not stamped:
        raise OutputError(f"the output {path.name}", "holds no picture", "see the show's log")
    return max(stamped) - min(stamped)


def longest_gap(times: Sequence[float], begin: float, end: float) -> float:
    """Return the longest gap between pictures that overlaps a time span.

    Args:
        times: times of the pictures, ascending, on the same clock as the span.
        begin, end: the span; if no picture came during or after it, the span itself is the gap.
    """
    before = [at for at in times if at <= begin]
    after = [at for at in times if at >= end]
    inside = [at for at in times if begin < at < end]
    marks = [before[-1] if before else begin, *inside, after[0] if after else end]
    return max(late - early for early, late in pairwise(marks))


def _build_playback_error(path: Path, fault: Exception) -> OutputError:
    return OutputError(f"the output {path.name}", f"cannot be played ({fault})", "see the log")
