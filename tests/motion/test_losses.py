"""Test that a lost limb is held, relaxes within a second, and returns smoothly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, rotate
from avatars.names import ARKIT_INDEX, BONE_INDEX
from renderer.capture.records import Hand, Observation
from renderer.motion.body.idle import idle_pose
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.solver import MotionSolver
from renderer.motion.trust.gates import HOLD_S, RELAX_S, RETURN_S
from renderer.motion.trust.ownership import reject_foreign_face, reject_foreign_hands

FRAME_NS = 33_333_333
HIDDEN = {
    "leftArm": (13, 15, 17, 19, 21),
    "rightArm": (14, 16, 18, 20, 22),
    "leftLeg": (25, 27, 29, 31),
    "rightLeg": (26, 28, 30, 32),
}
TELLS = {
    "leftArm": "leftUpperArm", "rightArm": "rightUpperArm", "leftLeg": "leftLowerLeg",
    "rightLeg": "rightLowerLeg", "leftHand": "leftIndexProximal",
    "rightHand": "rightIndexProximal", "torso": "spine",
}  # fmt: skip
"""A bone that represents each limb's motion."""


def without(seen: Observation, limb: str) -> Observation:
    """Return the observation with one limb hidden."""
    if limb in HIDDEN:
        visibility = seen.visibility.copy()
        visibility[list(HIDDEN[limb])] = 0.0
        hand = {"leftArm": "left_hand", "rightArm": "right_hand"}.get(limb)
        gone = {hand: None} if hand else {}
        return replace(seen, visibility=visibility, **gone)
    if limb in ("leftHand", "rightHand"):
        return replace(seen, **{f"{limb[:-4]}_hand": None})
    return Observation(seen.t_seen_ns, seen.index, seen.size)


def played(
    performer: Any, limb: str, hide: Callable[[Observation, str], Observation] = without
) -> list[Motion]:
    """Return a second seen, 1.5 s hidden and a second seen, at 30 fps, with bent limbs."""
    pose = performer.standing(
        leftUpperArm=(2, 0.3), rightUpperArm=(2, -0.3), leftUpperLeg=(0, -0.5),
        leftLowerLeg=(0, 0.8), rightUpperLeg=(0, -0.5), rightLowerLeg=(0, 0.8), spine=(2, 0.4),
        leftIndexProximal=(2, -0.9), rightIndexProximal=(2, 0.9),
    )  # fmt: skip
    solver, out = MotionSolver(), []
    for frame in range(105):
        seen = performer.observe(pose, frame)
        out.append(solver.solve(hide(seen, limb) if 30 <= frame < 75 else seen))
    return out


def from_idle(motion: Motion, bone: str) -> float:
    row = BONE_INDEX[bone]
    return float(angle_between(motion.rotations[row], idle_pose(motion.t_seen_ns)[row]))


def test_a_loss_is_at_ease_within_a_second() -> None:
    assert HOLD_S + RELAX_S <= 1.0
    assert RETURN_S < 0.5


@pytest.mark.parametrize("limb", TELLS)
def test_each_limb_is_held_relaxes_and_returns_softly(performer: Any, limb: str) -> None:
    motions, bone = played(performer, limb), TELLS[limb]
    row = BONE_INDEX[bone]
    seen, lost = motions[29], motions[30:75]
    assert from_idle(seen, bone) > 0.1
    for motion in lost[: int(HOLD_S * 30) - 1]:
        assert angle_between(motion.rotations[row], seen.rotations[row]) < 0.03
    ease = [from_idle(motion, bone) for motion in lost]
    assert all(b <= a + 0.02 for a, b in pairwise(ease))
    assert ease[31] < 0.03  # A second and a frame after the last detection.
    assert lost[31].confidence[LIMBS.index(limb)] == 0.0
    back = motions[-1]
    assert angle_between(back.rotations[row], seen.rotations[row]) < 0.06
    steps = [angle_between(a.rotations[row], b.rotations[row]) for a, b in pairwise(motions[30:])]
    assert max(steps) < 0.35 * from_idle(seen, bone) + 0.02


