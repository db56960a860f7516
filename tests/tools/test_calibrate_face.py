"""Test the calibration of a face from the command line, and its one-sentence errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.model import Avatar
from avatars.names import ARKIT, ARKIT_INDEX
from avatars.pose import AvatarPose
from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import MotionError, ShowError
from renderer.motion.core.sources import Entry, Source
from renderer.motion.face.calibration import READ_S, STEPS, Step
from renderer.motion.face.calibration_store import list_performers, load_profile
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL
from renderer.protocol.performers import CalibrateFace
from renderer.protocol.schema import Reply
from renderer.show.control.direct import DirectorCommands
from renderer.show.performers.option_binding import AuxiliaryPlan, names_of
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.timing import StageTimes
from renderer.tools.calibrate_face import calibrate
from renderer.tools.doctor.parts import check_faces

FRAME_NS = 33_333_333


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def frames(lazy: Step | None = None) -> Iterator[Observation]:
    """Yield a performer who follows every step in time, except one."""
    index = 0
    for step in STEPS:
        for k in range(int((READ_S + step.seconds) * 30) + 2):
            yield frame(index, Step.RELAX if step is lazy else step, k / 30 > READ_S + 1.0)
            index += 1


def frame(index: int, step: Step, late: bool) -> Observation:
    gap, width, rise = 0.0, 0.57, 0.0
    scores = np.zeros(len(ARKIT), np.float32)
    match step:
        case Step.SMILE:
            width = 0.66
        case Step.OPEN:
            gap, rise = 0.3, 0.03
        case Step.CLOSE:
            for side in ("Left", "Right"):
                scores[ARKIT_INDEX[f"eyeBlink{side}"]] = 0.8
        case Step.LOOK:
            for name in ("OutLeft", "InRight") if late else ("InLeft", "OutRight"):
                scores[ARKIT_INDEX[f"eyeLook{name}"]] = 0.9
    face = np.zeros((478, 3))
    face[[13, 14], 1] = -0.6 + 0.5 * gap, -0.6 - 0.5 * gap
    face[[291, 61], 0], face[[291, 61], 1] = (0.5 * width, -0.5 * width), -0.6
    face[[263, 362, 133, 33], 0] = 0.5, 0.2, -0.2, -0.5
    for row in (336, 296, 334, 293, 285, 295, 282, 107, 66, 105, 63, 55, 65, 52):
        face[row, 1] = 0.2 + rise
    face[:, :2] = face[:, :2] * 120.0 / (640, -480) + 0.5
    return Observation(
        index * FRAME_NS, index, (640, 480), face.astype(np.float32), scores,
        np.eye(4, dtype=np.float32),
    )  # fmt: skip


def recorded(path: Path, seen: Iterator[Observation]) -> Path:
    with TakeWriter(path, {}) as take:
        for observation in seen:
            take.put(Source.CAMERA, observation)
    return path


def test_a_recorded_face_is_calibrated_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take = recorded(tmp_path / "face.mcap", frames())
    assert main(["calibrate", "--performer", "Ren", "--input", str(take)]) == 0
    told = capsys.readouterr().out
    for step in STEPS:
        assert step.prompt in told
    profile = load_profile("Ren")
    assert profile is not None
    assert profile.full[ARKIT_INDEX["eyeBlinkLeft"]] == pytest.approx(0.8, abs=1e-6)
    assert [finding.text for finding in check_faces()] == ["Ren"]


@pytest.mark.parametrize("lazy", [Step.SMILE, Step.CLOSE])
def test_a_step_that_was_left_out_is_named(tmp_path: Path, lazy: Step) -> None:
    take = recorded(tmp_path / "face.mcap", frames(lazy))
    told: list[str] = []
    with pytest.raises(MotionError, match="was not calibrated"):
        calibrate(str(take), "Ren", told.append)
    assert any("smile" in line or "open" in line for line in told)
    assert list_performers() == []


@pytest.mark.parametrize(
    ("source", "performer", "word"),
    [
        ("none.mp4", "Ren", "none.mp4"),
        ("none.mcap", "Ren", "none.mcap"),
        ("x.mcap", " ", "not a name"),
    ],
)
def test_what_cannot_be_calibrated_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, performer: str, word: str
) -> None:
    words = ["calibrate", "--performer", performer, "--input", str(tmp_path / source)]
    assert main(words) == 2
    assert word in capsys.readouterr().err


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return load_avatar(IDOL)


def performing(avatar: Avatar) -> PerformerPipeline:
    return PerformerPipeline(
        avatar, AuxiliarySources(AuxiliaryPlan(), AvatarPose(avatar)), StageTimes()
    )


def test_a_face_calibrated_on_the_desk_is_known_at_the_next_show(avatar: Avatar) -> None:
    one, answers = performing(avatar), list[Reply]()
    directing = DirectorCommands([one], "Ren")
    assert one.profile is None and not directing.statuses()[0].calibrated
    directing.handle(CalibrateFace(0), answers.append)
    prompts = []
    for seen in frames():
        one.take_in(Entry(Source.CAMERA, 0, seen))
        directing.poll()
        (status,) = directing.statuses()
        assert status.calibration is not None and not status.calibration.refused
        prompts.append(status.calibration.prompt)
    directing.close()
    assert answers[0].ok and list(dict.fromkeys(prompts)) == [step.prompt for step in STEPS]
    assert directing.statuses()[0].calibrated and directing.warnings == []
    again = performing(avatar)
    DirectorCommands([again], "Ren").close()
    assert again.profile is not None


def test_a_damaged_face_is_a_warning_and_the_show_continues(data: Path, avatar: Avatar) -> None:
    (data / "performers").mkdir(parents=True)
    (data / "performers" / "Ren.json").write_text("{")
    one = performing(avatar)
    directing = DirectorCommands([one], "Ren")
    directing.close()
    assert one.profile is None
    assert "Ren" in directing.warnings[0]


def test_performers_are_named_in_their_order() -> None:
    assert names_of("Ren, Mai", 3) == ["Ren", "Mai", ""]
    assert names_of("", 1) == [""]
    with pytest.raises(ShowError, match="names 2 performers, and the show has 1"):
        names_of("Ren, Mai", 1)
