"""Test that each limit turns off its effect, and that lifting it restores the picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.errors import GraphicsError
from renderer.graphics.limits import Limits, limit_state
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import (
    Camera,
    Floor,
    Focus,
    Grade,
    Light,
    PosedAvatar,
    StageState,
)
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
NEAR = Camera((0.0, 0.8, 4.0), (0.0, 0.8, 0.0), math.radians(35.0))
LAMP = Light((1.0, 4.0, 3.0), (0.0, 0.8, 0.0), (0.6, 0.6, 0.6), (0.5, 0.7), casts_shadow=True)


@pytest.fixture
def frame(state: Callable[..., StageState], pillar_pose: PosedAvatar) -> StageState:
    made = state(pillar_pose, lights=(LAMP,), ambient=(0.2, 0.2, 0.2), camera=NEAR)
    return replace(made, floor=Floor(mirror=0.9), grade=Grade(bloom=0.2, contrast=0.1))


@pytest.fixture
def wall(stage: Callable[..., StageSet]) -> StageSet:
    return stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0), ((1.0, 1.2, -0.8), 0.2, 0.1, 4.0))


@pytest.fixture
def inked(pillar: Avatar) -> Avatar:
    ink = Material("ink", outline_mode=OutlineMode.WORLD, outline_width=0.02)
    return replace(pillar, materials=(ink,))


def draw_picture(drawing: StageRenderer, state: StageState, limits: Limits) -> np.ndarray:
    drawing.limits = limits
    assert drawing.draw(state) == ()
    for _ in drawing.finish():
        pass
    return drawing.picture().astype(int)


def test_effects_that_are_given_up_leave_the_state_and_nothing_else_does(
    frame: StageState,
) -> None:
    focused = replace(frame, camera=replace(NEAR, focus=Focus(1.0, 1.0)),
                      view_cameras={"preview": replace(NEAR, focus=Focus(2.0, 1.0))})  # fmt: skip
    assert limit_state(focused, Limits()) is focused
    lesser = limit_state(focused, Limits(mirror=False, defocus=False, bloom=False))
    assert lesser.floor == replace(frame.floor, mirror=0.0)
    assert lesser.grade == replace(frame.grade, bloom=0.0)
    assert lesser.camera == NEAR
    assert dict(lesser.view_cameras) == {"preview": NEAR}
    assert lesser.lights is focused.lights
    assert lesser.avatars is focused.avatars


@pytest.mark.parametrize(
    "limits",
    [
        Limits(mirror=False), Limits(bloom=False), Limits(smoothing=False), Limits(scale=0.5),
        Limits(outlines_from=1e4),
    ],
    ids=["mirror", "bloom", "smoothing", "scale", "outlines"],
)  # fmt: skip
def test_a_limit_changes_the_picture_and_leaves_no_trace_once_lifted(
    renderer: Make, wall: StageSet, inked: Avatar, frame: StageState, limits: Limits
) -> None:
    drawing = renderer(192, 108, wall, [inked], scales=(0.5,))
    full = draw_picture(drawing, frame, Limits())
    lesser = draw_picture(drawing, frame, limits)
    assert np.abs(lesser - full).max() > 4
    # It is still the same picture.
    assert np.abs(lesser - full).mean() < 12
    np.testing.assert_array_equal(draw_picture(drawing, frame, Limits()), full)


def test_a_smaller_frame_is_scaled_up_to_the_whole_picture(
    renderer: Make, wall: StageSet, inked: Avatar, frame: StageState
) -> None:
    plain = replace(frame, floor=Floor(), grade=Grade())
    drawing = renderer(192, 108, wall, [inked], scales=(0.5,))
    lesser = draw_picture(drawing, plain, Limits(scale=0.5))
    small = draw_picture(renderer(96, 54, wall, [inked]), plain, Limits(smoothing=False))
    halved = lesser.reshape(54, 2, 96, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved - small).mean() < 1.5


def test_a_size_that_was_not_asked_for_is_refused(renderer: Make, wall: StageSet) -> None:
    drawing = renderer(64, 36, wall, [], scales=(0.5,))
    with pytest.raises(GraphicsError, match=r"0\.75 times its size"):
        drawing.limits = Limits(scale=0.75)
    assert drawing.limits == Limits()


def test_a_shadow_is_kept_for_one_frame_and_then_drawn_again(
    renderer: Make, wall: StageSet, pillar: Avatar, frame: StageState, pillar_pose: PosedAvatar
) -> None:
    plain = replace(frame, floor=Floor(), grade=Grade())
    away = replace(pillar_pose, world=pillar_pose.world.copy())
    away.world[:, 0, 3] += 0.5
    moved = replace(plain, avatars=(away,))
    drawing = renderer(96, 54, wall, [pillar])
    limits = Limits(shadow_every=2)
    expected = draw_picture(drawing, moved, Limits())
    draw_picture(drawing, plain, Limits())
    kept = draw_picture(drawing, moved, limits)
    assert np.abs(kept - expected).max() > 10, "the shadow stands where the pillar was"
    np.testing.assert_array_equal(draw_picture(drawing, moved, limits), expected)
