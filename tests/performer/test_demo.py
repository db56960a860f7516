"""Test the demo's dance: on the beat, feet on the floor, lips in sync with the song."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from avatars.authoring.clips.truth_file import joints_of
from avatars.authoring.dance import score
from avatars.authoring.dance.consonants import consonant
from avatars.authoring.dance.dance import FPS, perform
from avatars.authoring.dance.dance_steps import STEPS
from avatars.maths.quaternions import angle_between, multiply, rotate
from avatars.names import ARKIT_INDEX, BONE_INDEX

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
FRAMES = round(score.SECONDS * FPS)
Truth = dict[str, np.ndarray[Any, np.dtype[np.float64]]]


@pytest.fixture(scope="module")
def truth() -> Truth:
    with np.load(DEMO / "performance.npz") as file:
        return {name: file[name].astype(np.float64) for name in file.files}


@pytest.fixture(scope="module")
def joints(truth: Truth) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return (n, 55, 3) the positions of the bones in every frame."""
    return joints_of(truth["heads"], truth["rotations"], truth["root"])


def frame_of(beat: float) -> int:
    return round(beat * 60.0 / score.BPM * FPS)


def test_the_truth_is_whole(truth: Truth) -> None:
    assert truth["rotations"].shape == (FRAMES, 55, 4)
    assert truth["root"].shape == (FRAMES, 3)
    assert truth["weights"].shape == (FRAMES, 52)
    np.testing.assert_allclose(np.linalg.norm(truth["rotations"], axis=-1), 1.0, atol=1e-5)
    assert truth["weights"].min() >= 0.0
    assert truth["weights"].max() <= 1.0


