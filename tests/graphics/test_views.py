"""Test several views of one frame, failing objects, and resource use in a long show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import moderngl
import numpy as np
import pytest

from avatars.model import Avatar
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar.levels import AvatarLevels
from renderer.graphics.drawables.base import Drawing, Phase
from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.records import Camera, Floor, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet, load_set

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]

NEAR = Camera((0.0, 0.8, 4.0), (0.0, 0.8, 0.0), math.radians(35.0))
SIDE = Camera((4.0, 1.2, 1.0), (0.0, 0.8, 0.0), math.radians(30.0))
LAMP = Light((1.0, 4.0, 3.0), (0.0, 0.8, 0.0), (0.6, 0.6, 0.6), (0.5, 0.7), casts_shadow=True)


def alone(
    renderer: Make, stage: StageSet, avatar: Avatar, state: StageState, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    drawing = renderer(*size, stage, [avatar], latency=0)
    drawing.draw(state)
    frame = drawing.collect()
    assert frame is not None
    return drawing.picture(), frame.planes.copy()


@pytest.mark.parametrize("latency", [0, 2])
def test_each_view_shows_what_a_renderer_of_its_own_would(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    latency: int,
) -> None:  # fmt: skip
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    drawing = renderer(96, 64, wall, [pillar], latency=latency)
    drawing.open_view("preview", 48, 32)
    drawing.open_view("vertical", 64, 96)
    cameras = {"preview": SIDE, "vertical": NEAR}
    both = replace(state(pillar_pose, lights=(LAMP,), camera=NEAR), view_cameras=cameras)
    assert drawing.draw(both) == ()
    for name, camera, size in (
        ("program", NEAR, (96, 64)), ("preview", SIDE, (48, 32)), ("vertical", NEAR, (64, 96)),
    ):  # fmt: skip
        picture, planes = alone(renderer, wall, pillar, replace(both, camera=camera), size)
        np.testing.assert_array_equal(drawing.picture(name), picture)
        (frame,) = drawing.finish(name)
        np.testing.assert_array_equal(frame.planes, planes)


def test_skinning_and_shadows_are_drawn_once_for_all_views(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    drawing = renderer(32, 32, stage(), [pillar])
    drawing.open_view("preview", 16, 16)
    seen: Counter[Phase] = Counter()
    draw = AvatarLevels.draw

    def counted(self: AvatarLevels, phase: Phase, how: Drawing) -> None:
        seen[phase] += 1
        draw(self, phase, how)

    monkeypatch.setattr(AvatarLevels, "draw", counted)
    cameras = {"preview": SIDE}
    drawing.draw(replace(state(pillar_pose, lights=(LAMP,), camera=NEAR), view_cameras=cameras))
    assert seen[Phase.GEOMETRY] == seen[Phase.SHADOW] == 1
    assert seen[Phase.TOON] == seen[Phase.DEPTH] == 2


def test_a_view_without_a_camera_rests_and_a_closed_one_is_gone(
    renderer: Make, stage: Stage, state: State
) -> None:
    drawing = renderer(32, 32, stage(), [], latency=0)
    drawing.open_view("preview", 16, 16)
    drawing.draw(state())
    assert drawing.collect() is not None
    assert drawing.collect("preview") is None
    drawing.open_view("preview", 24, 12)
    drawing.draw(replace(state(number=1), view_cameras={"preview": NEAR}))
    assert drawing.collect() is not None
    frame = drawing.collect("preview")
    assert frame is not None
    assert frame.planes.shape == (18, 24)
    drawing.close_view("preview")
    drawing.draw(replace(state(number=2), view_cameras={"preview": NEAR}))
    with pytest.raises(GraphicsError, match="not both even"):
        drawing.open_view("preview", 15, 16)


@pytest.mark.parametrize(
    "phase",
    # Without a frame before there is no motion to draw.
    sorted(AvatarLevels.phases - {Phase.MOTION}, key=lambda phase: phase.name),
)
@pytest.mark.parametrize("latency", [0, 2])
def test_an_object_that_fails_is_left_out_of_the_frame_and_told(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    monkeypatch: pytest.MonkeyPatch, phase: Phase, latency: int,
) -> None:  # fmt: skip
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    aside = replace(pillar_pose, avatar=1, world=pillar_pose.world.copy())
    aside.world[:, 0, 3] += 0.6
    drawing = renderer(96, 64, wall, [pillar, pillar], latency=latency)
    drawing.open_view("preview", 48, 32)
    shown = {"lights": (LAMP,), "camera": NEAR}
    expected = renderer(96, 64, wall, [pillar, pillar], latency=latency)
    floor = Floor(mirror=0.5)
    expected.draw(replace(state(aside, **shown), floor=floor))
    draw = AvatarLevels.draw
    broken = drawing._scene.avatars[0]

    def failing(self: AvatarLevels, now: Phase, how: Drawing) -> None:
        if self is broken and now is phase:
            raise moderngl.Error("out of memory")
        draw(self, now, how)

    monkeypatch.setattr(AvatarLevels, "draw", failing)
    both = replace(state(pillar_pose, aside, **shown), view_cameras={"preview": SIDE}, floor=floor)
    (fault,) = drawing.draw(both)
    assert fault.thing == "made"
    assert fault.avatar == 0
    assert "out of memory" in str(fault.error)
    np.testing.assert_array_equal(drawing.picture(), expected.picture())
    assert [frame.number for frame in drawing.finish()] == [0]
    assert [frame.number for frame in drawing.finish("preview")] == [0]
    monkeypatch.setattr(AvatarLevels, "draw", draw)
    assert drawing.draw(both) == ()
    assert np.abs(drawing.picture().astype(int) - expected.picture()).max() > 20


def test_an_object_that_keeps_failing_is_tried_less_and_less_often(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    drawing = renderer(16, 16, stage(), [pillar])

    tried: list[int] = []

    def failing(self: AvatarLevels, now: Phase, how: Drawing) -> None:
        tried.append(number)
        raise RuntimeError("broken")

    monkeypatch.setattr(AvatarLevels, "draw", failing)
    for number in range(40):
        (fault,) = drawing.draw(state(pillar_pose, number=number))
        assert str(fault.error) == "broken"
        drawing.collect()
    assert tried == [0, 1, 3, 7, 15, 31]


def count_calls(
    make: Callable[..., object], name: str, made: Counter[str]
) -> Callable[..., object]:
    def counted(*args: object, **options: object) -> object:
        made[name] += 1
        return make(*args, **options)

    return counted


def test_no_gl_object_is_made_while_a_show_runs(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = renderer(64, 36, load_set(SET_PATH), [pillar], latency=2)
    drawing.open_view("preview", 32, 18)
    made: Counter[str] = Counter()
    makers = (
        "buffer", "texture", "texture_array", "texture3d", "texture_cube", "depth_texture",
        "renderbuffer", "depth_renderbuffer", "framebuffer", "simple_framebuffer", "program",
        "vertex_array", "simple_vertex_array", "sampler", "query",
    )  # fmt: skip
    for name in makers:
        make = getattr(moderngl.Context, name)

        monkeypatch.setattr(moderngl.Context, name, count_calls(make, name, made))
    for number in range(100):
        # Four minutes of the lights' movement, so that they leave some parts and reach others.
        seconds = 2.4 * number
        drawing.draw(
            StageState(
                number, int(seconds * 1e9), 0, (pillar_pose,), rig.default_lights(seconds),
                rig.AMBIENT, rig.default_camera(16 / 9), {"preview": NEAR},
            )
        )  # fmt: skip
        drawing.collect()
        drawing.collect("preview")
    assert not made


def test_every_pass_is_timed(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(16, 16, stage(), [])
    drawing.is_profiling = True
    drawing.draw(state())
    times = drawing.pass_times_ms()
    assert {"geometry", "shadow", "depth", "toon", "set", "grade", "readback"} <= times.keys()
    assert all(spent >= 0.0 for spent in times.values())
    assert times["depth"] > 0.0
