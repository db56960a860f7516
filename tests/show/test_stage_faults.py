"""Other sets, screens with videos and a GPU that is reset, in whole shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import av
import numpy as np
import pytest
import trimesh

from renderer.capture.records import Observation
from renderer.errors import RightsError, StageError
from renderer.graphics.drawables.screens.video import ScreenVideo
from renderer.graphics.gpu import gl
from renderer.motion.core.sources import Source
from renderer.motion.takes.write import TakeWriter
from renderer.output.output_words import parse_output
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import OutputState
from renderer.rights.declaration import Declaration
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.report import ShowReport
from renderer.show.show import Show
from renderer.stage.records import ScreenFeed, ScreenSource

FRAMES = 20
STEP = 33_333_333
LOST = 0x0507


class Listener:
    def on_start(self, alarms: Alarms, folder: Path) -> None: ...

    def on_progress(self, progress: Progress) -> None: ...


def write_set(path: Path) -> Path:
    """A floor and a wall of light behind it."""
    floor = trimesh.creation.box((6.0, 0.1, 6.0))
    floor.apply_translation((0.0, -0.05, 0.0))
    wall = trimesh.Trimesh(
        [(-3, 0, -3), (3, 0, -3), (3, 4, -3), (-3, 4, -3)], [(0, 1, 2), (0, 2, 3)], process=False,
        visual=trimesh.visual.TextureVisuals(
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
            material=trimesh.visual.material.PBRMaterial(name="screen"),
        ),
    )  # fmt: skip
    scene = trimesh.Scene()
    scene.add_geometry(floor, node_name="floor")
    scene.add_geometry(wall, node_name="screen.wall")
    path.write_bytes(scene.export(file_type="glb"))
    return path


def write_clip(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            pixels = np.full((48, 64, 3), 20 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(stream.encode())
    return path


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShowPlan:
    """A performer of a take on a set with a video, recorded to a file."""
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    take = tmp_path / "solo.mcap"
    random = np.random.default_rng(3)
    with TakeWriter(take, {}) as writer:
        for number in range(FRAMES):
            seen = Observation(
                number * STEP, number, (640, 480),
                pose=random.uniform(0.3, 0.7, (33, 3)).astype(np.float32),
                pose_world=random.normal(0.0, 0.3, (33, 3)).astype(np.float32),
                visibility=np.ones(33, np.float32),
            )  # fmt: skip
            writer.put(Source.CAMERA, seen, 0)
    clip = write_clip(tmp_path / "clip.mp4")
    return ShowPlan(
        inputs=(str(take),),
        avatars=(IDOL,),
        song=None,
        declaration=Declaration("Ren"),
        recordings=(parse_output(str(tmp_path / "show.mp4")),),
        size=(128, 128),
        rate=30,
        set=write_set(tmp_path / "set.glb"),
        screens=(ScreenSource("wall", ScreenFeed.FILE, clip),),
    )


def require_whole(plan: ShowPlan, report: ShowReport) -> None:
    """Every frame is recorded, and the show ended in order."""
    assert report.frames == FRAMES
    assert [output.state for output in report.outputs] == [OutputState.ENDED]
    with av.open(plan.recordings[0].address) as file:
        assert sum(1 for _ in file.decode(video=0)) == FRAMES


def test_a_show_stands_on_a_set_of_its_own(plan: ShowPlan) -> None:
    report = Show(plan, Listener()).run()
    require_whole(plan, report)
    assert report.faults == ()
    assert report.held == 0


def test_a_video_that_breaks_on_air_costs_its_screen_alone(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = ScreenVideo.frame_at, count()

    def frame_at(self: ScreenVideo, seconds: float) -> object:
        if next(calls) == 6:
            self.fault = StageError("clip.mp4", "breaks off", "choose another")
        return real(self, seconds)

    monkeypatch.setattr(ScreenVideo, "frame_at", frame_at)
    report = Show(plan, Listener()).run()
    require_whole(plan, report)
    assert report.held == 0
    (fault,) = report.faults
    assert "LED screen 'wall'" in fault
    assert "breaks off" in fault
    assert any("LED screen 'wall'" in alarm.text for alarm in report.alarms)


def test_a_gpu_that_is_reset_costs_a_frame_and_is_told(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, polls = gl.GL_1_0.glGetError, count()

    def reset() -> int:
        return LOST if next(polls) == 30 else int(real())

    monkeypatch.setattr(gl.GL_1_0, "glGetError", reset)
    report = Show(plan, Listener()).run()
    require_whole(plan, report)
    assert report.held == 1
    assert any("the GPU was reset" in fault for fault in report.faults)
    assert any("the GPU was reset" in alarm.text for alarm in report.alarms)


@pytest.mark.parametrize("kind", ["video", "screen", "set", "empty"])
def test_what_cannot_be_staged_is_refused_before_air(
    plan: ShowPlan, tmp_path: Path, kind: str
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"this is no video")
    refused = {
        "video": replace(plan, screens=(ScreenSource("wall", ScreenFeed.FILE, broken),)),
        "screen": replace(plan, screens=(ScreenSource("ceiling", ScreenFeed.PROGRAM),)),
        "set": replace(plan, set=broken.rename(tmp_path / "broken.glb") if kind == "set" else None),
        "empty": replace(plan, set=tmp_path / "nowhere.glb"),
    }[kind]
    # A file is searched for people before it is opened for the stage.
    with pytest.raises(RightsError if kind == "video" else StageError) as caught:
        Show(refused, Listener()).run()
    assert "\n" not in str(caught.value)
    assert not Path(plan.recordings[0].address).exists()


def test_what_is_left_out_of_a_set_is_in_the_report(plan: ShowPlan, tmp_path: Path) -> None:
    path = tmp_path / "set.obj"
    path.write_text(
        "mtllib set.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 1 1\n"
        "usemtl wood\nf 1/1 2/2 3/3\n"
    )
    (tmp_path / "set.mtl").write_text("newmtl wood\nmap_Kd nowhere.png\n")
    report = Show(replace(plan, set=path, screens=()), Listener()).run()
    require_whole(plan, report)
    assert any("nowhere.png" in warning for warning in report.warnings)
