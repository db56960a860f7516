"""Turn off effects with invalid values or failing passes, so that they do not spoil the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from renderer.errors import GraphicsError
from renderer.graphics.records import DrawFault
from renderer.stage.records import Air, Camera, Floor, Focus, Grade, Shutter, StageState


class Effect(Enum):
    """The optional effects of a picture, by the name of their pass."""

    MIRROR = "mirror"
    FLOOR = "floor"
    BEAMS = "beams"
    BLOOM = "bloom"
    DEFOCUS = "defocus"
    MOTION_BLUR = "motion blur"


def turn_off(
    state: StageState, cameras: Mapping[str, Camera], effects: Iterable[Effect]
) -> tuple[StageState, Mapping[str, Camera]]:
    """Return a state and cameras that do not use some effects, so that their passes do nothing."""
    for effect in effects:
        if effect is Effect.MIRROR:
            state = replace(state, floor=replace(state.floor, mirror=0.0))
        elif effect is Effect.FLOOR:
            state = replace(state, floor=Floor())
        elif effect is Effect.BEAMS:
            state = replace(state, beams=(), air=Air())
        elif effect is Effect.BLOOM:
            state = replace(state, grade=replace(state.grade, bloom=0.0))
        elif effect is Effect.DEFOCUS:
            cameras = {name: replace(camera, focus=None) for name, camera in cameras.items()}
        else:
            cameras = {name: replace(camera, shutter=None) for name, camera in cameras.items()}
    return state, cameras


_KNOWN: Final = 32
"""Maximum number of checked records in the cache: a show's states share records."""


def drop_unusable_effects(
    state: StageState, cameras: Mapping[str, Camera]
) -> tuple[StageState, Mapping[str, Camera], tuple[DrawFault, ...]]:
    """Return a state and cameras without the effects that cannot be drawn, and their faults."""
    faults = []
    changes: dict[str, Any] = {}
    for name, record, plain in (
        ("grade", state.grade, Grade()),
        ("air", state.air, Air()),
        ("floor", state.floor, Floor()),
    ):
        if not _is_finite(record):
            changes[name] = plain
            faults.append(_fault(f"the {name}", "it holds a number that is not finite"))
    for name, camera in cameras.items():
        focus = camera.focus
        if focus is not None and not (_is_finite(focus) and focus.range_m > 0.0):
            cameras = {**cameras, name: replace(camera, focus=None)}
            faults.append(_fault(f"the focus of camera {name!r}", "no lens has it"))
        shutter = camera.shutter
        if shutter is not None and not (
            _is_finite(shutter) and shutter.position != shutter.target and 0.0 < shutter.fov_y < 3.0
        ):
            cameras = {**cameras, name: replace(cameras[name], shutter=None)}
            faults.append(_fault(f"the shutter of camera {name!r}", "no camera was there"))
    if changes:
        state = replace(state, **changes)
    return state, cameras, tuple(faults)


@lru_cache(_KNOWN)
def _is_finite(record: Air | Floor | Focus | Grade | Shutter) -> bool:
    values = (getattr(record, field.name) for field in fields(record))
    return all(
        math.isfinite(number)
        for value in values
        for number in (value if isinstance(value, tuple) else (value,))
        if isinstance(number, (int, float))
    )


def _fault(thing: str, what: str) -> DrawFault:
    return DrawFault(thing, GraphicsError(thing, what, "give finite numbers, and a range above 0"))
