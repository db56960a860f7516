"""Test that sung vowels are recognised, and drive the mouth only where it is occluded."""

from __future__ import annotations

import os
import signal
import time
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.names import ARKIT_INDEX
from renderer.bench.voice import MEN, synthesise_vowel, voicing_agreement, vowel_figures
from renderer.capture.audio.voice_process import VoiceProcess, is_microphone
from renderer.capture.audio.vowels import (
    HOP,
    RATE,
    VOWELS,
    WINDOW,
    Network,
    VowelClassifier,
    VowelFrame,
)
from renderer.capture.records import Hand, Observation
from renderer.errors import MotionError
from renderer.motion.body.idle import idle_motion
from renderer.motion.core.records import Motion
from renderer.motion.face.voice.mouth import VoiceMouth, mouth_occlusion
from renderer.paths import SONG
from renderer.training.voice import make_examples, train

STEP_NS = 16_666_667
JAW = ARKIT_INDEX["jawOpen"]


def f32(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32)


def heard(vowel: str, t_ns: int, voice: float = 1.0) -> VowelFrame:
    shares = np.zeros(len(VOWELS))
    shares[VOWELS.index(vowel)] = 1.0
    return VowelFrame(t_ns, voice, shares, -20.0, 200.0)


def motion(t_ns: int, jaw: float = 0.0) -> Motion:
    still = idle_motion(t_ns, np.zeros(3, np.float32), 0.9)
    shapes = still.expressions.copy()
    shapes[JAW] = jaw
    return replace(still, expressions=shapes, confidence=np.ones(9, np.float32))


def test_vowels_of_another_synthesiser_are_recognised(record_property: Any) -> None:
    figures = vowel_figures(0.4)
    record_property("vowel_hit_rate", figures.rate)
    men = [list(told.values()) for (who, _), told in figures.hits.items() if who == "men"]
    assert np.mean(men) > 0.95
    assert figures.rate > 0.85


def test_a_singer_s_voicing_agrees_with_the_annotation(shared_data: Path) -> None:
    folder = shared_data / "audio" / "vocadito"
    share = voicing_agreement(folder / "vocadito_1.wav", folder / "vocadito_1_f0.csv")
    assert share > 0.93


def test_a_change_of_vowel_is_recognised_within_sixty_milliseconds() -> None:
    sound = np.concatenate(
        (synthesise_vowel(MEN["aa"], 150.0, 0.5), synthesise_vowel(MEN["ih"], 150.0, 0.5))
    )
    told = VowelClassifier().hear(f32(sound), 0)
    turned = next(h for h in told if h.t_ns > 400_000_000 and h.vowels[VOWELS.index("ih")] > 0.5)
    known_ns = turned.t_ns + round(WINDOW * 5e8 / RATE)  # When its window was complete.
    assert known_ns - 500_000_000 < 60_000_000


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "click"])
def test_what_is_no_voice_is_not_taken_for_one(kind: str) -> None:
    rng = np.random.default_rng(1)
    sound = {
        "silence": np.zeros(RATE),
        "noise": 0.1 * rng.normal(size=RATE),
        "hum": 3e-4 * np.sin(np.arange(RATE) * 0.02),
        "click": np.where(np.arange(RATE) % 8000 == 0, 1.0, 0.0),
    }[kind]
    assert np.mean([h.voice for h in VowelClassifier().hear(f32(sound), 0)]) < 0.1


def test_blocks_of_any_size_tell_the_same() -> None:
    sound = f32(synthesise_vowel(MEN["oh"], 200.0, 0.3))
    whole = VowelClassifier().hear(sound, 0)
    ear, parts, at = VowelClassifier(), list[VowelFrame](), 0
    for size in (1, 7, 500, 3, 1000, 100_000):
        block = sound[at : at + size]
        parts += ear.hear(block, round(at * 1e9 / RATE))
        at += len(block)
    assert len(whole) == len(parts) == (len(sound) - WINDOW) // HOP + 1
    for a, b in zip(whole, parts, strict=True):
        np.testing.assert_allclose(a.vowels, b.vowels, atol=1e-9)
        assert abs(a.t_ns - b.t_ns) < 2


def test_sound_that_is_none_harms_nothing() -> None:
    ear = VowelClassifier()
    for block in (np.full(2000, np.nan), np.full(2000, np.inf), np.full(2000, 1e30), np.zeros(0)):
        for each in ear.hear(f32(block), 0):
            assert np.isfinite(each.vowels).all() and 0.0 <= each.voice <= 1.0


