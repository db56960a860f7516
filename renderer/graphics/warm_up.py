"""Draw with every shader variant before the show, so that the driver compiles none on air."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, product
from typing import Final

import numpy as np

from avatars.model import Avatar
from renderer.stage.air_effects import Jets, LightRain, Sparks
from renderer.stage.lights.gobos import Gobo
from renderer.stage.lut import Cdl
from renderer.stage.records import (
    Air,
    Beam,
    Camera,
    Confetti,
    Crowd,
    Floor,
    Focus,
    Grade,
    LedContent,
    Light,
    PosedAvatar,
    Screens,
    Shutter,
    StageState,
)

_AWAY: Final = Camera((0.0, 1e4, 0.0), (0.0, 2e4, 0.0), math.radians(10.0))
"""A camera that shows nothing: drivers compile at a draw call even if it covers no pixel."""

_FAINT: Final = 1e-6
"""Intensity that is not visible but still makes a light reach everything."""


def warm_up_states(avatars: Sequence[Avatar], sizes: Iterable[int]) -> Iterator[StageState]:
    """Yield a state for each shader variant, with all avatars and the variant's number of lights.

    Args:
        sizes: number of lights besides the key light in each variant.
    """
    posed = tuple(
        PosedAvatar(
            number,
            np.tile(np.eye(4, dtype=np.float32), (len(avatar.nodes.parents), 1, 1)),
            np.zeros(avatar.channel_count, np.float32),
        )
        for number, avatar in enumerate(avatars)
    )
    light = Light((0.0, 5.0, 0.0), (0.0, 0.0, 0.0), (_FAINT, _FAINT, _FAINT))
    key = Light(light.position, light.target, light.color, casts_shadow=True)
    for size in sizes:
        yield StageState(0, 0, 0, posed, (key, *(light for _ in range(size))), (0.0,) * 3, _AWAY)


def effect_states(avatars: Sequence[Avatar]) -> Iterator[StageState]:
    """Yield a state for each set of effects that has shaders of its own, and each LED content."""
    plain = next(warm_up_states(avatars, [0]))
    beam = Beam((0.0, 5.0, 0.0), (0.0, -1.0, 0.0), 0.05, (_FAINT, _FAINT, _FAINT))
    moved = Shutter((0.0, 1e4, 0.0), (50.0, 2e4, 0.0), _AWAY.fov_y)
    lenses = (
        _AWAY,
        replace(_AWAY, focus=Focus(1.0, 1.0)),
        replace(_AWAY, focus=Focus(1.0, 1.0, front_m=1.0), shutter=moved),
    )
    contents = cycle(LedContent)
    shaped = Light(
        (0.0, 5.0, 0.0), (0.0, 0.0, 0.0), (_FAINT,) * 3, (math.pi / 2.0,) * 2, gobo=Gobo("dots")
    )
    place = ((0.0, 0.0, 0.0),)
    yield replace(
        plain,
        lights=(*plain.lights, shaped),
        jets=Jets(place, 0.5),
        sparks=Sparks(place, 1.0),
        rain=LightRain(1.0),
    )
    for has_air, camera, has_look in product((False, True), lenses, (False, True)):
        yield replace(
            plain,
            screens=Screens(next(contents), floor_level=1.0, text="Encore"),
            crowd=Crowd(stick_gain=_FAINT),
            confetti=Confetti(0.0),
            camera=camera,
            beams=(beam, replace(beam, gobo=Gobo("dots"))) if has_air else (),
            air=Air(haze=1.0) if has_air else Air(),
            floor=Floor(mirror=1.0, contact=1.0),
            grade=Grade(
                bloom=1.0 if has_air else 0.0, contrast=0.1, cdl=Cdl() if has_look else None
            ),
        )
