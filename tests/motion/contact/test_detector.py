"""Test what counts as a contact of a hand, on a synthetic performer with a face."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.contact.records import ContactPart, HandContacts
from avatars.names import BONE_INDEX
from renderer.bench.people.clip import People
from renderer.bench.people.report import measure_clip
from renderer.capture.records import Observation
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver
from renderer.paths import IDOL

METRE = np.array((300.0 / 1280, -300.0 / 720))
"""Image widths and heights for a metre across and up, as the performer is filmed."""

HEIGHT, HALF_WIDTH = 0.11, 0.07
"""Metres from eyes to chin, and half the face's width."""

HANDS = {"left": [15, 17, 19, 21], "right": [16, 18, 20, 22]}


def with_face(seen: Observation) -> Observation:
    """Return the observation with a face mesh: an ellipse about the nose."""
    nose = seen.pose[0, :2].astype(np.float64)
    angle = np.linspace(0.0, 2.0 * np.pi, 478)
    mesh = np.zeros((478, 3))
    mesh[:, :2] = nose + np.stack((0.07 * np.sin(angle), 0.1 * np.cos(angle)), axis=1) * METRE
    eyes = nose + (0.0, 0.04) * METRE
    mesh[1, :2] = nose
    mesh[33, :2], mesh[263, :2] = eyes - (0.045, 0.0) * METRE, eyes + (0.045, 0.0) * METRE
    mesh[152, :2] = eyes - (0.0, HEIGHT) * METRE
    mesh[234, :2] = eyes - (HALF_WIDTH, 0.0) * METRE
    mesh[454, :2] = eyes + (HALF_WIDTH, 0.0) * METRE
    return replace(seen, face=mesh.astype(np.float32))


def reach(seen: Observation, side: str, to: np.ndarray, elbow: np.ndarray) -> Observation:
    """Return the observation with a hand's knuckle at a point of the image and an elbow beside."""
    pose, world = seen.pose.copy(), seen.pose_world.copy()
    rows = HANDS[side]
    sign = 1.0 if side == "left" else -1.0
    offsets = np.array([(0.0, -0.09), (0.01, -0.02), (0.0, 0.0), (-0.02, -0.03)]) * (sign, 1.0)
    before = pose[[*rows, rows[0] - 2], :2].astype(np.float64)
    pose[rows, :2] = to + offsets * METRE
    pose[rows[0] - 2, :2] = elbow
    moved = (pose[[*rows, rows[0] - 2], :2] - before) / METRE * (1.0, -1.0)
    world[[*rows, rows[0] - 2], :2] += moved
    world[rows, 2] -= 0.1
    return replace(
        seen, pose=pose.astype(np.float32), pose_world=world.astype(np.float32),
        left_hand=None, right_hand=None,
    )  # fmt: skip


def at_mouth(performer: Any, frame: int, off: tuple[float, float] = (0.0, 0.0)) -> Observation:
    """Return a performer whose right knuckle is at the mouth, or some metres off."""
    seen = with_face(performer.observe(performer.standing(), frame, hands=False, face=False))
    nose = seen.pose[0, :2]
    mouth = nose + (np.array((0.0, -0.03)) + off) * METRE
    return reach(seen, "right", mouth, nose + np.array((-0.25, -0.28)) * METRE)


def standing(performer: Any, frame: int) -> Observation:
    return with_face(performer.observe(performer.standing(), frame, hands=False, face=False))


def solve(observations: list[Observation]) -> list[HandContacts]:
    solver = MotionSolver()
    return [solver.solve(one).contacts for one in observations]


def test_a_hand_that_rests_on_the_face_touches_it_where_it_is_seen(performer: Any) -> None:
    away = [(-0.3 * (1.0 - k / 10), -0.3 * (1.0 - k / 10)) for k in range(10)]
    seen = [at_mouth(performer, k, away[0]) for k in range(20)]
    seen += [at_mouth(performer, k, off) for k, off in enumerate(away, 20)]
    seen += [at_mouth(performer, k) for k in range(30, 60)]
    seen += [at_mouth(performer, k, off) for k, off in enumerate(away[::-1], 60)]
    seen += [at_mouth(performer, k, away[0]) for k in range(70, 90)]
    contacts = solve(seen)
    assert all(one.is_none for one in contacts[:25])
    weights = np.array([one.weights for one in contacts])
    assert (weights[42:60, 1] == 1.0).all() and not weights[:, 0].any()
    assert contacts[50].parts[1] == ContactPart.FACE
    # The mouth is 7 cm below the eyes.
    assert contacts[50].places[1].tolist() == pytest.approx([0.0, -0.07 / HEIGHT], abs=0.05)
    assert np.abs(np.diff(weights, axis=0)).max() < 0.45
    assert contacts[85].is_none


