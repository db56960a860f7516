"""Test several performers with their own phone, suit, voice and receiver, in one show and take."""

from __future__ import annotations

import socket
import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.maths.quaternions import from_axis_angle
from avatars.model import Avatar
from avatars.names import ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.bench.voice import MEN, synthesise_vowel
from renderer.capture.audio.vowels import RATE, VowelFrame
from renderer.capture.network.allow import AllowList
from renderer.capture.network.receiver import NetworkTracker
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.network.vmc import VmcDecoder
from renderer.capture.network.vmc_out import VmcSender
from renderer.capture.records import Observation
from renderer.errors import ShowError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Event, Source
from renderer.motion.exchange.bvh import read_bvh
from renderer.motion.face.landmarks import MEASURES
from renderer.motion.face.profile import FaceProfile
from renderer.motion.mixing.director import LimbOverride
from renderer.motion.takes.as_shown import replay_as_shown
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_performance
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.event_log import EventLog
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.performers.cast import Cast
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes
from renderer.tools.export_take import export

FRAME_NS = 33_333_333
FRAMES = 60
JAW = ARKIT_INDEX["jawOpen"]
HEAD, ARM = BONE_INDEX["head"], BONE_INDEX["leftUpperArm"]
PARTS = {
    (0, 7, 8): 0.2, (9, 10): 0.22, (11, 12): 0.3, (13, 14): 0.4, (15, 16): 0.5,
    (23, 24): 0.5, (25, 26): 0.7, (27, 28): 0.9, (29, 30, 31, 32): 0.92,
}  # fmt: skip
"""Height in the picture of each point of a body."""


def masked(index: int, performer: int) -> Observation:
    """Return a performer behind a microphone who lifts an arm, left or right of it."""
    pose = np.full((33, 3), 0.0, np.float32)
    pose[[7, 11, 13, 15, 23, 25, 27, 29, 31], 0] = 0.05
    pose[[8, 12, 14, 16, 24, 26, 28, 30, 32], 0] = -0.05
    for rows, height in PARTS.items():
        pose[list(rows), 1] = height - 0.5
    pose[[13, 15], 0] += np.float32(0.002 * index) * np.array([1.0, 2.0], np.float32)
    world = pose * np.array([1.2, 1.8, 0.0], np.float32)
    pose += np.array([0.3 + 0.4 * performer, 0.5, 0.0], np.float32)
    return Observation(
        index * FRAME_NS, index, (640, 480), pose=pose, pose_world=world,
        visibility=np.ones(33, np.float32), performer=performer,
    )  # fmt: skip


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return load_avatar(IDOL)


