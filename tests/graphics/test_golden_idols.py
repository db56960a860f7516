"""Compare both default idols with golden pictures, on llvmpipe alone, in both levels of detail.

After an intended change, look at the new pictures, then store them:
`ENCORE_KEEP_GOLDEN=1 pytest tests/graphics/test_golden_idols.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.graphics.limits import Limits
from renderer.graphics.quality import FULL
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL, IDOL_2
from renderer.stage.lights import rig
from renderer.stage.records import Camera, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet

SIZE = 112, 144
HALL = Backdrop((0.02, 0.02, 0.05), (0.1, 0.05, 0.15), (0.01, 0.01, 0.02))
CAMERAS = {
    "whole": Camera((0.9, 1.0, 3.9), (0.0, 0.86, 0.0), math.radians(28.0)),
    "face": Camera((0.35, 1.56, 2.0), (0.0, 1.50, 0.0), math.radians(14.0)),
}
LEVELS = {"full": Limits(detail=0.0), "low": Limits(detail=1e3)}
"""At any height in the picture."""


@pytest.fixture(scope="module", params=[IDOL, IDOL_2], ids=["idol", "idol_2"])
def idol(request: pytest.FixtureRequest) -> Iterator[tuple[Path, Avatar, StageRenderer]]:
    """Yield an idol's file, the idol, and a renderer with it before a dark hall."""
    avatar = load_avatar(request.param)
    stage = StageSet("hall", (), HALL)
    with StageRenderer(*SIZE, stage, [avatar], samples=0, latency=0, quality=FULL) as drawing:
        yield request.param, avatar, drawing


@pytest.mark.parametrize("level", list(LEVELS))
@pytest.mark.parametrize("name", list(CAMERAS))
def test_an_idol_looks_as_it_did(
    idol: tuple[Path, Avatar, StageRenderer],
    require_golden: Callable[[StageRenderer, str], None],
    name: str,
    level: str,
) -> None:
    file, avatar, drawing = idol
    drawing.limits = LEVELS[level]
    posed = PosedAvatar.of(0, AvatarInstance(avatar))
    posed = replace(posed, world=posed.world.copy(), morphs=np.zeros_like(posed.morphs))
    lights = rig.default_lights(0.0)
    assert drawing.draw(StageState(0, 0, 0, (posed,), lights, rig.AMBIENT, CAMERAS[name])) == ()
    drawing.collect()
    require_golden(drawing, f"{file.stem}_{name}_{level}")
