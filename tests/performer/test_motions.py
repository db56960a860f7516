"""Test that the ground-truth set's movements match their names and are anatomically possible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatars.authoring.clips.clips import CLIPS
from avatars.authoring.clips.grimaces import GRIMACES_S, grimacing
from avatars.authoring.clips.truth_file import Acted, Truth
from avatars.authoring.dance.dance import FPS
from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import angle_between, from_axis_angle, multiply, rotate
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "performance.npz"
_Z = np.array([0.0, 0.0, 1.0])


@pytest.fixture(scope="module")
def truths() -> dict[str, Truth]:
    """Return every clip's truth without filming, by performers as tall as the demo's."""
    with np.load(DEMO) as file:
        heads = file["heads"].astype(np.float64)
    out = {}
    for name, clip in CLIPS.items():
        t = np.arange(round(clip.seconds * FPS)) / FPS
        acted = tuple(Acted.of(heads, part.motion(heads, t)) for part in clip.cast)
        out[name] = Truth(acted, clip.camera(acted[0].joints, (640, 480)), float(FPS))
    return out


def joint(truth: Truth, bone: str) -> Floats:
    place: Floats = truth.acted[0].joints[:, BONE_INDEX[bone]]
    return place


def heading(truth: Truth) -> Floats:
    """Return degrees (n,) by which the hips are turned to the left, unwrapped."""
    ahead = rotate(truth.acted[0].rotations[:, 0], _Z)
    return np.degrees(np.unwrap(np.arctan2(ahead[:, 0], ahead[:, 2])))


def test_the_set_is_varied() -> None:
    assert len(CLIPS) >= 12
    assert len({part.look for clip in CLIPS.values() for part in clip.cast}) >= 5
    assert len({clip.light for clip in CLIPS.values()}) >= 4
    assert all(3.0 <= clip.seconds <= 25.0 for clip in CLIPS.values())


@pytest.mark.parametrize("name", CLIPS)
def test_every_movement_is_one_that_a_body_makes(truths: dict[str, Truth], name: str) -> None:
    for one in truths[name].acted:
        np.testing.assert_allclose(np.linalg.norm(one.rotations, axis=-1), 1.0, atol=1e-6)
        assert one.weights.min() >= 0.0
        assert one.weights.max() <= 1.0
        assert np.abs(one.gaze).max() < 0.6
        for bone, sign in (("leftLowerLeg", 1.0), ("rightLowerLeg", 1.0)):
            assert (sign * one.rotations[:, BONE_INDEX[bone], 0]).min() > -0.01, bone
        turned = angle_between(one.rotations[1:], one.rotations[:-1]) * FPS
        eyes = [BONE_INDEX["leftEye"], BONE_INDEX["rightEye"]]
        assert np.degrees(np.delete(turned, eyes, axis=1).max()) < 1600.0
        assert np.linalg.norm(np.diff(one.root, axis=0), axis=1).max() * FPS < 4.0
        for side in ("left", "right"):
            above = (
                one.joints[:, BONE_INDEX[side + "Foot"], 1]
                - one.heads[BONE_INDEX[side + "Foot"], 1]
            )
            assert above.min() > -0.01


@pytest.mark.parametrize("name", CLIPS)
def test_the_eyes_turn_as_the_gaze_says(truths: dict[str, Truth], name: str) -> None:
    for one in truths[name].acted:
        yaw = from_axis_angle(np.array([0.0, 1.0, 0.0]), one.gaze[:, 0])
        pitch = from_axis_angle(np.array([1.0, 0.0, 0.0]), -one.gaze[:, 1])
        for eye in ("leftEye", "rightEye"):
            apart = angle_between(one.rotations[:, BONE_INDEX[eye]], multiply(yaw, pitch))
            assert np.degrees(apart.max()) < 1.0


@pytest.mark.parametrize("name", ["turn", "crouch", "arms-crossed", "walk-in", "crossing", "back"])
def test_standing_feet_do_not_slide(truths: dict[str, Truth], name: str) -> None:
    for one in truths[name].acted:
        for side in ("left", "right"):
            ankle = one.joints[:, BONE_INDEX[side + "Foot"]]
            low = ankle[:, 1] < one.heads[BONE_INDEX[side + "Foot"], 1] + 0.001
            speed = np.linalg.norm(np.diff(ankle[:, [0, 2]], axis=0), axis=1) * FPS
            both = low[1:] & low[:-1]
            assert both.mean() > 0.25
            assert speed[both].max() < 0.12


def test_turns_go_round(truths: dict[str, Truth]) -> None:
    for name, degrees in (("turn", 360.0), ("spin", 720.0)):
        way = heading(truths[name])
        assert way[-1] - way[0] == pytest.approx(degrees, abs=3.0)
    ahead = rotate(truths["back"].acted[0].rotations[:, 0], _Z)
    assert ahead[:, 2].max() < -0.9


def test_hips_fall_in_a_crouch_and_feet_leave_the_ground_in_a_jump(
    truths: dict[str, Truth],
) -> None:
    hips = joint(truths["crouch"], "hips")[:, 1]
    assert hips.min() < 0.62 * hips[0]
    assert hips[-1] == pytest.approx(hips[0], abs=0.02)
    lifted = np.minimum(*(joint(truths["jump"], f"{s}Foot")[:, 1] for s in ("left", "right")))
    air = lifted > lifted[0] + 0.08
    assert np.sum(np.diff(air.astype(int)) == 1) == 2


def test_arms_cross_and_a_hand_comes_to_the_face(truths: dict[str, Truth]) -> None:
    middle = slice(45, 90)
    truth = truths["arms-crossed"]
    left, right = joint(truth, "leftHand")[middle], joint(truth, "rightHand")[middle]
    chest = joint(truth, "chest")[middle]
    assert (left[:, 0] < right[:, 0]).all()
    assert (np.minimum(left[:, 2], right[:, 2]) > chest[:, 2] + 0.05).all()
    truth = truths["hand-on-face"]
    hand = joint(truth, "rightMiddleProximal")
    eyes = (joint(truth, "leftEye") + joint(truth, "rightEye")) / 2.0
    away = np.linalg.norm(hand - eyes, axis=1)
    assert away[80:95].max() < 0.17
    assert away[-1] > 0.4


def test_walkers_come_in_and_pass_each_other(truths: dict[str, Truth]) -> None:
    seen = truths["walk-in"].visible()[:, 0]
    assert seen[:20].max() == 0.0
    assert seen[-60:].min() == 1.0
    first, second = (one.joints[:, 0] for one in truths["crossing"].acted)
    side = np.sign(first[:, 0] - second[:, 0])
    assert side[0] == -side[-1]
    assert np.sum(np.diff(side) != 0) == 1
    assert (np.abs(first[:, 2] - second[:, 2]) > 0.5).all()


def test_faces_sing_and_wink(truths: dict[str, Truth]) -> None:
    jaw = truths["singing"].acted[0].weights[:, ARKIT_INDEX["jawOpen"]]
    assert np.sum((jaw[1:-1] > jaw[:-2]) & (jaw[1:-1] >= jaw[2:])) >= 3
    one = truths["wink-and-gaze"].acted[0]
    left, right = (one.weights[:, ARKIT_INDEX[f"eyeBlink{s}"]] for s in ("Left", "Right"))
    assert left.max() == right.max() == 1.0
    assert np.minimum(left, right).max() < 0.1
    assert one.gaze[:, 0].max() > 0.4
    assert one.gaze[:, 0].min() < -0.4
    assert truths["wink-and-gaze"].visible().all()


def test_every_shape_is_shown_by_itself_and_heads_differ_where_they_should() -> None:
    with np.load(DEMO) as file:
        heads = file["heads"].astype(np.float64)
    t = np.arange(round(GRIMACES_S * FPS)) / FPS
    one, other = (grimacing(heads, t, phase) for phase in (0.0, 2.3))
    np.testing.assert_array_equal(one.weights, other.weights)
    silent = ("eyeLook", "mouthClose")
    missing = [
        name
        for name, weights in zip(ARKIT, one.weights.T, strict=True)
        if weights.max() < 0.3 and not name.startswith(silent)
    ]
    assert missing == []
    head = BONE_INDEX["head"]
    apart = np.degrees(angle_between(one.rotations[:, head], other.rotations[:, head]))
    assert np.median(apart) > 2.0


def test_eyes_that_look_down_lower_the_lids_and_blink_besides(truths: dict[str, Truth]) -> None:
    (one,) = truths["look-down"].acted
    down = one.weights[:, ARKIT_INDEX["eyeLookDownLeft"]]
    shut = one.weights[:, ARKIT_INDEX["eyeBlinkLeft"]] > 0.9
    assert down[one.gaze[:, 1] < -0.3].min() > 0.6
    assert (down[shut] > 0.6).any() and (down[shut] < 0.05).any()


def test_an_arm_behind_the_back_is_replaced_by_that_of_one_behind(truths: dict[str, Truth]) -> None:
    hips, hand = BONE_INDEX["hips"], BONE_INDEX["leftHand"]
    for name, hidden, shown in (("lent-arm", 1.0, 4.8), ("replaced-arm", 3.0, 0.3)):
        first, second = truths[name].acted
        own, lent = (one.joints[:, hand] - one.joints[:, hips] for one in (first, second))
        then, now = round(hidden * FPS), round(shown * FPS)
        assert own[then, 2] < -0.05 and own[now, 2] > 0.1
        assert lent[then, 0] > lent[now, 0] + 0.1
        assert second.joints[:, hips, 2].max() < first.joints[:, hips, 2].min() - 0.15
