"""Drop effects with values that cannot be drawn, so that none of them blackens a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

from renderer.errors import GraphicsError
from renderer.graphics.records import DrawFault
from renderer.stage.records import Air, Camera, Floor, Focus, Grade, StageState

_KNOWN: Final = 256
"""Number of checked records to cache: a show's states share theirs, or fade between them."""


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
    if changes:
        state = replace(state, **changes)
    return state, cameras, tuple(faults)


@lru_cache(_KNOWN)
def _is_finite(record: Air | Floor | Focus | Grade) -> bool:
    values = (getattr(record, field.name) for field in fields(record))
    return all(
        math.isfinite(number)
        for value in values
        for number in (value if isinstance(value, tuple) else (value,))
        if isinstance(number, (int, float))
    )


def _fault(thing: str, what: str) -> DrawFault:
    return DrawFault(thing, GraphicsError(thing, what, "give finite numbers, and a range above 0"))