def face_at(mouth: tuple[float, float], **more: Any) -> Observation:
    """Return a face 60 pixels wide between the eyes, in a picture of 640 by 480."""
    face = np.zeros((478, 3), np.float32)
    lips = ((13, 0, -1), (14, 0, 1), (61, -15, 0), (291, 15, 0))
    for row, x, y in ((263, 30, -40), (33, -30, -40), *lips):
        face[row, :2] = mouth[0] + x / 640, mouth[1] + y / 480
    return Observation(0, 0, (640, 480), face=face, **more)


def hand_at(x: float, y: float) -> Hand:
    image = np.full((21, 3), 0.0, np.float32)
    image[:, :2] = x, y
    return Hand(image, np.zeros((21, 3), np.float32), 0.9)


def test_a_hand_at_the_mouth_hides_it_and_one_beside_the_face_does_not() -> None:
    assert mouth_occlusion(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.55))) == 1.0
    assert mouth_occlusion(face_at((0.5, 0.5), right_hand=hand_at(0.65, 0.5))) == 0.0
    assert mouth_occlusion(face_at((0.5, 0.5))) == 0.0
    assert mouth_occlusion(Observation(0, 0, (640, 480))) == 0.0


def test_a_face_lost_before_a_body_is_hidden_but_a_turned_head_is_not(performer: Any) -> None:
    facing = performer.observe(performer.standing(), face=False, hands=False)
    assert mouth_occlusion(facing) > 0.5
    behind = performer.turned(performer.standing(), np.pi)
    assert mouth_occlusion(performer.observe(behind, face=False, hands=False)) == 0.0


def played(mouth: VoiceMouth, seconds: float, jaw: float, vowel: str = "aa", voice: float = 1.0,
           start_s: float = 0.0) -> list[Motion]:  # fmt: skip
    out = []
    for t in range(round(start_s * 1e9), round((start_s + seconds) * 1e9), STEP_NS):
        mouth.push_voice(heard(vowel, t, voice))
        out.append(mouth.blend_over(motion(t, jaw), t))
    return out


def test_a_mouth_that_is_seen_is_left_alone() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5)))
    for shown in played(mouth, 2.0, jaw=0.3, vowel="ou"):
        assert shown.expressions[JAW] == np.float32(0.3)
        assert shown.expressions[ARKIT_INDEX["mouthPucker"]] == 0.0


def test_without_a_voice_input_nothing_changes() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.5)))
    still = motion(0, 0.3)
    assert mouth.blend_over(still, 0) is still


@pytest.mark.parametrize(
    ("vowel", "shape"),
    [("aa", "jawOpen"), ("oh", "mouthFunnel"), ("ou", "mouthPucker"), ("ih", "mouthStretchLeft")],
)
def test_a_hidden_mouth_sings_the_vowel_softly(vowel: str, shape: str) -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.5)))
    shown = played(mouth, 1.0, jaw=0.05, vowel=vowel)
    way = np.array([m.expressions[ARKIT_INDEX[shape]] for m in shown])
    assert way[-1] > 0.35
    assert np.abs(np.diff(way)).max() < 0.12
    mouth.push_observation(face_at((0.5, 0.5)))
    back = played(mouth, 3.0, jaw=0.3, start_s=1.0)
    assert back[-1].expressions[JAW] == pytest.approx(0.3, abs=0.02)


def test_a_hidden_mouth_without_a_voice_shuts() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.5)))
    assert played(mouth, 1.0, jaw=0.5, voice=0.0)[-1].expressions[JAW] < 0.05


def test_lips_seen_shut_under_a_long_note_are_no_lips_but_a_hum_is() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5)))
    hummed = played(mouth, 0.4, jaw=0.0)
    assert hummed[-1].expressions[JAW] == 0.0
    assert played(mouth, 1.5, jaw=0.0, start_s=0.4)[-1].expressions[JAW] > 0.3


@pytest.mark.parametrize(("jaw", "shown"), [(0.06, 0.0), (0.4, 0.4)])
def test_a_voice_through_closed_lips_closes_those_that_nearly_touch(
    jaw: float, shown: float
) -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5)))
    for t in range(0, 200_000_000, STEP_NS):
        mouth.push_voice(replace(heard("ou", t), closed=1.0))
        last = mouth.blend_over(motion(t, jaw), t)
    assert last.expressions[JAW] == pytest.approx(shown, abs=0.005)
    for t in range(200_000_000, 400_000_000, STEP_NS):
        mouth.push_voice(heard("ou", t))
        last = mouth.blend_over(motion(t, jaw), t)
    assert last.expressions[JAW] == pytest.approx(jaw, abs=0.005)


