"""Compare the passes that need frames, views or materials of their own with golden pictures, on
llvmpipe alone.

After an intended change, look at the new pictures, then store them:
`ENCORE_KEEP_GOLDEN=1 pytest tests/graphics/test_golden_pictures.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.limits import Limits
from renderer.graphics.quality import FULL
from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.records import (
    Camera,
    FullPicture,
    LedContent,
    Light,
    PosedAvatar,
    Screens,
    Shutter,
    StageState,
)
from renderer.stage.sets.stage_set import Backdrop, Screen, StageSet, load_set

SIZE = (160, 90)
Golden = Callable[[StageRenderer, str], None]
Make = Callable[..., StageRenderer]
CLOSE = Camera((0.6, 1.3, 2.6), (0.0, 0.62, 0.0), math.radians(38.0))
REST = replace(CLOSE, shutter=Shutter(CLOSE.position, CLOSE.target, CLOSE.fov_y))
INKED = Material(
    "inked", (0.9, 0.75, 0.7, 1.0), shade_color=(0.6, 0.4, 0.5), rim_color=(0.2, 0.2, 0.3),
    outline_mode=OutlineMode.WORLD, outline_width=0.03, outline_color=(0.1, 0.0, 0.05),
)  # fmt: skip
METAL = Material("metal", (0.9, 0.9, 0.9, 1.0), physically_based=True, metallic=1.0, roughness=0.15)
KEY = Light((1.5, 4.0, 3.0), (0.0, 0.6, 0.0), (0.9, 0.85, 0.8), (0.4, 0.6), casts_shadow=True)


def frame(posed: PosedAvatar, **changes: Any) -> StageState:
    """Return a frame of an avatar on the default stage."""
    plain = StageState(0, 0, 0, (posed,), rig.default_lights(0.0), rig.AMBIENT, CLOSE)
    return replace(plain, **changes)


def test_the_reflected_surroundings_look_as_they_did(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar, require_golden: Golden
) -> None:
    corners = np.array([(-4, 0, 0), (4, 0, 0), (4, 4, 0), (-4, 4, 0)], np.float32)
    uv = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    triangles = np.array([(0, 1, 2), (0, 2, 3)], np.uint32)
    wall = Screen("wall", corners + np.float32((0.0, -0.5, 5.0)), uv, triangles)
    dark = Backdrop((0.02, 0.02, 0.06), (0.1, 0.05, 0.15), (0.01, 0.01, 0.02))
    around = replace(load_set(SET_PATH), screens=(wall,), backdrop=dark)
    metal = replace(pillar, materials=(METAL,))
    drawing = renderer(*SIZE, around, [metal], samples=0, quality=FULL)
    screens = Screens(LedContent.SUNBURST, 1.0, cool=(0.1, 0.3, 1.0), warm=(1.0, 0.4, 0.1))
    assert drawing.draw(frame(pillar_pose, screens=screens)) == ()
    require_golden(drawing, "pass_probe")


def test_the_motion_of_an_avatar_looks_as_it_did(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar, require_golden: Golden
) -> None:
    inked = replace(pillar, materials=(INKED,))
    drawing = renderer(*SIZE, load_set(SET_PATH), [inked], samples=0, quality=FULL)
    before = replace(pillar_pose, world=pillar_pose.world.copy())
    # The top swings aside, the foot stays.
    before.world[1, 0, 3] = -0.30
    for number, posed in enumerate((before, pillar_pose)):
        assert drawing.draw(frame(posed, camera=REST, number=number)) == ()
        drawing.collect()
    require_golden(drawing, "pass_motion")


def test_a_picture_at_a_reduced_size_looks_as_it_did(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar, require_golden: Golden
) -> None:
    inked = replace(pillar, materials=(INKED,))
    drawing = renderer(*SIZE, load_set(SET_PATH), [inked], scales=[0.5])
    drawing.limits = Limits(scale=0.5)
    assert drawing.draw(frame(pillar_pose)) == ()
    require_golden(drawing, "pass_scale_up")


def test_a_picture_over_the_stage_looks_as_it_did(
    renderer: Make, stage: Callable[..., StageSet], pillar: Avatar, pillar_pose: PosedAvatar,
    require_golden: Golden,
) -> None:  # fmt: skip
    drawing = renderer(*SIZE, stage(), [pillar], samples=0)
    y, x = np.mgrid[0:40, 0:40]
    pixels = np.stack((6 * x, 6 * y, 255 - 3 * (x + y)), axis=-1).astype(np.uint8)
    shown = {"program": FullPicture("ramp", pixels, 1, "fit")}
    assert drawing.draw(frame(pillar_pose, pictures=shown)) == ()
    require_golden(drawing, "pass_full_picture")


def test_a_keyed_picture_looks_as_it_did(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar,
    require_golden_picture: Callable[[np.ndarray, str, str], None],
) -> None:  # fmt: skip
    inked = replace(pillar, materials=(INKED,))
    drawing = renderer(*SIZE, load_set(SET_PATH), [inked], samples=4, is_keyed=True)
    assert drawing.draw(frame(pillar_pose, lights=(KEY,))) == ()
    picture = drawing.picture().astype(int)
    # Over a chequered ground, which shows the alpha.
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    ground = np.where((x // 8 + y // 8) % 2 == 1, 200, 80)[..., None]
    over = picture[..., :3] + ground * (255 - picture[..., 3:]) // 255
    require_golden_picture(over.astype(np.uint8), "pass_keyed", drawing.adapter.name)
