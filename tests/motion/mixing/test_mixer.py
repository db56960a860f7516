"""Test source priority for each limb, and smooth transitions between sources."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, from_axis_angle
from avatars.names import ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB
from renderer.motion.core.sources import Source
from renderer.motion.mixing.layers import blend
from renderer.motion.mixing.mixer import SourceMixer

FRAME = 16_666_667
SECOND = 1_000_000_000
X, Y, Z = np.eye(3)
JAW = ARKIT_INDEX["jawOpen"]
HEAD = BONE_INDEX["head"]


def still(bones: dict[str, np.ndarray] | None = None) -> np.ndarray:
    rotations = np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)).astype(np.float32)
    for bone, turn in (bones or {}).items():
        rotations[BONE_INDEX[bone]] = turn
    return rotations


def camera(t_ns: int = 0, jaw: float = 0.2) -> Motion:
    shapes = np.zeros(52, np.float32)
    shapes[JAW] = jaw
    bones = {"leftUpperArm": from_axis_angle(Z, -1.2), "spine": from_axis_angle(Y, 0.2)}
    return Motion(
        t_seen_ns=t_ns,
        root=np.array([0.5, 0.0, 0.1], np.float32),
        hips_height=0.9,
        rotations=still(bones),
        expressions=shapes,
        gaze=np.array([0.1, 0.0], np.float32),
        confidence=np.ones(9, np.float32),
    )


def face(t_ns: int, jaw: float = 0.9, yaw: float = 0.4) -> TrackedFace:
    shapes = np.zeros(52, np.float32)
    shapes[JAW] = jaw
    head = from_axis_angle(Y, yaw).astype(np.float32)
    return TrackedFace(t_ns, shapes, head, np.array([-0.3, 0.1], np.float32))


def body(t_ns: int, x: float = 0.0, bones: tuple[str, ...] = HUMAN_BONES) -> TrackedBody:
    known = np.isin(HUMAN_BONES, bones)
    turns = {b: from_axis_angle(X, 0.3) for b in bones}
    root = np.array([2.0 + x, 1.0, -3.0], np.float32)
    return TrackedBody(t_ns, still(turns), known, root, 1.0)


def head_in_room(motion: Motion) -> np.ndarray:
    world, _ = forward_kinematics(motion.rotations, np.zeros(3))
    return world[HEAD]


def settle(mixer: SourceMixer, seconds: float = 1.0, **sources: object) -> Motion:
    for k in range(int(seconds * 60)):
        t_ns = k * FRAME
        if "phone" in sources:
            mixer.push_phone(face(t_ns))
        if "suit" in sources:
            mixer.push_suit(body(t_ns, bones=sources["suit"]))  # type: ignore[arg-type]
        out = mixer.at(camera(t_ns), t_ns)
    return out


def test_without_trackers_the_camera_passes_untouched() -> None:
    seen = camera(5)
    assert SourceMixer().at(seen, 5) is seen


def test_a_phones_face_goes_over_the_cameras() -> None:
    out = settle(SourceMixer(), phone=True)
    assert out.expressions[JAW] == pytest.approx(0.9)
    np.testing.assert_allclose(out.gaze, (-0.3, 0.1), atol=1e-6)
    # The body is the camera's, bit-identical.
    limbs = [i for i, limb in enumerate(BONE_LIMB) if LIMBS[limb] != "head"]
    np.testing.assert_array_equal(out.rotations[limbs], camera().rotations[limbs])
    np.testing.assert_array_equal(out.root, camera().root)


def test_a_phones_head_is_turned_in_the_room_whatever_the_chest_does() -> None:
    out = settle(SourceMixer(), phone=True)
    assert angle_between(head_in_room(out), from_axis_angle(Y, 0.4)) < 1e-3


def test_a_suits_body_goes_over_the_cameras_and_the_phones_head() -> None:
    out = settle(SourceMixer(), phone=True, suit=HUMAN_BONES)
    np.testing.assert_allclose(out.rotations, body(0).rotations, atol=1e-6)
    assert out.expressions[JAW] == pytest.approx(0.9)
    assert out.hips_height == pytest.approx(1.0)
    # The stage's centre is where the suit first stood.
    np.testing.assert_allclose(out.root, 0.0, atol=1e-6)


def test_each_limb_reports_its_source() -> None:
    mixer = SourceMixer()
    settle(mixer)
    assert set(mixer.owners) == {Source.CAMERA}
    settle(phoned := SourceMixer(), phone=True)
    ours = {limb for limb, who in zip(LIMBS, phoned.owners, strict=True) if who is Source.PHONE}
    assert ours == {"head", "face"}
    settle(both := SourceMixer(), phone=True, suit=HUMAN_BONES)
    whose = dict(zip(LIMBS, both.owners, strict=True))
    assert whose.pop("face") is Source.PHONE
    assert set(whose.values()) == {Source.SUIT}
    for k in range(60, 120):
        both.at(camera(k * FRAME), k * FRAME)
    assert set(both.owners) == {Source.CAMERA}, "they fell silent"


def test_a_suit_without_a_head_leaves_it_to_the_phone() -> None:
    bones = tuple(b for b in HUMAN_BONES if b not in ("neck", "head"))
    out = settle(SourceMixer(), phone=True, suit=bones)
    assert angle_between(head_in_room(out), from_axis_angle(Y, 0.4)) < 1e-3


def test_a_suit_of_the_upper_body_leaves_the_legs() -> None:
    bones = ("hips", "spine", "leftUpperArm", "leftLowerArm")
    out = settle(SourceMixer(), suit=bones)
    legs = [i for i, limb in enumerate(BONE_LIMB) if "Leg" in LIMBS[limb]]
    np.testing.assert_array_equal(out.rotations[legs], camera().rotations[legs])
    right = BONE_INDEX["rightUpperArm"]
    np.testing.assert_array_equal(out.rotations[right], camera().rotations[right])


def test_the_face_of_a_suits_program_is_replaced_by_the_phone() -> None:
    mixer = SourceMixer()
    for k in range(60):
        mixer.push_suit(face(k * FRAME, jaw=0.5))
        out = mixer.at(camera(), k * FRAME)
    assert out.expressions[JAW] == pytest.approx(0.5)
    for k in range(60, 120):
        mixer.push_suit(face(k * FRAME, jaw=0.5))
        mixer.push_phone(face(k * FRAME, jaw=0.9))
        out = mixer.at(camera(), k * FRAME)
    assert out.expressions[JAW] == pytest.approx(0.9)


def test_a_source_that_drops_out_fades_and_comes_back_softly() -> None:
    mixer, jaws, heads = SourceMixer(), [], []
    for k in range(240):
        if not 60 <= k < 150:
            mixer.push_phone(face(k * FRAME))
        out = mixer.at(camera(), k * FRAME)
        jaws.append(out.expressions[JAW])
        heads.append(head_in_room(out))
    jaw = np.array(jaws)
    assert jaw[59] == pytest.approx(0.9)
    # Held for 0.2 s, and the camera's within 0.3 s more.
    assert jaw[70] == pytest.approx(0.9)
    assert jaw[60 + 32] == pytest.approx(0.2)
    assert jaw[150 + 20] == pytest.approx(0.9)
    assert np.abs(np.diff(jaw)).max() < 0.7 * 0.09
    steps = angle_between(np.array(heads)[1:], np.array(heads)[:-1])
    assert steps.max() < 0.06


def test_it_mixes_the_same_to_the_bit() -> None:
    def run() -> bytes:
        mixer, out = SourceMixer(), b""
        for k in range(90):
            mixer.push_phone(face(k * FRAME, yaw=np.sin(k / 9)))
            if k > 30:
                mixer.push_suit(body(k * FRAME, x=0.01 * k))
            motion = mixer.at(camera(k), k * FRAME)
            out += motion.rotations.tobytes() + motion.root.tobytes()
        return out

    assert run() == run()


def test_the_middle_of_the_stage_can_be_set_again() -> None:
    mixer = SourceMixer()
    for k in range(60):
        mixer.push_suit(body(k * FRAME, x=0.02 * k))
        out = mixer.at(camera(), k * FRAME)
    assert out.root[0] > 1.0
    mixer.recentre()
    for k in range(60, 70):
        mixer.push_suit(body(k * FRAME, x=1.2))
        out = mixer.at(camera(), k * FRAME)
    assert out.root[0] == pytest.approx(0.0, abs=1e-6)


def test_older_records_change_nothing() -> None:
    mixer = SourceMixer()
    for k in range(60):
        mixer.push_phone(face(k * FRAME))
        mixer.push_phone(face((k - 5) * FRAME, jaw=0.0))
        out = mixer.at(camera(), k * FRAME)
    assert out.expressions[JAW] == pytest.approx(0.9)


def test_half_a_blend_is_half_the_way() -> None:
    above = camera(jaw=0.8)
    above = Motion(
        above.t_seen_ns, above.root, 1.1, still({"spine": from_axis_angle(Y, 0.6)}),
        above.expressions, above.gaze, above.confidence,
    )  # fmt: skip
    out = blend(camera(), above, np.full(9, 0.5))
    assert angle_between(out.rotations[BONE_INDEX["spine"]], from_axis_angle(Y, 0.4)) < 1e-3
    assert out.expressions[JAW] == pytest.approx(0.5)
    assert out.hips_height == pytest.approx(1.0)
    assert np.allclose(np.linalg.norm(out.rotations, axis=1), 1.0, atol=1e-5)
    assert not out.rotations.flags.writeable
