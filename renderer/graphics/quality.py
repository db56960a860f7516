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
        motion_blur: whether movement during the exposure blurs the set and avatars.
        exact_srgb: whether a graded picture is encoded with powers; otherwise with square roots,
            which are within 0.011 of them.
        full_detail_from: minimum height of an avatar in the picture, pixels, to draw its full level
            of detail.
        low_secondary: whether shadows and reflections use the low level of detail.
        fast_surfaces: whether dense meshes of avatars are lit at their vertices by lights after the
            key, and textures of avatars filtered in one level, as square roots of light.
        screen_size: pixels of the pictures of side screens, which have cameras of their own.
        screens_in_turn: whether one of these pictures is drawn per frame; otherwise all of them.
        penumbra: whether shadows are the softer the farther their occluder; otherwise their blur
            is constant.
        probe: whether glossy surfaces reflect the set and its screens; otherwise the backdrop
            alone.
        reduced_scale: size at which the set's flat floor is lit and screens out of focus are drawn,
            as a fraction of the picture's side; 1 draws them pixel by pixel.
        most_shadows: maximum number of shadow-casting lights in a frame, the first of the state.
    """

    name: str
    bloom_scale: float
    bloom_levels: int
    beam_scale: float
    mirror_scale: float
    disc_defocus: bool
    motion_blur: bool
    exact_srgb: bool
    full_detail_from: float
    low_secondary: bool
    fast_surfaces: bool
    screen_size: tuple[int, int]
    screens_in_turn: bool
    penumbra: bool
    probe: bool
    reduced_scale: float
    most_shadows: int


SOFTWARE: Final = Quality(
    "software", 0.25, 3, 0.25, 0.5, disc_defocus=False, motion_blur=False, exact_srgb=False,
    full_detail_from=600.0, low_secondary=True, fast_surfaces=True, screen_size=(112, 168),
    screens_in_turn=True, penumbra=False, probe=False, reduced_scale=0.5, most_shadows=1,
)  # fmt: skip
"""For a software rasteriser, whose cost is proportional to the number of pixels."""

FULL: Final = Quality(
    "full", 0.5, 5, 0.5, 0.5, disc_defocus=True, motion_blur=True, exact_srgb=True,
    full_detail_from=250.0, low_secondary=False, fast_surfaces=False, screen_size=(320, 480),
    screens_in_turn=False, penumbra=True, probe=True, reduced_scale=1.0, most_shadows=8,
)  # fmt: skip
"""For a GPU."""