@pytest.fixture(scope="module")
def duet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a take of two singers whose faces are hidden."""
    path = tmp_path_factory.mktemp("duet") / "duet.mcap"
    with TakeWriter(path, {}) as writer:
        for index in range(FRAMES):
            for performer in range(2):
                writer.put(Source.CAMERA, masked(index, performer), performer)
    return path


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write one who sings aa in the first second, and one who sings ou in the second."""
    folder = tmp_path_factory.mktemp("voices")
    still = np.zeros(RATE)
    sounds = {
        "aa.wav": np.concatenate((synthesise_vowel(MEN["aa"], 150.0, 1.0), still)),
        "ou.wav": np.concatenate((still, synthesise_vowel(MEN["ou"], 150.0, 1.0))),
    }
    for name, sound in sounds.items():
        with wave.open(str(folder / name), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((sound * 20_000).astype("<i2").tobytes())
    return folder / "aa.wav", folder / "ou.wav"


def cast_of(source: Path, avatar: Avatar, words: AuxiliaryOptions, *, live: bool = False) -> Cast:
    declared = Declaration("Ren, Mai")
    plan = ShowPlan((str(source),), (IDOL,), None, declared, companions=words, live=live)
    return Cast(plan, [(TakeFeed(source, live=live), 2)], [avatar], StageTimes(), lambda _: source,
                Containment(Alarms(), EventLog(), live=live))  # fmt: skip


def offline_ticks() -> list[int]:
    """Return ticks as irregular as a live show's."""
    random = np.random.default_rng(5)
    return [0, *np.cumsum(random.integers(5_000_000, 70_000_000, 55)).tolist()]


def given(cast: Cast, between: Callable[[int], None] = lambda tick: None) -> list[list[bytes]]:
    """Return the bytes of what each performer showed, tick by tick, to the input's end."""
    out: list[list[bytes]] = [[], []]
    for number, t_ns in enumerate(offline_ticks()):
        cast.advance(t_ns)
        cast.pose_at(t_ns)
        for shown, one in zip(out, cast.performers, strict=True):
            assert one.shown is not None
            shown.append(bytes_of(one.shown))
        between(number)
    return out


def bytes_of(motion: Motion) -> bytes:
    arrays = (motion.root, motion.rotations, motion.expressions, motion.gaze, motion.confidence)
    numbers = f"{motion.t_seen_ns} {motion.hips_height.hex()}".encode()
    return numbers + b"".join(array.tobytes() for array in arrays)


def jaws(motions: Sequence[Motion]) -> np.ndarray:
    return np.array([motion.expressions[JAW] for motion in motions])


def test_what_was_heard_and_directed_comes_back_to_the_bit(
    duet: Path, voices: tuple[Path, Path], avatar: Avatar, tmp_path: Path
) -> None:
    path = tmp_path / "kept.mcap"
    words = AuxiliaryOptions(voices=(str(voices[0]), f"Mai={voices[1]}"), take=path)
    profile = FaceProfile(
        np.full(52, 0.1), np.full(52, 0.7), np.zeros(len(MEASURES)), np.full(len(MEASURES), 0.3),
        np.zeros(2), np.ones(2), 1.0 / 3.0,
    )  # fmt: skip
    with cast_of(duet, avatar, words) as cast:

        def direct(tick: int) -> None:
            ren, mai = cast.performers
            if tick == 8:
                mai.override(("leftArm", "leftHand"), LimbOverride.FROZEN)
            if tick == 20:
                ren.override(("torso",), LimbOverride.IDLE)
                ren.know_face(profile)
            if tick == 30:
                ren.override(LIMBS, LimbOverride.LIVE)

        shown = given(cast, direct)
    take = open_take(path)
    for performer in range(2):
        again = [bytes_of(motion) for motion in replay_as_shown(take, performer)]
        assert again == shown[performer]
    assert take.warnings == []
    assert take.about["performer"] == "Ren, Mai"
    kept = list(take.entries())
    commands = [(e.performer, e.record) for e in kept if isinstance(e.record, Event)]
    assert [(who, record.kind) for who, record in commands] == [
        (1, "direction"), (0, "direction"), (0, "face"), (0, "direction"),
    ]  # fmt: skip
    assert commands[0][1].values == {"limbs": "leftArm leftHand", "treatment": "frozen"}
    assert commands[0][1].t_ns == offline_ticks()[8]
    for performer in range(2):
        heard = [e.record for e in kept if e.source is Source.VOICE and e.performer == performer]
        times = np.array([record.t_ns for record in heard if isinstance(record, VowelFrame)])
        assert np.diff(times) == pytest.approx(10_000_000, abs=1)  # Every window.
        assert times[-1] > offline_ticks()[-1] - 20_000_000
    # Solved again: the voices sing, and no director's override is active.
    ren, mai = (list(solve_performance(take, 30, performer)) for performer in range(2))
    assert jaws(ren)[12:28].min() > 0.3 and jaws(ren)[45:].max() < 0.05
    assert jaws(mai)[:28].max() < 0.05 and 0.05 < jaws(mai)[45:55].min() < 0.3
    frozen = [motion.rotations[ARM] for motion in replay_as_shown(take, 1)][10:]
    assert np.ptp(frozen, axis=0).max() < 1e-6
    assert np.ptp([motion.rotations[ARM] for motion in mai[10:]], axis=0).max() > 0.05


def test_a_take_s_voices_are_heard_in_the_next_show(
    duet: Path, voices: tuple[Path, Path], avatar: Avatar, tmp_path: Path
) -> None:
    first, again, dubbed = (tmp_path / name for name in ("a.mcap", "b.mcap", "c.mcap"))
    words = AuxiliaryOptions(voices=(f"2={voices[1]}", str(voices[0])), take=first)
    with cast_of(duet, avatar, words) as cast:
        shown = given(cast)
    with cast_of(first, avatar, AuxiliaryOptions(take=again)) as cast:
        assert given(cast) == shown
    heard = [e for e in open_take(again).entries() if e.source is Source.VOICE]
    assert len(heard) > 300 and {entry.performer for entry in heard} == {0, 1}
    # A voice that is given replaces the take's own.
    with cast_of(first, avatar, AuxiliaryOptions(voices=(str(voices[1]),), take=dubbed)) as cast:
        given(cast)
    assert jaws(list(solve_performance(open_take(dubbed), 30, 0)))[12:28].max() < 0.05
    dub = [
        e.t_ns for e in open_take(dubbed).entries() if (e.source, e.performer) == (Source.VOICE, 0)
    ]
    assert len(dub) == len(set(dub)) > 100


def test_what_the_director_played_may_be_gone(duet: Path, avatar: Avatar, tmp_path: Path) -> None:
    from renderer.motion.takes.playback import open_playback

    path, played = tmp_path / "kept.mcap", tmp_path / "played.mcap"
    played.write_bytes(duet.read_bytes())
    with cast_of(duet, avatar, AuxiliaryOptions(take=path)) as cast:

        def direct(tick: int) -> None:
            if tick == 5:
                playback = open_playback(played)
                cast.performers[0].override(LIMBS, LimbOverride.TAKE, playback, played)

        shown = given(cast, direct)[0]
    take = open_take(path)
    assert [bytes_of(motion) for motion in replay_as_shown(take)] == shown
    played.unlink()
    left_out = [bytes_of(motion) for motion in replay_as_shown(take)]
    assert left_out[:6] == shown[:6] and left_out != shown and len(left_out) == len(shown)
    (warning,) = take.warnings
    assert "played.mcap" in warning and "\n" not in warning


def test_strange_notes_are_left_out_and_reported(duet: Path, tmp_path: Path) -> None:
    path = tmp_path / "strange.mcap"
    notes = [
        Event(0, "direction", "", {"limbs": "tail", "treatment": "frozen"}),
        Event(0, "direction", "", {"limbs": "leftArm", "treatment": "painted"}),
        Event(0, "direction", "", {"limbs": "leftArm", "treatment": "take"}),
        Event(0, "face", "", {"profile": "[" * 5000}),
        Event(0, "cue", "of a later version"),
    ]
    with TakeWriter(path, {}) as writer:
        for entry in open_take(duet).entries():
            writer.put(entry.source, entry.record, entry.performer)
        for note in notes:
            writer.put(Source.SHOW, note)
    take = open_take(path)
    with pytest.raises(Exception, match="has no display times of performer 1"):
        list(replay_as_shown(take))
    assert len(take.warnings) == 4
    assert len(list(solve_performance(take, 30))) == FRAMES


def test_a_take_is_exported_as_performed_or_as_shown(
    duet: Path, avatar: Avatar, tmp_path: Path
) -> None:
    path = tmp_path / "kept.mcap"
    with cast_of(duet, avatar, AuxiliaryOptions(take=path)) as cast:
        given(cast, lambda tick: cast.performers[0].override(("leftArm",), LimbOverride.FROZEN))
    for shown, least, most in ((False, 0.1, 2.0), (True, 0.0, 1e-3)):
        export(path, tmp_path / f"{shown}.bvh", 30.0, shown=shown)
        arms = read_bvh(tmp_path / f"{shown}.bvh").rotations[10:, ARM]
        assert least <= np.ptp(arms, axis=0).max() <= most
    with pytest.raises(ShowError, match="--as-shown"):
        export(path, tmp_path / "face.bvh", 30.0, 0, "Ren", shown=True)
    for rate in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ShowError, match="no number of motions"):
            export(path, tmp_path / "rate.bvh", rate)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def phone(jaw: float, yaw: float) -> bytes:
    """Return a datagram of iFacialMocap."""
    return f"jawOpen-{jaw * 100:.0f}|=head#0,{yaw},0,0,0,0|rightEye#0,0,0|leftEye#0,0,0|".encode()


