"""Find a beat grid from the times at which somebody tapped along."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from renderer.errors import ShowError
from renderer.show.document.entries.songs import BeatEntry
from renderer.show.songs.grid import as_entry

LEAST_TAPS: Final = 4
"""A bar; fewer taps tell no tempo."""
BOUNCE_S: Final = 0.12
"""Two taps closer than this are one: a key that bounced. 400 beats per minute are 0.15 s apart."""
TAP_SPREAD_S: Final = 0.05
"""Deviation of taps from a steady tempo up to which the tempo is taken as steady, seconds: people
tap to the beat within about 30 ms."""


def grid_from_taps(taps: Sequence[float], beats_per_bar: int = 4) -> BeatEntry:
    """Return the grid of taps on every beat, the first one on a downbeat.

    Double taps are removed, and gaps are filled: a missed tap leaves a gap of two beats.

    Args:
        taps: song times, seconds, rising.
        beats_per_bar: beats in a bar.

    Raises:
        ShowError: there are fewer than LEAST_TAPS, or they are not rising.
    """
    if any(after <= before for before, after in pairwise(taps)):
        raise ShowError("The taps", "run backwards", "tap along from the song's start")
    kept: list[float] = []
    for at in taps:
        if not kept or at - kept[-1] >= BOUNCE_S:
            kept.append(at)
    if len(kept) < LEAST_TAPS:
        raise ShowError(
            "The taps", f"are {len(kept)}, too few for a tempo", "tap at least a bar, on every beat"
        )
    period = median(after - before for before, after in pairwise(kept))
    times = [kept[0]]
    for before, after in pairwise(kept):
        missed = max(round((after - before) / period), 1)
        times += [before + (after - before) * step / missed for step in range(1, missed + 1)]
    return as_entry(times, beats_per_bar, TAP_SPREAD_S)
