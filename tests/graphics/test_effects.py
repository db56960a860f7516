"""Compare effects with golden pictures, on llvmpipe; test that failing effects are reported.

After an intended change, look at the new pictures, then store them:
`ENCORE_KEEP_GOLDEN=1 pytest tests/graphics/test_effects.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import moderngl
import numpy as np
import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.lut import Cdl
from renderer.stage.records import (
    Air,
    Beam,
    Camera,
    Floor,
    Focus,
    Grade,
    PosedAvatar,
    Shutter,
    StageState,
)
from renderer.stage.sets.stage_set import StageSet, load_set

CLOSE = Camera((0.6, 0.7, 3.2), (0.0, 0.9, 0.0), math.radians(38.0))
BEAMS = tuple(
    Beam(
        (x, 4.5, -3.0),
        (-0.25 * x, -4.5, 1.4 if abs(x) < 2 else 6.0),
        0.045,
        (0.16, 0.55, 0.95) if x < 0 else (1.0, 0.62, 0.26),
    )
    for x in (-3.0, -1.2, 1.2, 3.0)
)
AIR = Air(0.05, (0.0035, 0.0085, 0.014))
LOOK = Grade(1.0, 0.018, 0.22, 1.04, (0.93, 0.98, 1.06), (1.02, 1.0, 0.97), 0.42)
CUT = Cdl((1.1, 1.0, 0.95), (0.0, 0.01, 0.02), (1.1, 1.0, 0.9), 0.9)
FOCUS = Focus(3.6, 1.5, 0.012)
MOVED = replace(
    CLOSE,
    focus=replace(FOCUS, front_m=2.0),
    shutter=Shutter((0.4, 0.7, 3.2), CLOSE.target, CLOSE.fov_y),
)
"""A camera that moves to its left, with foreground blur."""
ALL: dict[str, Any] = {
    "beams": BEAMS,
    "air": AIR,
    "floor": Floor(mirror=0.9, contact=0.6),
    "grade": replace(LOOK, bloom=0.2, cdl=CUT),
    "camera": replace(CLOSE, focus=FOCUS),
}
STATES: dict[str, tuple[Quality, dict[str, Any]]] = {
    "bloom": (FULL, {"grade": Grade(bloom=0.3)}),
    "beams": (FULL, {"beams": BEAMS, "air": AIR}),
    "floor": (FULL, {"floor": ALL["floor"]}),
    "discs": (FULL, {"camera": ALL["camera"]}),
    "grade": (FULL, {"grade": replace(LOOK, grain=0.03, cdl=CUT)}),
    "all_full": (FULL, ALL),
    "all_software": (SOFTWARE, ALL),
}


@pytest.fixture
def inked(pillar: Avatar) -> Avatar:
    """Return the pillar with an outline, standing on one foot."""
    material = Material(
        "inked", (0.9, 0.75, 0.7, 1.0), shade_color=(0.6, 0.4, 0.5), rim_color=(0.2, 0.2, 0.3),
        outline_mode=OutlineMode.WORLD, outline_width=0.008, outline_color=(0.1, 0.0, 0.05),
    )  # fmt: skip
    return replace(pillar, materials=(material,), bones={"leftFoot": 0})


def frame(pose: PosedAvatar, **effects: Any) -> StageState:
    plain = StageState(0, 0, 0, (pose,), rig.default_lights(0.0), rig.AMBIENT, CLOSE)
    return replace(plain, **effects)


@pytest.mark.parametrize("name", list(STATES))
def test_an_effect_looks_as_it_did(
    renderer: Callable[..., StageRenderer], inked: Avatar, pillar_pose: PosedAvatar,
    require_golden: Callable[[StageRenderer, str], None], name: str,
) -> None:  # fmt: skip
    quality, effects = STATES[name]
    drawing = renderer(240, 136, load_set(SET_PATH), [inked], samples=0, quality=quality)
    drawing.draw(frame(pillar_pose, **effects))
    require_golden(drawing, name)


@pytest.mark.parametrize("quality", [SOFTWARE, FULL], ids=lambda one: one.name)
def test_after_preparation_effects_create_nothing_on_the_gpu(
    renderer: Callable[..., StageRenderer], inked: Avatar, pillar_pose: PosedAvatar,
    stage: Callable[..., StageSet], monkeypatch: pytest.MonkeyPatch, quality: Quality,
) -> None:  # fmt: skip
    drawing = renderer(64, 36, stage(), [inked], quality=quality)
    drawing.prepare_effects()
    drawing.draw(frame(pillar_pose))
    drawing.collect()
    made: Counter[str] = Counter()
    for kind in ("program", "buffer", "texture", "texture3d", "framebuffer", "vertex_array"):
        real = getattr(moderngl.Context, kind)

        def counted(*args: Any, kind: str = kind, real: Any = real, **options: Any) -> Any:
            made[kind] += 1
            return real(*args, **options)

        monkeypatch.setattr(moderngl.Context, kind, counted)
    for _ in range(2):
        for effects in (ALL, {}, {"beams": BEAMS}, {"camera": ALL["camera"]}, {"camera": MOVED}):
            assert drawing.draw(frame(pillar_pose, **effects)) == ()
            drawing.collect()
    assert not made


@pytest.mark.parametrize(
    ("effects", "thing"),
    [
        ({"grade": Grade(exposure=math.nan)}, "the grade"),
        ({"grade": Grade(shadow_tint=(1.0, math.inf, 1.0))}, "the grade"),
        ({"air": Air(fog=(math.nan, 0.0, 0.0))}, "the air"),
        ({"floor": Floor(mirror=1.0, size=(math.inf, 1.0))}, "the floor"),
        ({"camera": replace(CLOSE, focus=Focus(1.0, 0.0))}, "the focus of camera 'program'"),
        ({"camera": replace(CLOSE, focus=Focus(math.nan, 1.0))}, "the focus of camera 'program'"),
        ({"beams": (replace(BEAMS[0], spread=math.nan),)}, "beam 1"),
    ],
)
def test_an_effect_that_cannot_be_drawn_is_left_out_and_told(
    renderer: Callable[..., StageRenderer], inked: Avatar, pillar_pose: PosedAvatar,
    stage: Callable[..., StageSet], effects: dict[str, Any], thing: str,
) -> None:  # fmt: skip
    drawing = renderer(64, 36, stage(), [inked])
    assert drawing.draw(frame(pillar_pose)) == ()
    drawing.collect()
    plain = drawing.picture().copy()
    faults = drawing.draw(frame(pillar_pose, **effects))
    assert [fault.thing for fault in faults] == [thing]
    assert np.array_equal(drawing.picture(), plain)