@pytest.mark.parametrize("limb", ["leftArm", "rightArm", "leftLeg", "rightLeg"])
def test_the_loss_of_one_limb_moves_no_other(performer: Any, limb: str) -> None:
    motions = played(performer, limb)
    for other in ("leftArm", "rightArm", "leftLeg", "rightLeg"):
        if other != limb:
            row = BONE_INDEX[TELLS[other]]
            for motion in motions[30:]:
                assert angle_between(motion.rotations[row], motions[29].rotations[row]) < 0.08


def test_a_lost_face_is_held_and_comes_to_rest_within_a_second(performer: Any) -> None:
    solver, jaw = MotionSolver(), ARKIT_INDEX["jawOpen"]
    scores = np.zeros(52, np.float32)
    scores[jaw] = 0.7
    shown = []
    for frame in range(75):
        seen = replace(performer.observe(performer.standing(), frame), scores=scores)
        lost = replace(seen, face=None, scores=None, head=None)
        shown.append(float(solver.solve(lost if frame >= 30 else seen).expressions[jaw]))
    assert shown[30 + int(HOLD_S * 30) - 2] == pytest.approx(shown[29], abs=0.02)
    assert shown[62] == 0.0


def moved(hand: Hand, aside: float = 0.0, larger: float = 1.0) -> Hand:
    image = hand.image[0] + larger * (hand.image - hand.image[0])
    image[:, 0] += np.float32(aside)
    return replace(hand, image=image.astype(np.float32))


@pytest.mark.parametrize(("aside", "larger"), [(0.2, 1.0), (-0.2, 1.0), (0.0, 2.5)])
def test_a_second_person_s_hand_is_refused(performer: Any, aside: float, larger: float) -> None:
    def foreign(seen: Observation, _limb: str) -> Observation:
        return replace(seen, left_hand=moved(seen.left_hand, aside, larger))

    seen = performer.observe(performer.standing())
    refused = reject_foreign_hands(foreign(seen, ""))
    assert refused.left_hand is None and refused.right_hand is seen.right_hand
    motions = played(performer, "leftHand", foreign)
    row = BONE_INDEX["leftIndexProximal"]
    # It is held and relaxes, as if no hand were detected; no other person's finger shows.
    assert angle_between(motions[36].rotations[row], motions[29].rotations[row]) < 0.03
    assert from_idle(motions[62], "leftIndexProximal") < 0.03


@pytest.mark.parametrize(("aside", "larger"), [(0.0, 1.0), (0.03, 1.0), (0.0, 1.4)])
def test_a_performer_s_own_hand_is_taken(performer: Any, aside: float, larger: float) -> None:
    seen = performer.observe(performer.standing())
    seen = replace(seen, left_hand=moved(seen.left_hand, aside, larger))
    assert reject_foreign_hands(seen) is seen


def with_face(seen: Observation, off: float) -> Observation:
    """Return a face whose nose is off the body's by this share of its diagonal."""
    assert seen.pose is not None
    ring = np.linspace(0.0, 2.0 * np.pi, 478, endpoint=False)
    face = np.zeros((478, 3), np.float32)
    width, height = seen.size
    side = 0.1 * width / np.array((width, height))
    face[:, :2] = 0.5 * np.stack((np.cos(ring), np.sin(ring)), axis=1) * side
    face[1, :2] = 0.0
    face[:, :2] += seen.pose[0, :2] + np.array((off * np.sqrt(2.0), 0.0)) * side
    return replace(
        seen, face=face, scores=np.zeros(52, np.float32), head=np.eye(4, dtype=np.float32)
    )


@pytest.mark.parametrize("off", [0.0, 0.3, 0.5])
def test_a_face_where_the_nose_is_is_the_performer_s(performer: Any, off: float) -> None:
    seen = with_face(performer.observe(performer.standing()), off)
    assert reject_foreign_face(seen) is seen
    alone = replace(seen, pose=None)
    assert reject_foreign_face(alone) is alone


@pytest.mark.parametrize("off", [0.7, 1.0, 3.0])
def test_hair_that_is_taken_for_a_face_turns_nobody_round(performer: Any, off: float) -> None:
    """A back with a face beside its head was taken for a front with swapped sides."""
    back = performer.turned(performer.standing(leftUpperArm=(2, -0.2)), np.pi)
    solver = MotionSolver()
    for frame in range(30):
        seen = with_face(performer.observe(back, frame, face=False), off)
        kept = reject_foreign_face(seen)
        assert kept.face is None and kept.scores is None and kept.head is None
        motion = solver.solve(seen)
    facing = rotate(motion.rotations[0].astype(np.float64), np.array((0.0, 0.0, 1.0)))
    assert facing[2] < -0.9
    assert motion.confidence[LIMBS.index("face")] == 0.0


