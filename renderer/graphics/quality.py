"""Define how effects are drawn: one quality level for GPUs, one for software rasterisers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quality:
    """How an effect is drawn if a state uses it; which effects are used depends on the state alone.

    Attributes:
        name: of the level, for reports.
        bloom_scale: size of the finest bloom level, as a fraction of the picture's side.
        bloom_levels: number of halvings below it.
        beam_scale: size of the target of beams and lens glare, as a fraction likewise.
        mirror_scale: size of the floor's reflection, as a fraction likewise.
        disc_defocus: whether defocused highlights become discs; otherwise they are only blurred.
        exact_srgb: whether a graded picture is encoded with powers; otherwise with square roots,
            which are within 0.011 of them.
    """

    name: str
    bloom_scale: float
    bloom_levels: int
    beam_scale: float
    mirror_scale: float
    disc_defocus: bool
    exact_srgb: bool


SOFTWARE: Final = Quality("software", 0.25, 3, 0.25, 0.5, disc_defocus=False, exact_srgb=False)
"""For a software rasteriser, whose cost is proportional to the number of pixels."""

FULL: Final = Quality("full", 0.5, 5, 0.5, 0.5, disc_defocus=True, exact_srgb=True)
"""For a GPU."""
