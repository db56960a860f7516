"""Test a camera close to the face: its mouth replaces the body camera's, and is kept in takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from avatars import load_avatar
from avatars.names import ARKIT_INDEX
from renderer.capture.records import Observation
from renderer.capture.trackers.crops import Crop
from renderer.errors import RendererError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Source
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_performance
from renderer.paths import CLIP, IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.inputs import CameraState
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.control.status import inputs_health, landmark_points
from renderer.show.event_log import EventLog
from renderer.show.inputs.open import open_feeds
from renderer.show.performers.cast import Cast
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes

SECOND = 1_000_000_000
FRAMES = 45
FACE = LIMBS.index("face")
JAW = ARKIT_INDEX["jawOpen"]


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the demo's first seconds, and an enlarged crop of its head."""
    folder = tmp_path_factory.mktemp("closeup")
    with av.open(str(CLIP)) as file:
        pictures = [
            frame.to_ndarray(format="rgb24")
            for frame, _ in zip(file.decode(video=0), range(FRAMES), strict=False)
        ]
    # Position of the head, in a picture of 960 by 720.
    crop = Crop(380, 100, 190, 190)
    heads = [
        cv2.resize(crop.cut(picture), (480, 480), interpolation=cv2.INTER_CUBIC)
        for picture in pictures
    ]
    return written(folder / "body.mp4", pictures), written(folder / "face.mp4", heads)


def written(path: Path, pictures: Sequence[np.ndarray]) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 8_000_000
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def plan_of(body: Path, words: AuxiliaryOptions) -> ShowPlan:
    return ShowPlan((str(body),), (IDOL,), None, Declaration("Ren"), companions=words)


def cast_of(plan: ShowPlan, folder: Path) -> Cast:
    times = StageTimes()

    def picture(number: int) -> Path:
        return folder / f"camera-{number}.picture"

    return Cast(plan, open_feeds(plan, picture, times), [load_avatar(IDOL)], times, picture,
                Containment(Alarms(), EventLog(), live=plan.live))  # fmt: skip


def test_the_face_is_the_closeups_and_a_take_keeps_both(
    videos: tuple[Path, Path], tmp_path: Path
) -> None:
    body, face = videos
    take = tmp_path / "kept.mcap"
    plan = plan_of(body, AuxiliaryOptions(closeups=(f"Ren={face}",), take=take))
    shown: list[Motion] = []
    with cast_of(plan, tmp_path) as cast:
        assert [info.name for info in cast.infos] == ["body.mp4"]
        cast.await_people()
        for number in range(FRAMES):
            cast.advance(number * SECOND // 30)
            cast.pose_at(number * SECOND // 30)
            motion = cast.performers[0].shown
            assert motion is not None
            shown.append(motion)
            if number == FRAMES // 2:
                notify = inputs_health(cast, lambda k: tmp_path / f"{k}").cameras
                points = [camera.performers[0] for camera in landmark_points(cast).points]
        ren = cast.performers[0]
        assert ren.owners[FACE] is Source.CLOSEUP
        assert {owner for k, owner in enumerate(ren.owners) if k != FACE} == {Source.CAMERA}
        assert ren.newest is not None
        assert ren.newest_close is not None
    wide, close = notify
    assert (wide.name, close.name) == ("body.mp4", "face.mp4")
    assert {wide.state, close.state} == {CameraState.SEEING}
    assert close.performers == [0]
    assert len(points[0].pose_points) == 66
    assert len(points[1].face_points) == 2 * 478
    assert not points[1].pose_points
    entries = list(open_take(take).entries())
    kept = {entry.source for entry in entries}
    assert {Source.CAMERA, Source.CLOSEUP} <= kept
    closeups = [e.record for e in entries if e.source is Source.CLOSEUP]
    assert len(closeups) >= FRAMES - 2
    assert all(isinstance(one, Observation) and one.pose is None for one in closeups)
    again = list(solve_performance(open_take(take), 30.0))
    # The take is solved at its own steps; the mouth matches within one step.
    jaws = [float(motion.expressions[JAW]) for motion in again]
    assert (
        np.corrcoef(jaws[: FRAMES - 2], [float(m.expressions[JAW]) for m in shown[:-2]])[0, 1] > 0.9
    )
    assert np.ptp(jaws) > 0.05, "she sings"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("take.mcap", "no picture of a face"),
        ("wave.bvh", "no picture of a face"),
        ("camera:7", "is live"),
        ("Mai=face.mp4", "who is no performer"),
        ("missing.mp4", "missing.mp4"),
    ],
)
def test_what_cannot_be_a_closeup_is_refused_before_the_show(
    videos: tuple[Path, Path], tmp_path: Path, word: str, told: str
) -> None:
    plan = plan_of(videos[0], AuxiliaryOptions(closeups=(word,)))
    with pytest.raises(RendererError, match=told), cast_of(plan, tmp_path) as cast:
        _ = cast.infos
