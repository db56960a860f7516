"""Test the uniforms of a view, and those of its reflection in the floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import moderngl
import numpy as np
import pytest

from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.stage.records import Camera, Floor, StageState
from renderer.stage.sets.stage_set import Backdrop

CAMERA = Camera((1.5, 1.2, 6.0), (-0.3, 1.0, -1.0), 0.7)
HEIGHT_M = 0.25
POINT = np.array((0.4, 1.1, -0.5, 1.0))


def read(buffer: moderngl.Buffer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return stage to clip space, its inverse, and the other members of a block (13, 4)."""
    values = np.frombuffer(buffer.read(), np.float32)
    return values[:16].reshape(4, 4).T, values[16:32].reshape(4, 4).T, values[32:].reshape(-1, 4)


def test_a_reflection_shows_a_point_where_its_mirror_image_is(
    state: Callable[..., StageState],
) -> None:
    context, _ = open_context()
    try:
        block = FrameBlock(context, (64, 36), Backdrop((0.1, 0, 0), (0, 0.2, 0), (0, 0, 0.3)))
        block.write(replace(state(), floor=Floor(height_m=HEIGHT_M, mirror=0.5)), CAMERA)
        block.write_mirrored()
        matrix, inverse, members = read(block._buffer)
        mirrored, back, reflected = read(block._mirrored)
    finally:
        context.release()
    image = POINT.copy()
    image[1] = 2.0 * HEIGHT_M - POINT[1]
    np.testing.assert_allclose(matrix, block.matrix, rtol=1e-5)
    np.testing.assert_allclose(mirrored @ POINT, matrix @ image, rtol=1e-4)
    np.testing.assert_allclose(block.mirrored_matrix @ POINT, block.matrix @ image)
    np.testing.assert_allclose(inverse @ matrix, np.eye(4), atol=1e-4)
    np.testing.assert_allclose(back @ mirrored, np.eye(4), atol=1e-4)
    eye, forward, lens = members[0], members[4], members[5]
    np.testing.assert_allclose(eye[:3], CAMERA.position)
    assert np.linalg.norm(forward[:3]) == pytest.approx(1.0)
    np.testing.assert_allclose(lens, (CAMERA.near, CAMERA.far, HEIGHT_M, 0.5))
    np.testing.assert_allclose(reflected[0][1], 2.0 * HEIGHT_M - CAMERA.position[1])
    np.testing.assert_allclose(reflected[4], (forward[0], -forward[1], forward[2], 1.0))
    np.testing.assert_allclose(members[6:9, :3], np.diag((0.1, 0.2, 0.3)))
