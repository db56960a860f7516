"""Compare our picture of the set with pyrender's, which shares only trimesh with ours."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.records import Light, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet, load_set

WIDTH, HEIGHT = 320, 180
# A separate process: closing a pyrender context closes others too.
REFERENCE = """
import sys
from dataclasses import replace
from pathlib import Path
import numpy as np
import pyrender
from renderer.stage.lights import rig
from renderer.stage.scene import build_pyrender_scene
from renderer.stage.sets.stage_set import load_set

stage = load_set(Path(sys.argv[1]))
matte = dict(emissive=(0.0, 0.0, 0.0), roughness=1.0, metallic=0.0)
dull = replace(stage, meshes=tuple(
    replace(m, color=np.full_like(m.color, 0.4), **matte) for m in stage.meshes
))
lights, camera = rig.default_lights(0.0)[:4], rig.default_camera(16 / 9)
drawing = pyrender.OffscreenRenderer(int(sys.argv[3]), int(sys.argv[4]))
color, depth = drawing.render(build_pyrender_scene(dull, lights, camera, rig.AMBIENT))
np.savez(sys.argv[2], color=color, depth=depth)
"""


def dull_set(backdrop: Backdrop) -> StageSet:
    """Return the house's set in matte grey, without emissive parts."""
    stage = load_set(SET_PATH)
    meshes = tuple(
        replace(mesh, color=np.full_like(mesh.color, 0.4), emissive=(0.0, 0.0, 0.0), roughness=1.0,
                metallic=0.0)
        for mesh in stage.meshes
    )  # fmt: skip
    return replace(stage, meshes=meshes, backdrop=backdrop)


def draw_stage(
    stage: StageSet, lights: tuple[Light, ...], ambient: tuple[float, ...]
) -> np.ndarray:
    """Return our picture of a stage from the hall, (h, w, 3) float."""
    with StageRenderer(WIDTH, HEIGHT, stage, [], samples=0) as drawing:
        drawing.draw(StageState(0, 0, 0, (), lights, ambient, rig.default_camera(16 / 9)))
        return drawing.picture().astype(float)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, np.ndarray]:
    """Return pyrender's picture (h, w, 3) and depth (h, w), 0 where there is nothing."""
    path = tmp_path_factory.mktemp("reference") / "picture.npz"
    environment = {**os.environ, "PYOPENGL_PLATFORM": "egl"}
    command = [sys.executable, "-c", REFERENCE, str(SET_PATH), str(path), str(WIDTH), str(HEIGHT)]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], timeout=120)
    with np.load(path) as arrays:
        return arrays["color"].astype(float), arrays["depth"]


def test_the_set_covers_the_same_pixels(reference: tuple[np.ndarray, np.ndarray]) -> None:
    # Unlit on a bright backdrop, the dark pixels are the set; black metal reflects nothing.
    bright = dull_set(Backdrop((4.0,) * 3, (4.0,) * 3, (4.0,) * 3))
    black = tuple(
        replace(mesh, color=np.zeros_like(mesh.color), metallic=1.0) for mesh in bright.meshes
    )
    covered = draw_stage(replace(bright, meshes=black), (), (0.0, 0.0, 0.0)).max(axis=-1) < 128
    theirs = reference[1] > 0.0
    assert 0.3 < theirs.mean() < 0.9
    assert (covered & theirs).sum() / (covered | theirs).sum() > 0.98


def test_light_falls_alike(reference: tuple[np.ndarray, np.ndarray]) -> None:
    black = dull_set(Backdrop((0.0,) * 3, (0.0,) * 3, (0.0,) * 3))
    luma = (0.2126, 0.7152, 0.0722)
    # Highlights follow other formulas: compare low frequencies.
    ours, theirs = (
        ndimage.gaussian_filter(picture @ luma, 2.0)
        for picture in (draw_stage(black, rig.default_lights(0.0)[:4], rig.AMBIENT), reference[0])
    )
    covered = ndimage.binary_erosion(reference[1] > 0.0, iterations=3)
    assert np.corrcoef(ours[covered], theirs[covered])[0, 1] > 0.95