def test_a_wrist_that_is_a_guess_refuses_nobody(performer: Any) -> None:
    seen = performer.observe(performer.standing())
    visibility = seen.visibility.copy()
    visibility[15] = 0.1
    seen = replace(seen, left_hand=moved(seen.left_hand, 0.4), visibility=visibility)
    assert reject_foreign_hands(seen) is seen
    assert reject_foreign_hands(replace(seen, pose=None)).left_hand is seen.left_hand


def reached_over(performer: Any, first: int, last: int, place: tuple[float, float]) -> list[Any]:
    """Return three seconds of a performer with an arm out, some with another person's arm.

    Args:
        first, last: the frames from and before which the arm is another person's.
        place: (2,) the other's wrist relative to the shoulder, metres; the elbow is half-way.
    """
    pose = performer.standing(leftUpperArm=(2, 0.3))
    out = []
    for frame in range(90):
        seen = performer.observe(pose, frame)
        if first <= frame < last:
            points, world = seen.pose.copy(), seen.pose_world.copy()
            way = np.array([place[0], -place[1], 0.0], np.float32)
            for rows, share in (([13], 0.5), ([15, 17, 19, 21], 1.0)):
                world[rows] = world[11] + share * way
                points[rows] = points[11] + share * way * 300.0 / (1280.0, 720.0, 1280.0)
            seen = replace(seen, pose=points, pose_world=world, left_hand=None)
        out.append(seen)
    return out


@pytest.mark.parametrize("place", [(-0.5, 0.05), (-0.3, 0.4), (0.1, -0.55)])
def test_a_second_person_s_arm_is_refused(performer: Any, place: tuple[float, float]) -> None:
    """It is held, then relaxes, as if undetected; the performer's own is accepted again."""
    solver, row = MotionSolver(), BONE_INDEX["leftUpperArm"]
    motions = [solver.solve(seen) for seen in reached_over(performer, 30, 42, place)]
    held = motions[29].rotations[row]
    for motion in motions[30 : 30 + int(HOLD_S * 30) - 1]:
        assert angle_between(motion.rotations[row], held) < 0.03
    assert motions[41].confidence[LIMBS.index("leftArm")] < 1.0
    assert motions[41].confidence[LIMBS.index("rightArm")] == 1.0
    back = 42 + int(RETURN_S * 30) + 1
    assert all(motion.confidence[LIMBS.index("leftArm")] == 1.0 for motion in motions[back:])
    assert angle_between(motions[back + 5].rotations[row], held) < 0.06


def test_too_short_an_arm_is_refused_for_as_long_as_it_is_seen(performer: Any) -> None:
    """Another person's forearm at the performer's shoulder."""
    solver, limb = MotionSolver(), LIMBS.index("leftArm")
    motions = [solver.solve(seen) for seen in reached_over(performer, 30, 80, (-0.3, 0.1))]
    assert all(motion.confidence[limb] == 0.0 for motion in motions[60:80])


def test_an_arm_that_proves_to_be_one_is_the_performer_s_after_all(performer: Any) -> None:
    solver, limb = MotionSolver(), LIMBS.index("leftArm")
    motions = [solver.solve(seen) for seen in reached_over(performer, 30, 90, (-0.45, 0.2))]
    assert motions[42].confidence[limb] < 1.0
    assert motions[-1].confidence[limb] == 1.0


@pytest.mark.parametrize("speed", [4.0, 9.0, 14.0])
def test_an_own_arm_however_fast_is_taken(performer: Any, speed: float) -> None:
    """Radians per second of an upper arm that swings up and down; a throw reaches ten."""
    solver = MotionSolver()
    for frame in range(60):
        angle = 1.2 * np.sin(speed / 1.2 * max(frame - 20, 0) / 30.0)
        seen = performer.observe(performer.standing(leftUpperArm=(2, angle)), frame)
        assert solver.solve(seen).confidence.min() == 1.0
