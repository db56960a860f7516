"""Test shaders that do not compile, passes that fail, a GPU out of memory, and a lost context."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest

from avatars.model import Texture
from renderer.errors import GraphicsError
from renderer.graphics.effects import Effect, turn_off
from renderer.graphics.gpu import gl, shaders
from renderer.graphics.gpu.textures import Textures
from renderer.graphics.passes.base import Frame, Targets
from renderer.graphics.passes.beams import BeamPass
from renderer.graphics.passes.bloom import BloomPass
from renderer.graphics.passes.defocus import DefocusPass
from renderer.graphics.passes.depth import DepthPass
from renderer.graphics.passes.floor import FloorPass
from renderer.graphics.passes.grade import GradePass
from renderer.graphics.passes.mirror import MirrorPass
from renderer.graphics.passes.motion_blur import MotionBlurPass
from renderer.graphics.quality import FULL
from renderer.graphics.renderer import StageRenderer
from renderer.graphics.warm_up import effect_states
from renderer.stage.records import (
    Air,
    Beam,
    Camera,
    Floor,
    Focus,
    Grade,
    Screens,
    Shutter,
    StageState,
)
from renderer.stage.sets.stage_set import Screen, StageSet

PASSES = {
    Effect.MIRROR: MirrorPass,
    Effect.FLOOR: FloorPass,
    Effect.BEAMS: BeamPass,
    Effect.BLOOM: BloomPass,
    Effect.DEFOCUS: DefocusPass,
    Effect.MOTION_BLUR: MotionBlurPass,
}
LOST, NO_MEMORY = 0x0507, 0x0505

Stage = Callable[..., StageSet]


def rich_state() -> StageState:
    """Return a frame with every effect."""
    camera = Camera(
        (0.0, 0.6, 3.0),
        (0.0, 0.3, 0.0),
        math.radians(40.0),
        focus=Focus(2.0, 1.0, 0.02),
        shutter=Shutter((1.0, 0.6, 3.0), (1.0, 0.3, 0.0), math.radians(40.0)),
    )
    return StageState(
        0, 0, 0, (), (), (0.3, 0.3, 0.3), camera,
        beams=(Beam((0.5, 1.0, -1.0), (0.0, -1.0, 0.0), 0.1, (2.0, 1.0, 1.0)),),
        air=Air(haze=1.0),
        floor=Floor(mirror=1.0, contact=0.5),
        grade=Grade(bloom=1.0),
        screens=Screens(level=1.0),
    )  # fmt: skip


@pytest.fixture
def squares(stage: Stage) -> StageSet:
    """Return a stage with a lamp, a wall, a screen and a reflective floor."""
    made = stage(((-0.6, 0.3, 0.0), 0.2, 0.8, 2.0), ((0.6, 0.3, -1.0), 0.4, 0.5, 0.0))
    square = made.meshes[0]
    level = square.position[:, [0, 2, 1]]
    level = (level - level.mean(axis=0)) * np.float32((8.0, 0.0, 8.0))
    normal = np.tile(np.float32((0, 1, 0)), (4, 1))
    floor = replace(square, position=level, normal=normal, emissive=(0.0,) * 3)
    upright = (square.position - square.position.mean(axis=0)) + np.float32((0.1, 0.4, -0.5))
    uv = np.float32([(0, 0), (1, 0), (1, 1), (0, 1)])
    screen = Screen("wall", upright, uv, square.triangles)
    return replace(made, meshes=(*made.meshes, floor), screens=(screen,))


@pytest.mark.parametrize("name", ["set.frag", "bloom_bright.frag", "grade.frag", "beam.vert"])
def test_a_shader_that_does_not_compile_is_refused_before_air(
    squares: StageSet, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shaders"
    shutil.copytree(shaders.FOLDER, folder)
    broken = folder / f"{name}.glsl"
    broken.write_text(broken.read_text().replace("void main()", "void main(;)"))
    monkeypatch.setattr(shaders, "FOLDER", folder)
    with pytest.raises(GraphicsError, match=r"shader .*the driver refused it") as caught:
        StageRenderer(64, 36, squares, [])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("effect", list(Effect))
def test_an_effect_that_fails_on_air_is_left_out_alone(
    squares: StageSet, effect: Effect, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = rich_state()
    with StageRenderer(64, 36, squares, [], quality=FULL) as drawing:

        def draw_picture(state: StageState) -> np.ndarray:
            faults = drawing.draw(state)
            drawing.collect()
            assert [fault.thing for fault in faults] == expected
            return drawing.picture().astype(int)

        expected: list[str] = []
        whole = draw_picture(state)
        off, cameras = turn_off(state, {"program": state.camera}, [effect])
        without = draw_picture(replace(off, camera=cameras["program"]))

        kept = PASSES[effect].run

        def fail(self: object, frame: Frame, targets: Targets) -> None:
            if turn_off(frame.state, frame.cameras, [effect]) != (frame.state, frame.cameras):
                raise moderngl.Error("the driver gave up")
            kept(self, frame, targets)  # type: ignore[arg-type]

        monkeypatch.setattr(PASSES[effect], "run", fail)
        expected = [f"the effect {effect.value}"]
        np.testing.assert_array_equal(draw_picture(state), without)
        assert np.abs(whole - without).max() > 0, "the test needs a visible effect"
        for number in range(1, 6):
            np.testing.assert_array_equal(draw_picture(replace(state, number=number)), without)
        # It returns after its back-off.
        monkeypatch.setattr(PASSES[effect], "run", kept)
        for _ in range(64):
            faults = drawing.draw(state)
            drawing.collect()
            if not faults:
                break
        np.testing.assert_array_equal(drawing.picture().astype(int), whole)


@pytest.mark.parametrize("required", [DepthPass, GradePass])
def test_a_pass_that_a_picture_needs_fails_the_frame(
    squares: StageSet, required: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StageRenderer(64, 36, squares, []) as drawing:
        drawing.draw(rich_state())
        drawing.collect()
        before = drawing.picture()

        def fail(*_: object) -> None:
            raise moderngl.Error("the driver gave up")

        with monkeypatch.context() as patched:
            patched.setattr(required, "run", fail)
            with pytest.raises(moderngl.Error, match="gave up"):
                drawing.draw(rich_state())
        drawing.draw(rich_state())
        drawing.collect()
        np.testing.assert_array_equal(drawing.picture(), before)


def test_a_texture_beyond_the_memory_is_reported() -> None:
    context, _ = gl_context()
    with context:
        gl.check_errors("nothing")
        # Four gigabytes: llvmpipe refuses them without trying.
        texture = context.texture((16384, 16384), 4, dtype="f4")
        if context.error == "GL_NO_ERROR":
            texture.release()
            pytest.skip("this GPU has more than four gigabytes")
        context.texture((16384, 16384), 4, dtype="f4")
        with pytest.raises(GraphicsError, match="a large texture: the GPU has no memory left"):
            gl.check_errors("a large texture")
        gl.check_errors("what follows")
    context.release()


def test_a_texture_larger_than_the_gpu_allows_is_scaled_down_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pixels = np.zeros((40, 20, 4), np.uint8)
    pixels[:20] = 255
    context, _ = gl_context()
    with context:
        textures = Textures(context, (Texture("huge", pixels, ("repeat", "repeat")),), 1.0)
        textures._largest = 16
        made = textures.get(0, is_color=False)
        assert made.size == (8, 16)
        rows = np.frombuffer(made.read(), np.uint8).reshape(16, 8, 4)
        assert rows[:8].min() == 255 and rows[8:].max() == 0
    context.release()
    assert "texture huge was scaled down to 8×16" in caplog.text


def gl_context() -> tuple[moderngl.Context, object]:
    from renderer.graphics.gpu.context import open_context

    return open_context()


def flag_error(monkeypatch: pytest.MonkeyPatch, code: int, *, times: int = 1) -> None:
    """Have the driver report an error that cannot be provoked on this machine's GPU."""
    real = gl.GL_1_0.glGetError
    left = [times]

    def get_error() -> int:
        if left[0] > 0:
            left[0] -= 1
            return code
        return int(real())

    monkeypatch.setattr(gl.GL_1_0, "glGetError", get_error)


