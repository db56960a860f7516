"""Test that a director's override affects one limb only, and starts and ends smoothly."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between
from avatars.names import ARKIT_INDEX, BONE_INDEX
from avatars.vrma import write_vrma
from renderer.errors import RendererError
from renderer.motion.body.idle import idle_motion, idle_pose
from renderer.motion.body.legs import pose_legs
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB
from renderer.motion.core.sources import Source
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.sequence import animation_from_motions
from renderer.motion.mixing.director import FADE_S, Director, LimbOverride, Playback
from renderer.motion.takes.playback import open_playback
from renderer.motion.takes.write import TakeWriter

STEP_NS = 16_666_667
HEIGHT = 0.9
ARM = LIMBS.index("leftArm")


def moving(t_ns: int, across: float = 0.0) -> Motion:
    """Return waving arms, an opening mouth, a swaying body."""
    phase = t_ns * 1e-9
    out = idle_motion(t_ns, np.array([across, 0.0, 0.0], np.float32), HEIGHT)
    rotations = out.rotations.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        half = 0.5 * sign * (0.4 + 0.6 * np.sin(2.0 * phase + sign))
        rotations[BONE_INDEX[f"{side}UpperArm"]] = 0.0, 0.0, np.sin(half), np.cos(half)
    shapes = out.expressions.copy()
    shapes[ARKIT_INDEX["jawOpen"]] = 0.5 + 0.5 * np.sin(phase)
    shapes[ARKIT_INDEX["mouthSmileLeft"]] = 0.7
    return replace(out, rotations=rotations, expressions=shapes, confidence=np.ones(9, np.float32))


def run(director: Director, seconds: float, start_s: float, across: float = 0.0) -> list[Motion]:
    times = range(round(start_s * 1e9), round((start_s + seconds) * 1e9), STEP_NS)
    return [director.at(moving(t, across), t) for t in times]


def leaps(motions: list[Motion]) -> float:
    """Return the largest rotation [rad] of a bone from one frame to the next."""
    return float(max(angle_between(a.rotations, b.rotations).max() for a, b in pairwise(motions)))


def others(limb: str) -> np.ndarray:
    return LIMBS.index(limb) != BONE_LIMB


def test_an_undirected_performer_is_shown_as_they_are() -> None:
    director = Director()
    motion = moving(0)
    assert director.at(motion, 0) is motion
    assert set(director.overrides) == {LimbOverride.LIVE}


@pytest.mark.parametrize("limb", LIMBS)
@pytest.mark.parametrize(
    "treatment", [LimbOverride.FROZEN, LimbOverride.MIRRORED, LimbOverride.IDLE]
)
def test_a_treatment_is_of_one_limb_and_comes_and_goes_softly(
    limb: str, treatment: LimbOverride
) -> None:
    director = Director()
    shown = run(director, 0.5, 0.0)
    director.override([limb], treatment)
    shown += run(director, 1.0, 0.5)
    live = moving(shown[-1].t_seen_ns)
    rows = others(limb)
    np.testing.assert_array_equal(shown[-1].rotations[rows], live.rotations[rows])
    director.override([limb], LimbOverride.LIVE)
    shown += run(director, 1.0, 1.5)
    live = moving(shown[-1].t_seen_ns)
    np.testing.assert_array_equal(shown[-1].rotations, live.rotations)
    np.testing.assert_array_equal(shown[-1].expressions, live.expressions)
    assert leaps(shown) < 0.2  # 1.8 rad in the fade, at its steepest.
    roots = np.array([motion.root for motion in shown])
    assert np.abs(np.diff(roots, axis=0)).max() < 0.02


def test_a_frozen_arm_stands_as_it_was_shown() -> None:
    director = Director()
    before = run(director, 0.5, 0.0)[-1]
    director.override(["leftArm"], LimbOverride.FROZEN)
    after = run(director, 2.0, 0.5)
    arm = BONE_LIMB == ARM
    for motion in after:
        assert angle_between(motion.rotations[arm], before.rotations[arm]).max() < 1e-3


def test_a_mirrored_arm_does_what_the_other_does() -> None:
    director = Director()
    run(director, 0.1, 0.0)
    director.override(["leftArm"], LimbOverride.MIRRORED)
    last = run(director, 1.0, 0.1)[-1]
    arm = BONE_LIMB == ARM
    wanted = mirror(moving(last.t_seen_ns)).rotations[arm]
    assert angle_between(last.rotations[arm], wanted).max() < 1e-3


def test_an_idle_limb_is_at_ease_and_an_idle_face_at_rest() -> None:
    director = Director()
    run(director, 0.1, 0.0)
    director.override(["leftArm", "face"], LimbOverride.IDLE)
    last = run(director, 1.0, 0.1)[-1]
    arm = BONE_LIMB == ARM
    assert angle_between(last.rotations[arm], idle_pose(last.t_seen_ns)[arm]).max() < 1e-3
    assert last.expressions.max() == 0.0
    assert last.confidence[ARM] == 0.0 and last.confidence[LIMBS.index("rightArm")] == 1.0


def test_a_limb_is_there_within_the_fade() -> None:
    director = Director()
    run(director, 0.5, 0.0)
    director.override(["leftArm"], LimbOverride.IDLE)
    shown = run(director, FADE_S + 0.04, 0.5)
    arm = BONE_LIMB == ARM
    last = shown[-1]
    assert angle_between(last.rotations[arm], idle_pose(last.t_seen_ns)[arm]).max() < 1e-3
    assert angle_between(shown[1].rotations[arm], idle_pose(0)[arm]).max() > 0.2


def test_a_second_command_in_the_middle_of_a_fade_is_as_soft() -> None:
    director = Director()
    shown = run(director, 0.5, 0.0)
    for k, treatment in enumerate(
        (LimbOverride.IDLE, LimbOverride.MIRRORED, LimbOverride.LIVE) * 3
    ):
        director.override(["leftArm", "torso"], treatment)
        shown += run(director, 0.1, 0.5 + 0.1 * k)
    assert leaps(shown) < 0.2


def test_frozen_legs_under_a_live_body_stand_on_the_floor() -> None:
    director = Director()
    run(director, 0.5, 0.0)
    director.override(["leftLeg", "rightLeg"], LimbOverride.FROZEN)
    last = run(director, 1.0, 0.5)[-1]
    leg = 0.5 * (HEIGHT - 0.05 - 0.08)
    soles = pose_legs(last.rotations.astype(np.float64), (leg, leg)).soles[..., 1]
    assert soles.min() + HEIGHT + last.root[1] == pytest.approx(0.0, abs=1e-3)


def test_the_same_commands_give_the_same_motion() -> None:
    def once() -> list[Motion]:
        director = Director()
        shown = run(director, 0.3, 0.0)
        director.override(["rightArm"], LimbOverride.FROZEN)
        shown += run(director, 0.3, 0.3)
        director.override(LIMBS, LimbOverride.LIVE)
        return shown + run(director, 0.5, 0.6)

    for a, b in zip(once(), once(), strict=True):
        assert a.rotations.tobytes() == b.rotations.tobytes()
        assert a.root.tobytes() == b.root.tobytes()


def test_an_unknown_limb_and_a_take_without_one_are_refused() -> None:
    with pytest.raises(ValueError):
        Director().override(["tail"], LimbOverride.IDLE)
    with pytest.raises(ValueError):
        Director().override(["head"], LimbOverride.TAKE)


@pytest.fixture
def recorded(performer: Any, tmp_path: Path) -> dict[str, Path]:
    """Write a second of arms held out, as a take and as animations."""
    paths = {kind: tmp_path / f"dance{kind}" for kind in (".mcap", ".vrma", ".bvh")}
    with TakeWriter(paths[".mcap"], {}) as take:
        for frame in range(30):
            take.put(Source.CAMERA, performer.observe(performer.pose(), frame))
    wide = performer.settle(performer.pose())
    motions = [replace(wide, t_seen_ns=k * 33_333_333) for k in range(30)]
    animation = animation_from_motions(motions, "dance")
    paths[".vrma"].write_bytes(write_vrma(animation))
    paths[".bvh"].write_text(write_bvh(animation, 30.0))
    return paths


@pytest.mark.parametrize("kind", [".mcap", ".vrma", ".bvh"])
def test_an_idol_is_handed_to_a_take_and_comes_back_when_it_ends(
    recorded: dict[str, Path], kind: str
) -> None:
    director = Director()
    shown = run(director, 0.2, 0.0, across=1.0)
    director.override(LIMBS, LimbOverride.TAKE, open_playback(recorded[kind]))
    during = run(director, 0.8, 0.2, across=1.0)
    assert set(director.overrides) == {LimbOverride.TAKE}
    assert director.playing == recorded[kind].name
    upper = during[-1].rotations[BONE_INDEX["leftUpperArm"]]
    assert abs(upper[2]) < 0.1  # Held out, unlike the waving performer's.
    assert during[-1].root[0] == pytest.approx(1.0, abs=0.05)  # At the idol's position.
    after = run(director, 1.5, 1.0, across=1.0)
    assert set(director.overrides) == {LimbOverride.LIVE} and director.playing == ""
    np.testing.assert_array_equal(after[-1].rotations, moving(after[-1].t_seen_ns).rotations)
    assert leaps(shown + during + after) < 0.25


def test_a_performer_who_walked_on_during_a_take_is_walked_to(recorded: dict[str, Path]) -> None:
    director = Director()
    run(director, 0.2, 0.0, across=-1.0)
    director.override(LIMBS, LimbOverride.TAKE, open_playback(recorded[".mcap"]))
    run(director, 0.5, 0.2, across=-1.0)
    director.override(LIMBS, LimbOverride.LIVE)
    back = run(director, 4.0, 0.7, across=1.0)
    way = np.array([motion.root[0] for motion in back])
    assert way[0] == pytest.approx(-1.0, abs=0.05) and way[-1] == pytest.approx(1.0, abs=1e-6)
    assert np.abs(np.diff(way)).max() / (STEP_NS * 1e-9) < 1.3


def test_of_a_take_of_two_each_is_given_their_own(performer: Any, tmp_path: Path) -> None:
    path = tmp_path / "duet.mcap"
    poses = (performer.pose(), performer.standing())
    with TakeWriter(path, {}) as writer:
        for frame in range(20):
            for who, pose in enumerate(poses):
                writer.put(Source.CAMERA, performer.observe(pose, frame), who)

    def arm(playback: Playback) -> float:
        playback.at(0)
        motion = playback.at(500_000_000)
        assert motion is not None
        return abs(float(motion.rotations[BONE_INDEX["leftUpperArm"]][2]))

    first, second, third = (arm(open_playback(path, who)) for who in range(3))
    assert first < 0.1 < 0.4 < second
    assert third == first  # A performer who is not in the take gets the first one's motion.


@pytest.mark.parametrize("name", ["none.mcap", "none.vrma", "none.bvh", "picture.png"])
def test_what_is_no_take_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(RendererError, match=name.split(".", maxsplit=1)[0]):
        open_playback(tmp_path / name)
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(RendererError):
        open_playback(tmp_path / name)
