"""Test a voice beside a camera: used where the mouth is hidden, refused where unreadable."""

from __future__ import annotations

import time
import wave
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.names import ARKIT_INDEX
from avatars.pose import AvatarPose
from renderer.bench.voice import MEN, synthesise_vowel
from renderer.capture.audio.vowels import RATE
from renderer.capture.process.messages import SourceInfo
from renderer.capture.records import Observation
from renderer.cli import main
from renderer.motion.core.sources import Entry, Source
from renderer.paths import CLIP, IDOL
from renderer.show.performers.option_binding import AuxiliaryPlan
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.performers.voice_feed import VoiceFeed
from renderer.show.timing import StageTimes

FRAME_NS = 33_333_333
JAW = ARKIT_INDEX["jawOpen"]


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a second of silence, and a second and a half of aa."""
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    sound = np.concatenate((np.zeros(RATE), synthesise_vowel(MEN["aa"], 150.0, 1.5)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 20_000).astype("<i2").tobytes())
    return path


@pytest.fixture
def performing() -> PerformerPipeline:
    avatar = load_avatar(IDOL)
    companions = AuxiliarySources(AuxiliaryPlan(), AvatarPose(avatar))
    return PerformerPipeline(avatar, companions, StageTimes())


class Camera:
    """The part of a feed that a voice requires."""

    info = SourceInfo("camera", (640, 480), 30.0, None, None)


def masked(index: int, start_ns: int = 0) -> Observation:
    """Return a performer facing the camera without a detected face, as behind a microphone."""
    pose = np.full((33, 3), 0.5, np.float32)
    pose[[7, 11, 13, 15, 23, 25, 27], 0] = 0.55
    pose[[8, 12, 14, 16, 24, 26, 28], 0] = 0.45
    heights = {
        (0, 7, 8): 0.2, (9, 10): 0.22, (11, 12): 0.3, (13, 14): 0.4, (15, 16): 0.5,
        (23, 24): 0.5, (25, 26): 0.7, (27, 28): 0.9,
    }  # fmt: skip
    for rows, height in heights.items():
        pose[list(rows), 1] = height
    world = (pose - 0.5) * np.array([1.2, 1.8, 0.0], np.float32)
    return Observation(
        start_ns + index * FRAME_NS, index, (640, 480), pose=pose, pose_world=world,
        visibility=np.ones(33, np.float32),
    )  # fmt: skip


def jaws(performing: PerformerPipeline, singing: VoiceFeed, start_ns: int = 0) -> list[float]:
    """Return the jaw's opening at 30 frames per second, over two seconds and a half."""
    out = []
    for index in range(75):
        seen = masked(index, start_ns)
        performing.take_in(Entry(Source.CAMERA, 0, seen))
        singing.advance(seen.t_seen_ns)
        performing.pose_at(seen.t_seen_ns, np.zeros(3, np.float32))
        assert performing.shown is not None
        out.append(float(performing.shown.expressions[JAW]))
    return out


def test_a_masked_singer_s_idol_sings(performing: PerformerPipeline, voice: Path) -> None:
    with closing(VoiceFeed(str(voice), performing, Camera(), live=False)) as singing:
        opened = jaws(performing, singing)
        assert singing.warnings == []
    assert max(opened[:28]) < 0.05  # Silence.
    assert min(opened[40:70]) > 0.3
    assert np.abs(np.diff(opened)).max() < 0.4  # At least two frames for a whole onset.


def test_a_file_that_plays_at_its_own_pace_keeps_to_the_camera_s_clock(
    performing: PerformerPipeline, voice: Path
) -> None:
    start_ns = 7_000_000_000_000
    with closing(VoiceFeed(str(voice), performing, Camera(), live=True)) as singing:
        time.sleep(1.0)  # A live show never waits; here the file has been processed before.
        opened = jaws(performing, singing, start_ns)
    assert max(opened[:28]) < 0.05
    assert min(opened[40:70]) > 0.3


def test_without_a_voice_a_masked_mouth_stays_shut(performing: PerformerPipeline) -> None:
    for index in range(30):
        performing.take_in(Entry(Source.CAMERA, 0, masked(index)))
        performing.pose_at(index * FRAME_NS, np.zeros(3, np.float32))
    assert performing.shown is not None and performing.shown.expressions[JAW] == 0.0


@pytest.mark.parametrize("spoken", ["none.wav", "input"])
def test_a_voice_that_cannot_be_heard_stops_the_show_before_it_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoken: str
) -> None:
    show = tmp_path / "show.mp4"
    voice = spoken if spoken == "input" else str(tmp_path / spoken)
    words = ["show", "--input", str(CLIP), "--record", str(show), "--voice", voice]
    assert main([*words, "--size", "256x144"]) == 2
    assert "Voice" in capsys.readouterr().err
    assert not show.exists()