def test_a_gpu_without_memory_refuses_the_stage_before_air(
    squares: StageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag_error(monkeypatch, NO_MEMORY)
    with pytest.raises(GraphicsError, match="no memory left") as caught:
        StageRenderer(64, 36, squares, [])
    assert "\n" not in str(caught.value)


def test_a_gpu_without_memory_on_air_is_told_and_the_frame_goes_out(
    squares: StageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StageRenderer(64, 36, squares, []) as drawing:
        flag_error(monkeypatch, NO_MEMORY)
        (fault,) = drawing.draw(rich_state())
        assert "memory" in str(fault.error)
        assert drawing.collect() is not None
        assert drawing.draw(rich_state()) == ()


def test_a_lost_context_is_opened_again_with_all_its_views(
    squares: StageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = replace(rich_state(), view_cameras={"close": rich_state().camera})
    with StageRenderer(64, 36, squares, []) as drawing:
        drawing.open_view("close", 32, 32)
        drawing.draw(state)
        drawing.collect()
        drawing.collect("close")
        before, close = drawing.picture(), drawing.picture("close")
        # A lost context reports its loss on every query.
        flag_error(monkeypatch, LOST, times=100)
        with pytest.raises(gl.ContextLostError):
            drawing.draw(state)
        # The GPU is not back yet.
        with pytest.raises(GraphicsError):
            drawing.draw(state)
        assert not drawing.is_given_up
        monkeypatch.undo()
        assert drawing.draw(state) == ()
        assert drawing.collect() is not None
        assert drawing.collect("close") is not None
        np.testing.assert_array_equal(drawing.picture(), before)
        np.testing.assert_array_equal(drawing.picture("close"), close)


def test_a_picture_is_the_same_in_a_context_that_is_opened_on_request(squares: StageSet) -> None:
    with StageRenderer(64, 36, squares, []) as drawing:
        drawing.draw(rich_state())
        drawing.collect()
        before = drawing.picture()
        drawing.open_again()
        assert drawing.draw(rich_state()) == ()
        assert drawing.collect() is not None
        np.testing.assert_array_equal(drawing.picture(), before)


def test_effects_prepared_before_a_lost_context_are_prepared_after_it(
    squares: StageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    create = moderngl.Context.program

    def note(context: moderngl.Context, **sources: Any) -> moderngl.Program:
        compiled.append("a program")
        return create(context, **sources)

    with StageRenderer(64, 36, squares, []) as drawing:
        drawing.prepare_effects()
        with monkeypatch.context() as lost:
            flag_error(lost, LOST, times=100)
            with pytest.raises(gl.ContextLostError):
                drawing.draw(rich_state())
        assert drawing.draw(StageState(0, 0, 0, (), (), (0.3,) * 3, rich_state().camera)) == ()
        drawing.collect()
        monkeypatch.setattr(moderngl.Context, "program", note)
        for state in effect_states([]):
            assert drawing.draw(state) == ()
            drawing.collect()
        assert not compiled


def test_a_picture_larger_than_the_gpu_draws_is_refused(squares: StageSet) -> None:
    with pytest.raises(GraphicsError, match="the GPU draws no more than"):
        StageRenderer(1 << 17, 64, squares, [])
