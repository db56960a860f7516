"""Test that an avatar's hands touch what they should and enter nothing."""

from __future__ import annotations

import numpy as np
import pytest

from avatars import load_avatar
from avatars.contact.push import measure_depth
from avatars.contact.records import (
    NO_CONTACTS,
    ContactAnchor,
    ContactPart,
    HandContacts,
    blend_contacts,
    freeze_contacts,
    mirror_contacts,
)
from avatars.contact.surface import CHEST, HEAD, body_radius
from avatars.contact.targets import find_face_point, find_hand_point
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES
from renderer.paths import IDOL

LEFT, RIGHT = 0, 1


@pytest.fixture(scope="module")
def idol() -> AvatarInstance:
    return AvatarInstance(load_avatar(IDOL))


def turns(upper: float, lower: float, side: int = RIGHT) -> np.ndarray:
    """Return a pose with one arm raised by `upper` and its elbow bent by `lower`, radians."""
    out = np.tile(np.float32((0.0, 0.0, 0.0, 1.0)), (len(HUMAN_BONES), 1))
    for k, name in enumerate(("left", "right")):
        sign = -1.0 if k == LEFT else 1.0
        raised, bent = (upper, lower) if k == side else (1.3, 0.0)
        out[BONE_INDEX[f"{name}UpperArm"]] = from_axis_angle(np.eye(3)[2], sign * raised)
        out[BONE_INDEX[f"{name}LowerArm"]] = from_axis_angle(np.eye(3)[1], sign * bent)
    return out


def touch(
    part: ContactPart,
    place: tuple[float, float],
    weight: float = 1.0,
    sides: tuple[int, ...] = (1,),
) -> HandContacts:
    parts, anchors = np.zeros(2, np.int8), np.zeros(2, np.int8)
    places, weights = np.zeros((2, 2), np.float32), np.zeros(2, np.float32)
    for side in sides:
        parts[side], weights[side], places[side] = part, weight, place
        anchors[side] = ContactAnchor.KNUCKLE if part is ContactPart.FACE else ContactAnchor.PALM
    return freeze_contacts(parts, anchors, places, weights)


def show(idol: AvatarInstance, pose: np.ndarray, contacts: HandContacts, frames: int = 20) -> None:
    for _ in range(frames):
        idol.pose(pose, np.zeros(3, np.float32), np.zeros(len(ARKIT), np.float32), np.zeros(2))
        idol.touch(contacts)


def palm(idol: AvatarInstance, side: int) -> np.ndarray:
    return find_hand_point(idol.reach.surface, idol.world, side, int(ContactAnchor.PALM))


def test_the_surface_has_the_size_of_the_figure(idol: AvatarInstance) -> None:
    surface = idol.reach.surface
    half_width, height = surface.face
    assert 0.06 < half_width < 0.12 and 0.07 < height < 0.16
    front = surface.axes[HEAD, 1] + surface.radii[HEAD, :, 0].max()
    assert surface.eyes[2] - 0.02 < front < surface.eyes[2] + 0.10
    assert (surface.radii[CHEST:] > 0.02).all() and (surface.radii < 0.31).all()
    assert 0.08 < body_radius(surface) < 0.16
    assert (surface.thickness > 0.005).all() and (surface.thickness < 0.03).all()


@pytest.mark.parametrize("place", [(0.0, -0.6), (-0.6, -0.5), (0.0, 0.3), (-0.9, -0.1)])
def test_a_hand_reaches_the_place_on_the_face(
    idol: AvatarInstance, place: tuple[float, float]
) -> None:
    show(idol, turns(0.9, 2.2), touch(ContactPart.FACE, place))
    surface = idol.reach.surface
    asked = find_face_point(surface, idol.world, np.float32(place), surface.thickness[RIGHT])
    shown = find_hand_point(surface, idol.world, RIGHT, int(ContactAnchor.KNUCKLE))
    assert np.linalg.norm(shown - asked) < 0.04
    assert np.linalg.norm((shown - asked)[:2]) < 0.03
    assert measure_depth(surface, idol.world, RIGHT) < 0.015