def test_a_long_hum_stays_a_hum_and_a_hidden_mouth_closes_with_it() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5)))
    for t in range(0, 3_000_000_000, STEP_NS):
        mouth.push_voice(replace(heard("aa", t), closed=1.0))
        assert mouth.blend_over(motion(t), t).expressions[JAW] == 0.0
    mouth.push_observation(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.5)))
    for t in range(3_000_000_000, 4_000_000_000, STEP_NS):
        mouth.push_voice(replace(heard("aa", t), closed=1.0))
        last = mouth.blend_over(motion(t, 0.5), t)
    assert last.expressions[JAW] < 0.05


def test_a_voice_that_falls_silent_lets_go() -> None:
    mouth = VoiceMouth()
    mouth.push_observation(face_at((0.5, 0.5), left_hand=hand_at(0.5, 0.5)))
    played(mouth, 1.0, jaw=0.2)
    late = motion(3_000_000_000, 0.2)
    assert mouth.blend_over(late, 3_000_000_000) is late


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Write half a second of aa and half a second of silence."""
    return record(tmp_path / "voice.wav", 0.5)


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    """Write more than a pipe buffers: its process is still running when it is killed."""
    return record(tmp_path / "long.wav", 59.5)


def record(path: Path, silent_s: float) -> Path:
    sound = np.concatenate(
        (synthesise_vowel(MEN["aa"], 150.0, 0.5), np.zeros(round(RATE * silent_s)))
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 20_000).astype("<i2").tobytes())
    return path


def test_a_file_is_read_in_its_own_time(recording: Path) -> None:
    with VoiceProcess(str(recording)) as voice:
        early = list(voice.until(400_000_000, 20.0))
        late = list(voice.until(2_000_000_000, 20.0))
        assert voice.fault == ""
    assert early[0].t_ns == pytest.approx(16_000_000, abs=1_000_000)
    assert 380_000_000 < early[-1].t_ns <= 400_000_000
    assert np.mean([h.voice for h in early[10:]]) > 0.9
    assert int(np.argmax(early[-1].vowels)) == VOWELS.index("aa")
    assert late[-1].t_ns > 900_000_000 and late[-1].voice < 0.05


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "silent picture"])
def test_what_holds_no_sound_is_refused_in_a_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "voice.wav"
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_text("la la la\n" * 50)
    elif damage == "silent picture":
        path = SONG.with_name("performance.mp4")
    with pytest.raises(MotionError, match="name a sound file"):
        VoiceProcess(str(path))


def test_a_password_is_never_reported() -> None:
    with pytest.raises(MotionError, match="cannot be opened") as refused:
        VoiceProcess("rtsp://kim:secret@127.0.0.1:9/stage")  # Nothing listens there.
    assert "127.0.0.1:9" in str(refused.value)
    assert "kim" not in str(refused.value) and "secret" not in str(refused.value)


def test_a_microphone_that_is_not_there_is_reported() -> None:
    with pytest.raises(MotionError, match="cannot be opened"):
        VoiceProcess("mic:no such microphone")


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_voice_whose_process_dies_or_hangs_is_reported_and_restarted(
    long_recording: Path, fate: signal.Signals
) -> None:
    with VoiceProcess(str(long_recording)) as voice:
        heard = list(voice.until(300_000_000, 20.0))
        first = voice.pid
        assert first is not None
        os.kill(first, fate)
        heard += voice.until(50_000_000_000, 60.0)
        assert voice.pid != first
        (fault,) = voice.faults
        assert ("killed" if fate is signal.SIGKILL else "hung") in fault
        assert voice.fault == ""
    times = [frame.t_ns for frame in heard]
    steps = set(np.diff(times) // 1_000_000)
    assert steps <= {7, 8, 9, 10}, "nothing is heard twice, and nothing is left out"
    assert times[-1] > 49_900_000_000


def test_a_voice_that_cannot_be_opened_again_is_reported_and_nothing_waits(
    long_recording: Path,
) -> None:
    with VoiceProcess(str(long_recording)) as voice:
        long_recording.unlink()
        voice._process.kill()
        assert voice._process.wait(20.0)
        end = time.monotonic() + 20.0
        while not any("cannot be opened" in fault for fault in voice.faults):
            assert list(voice.until(0)) == []
            assert time.monotonic() < end
            time.sleep(0.02)
        assert "Voice" in voice.fault


def test_the_network_learns_and_learns_the_same_again() -> None:
    first, again = (train(np.random.default_rng(3), 400, 150) for _ in range(2))
    for name, weights in first.items():
        np.testing.assert_array_equal(weights, again[name])
    features, rows = make_examples(200, np.random.default_rng(4))
    told = Network(first)(features).argmax(axis=1)
    assert (told == rows).mean() > 0.5  # Of five.


def test_microphones_are_distinguished_from_files() -> None:
    assert is_microphone("mic") and is_microphone("mic:hw:1")
    assert not is_microphone("mic.wav") and not is_microphone("song.ogg")
