from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renderer.errors import GraphicsError
from renderer.graphics.gpu.matrices import camera_matrix
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import StageSet
from renderer.transport.pixel_layout import PixelLayout

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]


def srgb(linear: float) -> float:
    """Encode by IEC 61966-2-1, in 8-bit steps."""
    return 255.0 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


def i420(rgb: np.ndarray) -> np.ndarray:
    """Convert to BT.709, limited range, by the standard; chroma is the mean of four pixels."""
    height, width = rgb.shape[:2]
    e = rgb.astype(np.float64) / 255.0
    luma = e @ (0.2126, 0.7152, 0.0722)
    quarters = e.reshape(height // 2, 2, width // 2, 2, 3).mean(axis=(1, 3))
    dim = quarters @ (0.2126, 0.7152, 0.0722)
    blue = 128.0 + 224.0 * (quarters[..., 2] - dim) / 1.8556
    red = 128.0 + 224.0 * (quarters[..., 0] - dim) / 1.5748
    return np.concatenate([plane.ravel() for plane in (16.0 + 219.0 * luma, blue, red)])


@pytest.mark.parametrize("point", [(0.0, 0.0, 0.0), (0.9, -0.5, 0.3), (-1.1, 0.6, -1.0)])
def test_a_point_lands_on_the_pixel_that_the_camera_says(
    renderer: Make, stage: Stage, state: State, point: tuple[float, float, float]
) -> None:
    width, height = 320, 180
    camera = Camera((0.4, 0.3, 4.0), (0.0, 0.1, 0.0), math.radians(38.0))
    drawing = renderer(width, height, stage((point, 0.02, 0.0, 1.0)), [], samples=0)
    drawing.draw(state(camera=camera))
    bright = drawing.picture()[..., 1].astype(float) * (drawing.picture()[..., 1] > 20)
    x = (bright.sum(axis=0) @ (np.arange(width) + 0.5)) / bright.sum()
    y = (bright.sum(axis=1) @ (np.arange(height) + 0.5)) / bright.sum()
    clip = camera_matrix(camera, width / height) @ (*point, 1.0)
    expected = (0.5 + 0.5 * clip[0] / clip[3]) * width, (0.5 - 0.5 * clip[1] / clip[3]) * height
    np.testing.assert_allclose((x, y), expected, atol=0.6)


@pytest.mark.parametrize("light", [0.0, 0.002, 0.05, 0.2, 0.5, 0.79])
def test_colours_below_the_shoulder_arrive_as_they_are(
    renderer: Make, stage: Stage, state: State, light: float
) -> None:
    drawing = renderer(32, 32, stage(((0.0, 0.0, 0.0), 2.0, 0.0, light)), [])
    drawing.draw(state())
    np.testing.assert_allclose(drawing.picture(), srgb(light), atol=1.01)


def test_stronger_light_is_never_darker_and_never_clips_early(
    renderer: Make, stage: Stage, state: State
) -> None:
    seen = []
    for light in (0.7, 0.8, 0.9, 1.2, 2.0, 4.0):
        drawing = renderer(16, 16, stage(((0.0, 0.0, 0.0), 2.0, 0.0, light)), [])
        drawing.draw(state())
        seen.append(int(drawing.picture()[8, 8, 0]))
    assert seen == sorted(set(seen))
    assert seen[-1] <= 255


@pytest.mark.parametrize("size", [(64, 48), (50, 38), (2, 2), (6, 10)])
@pytest.mark.parametrize("latency", [0, 2])
def test_planes_are_bt709_of_the_picture(
    renderer: Make, stage: Stage, state: State, size: tuple[int, int], latency: int
) -> None:
    width, height = size
    squares = [
        ((x, y, -abs(x)), 0.3, 0.9, 0.25 * (i % 4))
        for i, (x, y) in enumerate([(-0.8, -0.5), (0.0, 0.4), (0.7, -0.2), (-0.3, -0.6)])
    ]
    drawing = renderer(width, height, stage(*squares), [], latency=latency)
    drawing.draw(state(ambient=(0.9, 0.3, 0.1)))
    picture = drawing.picture()
    (frame,) = drawing.finish()
    assert frame.planes.shape == (height * 3 // 2, width)
    assert frame.planes.flags.c_contiguous
    np.testing.assert_allclose(frame.planes.ravel(), i420(picture), atol=1.0)


@pytest.mark.parametrize("size", [(64, 48), (50, 38), (2, 2), (6, 10)])
@pytest.mark.parametrize("latency", [0, 2])
def test_nv12_holds_the_same_picture_as_i420(
    renderer: Make, stage: Stage, state: State, size: tuple[int, int], latency: int
) -> None:
    width, height = size
    seen = stage(((-0.4, 0.2, 0.0), 0.4, 0.3, 0.4), ((0.5, -0.3, -0.4), 0.5, 0.9, 0.1))
    drawing = renderer(width, height, seen, [], latency=latency)
    drawing.open_view("hardware", width, height, PixelLayout.NV12)
    shown = state(ambient=(0.9, 0.3, 0.1))
    drawing.draw(replace(shown, view_cameras={"hardware": shown.camera}))
    (planar,), (mixed,) = drawing.finish(), drawing.finish("hardware")
    assert (planar.layout, mixed.layout) == (PixelLayout.I420, PixelLayout.NV12)
    assert planar.planes.shape == mixed.planes.shape == (height * 3 // 2, width)
    np.testing.assert_array_equal(planar.planes[:height], mixed.planes[:height])
    both = mixed.planes[height:].reshape(-1, 2)
    np.testing.assert_array_equal(planar.planes[height:].ravel(), both.T.ravel())


def test_multisampling_changes_edges_alone(renderer: Make, stage: Stage, state: State) -> None:
    pictures = []
    for samples in (0, 4):
        drawing = renderer(64, 64, stage(((0.1, 0.05, 0.0), 0.43, 0.0, 0.6)), [], samples=samples)
        drawing.draw(state())
        pictures.append(drawing.picture().astype(int))
    differs = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 2
    assert 0 < differs.sum() < 200
    assert not differs[26:36, 28:40].any()


@pytest.mark.parametrize("size", [(641, 360), (640, 361), (0, 0), (-2, 4)])
def test_sizes_that_i420_cannot_hold_are_refused(stage: Stage, size: tuple[int, int]) -> None:
    with pytest.raises(GraphicsError, match="even"):
        StageRenderer(*size, stage(), [])
