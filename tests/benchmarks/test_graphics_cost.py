"""Measure drawing: printed in milliseconds, asserted as a ratio to a peer in the same run.

`pytest tests/benchmarks/test_graphics_cost.py -s` prints the figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# With GALLIUM_NOOP Mesa accepts every call and draws nothing, so only our own cost remains. The
# peer draws the same stage with pyrender, without avatars.
COST = """
import json, os, sys, time
from pathlib import Path
import numpy as np
import pyrender
from avatars.load import load_avatar
from avatars.pose import AvatarPose
from renderer.graphics.renderer import StageRenderer
from renderer.stage.lights import rig
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.scene import build_pyrender_scene
from renderer.stage.sets.stage_set import load_set

path, size, frames = Path(sys.argv[1]), (int(sys.argv[2]), int(sys.argv[3])), int(sys.argv[4])
stage, avatar = load_set(SET_PATH), load_avatar(path)
lights, camera = rig.default_lights(0.0), rig.frame_avatar(1.6, size[0] / size[1])
pose = AvatarPose(avatar)

def quick_ms(work, count):
    times = []
    for index in range(count + 3):
        start = time.perf_counter()
        work(index)
        times.append((time.perf_counter() - start) * 1e3)
    return float(np.percentile(times[3:], 25))  # A busy machine only makes frames slower.

result = {}
for count in (1, 5):
    posed = tuple(PosedAvatar(i, pose.world, pose.morphs) for i in range(count))
    with StageRenderer(*size, stage, [avatar] * count) as drawing:
        def draw(index):
            drawing.draw(StageState(index, 0, 0, posed, lights, rig.AMBIENT, camera))
            drawing.collect()
        result[f"{count}"] = quick_ms(draw, frames)
        result["adapter"] = drawing.adapter.name
if "GALLIUM_NOOP" not in os.environ:
    # Waiting for the GPU after each pass tells what each costs.
    with StageRenderer(*size, stage, [avatar]) as drawing:
        drawing.is_profiling = True
        times = []
        for index in range(frames):
            draw(index)
            times.append(drawing.pass_times_ms())
        result["passes"] = {
            name: float(np.median([one[name] for one in times])) for name in times[0]
        }
if "GALLIUM_NOOP" in os.environ:
    scene = build_pyrender_scene(stage, lights[:4], camera)
    offscreen = pyrender.OffscreenRenderer(*size)
    result["peer"] = quick_ms(lambda index: offscreen.render(scene), 10)
print(json.dumps(result))
"""


def measure(avatar: Path, size: tuple[int, int], frames: int, *, noop: bool) -> dict[str, object]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYOPENGL_PLATFORM": "egl"}
    if noop:
        environment["GALLIUM_NOOP"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", COST, str(avatar), *map(str, (*size, frames))],
        check=True, env=environment, cwd=ROOT, timeout=170, capture_output=True, text=True,
    )  # fmt: skip
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def idol() -> Path:
    path = ROOT / "avatars" / "library" / "idol.vrm"
    if not path.exists():
        pytest.skip("the library holds no idol")
    return path


def test_a_frame_costs_python_a_fraction_of_what_pyrender_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cost = measure(idol(), (1280, 720), 60, noop=True)
    if cost["adapter"] != "NOOP":
        pytest.skip("this OpenGL is not Mesa's, and cannot be told to draw nothing")
    with capsys.disabled():
        sys.stdout.write(
            f"\nPython a frame, driver drawing nothing: {cost['1']:.2f} ms for one idol, "
            f"{cost['5']:.2f} ms for five; pyrender, set alone: {cost['peer']:.2f} ms\n"
        )
    assert float(str(cost["1"])) < 0.5 * float(str(cost["peer"]))
    assert float(str(cost["5"])) < 5.0 * float(str(cost["1"]))


def test_a_whole_frame_at_preview_size(capsys: pytest.CaptureFixture[str]) -> None:
    cost = measure(idol(), (640, 360), 8, noop=False)
    with capsys.disabled():
        sys.stdout.write(
            f"\nWhole frame at 640x360 on {cost['adapter']}: {cost['1']:.0f} ms for one idol, "
            f"{cost['5']:.0f} ms for five\n"
        )
        passes = cost["passes"]
        assert isinstance(passes, dict)
        for name, spent in passes.items():
            sys.stdout.write(f"  {name:10} {spent:6.1f} ms\n")
    # Five idols share the set, the shadow map and the post-processing passes.
    assert float(str(cost["5"])) < 5.0 * float(str(cost["1"]))
