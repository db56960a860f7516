"""Say how effects are drawn: one level for a GPU, one for a processor that draws by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quality:
    """How an effect is drawn where a state asks for it; what is drawn is the state's own.

    Attributes:
        name: by which reports know it.
        bloom_scale: size of the bloom's finest level, as a share of the picture's side.
        bloom_levels: halvings below it.
        beam_scale: size of what beams and lenses are drawn into.
        mirror_scale: size of the floor's mirror.
        disc_defocus: whether points out of focus open into discs; else they only blur.
        exact_srgb: whether a graded picture is encoded by powers; else by square roots, which are
            within 0.011 of them.
    """

    name: str
    bloom_scale: float
    bloom_levels: int
    beam_scale: float
    mirror_scale: float
    disc_defocus: bool
    exact_srgb: bool


SOFTWARE: Final = Quality("software", 0.25, 3, 0.25, 0.5, disc_defocus=False, exact_srgb=False)
"""For a software rasteriser, which pays for every pixel."""

FULL: Final = Quality("full", 0.5, 5, 0.5, 0.5, disc_defocus=True, exact_srgb=True)
"""For a GPU."""