def test_hands_rest_on_hips_and_on_each_other_and_on_the_other_arm(idol: AvatarInstance) -> None:
    surface, both = idol.reach.surface, (LEFT, RIGHT)
    pose = turns(1.0, 1.5)
    pose[BONE_INDEX["leftUpperArm"]] = from_axis_angle(np.eye(3)[2], -1.0)
    pose[BONE_INDEX["leftLowerArm"]] = from_axis_angle(np.eye(3)[1], -1.5)
    show(idol, pose, touch(ContactPart.HIP, (0.25, 0.0), sides=both))
    assert abs(palm(idol, LEFT)[1] - palm(idol, RIGHT)[1]) < 0.01
    assert 0.10 < palm(idol, LEFT)[0] < 0.25 and -0.25 < palm(idol, RIGHT)[0] < -0.10
    show(idol, pose, touch(ContactPart.HANDS, (0.0, 0.0), sides=both))
    assert np.linalg.norm(palm(idol, LEFT) - palm(idol, RIGHT)) < 0.05
    show(idol, pose, touch(ContactPart.UPPER_ARM, (0.6, 0.0), sides=both))
    for side, other in ((LEFT, "right"), (RIGHT, "left")):
        joints = idol.bone_positions()
        near, far = (joints[BONE_INDEX[f"{other}{bone}"]] for bone in ("UpperArm", "LowerArm"))
        gap = np.linalg.norm(palm(idol, side) - (near + 0.6 * (far - near)))
        assert gap < surface.arm_radii[1 - side, 0] + surface.thickness[side] + 0.06


def test_a_contact_that_fades_in_moves_the_hand_without_a_jump(idol: AvatarInstance) -> None:
    pose, path = turns(0.9, 2.2), []
    show(idol, pose, NO_CONTACTS)
    for weight in np.concatenate((np.linspace(0.0, 1.0, 12), np.linspace(1.0, 0.0, 12))):
        show(idol, pose, touch(ContactPart.FACE, (0.0, -0.6), float(weight)), frames=1)
        path.append(palm(idol, RIGHT))
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert np.linalg.norm(path[12] - path[0]) > 0.15
    assert steps.max() < 0.08


def test_no_joint_leaps_where_a_contact_begins_and_ends_at_once(idol: AvatarInstance) -> None:
    pose, path = turns(0.9, 2.2), []
    show(idol, pose, NO_CONTACTS)
    whole = touch(ContactPart.FACE, (0.0, -0.6))
    for contacts in [NO_CONTACTS] + [whole] * 20 + [NO_CONTACTS] * 20:
        show(idol, pose, contacts, frames=1)
        joints = idol.bone_positions()
        path.append(joints[[BONE_INDEX["rightLowerArm"], BONE_INDEX["rightHand"]]].copy())
    steps = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    assert np.linalg.norm(path[20][1] - path[0][1]) > 0.15
    assert steps.max() < 0.08
    assert np.allclose(path[-1], path[0], atol=1e-3)


def test_a_hand_that_would_pass_through_the_body_passes_before_it(idol: AvatarInstance) -> None:
    show(idol, turns(1.0, 1.2), NO_CONTACTS)
    path, depths = [], []
    for bend in np.linspace(1.2, 2.6, 60):
        pose = turns(1.0, float(bend))
        show(idol, pose, NO_CONTACTS, frames=1)
        path.append(palm(idol, RIGHT))
        depths.append(measure_depth(idol.reach.surface, idol.world, RIGHT))
    assert max(depths) < 0.01
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.08


def test_free_hands_stay_where_they_are(idol: AvatarInstance) -> None:
    pose = turns(0.2, 0.5)
    idol.pose(pose, np.zeros(3, np.float32), np.zeros(len(ARKIT), np.float32), np.zeros(2))
    before = idol.world.copy()
    idol.touch(NO_CONTACTS)
    assert (idol.world == before).all()


def test_contacts_blend_and_mirror() -> None:
    left = touch(ContactPart.FACE, (0.5, -0.5), sides=(LEFT,))
    right = mirror_contacts(left)
    assert right.parts.tolist() == [0, ContactPart.FACE]
    assert right.places[RIGHT].tolist() == pytest.approx([-0.5, -0.5])
    assert mirror_contacts(NO_CONTACTS) is NO_CONTACTS
    for share in (0.0, 0.3, 1.0):
        half = blend_contacts(left, NO_CONTACTS, np.float32([share, share]))
        assert half.weights.tolist() == pytest.approx([1.0 - share, 0.0])
    moved = touch(ContactPart.FACE, (0.1, -0.5), sides=(LEFT,))
    between = blend_contacts(left, moved, np.float32([0.5, 0.5]))
    assert between.places[LEFT, 0] == pytest.approx(0.3)
    other = touch(ContactPart.HIP, (0.2, 0.0), sides=(LEFT,))
    assert blend_contacts(left, other, np.float32([0.6, 0.6])).parts[LEFT] == ContactPart.HIP
