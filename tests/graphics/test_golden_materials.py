"""Compare a contact sheet of every sweep of material features with a golden one.

test_golden.py describes how to store new pictures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from material_sweeps import Sweep, all_sweeps, build

from avatars.instance import AvatarInstance
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Floor, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet

TILE, ACROSS = 64, 8
FLOOR = Floor(albedo=(0.3, 0.2, 0.1))
HALL = Backdrop((0.02, 0.02, 0.05), (0.1, 0.05, 0.15), (0.01, 0.01, 0.02))
GROUPS = {
    "materials_uv_animation": lambda name: name.startswith("UV animation"),
    "materials_physical": lambda name: name.startswith(
        ("metallic", "vertex", "emission texture of")
    ),
    "materials_panes": lambda name: name.startswith(("panes", "blending")),
}


def group_of(sweep: Sweep) -> str:
    return next((group for group, has in GROUPS.items() if has(sweep.name)), "materials_mtoon")


@pytest.mark.parametrize("group", [*GROUPS, "materials_mtoon"])
def test_materials_look_as_they_did(
    group: str, require_golden_picture: Callable[[np.ndarray, str, str], None]
) -> None:
    sweeps = [sweep for sweep in all_sweeps() if group_of(sweep) == group]
    tiles, adapter = draw(sweeps)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % ACROSS)
    lines = [np.concatenate(tiles[i : i + ACROSS], axis=1) for i in range(0, len(tiles), ACROSS)]
    require_golden_picture(np.concatenate(lines), group, adapter)


def draw(sweeps: Sequence[Sweep]) -> tuple[list[np.ndarray], str]:
    avatars = [build(sweep) for sweep in sweeps]
    tiles = []
    with StageRenderer(TILE, TILE, StageSet("hall", (), HALL), avatars, samples=0) as drawing:
        for number, (sweep, avatar) in enumerate(zip(sweeps, avatars, strict=True)):
            instance = AvatarInstance(avatar)
            x, y, z = (float(value) for value in instance.world[0, :3, 3])
            camera = Camera((x, y, z + 3.1), (x, y, z), math.radians(24.0))
            key = Light((x + 2.0, y + 1.5, z + 2.5), (x, y, z), (0.6, 0.6, 0.6))
            rim = Light((x - 2.0, y + 1.0, z - 1.0), (x, y, z), (0.1, 0.2, 0.4))
            t_ns = int(sweep.seconds * 1e9)
            posed = (PosedAvatar.of(number, instance),)
            faults = drawing.draw(
                StageState(
                    number, t_ns, 0, posed, (key, rim), (0.08, 0.07, 0.09), camera, floor=FLOOR
                )
            )
            assert not faults
            drawing.collect()
            tiles.append(drawing.picture().copy())
        return tiles, drawing.adapter.name
