"""Compare depth and silhouette of both house sets with pyrender's, within a pixel."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from renderer.graphics.renderer import PROGRAM, StageRenderer
from renderer.paths import HALL, STAGE
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import load_set

WIDTH, HEIGHT = 480, 270
NEIGHBOURS = np.ones((3, 3), bool)
CAMERAS = {
    "hall_wide": (HALL, Camera((-0.9, 0.82, 15.6), (-0.1, 2.35, 0.0), 0.66, far=90.0)),
    "hall_reverse": (HALL, Camera((0.1, 1.3, -2.05), (0.02, 1.62, 6.0), 0.86, far=90.0)),
    "small_stage": (STAGE, Camera((1.5, 1.6, 6.5), (0.0, 1.4, 0.0), 0.7)),
    "small_stage_above": (STAGE, Camera((-3.0, 6.0, 9.0), (0.0, 1.0, 0.0), 0.6)),
}
# A separate process: closing a pyrender context closes others too.
REFERENCE = """
import sys
from pathlib import Path
import numpy as np
import pyrender
from renderer.stage.records import Camera
from renderer.stage.scene import build_pyrender_scene
from renderer.stage.sets.stage_set import load_set

# pyrender reads the depth of one of four samples, which lies up to 0.4 pixels off the centre.
store = pyrender.renderer.glRenderbufferStorageMultisample
pyrender.renderer.glRenderbufferStorageMultisample = lambda target, _, *rest: store(
    target, 0, *rest
)

sys.path.insert(0, sys.argv[2])
from test_scene_depth import CAMERAS, HEIGHT, WIDTH

drawing = pyrender.OffscreenRenderer(WIDTH, HEIGHT)
found = {}
for name, (path, camera) in CAMERAS.items():
    scene = build_pyrender_scene(load_set(path), (), camera)
    _, found[name] = drawing.render(scene)
np.savez(sys.argv[1], **found)
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return pyrender's depth for every camera, (h, w) metres, 0 where there is nothing."""
    path = tmp_path_factory.mktemp("reference") / "depth.npz"
    environment = {**os.environ, "PYOPENGL_PLATFORM": "egl"}
    command = [sys.executable, "-c", REFERENCE, str(path), str(Path(__file__).parent)]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], timeout=120)
    with np.load(path) as arrays:
        return dict(arrays)


def our_depth(path: Path, camera: Camera) -> np.ndarray:
    """Return our depth, (h, w) metres along the camera's axis, 0 where there is nothing."""
    # The set's file contains no moving heads and people.
    stage = replace(load_set(path), fixtures=(), seats=np.zeros((0, 3), np.float32))
    with StageRenderer(WIDTH, HEIGHT, stage, [], samples=0) as drawing:
        drawing.draw(StageState(0, 0, 0, (), (), (0.0,) * 3, camera))
        target = drawing._targets[PROGRAM]["scene"].depth_texture
        assert target is not None
        with drawing._context:
            stored = np.frombuffer(target.read(), np.float32).reshape(HEIGHT, WIDTH)[::-1]
    near, far = camera.near, camera.far
    metres = near * far / (far - stored.astype(np.float64) * (far - near))
    return np.where(stored < 1.0, metres, 0.0)


@pytest.mark.parametrize("name", CAMERAS)
def test_depth_and_silhouette_agree_within_a_pixel(
    reference: dict[str, np.ndarray], name: str
) -> None:
    theirs = reference[name].astype(np.float64)
    ours = our_depth(*CAMERAS[name])
    covered, expected = ours > 0.0, theirs > 0.0
    assert expected.mean() > 0.2
    # Every covered pixel has a covered one in the other picture at most a pixel away, and every
    # empty pixel an empty one.
    for first, second in ((covered, expected), (expected, covered)):
        assert not (first & ~ndimage.binary_dilation(second, NEIGHBOURS)).any()
        assert not (~first & ndimage.binary_erosion(second, NEIGHBOURS, border_value=1)).any()
    # Each depth is within the range of the other picture's depths within a pixel.
    for first, second in ((ours, theirs), (theirs, ours)):
        seen = np.where(second > 0.0, second, np.inf)
        nearest = ndimage.minimum_filter(seen, 3)
        farthest = ndimage.maximum_filter(second, 3)
        inside = (first >= nearest * 0.999 - 0.002) & (first <= farthest * 1.001 + 0.002)
        assert inside[first > 0.0].all()
    # Almost all pixels are equal.
    both = covered & expected
    assert (np.abs(ours - theirs)[both] < 0.01 * theirs[both]).mean() > 0.999