def test_every_performer_has_their_own_phone_suit_and_receiver(
    duet: Path, avatar: Avatar, tmp_path: Path
) -> None:
    """Over real sockets: one performer's data never affects the other, on stage or in the take."""
    path = tmp_path / "kept.mcap"
    face_1, face_2, body_2, *out = free_ports(5)
    words = AuxiliaryOptions(
        faces=(f"Mai=ifacialmocap:{face_2}", f"ifacialmocap:{face_1}"),
        bodies=(f"2=vmc:{body_2}",),
        receivers=tuple(f"{who}=127.0.0.1:{port}" for who, port in zip((1, 2), out, strict=True)),
        take=path,
    )
    lean = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1)).astype(np.float32)
    lean[ARM] = from_axis_angle(np.array([0.0, 0.0, 1.0]), 1.1)
    offsets = np.zeros((len(HUMAN_BONES), 3), np.float32)
    hear = [NetworkTracker(f"out {port}", port, VmcDecoder, AllowList()) for port in out]
    told: list[list[TrackedFace]] = [[], []]
    with (
        cast_of(duet, avatar, words, live=True) as cast,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phones,
        VmcSender("127.0.0.1", body_2, offsets, 0.9) as suit,
    ):
        shown: list[list[Motion]] = [[], []]
        for tick in range(45):
            now = time.monotonic_ns()
            phones.sendto(phone(0.2, 20.0), ("127.0.0.1", face_1))
            phones.sendto(phone(0.8, -20.0), ("127.0.0.1", face_2))
            suit.send(now, np.zeros(3, np.float32), lean, np.zeros(52, np.float32))
            if tick == 40:
                cast.performers[1].override(("head",), LimbOverride.FROZEN)
            cast.advance(now)
            cast.pose_at(now)
            for motions, one in zip(shown, cast.performers, strict=True):
                assert one.shown is not None
                motions.append(one.shown)
            time.sleep(0.02)
        for faces, tracker in zip(told, hear, strict=True):
            faces += [record for record in tracker.drain() if isinstance(record, TrackedFace)]
            tracker.close()
        assert cast.warnings == []
    for faces, motions, jaw in zip(told, shown, (0.2, 0.8), strict=True):
        assert jaws(motions)[-5:] == pytest.approx(jaw, abs=0.02)
        assert faces[-1].scores[JAW] == pytest.approx(jaw, abs=0.02)
    heads = [motions[-1].rotations[HEAD, 1] for motions in shown]
    assert heads[0] > 0.05 and heads[1] == 0.0  # The phone's; the suit's, over the phone's.
    arms = [motions[-1].rotations[ARM] for motions in shown]
    assert arms[1] == pytest.approx(lean[ARM], abs=1e-3)
    assert np.abs(arms[0] - lean[ARM]).max() > 0.1
    take = open_take(path)
    kept = list(take.entries())
    faces_of = [
        {float(e.record.scores[JAW]) for e in kept if (e.source, e.performer) == (Source.PHONE, who)
         and isinstance(e.record, TrackedFace)}
        for who in range(2)
    ]  # fmt: skip
    assert [sorted(np.round(list(jaw), 2)) for jaw in faces_of] == [[0.2], [0.8]]
    assert {e.performer for e in kept if isinstance(e.record, TrackedBody)} == {1}
    for performer in range(2):
        again = [bytes_of(motion) for motion in replay_as_shown(take, performer)]
        assert again == [bytes_of(motion) for motion in shown[performer]]
