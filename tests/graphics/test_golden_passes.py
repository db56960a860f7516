"""Compare each pass with a golden picture, on llvmpipe alone: other drivers round differently.

After an intended change, look at the new pictures, then store them:
`ENCORE_KEEP_GOLDEN=1 pytest tests/graphics/test_golden_passes.py`. Effects are in test_effects.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material, OutlineMode
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.paths import HALL
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.lights.lighting import LightingRig
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE, Look
from renderer.stage.records import (
    Air,
    Camera,
    Confetti,
    Floor,
    Focus,
    Grade,
    Light,
    PosedAvatar,
    Shutter,
    StageState,
)
from renderer.stage.sets.stage_set import Backdrop, StageSet, load_set

SIZE = (160, 90)
Golden = Callable[[StageRenderer, str], None]
CLOSE = Camera((0.6, 1.3, 2.6), (0.0, 0.62, 0.0), math.radians(38.0))
KEY = Light((1.5, 4.0, 3.0), (0.0, 0.6, 0.0), (0.9, 0.85, 0.8), (0.4, 0.6), casts_shadow=True)
INKED = Material(
    "inked", (0.9, 0.75, 0.7, 1.0), shade_color=(0.6, 0.4, 0.5), rim_color=(0.2, 0.2, 0.3),
    outline_mode=OutlineMode.WORLD, outline_width=0.03, outline_color=(0.1, 0.0, 0.05),
)  # fmt: skip
PLAIN = replace(INKED, name="plain", outline_mode=OutlineMode.NONE)
PANED = replace(INKED, name="paned", base_color=(0.4, 0.7, 0.9, 0.4), alpha_mode=AlphaMode.BLEND)
GREY = (0.25, 0.25, 0.3)

# name: quality, samples, material, changes of the state.
PASSES: dict[str, tuple[Quality, int | None, Material, dict[str, Any]]] = {
    "toon": (FULL, 0, PLAIN, {"lights": (KEY,)}),
    "outline": (FULL, 0, INKED, {"ambient": (0.6, 0.6, 0.6)}),
    "shadow": (FULL, 0, INKED, {"lights": (KEY,), "ambient": (0.05, 0.05, 0.05)}),
    "blended": (FULL, 0, PANED, {}),
    "resolve": (FULL, 4, INKED, {}),
    "smooth": (FULL, None, INKED, {}),
    "mirror": (FULL, 0, INKED, {"floor": Floor(mirror=0.9)}),
    "defocus_software": (
        SOFTWARE, 0, INKED, {"camera": replace(CLOSE, focus=Focus(3.4, 1.5, 0.02))},
    ),
    "foreground": (
        FULL, 0, INKED, {"camera": replace(CLOSE, focus=Focus(9.0, 1.0, 0.02, front_m=4.5))},
    ),
    "motion_blur": (
        FULL, 0, INKED,
        {"camera": replace(CLOSE, shutter=Shutter((0.45, 1.3, 2.6), CLOSE.target, CLOSE.fov_y))},
    ),
    "fog": (FULL, 0, INKED, {"air": Air(0.0, (0.05, 0.1, 0.15))}),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawings() -> Iterator[dict[tuple[object, ...], StageRenderer]]:
    """Yield renderers by quality, samples and material, opened once for all pictures."""
    opened: dict[tuple[object, ...], StageRenderer] = {}
    yield opened
    for one in opened.values():
        one.close()


@pytest.mark.parametrize("name", list(PASSES))
def test_a_pass_alone_looks_as_it_did(
    drawings: dict[tuple[object, ...], StageRenderer], pillar: Avatar, pillar_pose: PosedAvatar,
    require_golden: Golden, name: str,
) -> None:  # fmt: skip
    quality, samples, material, changes = PASSES[name]
    key = (quality.name, samples, material.name)
    if key not in drawings:
        avatar = replace(pillar, materials=(material,), bones={"leftFoot": 0})
        drawings[key] = StageRenderer(
            *SIZE, load_set(SET_PATH), [avatar], samples=samples, latency=0, quality=quality
        )
    drawing = drawings[key]
    plain = StageState(0, 0, 0, (pillar_pose,), rig.default_lights(0.0), rig.AMBIENT, CLOSE)
    assert drawing.draw(replace(plain, **changes)) == ()
    drawing.collect()
    require_golden(drawing, f"pass_{name}")


def test_the_backdrop_and_depth_look_as_they_did(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet], require_golden: Golden
) -> None:
    walls = stage(((-0.6, 0.9, -1.0), 0.8, 0.5, 0.0), ((0.6, 0.9, 0.2), 0.6, 0.1, 0.3))
    behind = Backdrop((0.1, 0.2, 0.5), (0.5, 0.3, 0.3), (0.05, 0.05, 0.05))
    drawing = renderer(*SIZE, replace(walls, backdrop=behind), [], samples=0)
    drawing.draw(StageState(0, 0, 0, (), (KEY,), GREY, CLOSE))
    require_golden(drawing, "pass_backdrop")


FROM_STAGE = Camera((0.1, 1.3, -2.05), (0.0, 1.62, 6.0), math.radians(49.0), far=90.0)
FROM_CROWD = Camera((3.3, 0.0, 12.4), (0.2, 1.1, 0.0), math.radians(19.0), far=90.0)
FROM_HALL = Camera((-0.4, 0.82, 15.6), (-0.1, 2.35, 0.0), math.radians(38.0), far=90.0)
AT_WALL = Camera((0.0, 2.0, 6.0), (0.0, 3.0, -5.0), math.radians(50.0), far=90.0)
DARK = Grade()
FACES = ((-0.7, 1.6, 0.1), (0.7, 1.6, -0.1))


@pytest.fixture(scope="module")
def hall() -> StageSet:
    return load_set(HALL)


@pytest.fixture(scope="module")
def in_hall(hall: StageSet) -> Iterator[StageRenderer]:
    with StageRenderer(*SIZE, hall, [], samples=0, latency=0) as drawing:
        yield drawing


def concert(hall: StageSet, look: Look, camera: Camera, **changes: Any) -> StageState:
    """Return a frame of a look, with fixtures at their targets, without performers."""
    lights, beams = LightingRig(hall.fixtures).advance(look, 33.3, 16.65, 2.0, FACES)
    state = StageState(
        0, 0, 0, (), lights, look.ambient, camera, beat=33.3, beams=beams, air=look.air,
        grade=look.grade, crowd=look.crowd, practicals=look.practicals, screens=look.screens,
    )  # fmt: skip
    return replace(state, **changes)


NO_BEAMS: dict[str, Any] = {"beams": (), "air": Air(), "grade": DARK}
OFF = replace(VERSE.screens, level=0.0)
DARK_ROOM = replace(VERSE.crowd, stick_gain=0.0, stage_light=(0.0, 0.0, 0.0))
HALL_PASSES: dict[str, tuple[Look, Camera, dict[str, Any]]] = {
    "crowd_near": (VERSE, FROM_CROWD, {**NO_BEAMS, "screens": OFF}),
    "crowd_far": (CHORUS, FROM_STAGE, NO_BEAMS),
    "crowd_calm": (BALLAD, FROM_STAGE, NO_BEAMS),
    "confetti": (
        CHORUS, AT_WALL,
        {**NO_BEAMS, "crowd": DARK_ROOM, "screens": OFF,
         "confetti": Confetti(3.0, 1.0, faces=FACES)},
    ),
    "screens_bars": (VERSE, AT_WALL, {**NO_BEAMS, "crowd": DARK_ROOM}),
    "screens_sunburst": (CHORUS, AT_WALL, {**NO_BEAMS, "crowd": DARK_ROOM}),
    "screens_veil": (BALLAD, AT_WALL, {**NO_BEAMS, "crowd": DARK_ROOM}),
    "baked": (CHORUS, FROM_HALL, {**NO_BEAMS, "crowd": DARK_ROOM, "screens": OFF}),
    "heads": (VERSE, FROM_HALL, {"grade": DARK, "crowd": DARK_ROOM, "screens": OFF}),
}  # fmt: skip


@pytest.mark.parametrize("name", list(HALL_PASSES))
def test_an_object_of_the_hall_alone_looks_as_it_did(
    in_hall: StageRenderer, hall: StageSet, require_golden: Golden, name: str
) -> None:
    look, camera, changes = HALL_PASSES[name]
    shown = concert(hall, look, camera, **changes)
    # In the second frame, the side screens show the first one.
    for _ in range(2):
        assert in_hall.draw(shown) == ()
        in_hall.collect()
    require_golden(in_hall, f"pass_{name}")


def test_a_changed_picture_is_told_with_its_difference(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    require_golden: Golden, tmp_path: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("ENCORE_KEEP_GOLDEN", raising=False)
    drawing = renderer(*SIZE, stage(((0.0, 0.9, 0.0), 0.4, 0.0, 0.5)), [], samples=0)
    drawing.draw(StageState(0, 0, 0, (), (), GREY, CLOSE))
    if "llvmpipe" not in drawing.adapter.name:
        pytest.skip("pictures are kept for llvmpipe")
    with pytest.raises(pytest.fail.Exception, match="pass_backdrop has changed"):
        require_golden(drawing, "pass_backdrop")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "pass_backdrop.png", "pass_backdrop_difference_x16.png",
    ]  # fmt: skip
    assert np.asarray(drawing.picture()).std() > 0
