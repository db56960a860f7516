"""Compare whole pictures with golden ones, on llvmpipe alone: other drivers may round differently.

After an intended change, look at the new pictures, then store them: `ENCORE_KEEP_GOLDEN=1 pytest
tests/graphics/test_golden.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.records import Camera, PosedAvatar, StageState
from renderer.stage.sets.stage_set import load_set

CAMERAS = {
    "wide": rig.default_camera(16 / 9),
    "close": Camera((0.6, 1.3, 2.4), (0.0, 0.9, 0.0), math.radians(35.0)),
}


@pytest.mark.parametrize("name", list(CAMERAS))
def test_the_stage_looks_as_it_did(
    renderer: Callable[..., StageRenderer], pillar: Avatar, pillar_pose: PosedAvatar,
    require_golden: Callable[[StageRenderer, str], None], name: str,
) -> None:  # fmt: skip
    inked = Material(
        "inked", (0.9, 0.75, 0.7, 1.0), shade_color=(0.6, 0.4, 0.5), rim_color=(0.2, 0.2, 0.3),
        outline_mode=OutlineMode.WORLD, outline_width=0.008, outline_color=(0.1, 0.0, 0.05),
    )  # fmt: skip
    drawing = renderer(
        320, 180, load_set(SET_PATH), [replace(pillar, materials=(inked,))], samples=4
    )
    drawing.draw(
        StageState(0, 0, 0, (pillar_pose,), rig.default_lights(0.0), rig.AMBIENT, CAMERAS[name])
    )
    require_golden(drawing, name)