def test_a_hand_that_passes_before_the_face_does_not_touch_it(performer: Any) -> None:
    seen = [at_mouth(performer, k, (0.6 - 0.1 * k, 0.0)) for k in range(14)]
    assert all(one.is_none for one in solve(seen))


def test_a_contact_at_the_edge_does_not_flicker(performer: Any) -> None:
    rng = np.random.default_rng(3)
    seen = [at_mouth(performer, k) for k in range(20)]
    edge = [(-0.07 + 0.01 * float(x), 0.0) for x in rng.normal(size=40)]
    seen += [at_mouth(performer, k, off) for k, off in enumerate(edge, 20)]
    weights = np.array([one.weights[1] for one in solve(seen)])
    assert (weights[15:] == 1.0).all()


def test_a_face_that_is_lost_behind_the_hand_is_still_touched(performer: Any) -> None:
    seen = [at_mouth(performer, k) for k in range(20)]
    hidden = []
    for k in range(20, 40):
        one = at_mouth(performer, k)
        pose = one.pose.copy()
        eyes = one.face[[33, 263], :2]
        pose[[2, 5], :2] = eyes[1] - (0.01, 0.0) * METRE, eyes[0] + (0.01, 0.0) * METRE
        pose[[9, 10], :2] = eyes.mean(axis=0) - np.array((0.0, HEIGHT / 1.7)) * METRE
        hidden.append(replace(one, pose=pose.astype(np.float32), face=None))
    contacts = solve([*seen, *hidden])
    assert all(one.weights[1] == 1.0 for one in contacts[15:])
    assert contacts[-1].places[1].tolist() == pytest.approx([0.0, -0.07 / HEIGHT], abs=0.1)


def test_hands_on_hips_and_hands_together_are_told_apart(performer: Any) -> None:
    def hips(k: int) -> Observation:
        seen = standing(performer, k)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            hip = seen.pose[23 if side == "left" else 24, :2]
            to = hip + np.array((0.05 * sign, 0.12)) * METRE
            seen = reach(seen, side, to, hip + np.array((0.28 * sign, 0.3)) * METRE)
        return seen

    def together(k: int) -> Observation:
        seen = standing(performer, k)
        middle = seen.pose[[11, 12, 23, 24], :2].mean(axis=0)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            to = middle + np.array((0.02 * sign, 0.05)) * METRE
            seen = reach(seen, side, to, middle + np.array((0.25 * sign, -0.05)) * METRE)
        return seen

    for pose, part in ((hips, ContactPart.HIP), (together, ContactPart.HANDS)):
        contacts = solve([pose(k) for k in range(30)])
        assert contacts[-1].parts.tolist() == [part, part], part
        assert contacts[-1].weights.tolist() == [1.0, 1.0]


def test_folded_arms_stay_folded_when_the_detector_loses_the_hidden_hand(performer: Any) -> None:
    def folded(k: int, shown: bool) -> Observation:
        seen = standing(performer, k)
        middle = seen.pose[[11, 12], :2].mean(axis=0)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            x = -0.12 * sign if shown or side == "left" else -0.08
            to = middle + np.array((x, -0.15)) * METRE
            seen = reach(seen, side, to, middle + np.array((0.18 * sign, -0.27)) * METRE)
        return seen

    contacts = solve([folded(k, k < 15) for k in range(40)])
    assert contacts[-1].parts.tolist() == [ContactPart.UPPER_ARM] * 2
    assert contacts[-1].weights.tolist() == [1.0, 1.0]


def test_nothing_is_touched_by_one_who_stands_or_is_not_seen(performer: Any) -> None:
    seen = [standing(performer, k) for k in range(20)]
    seen += [Observation(one.t_seen_ns + 20 * 33_333_333, one.index, one.size) for one in seen]
    assert all(one.is_none for one in solve(seen))


def test_an_idol_of_other_proportions_keeps_the_contact(performer: Any) -> None:
    seen = [at_mouth(performer, k) for k in range(40)]
    seen = [replace(one, company=False) for one in seen]
    figures = measure_clip([(one,) for one in seen], People(1, 0), load_avatar(IDOL))
    assert figures.contact_frames > 15
    assert figures.contact_error_m is not None and figures.contact_error_m <= 0.04
    assert figures.hands_inside_m < 0.02


def test_a_hand_on_the_face_has_the_face_s_depth(performer: Any) -> None:
    solver = MotionSolver()
    for k in range(40):
        seen = at_mouth(performer, k)
        world = seen.pose_world.copy()
        # The detector takes the forearm to point at the camera.
        world[HANDS["right"], 2] -= 0.25
        motion = solver.solve(replace(seen, pose_world=world))
    joints = forward_kinematics(motion.rotations, motion.root)[1]
    head = joints[BONE_INDEX["head"]]
    assert abs(joints[BONE_INDEX["rightHand"], 2] - head[2]) < 0.2
