"""Test what replaces shaders on a software rasteriser against the shaders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar, Material
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.enlarge import Enlarger
from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.smooth_edges import EdgeFilter
from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.gpu.yuv_planes import convert_yuv
from renderer.graphics.quality import SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet
from renderer.transport.pixel_layout import PixelLayout

SIZE = (64, 48)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """Return (h, w) uint32: slanted edges, thin lines, a ramp and noise."""
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    rng = np.random.default_rng(5)
    picture = np.zeros((*x.shape, 4), np.uint8)
    picture[..., 0] = np.where(3 * y > x + 30, 220, 30)
    picture[..., 1] = np.where((x + 2 * y) % 17 < 2, 255, 4 * y)
    picture[..., 2] = np.where(x > 48, rng.integers(0, 256, x.shape), 90)
    picture[..., 3] = 255
    return np.ascontiguousarray(picture).view(np.uint32)[..., 0]


def test_smoothing_is_that_of_the_shader(pixels: np.ndarray) -> None:
    context, _ = open_context()
    with context:
        source, result = (
            Target(context, TargetSpec(name, (4, "f1"), linear=True), SIZE) for name in "ab"
        )
        assert source.texture is not None
        source.texture.write(pixels.tobytes())
        array = full_screen(context, Programs(context), "smooth.frag.glsl", samplers={"picture": 0})
        result.framebuffer.use()
        source.read_from(0)
        array.render(vertices=3)
        drawn = np.frombuffer(result.framebuffer.read(components=4), np.uint8).astype(int)
    context.release()
    edges = EdgeFilter(SIZE)
    edges.pixels[:] = pixels
    looped = edges.run().view(np.uint8).reshape(-1).astype(int)
    plain = pixels.view(np.uint8).reshape(-1).astype(int)
    assert (np.abs(plain - drawn) > 20).mean() > 0.05
    # Taps are placed in sixteenths of a pixel.
    assert np.abs(looped - drawn).mean() < 1.0
    assert (np.abs(looped - drawn) > 12).mean() < 0.005


@pytest.mark.parametrize("size", [(128, 96), (85, 64), SIZE])
def test_enlarging_is_that_of_the_shader(pixels: np.ndarray, size: tuple[int, int]) -> None:
    context, _ = open_context()
    with context:
        source = Target(context, TargetSpec("source", (4, "f1"), linear=True), SIZE)
        result = Target(context, TargetSpec("result", (4, "f1")), size)
        assert source.texture is not None
        source.texture.write(pixels.tobytes())
        array = full_screen(
            context, Programs(context), "scale_up.frag.glsl", samplers={"picture": 0}
        )
        result.framebuffer.use()
        source.read_from(0)
        array.render(vertices=3)
        drawn = np.frombuffer(result.framebuffer.read(components=4, alignment=1), np.uint8)
    context.release()
    looped = Enlarger(SIZE, size).run(pixels).view(np.uint8).reshape(-1)
    assert np.abs(looped.astype(int) - drawn).max() <= 2


@pytest.mark.parametrize("layout", [PixelLayout.I420, PixelLayout.NV12])
def test_planes_are_bt709(pixels: np.ndarray, layout: PixelLayout) -> None:
    planes = np.zeros((SIZE[1] * 3 // 2, SIZE[0]), np.uint8)
    convert_yuv(pixels, planes, interleaved=layout is PixelLayout.NV12)
    rgb = pixels.view(np.uint8).reshape(SIZE[1], SIZE[0], 4)[..., :3] / 255.0
    weights = np.array((0.2126, 0.7152, 0.0722))
    luma = 16.0 + 219.0 * (rgb @ weights)
    mean = rgb.reshape(SIZE[1] // 2, 2, SIZE[0] // 2, 2, 3).mean(axis=(1, 3))
    gray = mean @ weights
    blue = 128.0 + 224.0 * (mean[..., 2] - gray) / 1.8556
    red = 128.0 + 224.0 * (mean[..., 0] - gray) / 1.5748
    chroma = planes[SIZE[1] :].reshape(-1)
    halves = (
        (chroma[0::2], chroma[1::2])
        if layout is PixelLayout.NV12
        else (chroma[: blue.size], chroma[blue.size :])
    )
    assert np.abs(planes[: SIZE[1]] - luma).max() < 0.51
    for plane, expected in zip(halves, (blue, red), strict=True):
        assert np.abs(plane.reshape(expected.shape) - expected).max() < 0.51


def test_every_gray_has_neutral_chroma() -> None:
    grays = (np.arange(256, dtype=np.uint32) * 0x10101).repeat(4).reshape(256, 2, 2)
    planes = np.zeros((3, 2), np.uint8)
    for value, gray in enumerate(grays):
        convert_yuv(np.ascontiguousarray(gray), planes, interleaved=False)
        assert planes[2].tolist() == [128, 128]
        assert abs(int(planes[0, 0]) - (16.0 + 219.0 * value / 255.0)) < 0.51


def test_lights_at_vertices_are_those_of_each_pixel(
    monkeypatch: pytest.MonkeyPatch,
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> None:
    idol = load_avatar(IDOL)
    posed = PosedAvatar.of(0, AvatarInstance(idol))
    aim = (0.0, 1.0, 0.0)
    lights = (
        Light((1.0, 2.0, 3.0), aim, (0.3, 0.3, 0.3)),
        Light((-2.0, 2.0, -1.0), aim, (0.2, 0.4, 1.0)),
        Light((2.5, 1.5, 0.5), aim, (1.0, 0.5, 0.2), (0.3, 0.4)),
    )
    camera = Camera((0.0, 1.1, 2.2), (0.0, 1.1, 0.0), 0.7)
    pictures = []
    for longest in (0.08, 0.0):
        monkeypatch.setattr("renderer.graphics.drawables.avatar.geometry.DENSE_M", longest)
        quality = replace(SOFTWARE, full_detail_from=1.0)
        drawing = renderer(160, 120, stage(), [idol], samples=0, quality=quality)
        drawing.draw(state(posed, lights=lights, camera=camera))
        pictures.append(drawing.picture().astype(int))
    difference = np.abs(pictures[0] - pictures[1]).max(axis=-1)
    assert difference.max() > 0
    assert difference.mean() < 0.5
    assert (difference > 16).mean() < 0.015


def test_late_depth_tests_change_no_pixel_of_a_multisampled_picture(
    monkeypatch: pytest.MonkeyPatch,
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> None:
    light = Light((0.5, 0.5, 2.0), (0.0, 0.0, 0.0), (1.0, 0.8, 0.6))
    pictures = []
    for extension in ("GL_ARB_shader_storage_buffer_object", "none"):
        monkeypatch.setattr("renderer.graphics.scene._LATE_DEPTH", extension)
        drawing = renderer(64, 48, stage(), [card(Material("white"))], samples=4)
        drawing.draw(state(standing, lights=(light,)))
        pictures.append(drawing.picture())
    assert pictures[0].max() > 100
    assert np.array_equal(*pictures)