def test_the_truth_is_what_the_written_dance_gives(truth: Truth) -> None:
    again = perform(truth["heads"])
    assert np.max(angle_between(again.rotations, truth["rotations"])) < 1e-3
    np.testing.assert_allclose(again.root, truth["root"], atol=1e-4)
    np.testing.assert_allclose(again.weights, truth["weights"], atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_standing_feet_do_not_slide_and_reach_the_ground(
    truth: Truth, joints: Any, side: str
) -> None:
    ball = joints[:, BONE_INDEX[side + "Toes"]]
    down = np.ones(FRAMES, bool)
    for step in STEPS:
        if step.foot == side and step.lift and step.beat > 0:
            frame = step.beat * 60.0 / score.BPM * FPS
            down[int(frame) - 9 : int(frame) + 2] = False
    speed = np.linalg.norm(np.diff(ball, axis=0), axis=1) * FPS
    assert down.mean() > 0.5
    assert speed[down[1:] & down[:-1]].max() < 0.02
    rest = truth["heads"][BONE_INDEX[side + "Toes"], 1]
    np.testing.assert_allclose(ball[down, 1], rest, atol=0.003)
    assert (ball[:, 1] > rest - 0.003).all()
    ankle = joints[:, BONE_INDEX[side + "Foot"], 1]
    assert (ankle > truth["heads"][BONE_INDEX[side + "Foot"], 1] - 0.003).all()


def test_nothing_jumps(truth: Truth) -> None:
    turned = angle_between(truth["rotations"][1:], truth["rotations"][:-1]) * FPS
    assert np.degrees(turned.max()) < 1500.0
    assert np.linalg.norm(np.diff(truth["root"], axis=0), axis=1).max() * FPS < 2.0


def test_the_body_keeps_the_beat(truth: Truth) -> None:
    """The hips drop on the beat and rise between, throughout the refrain."""
    height = truth["root"][:, 1]
    beats = [32 + k for k in range(16)]
    deep = [height[frame_of(beat)] for beat in beats]
    high = [height[frame_of(beat - 0.7) : frame_of(beat - 0.2)].max() for beat in beats]
    assert np.mean(np.array(high) - np.array(deep) > 0.01) > 0.8


def test_the_feet_travel_and_the_refrain_is_mirrored(truth: Truth, joints: Any) -> None:
    for side in ("left", "right"):
        ball = joints[:, BONE_INDEX[side + "Toes"]]
        way = np.linalg.norm(np.diff(ball[:, [0, 2]], axis=0), axis=1).sum()
        assert way > 5.0
    first, second = joints[frame_of(32.1)], joints[frame_of(36.1)]
    up, down = first[BONE_INDEX["rightHand"], 1], first[BONE_INDEX["leftHand"], 1]
    assert up == pytest.approx(second[BONE_INDEX["leftHand"], 1], abs=0.1)
    assert down == pytest.approx(second[BONE_INDEX["rightHand"], 1], abs=0.1)


def test_limbs_do_not_pass_through_the_body(joints: Any) -> None:
    """Forearms and hands stay clear of the axes of trunk and head, and legs of each other."""

    def line(first: str, second: str, start: float = 0.0) -> np.ndarray[Any, Any]:
        a, b = joints[:, BONE_INDEX[first]], joints[:, BONE_INDEX[second]]
        return a[:, None] + (b - a)[:, None] * np.linspace(start, 1.0, 12)[None, :, None]

    def closest(first: Any, second: Any) -> float:
        between = first[:, :, None] - second[:, None]
        return float(np.linalg.norm(between, axis=-1).min())

    head = joints[:, BONE_INDEX["head"]][:, None] + [[[0.0, 0.03, 0.0], [0.0, 0.08, 0.0]]]
    for side in ("left", "right"):
        for arm in (
            line(f"{side}LowerArm", f"{side}Hand", 0.3),
            line(f"{side}Hand", f"{side}MiddleDistal"),
        ):
            assert closest(arm, line("spine", "upperChest")) > 0.11
            assert closest(arm, head) > 0.095
            assert closest(arm, line(f"{side}UpperLeg", f"{side}LowerLeg")) > 0.05
    for bones in (("LowerLeg", "Foot"), ("Foot", "Toes")):
        left, right = (line(*(f"{side}{bone}" for bone in bones)) for side in ("left", "right"))
        assert closest(left, right) > 0.05


def test_knees_and_elbows_bend_the_way_they_can(truth: Truth) -> None:
    for bone, axis in (
        ("leftLowerLeg", (1, 0, 0)),
        ("rightLowerLeg", (1, 0, 0)),
        ("leftLowerArm", (0, -1, 0)),
        ("rightLowerArm", (0, 1, 0)),
    ):
        hinge = truth["rotations"][:, BONE_INDEX[bone], :3] @ np.array(axis, float)
        assert hinge.min() > -0.01, bone
        assert hinge.max() < np.sin(np.radians(155.0) / 2.0), bone


def test_the_dancer_turns_round_once_and_comes_back(truth: Truth) -> None:
    ahead = rotate(truth["rotations"][:, BONE_INDEX["hips"]], np.array([0.0, 0.0, 1.0]))
    away = ahead[:, 2] < -0.9
    assert np.sum(np.diff(away.astype(int)) == 1) == 1
    assert ahead[-1, 2] > 0.9


def test_hands_point_up_on_the_chorus_beat(truth: Truth, joints: Any) -> None:
    frame = frame_of(32) + 2
    assert joints[frame, BONE_INDEX["rightHand"], 1] > joints[frame, BONE_INDEX["head"], 1] + 0.2
    assert joints[frame, BONE_INDEX["leftHand"], 1] < joints[frame, BONE_INDEX["chest"], 1]


def test_the_mouth_opens_for_open_vowels_and_shuts_in_rests(truth: Truth) -> None:
    jaw = truth["weights"][:, ARKIT_INDEX["jawOpen"]]
    sung = np.zeros(FRAMES, bool)
    for note in score.MELODY:
        start, end = (b * 60.0 / score.BPM * FPS for b in (note.beat, note.beat + note.length))
        sung[max(0, int(start) - 4) : int(end) + 6] = True
        if note.vowel == "a":
            assert jaw[int((start + end) / 2)] > 0.5
    assert jaw[~sung].max() == 0.0


def test_lips_meet_for_m_b_and_p(truth: Truth) -> None:
    jaw = truth["weights"][:, ARKIT_INDEX["jawOpen"]]
    press = truth["weights"][:, ARKIT_INDEX["mouthPressLeft"]]
    meeting = [note for note in score.MELODY if note.consonant in ("m", "b", "p")]
    assert len(meeting) >= 5
    for note in meeting:
        frame = frame_of(note.beat - 0.1)
        assert jaw[frame - 1 : frame + 2].min() < 0.03, note
        assert press[frame - 1 : frame + 2].max() > 0.3, note


def test_the_eyes_look_at_the_camera_while_it_is_in_front(truth: Truth) -> None:
    face = truth["rotations"][:, BONE_INDEX["hips"]]
    for bone in ("spine", "chest", "upperChest", "neck", "head", "leftEye"):
        face = multiply(face, truth["rotations"][:, BONE_INDEX[bone]])
    ahead = rotate(face, np.array([0.0, 0.0, 1.0]))[:, 2]
    sung = ahead[frame_of(4) : frame_of(48)]
    assert np.mean(sung > np.cos(np.radians(8.0))) > 0.9


def test_clip_and_song_last_as_long_as_the_dance() -> None:
    with av.open(str(DEMO / "performance.mp4")) as file:
        stream = file.streams.video[0]
        assert stream.average_rate == FPS
        assert stream.frames == FRAMES
    with av.open(str(DEMO / "song.ogg")) as file:
        assert file.duration is not None
        assert score.SECONDS <= file.duration / 1e6 < score.SECONDS + 1.5


def test_the_song_is_loud_on_the_beat_and_never_clips() -> None:
    with av.open(str(DEMO / "song.ogg")) as file:
        sound = np.concatenate(
            [f.to_ndarray().reshape(-1, 2) if not f.format.is_planar else f.to_ndarray().T
             for f in file.decode(audio=0)]
        ).astype(float)  # fmt: skip
    rate = 48_000
    if np.abs(sound).max() > 2.0:
        sound = sound / 32768.0
    assert 0.3 < np.abs(sound).max() <= 1.0
    loud = np.convolve(np.abs(sound).mean(axis=1), np.ones(480) / 480, "same")
    beat = rate * 60 / score.BPM
    onset = [loud[int(k * beat) : int(k * beat + 0.06 * rate)].max() for k in range(4, 48)]
    before = [loud[int(k * beat - 0.06 * rate) : int(k * beat)].min() for k in range(4, 48)]
    assert np.mean(np.array(onset) > 1.3 * np.array(before)) > 0.9


def test_the_clip_matches_its_truth(truth: Truth) -> None:
    with av.open(str(DEMO / "performance.mp4")) as file:
        stream = file.streams.video[0]
        assert stream.frames == len(truth["rotations"])
        assert float(stream.average_rate or 0) == truth["fps"]
        assert (stream.width, stream.height) == tuple(truth["size"])
        times = [
            packet.pts * packet.time_base for packet in file.demux(stream) if packet.pts is not None
        ]
    assert len(times) == len(truth["rotations"])
    assert max(times) == pytest.approx((len(times) - 1) / truth["fps"])


def test_every_sung_consonant_is_audible() -> None:
    noise = np.random.Generator(np.random.PCG64(1)).standard_normal(48_000)
    for name in {note.consonant for note in score.MELODY if note.consonant}:
        sound = consonant(name, 440.0, 48_000, noise)
        assert 0.01 < len(sound) / 48_000 < 0.15, name
        assert 0.05 < np.abs(sound).max() < 0.8, name
        assert abs(sound[0]) < 0.01, name
        assert abs(sound[-1]) < 0.01, name
    assert len(consonant("", 440.0, 48_000, noise)) == 0
