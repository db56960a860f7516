"""Test VMC input and output: recorded bodies, known poses, and a round trip."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.maths.quaternions import angle_between, from_axis_angle, multiply, rotate
from avatars.maths.vectors import normalise
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.capture.network.osc import bundle, message
from renderer.capture.network.packets import PacketError, StalePacketError
from renderer.capture.network.records import Tracked, TrackedBody, TrackedFace
from renderer.capture.network.unity import UNITY_BONES
from renderer.capture.network.vmc import VmcDecoder
from renderer.capture.network.vmc_out import VmcSender, parse_receiver, skeleton_offsets
from renderer.errors import OutputError
from renderer.motion.core.forward import HIPS_HEIGHT, OFFSETS, forward_kinematics

Recording = Callable[[str], list[tuple[int, bytes]]]
FRAME = 33_333_333
STILL = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


def bodies(packets: list[tuple[int, bytes]]) -> list[TrackedBody]:
    decoder = VmcDecoder()
    records = [record for t, data in packets for record in decoder.decode(data, t)]
    return [record for record in records if isinstance(record, TrackedBody)]


def bone(name: str, *numbers: float) -> bytes:
    return message("/VMC/Ext/Bone/Pos", name, *(numbers or STILL))


def frame(seconds: float, *parts: bytes) -> bytes:
    return bundle([message("/VMC/Ext/T", seconds), *parts])


def two_frames(*parts: bytes) -> list[Tracked]:
    """Return the records of the second of two frames; the first one defines a frame's elements."""
    decoder = VmcDecoder()
    decoder.decode(frame(1.0, *parts), 0)
    decoder.decode(frame(1.033, *parts), FRAME)
    return decoder.decode(frame(1.066, *parts), 2 * FRAME)


def test_unitys_thumbs_begin_at_the_wrist() -> None:
    assert UNITY_BONES[BONE_INDEX["leftThumbMetacarpal"]] == "LeftThumbProximal"
    assert UNITY_BONES[BONE_INDEX["rightThumbProximal"]] == "RightThumbIntermediate"
    assert UNITY_BONES[BONE_INDEX["leftIndexProximal"]] == "LeftIndexProximal"
    assert len(set(UNITY_BONES)) == 55


def test_standing_neutral_is_our_t_pose(recorded_vmc: Recording) -> None:
    seen = bodies(recorded_vmc("neutral-standing"))
    assert len(seen) == 5
    for body in seen:
        np.testing.assert_allclose(body.rotations, np.tile((0, 0, 0, 1), (55, 1)), atol=1e-6)
        np.testing.assert_allclose(body.root, (0.0, 0.9, 0.0), atol=1e-6)
        assert body.hips_height == pytest.approx(0.9)
        assert body.known.sum() == 22
    times = np.diff([body.t_seen_ns for body in seen[1:]])
    np.testing.assert_allclose(times, FRAME, atol=5e5)


def test_a_raised_left_arm_rises_on_our_left(recorded_vmc: Recording) -> None:
    seen = bodies(recorded_vmc("arm-raise"))
    assert len(seen) == 4
    hands = []
    for body in seen:
        _, positions = forward_kinematics(body.rotations, np.zeros(3))
        hands.append(positions[BONE_INDEX["leftHand"]])
        # Nothing else moves.
        right = [BONE_INDEX["rightUpperArm"], BONE_INDEX["spine"], BONE_INDEX["leftUpperLeg"]]
        np.testing.assert_allclose(body.rotations[right, 3], 1.0, atol=1e-6)
    assert (np.diff([hand[1] for hand in hands]) > 0.03).all()
    assert all(hand[0] > 0.0 for hand in hands)


def test_a_time_that_comes_last_belongs_to_its_bones(recorded_vmc: Recording) -> None:
    seen = bodies(recorded_vmc("arm-raise"))
    arm = BONE_INDEX["leftUpperArm"]
    angles = [2 * np.arcsin(body.rotations[arm, 2]) for body in seen]
    # The recording raises the arm by 15° per frame, from 0.
    first = round(np.degrees(angles[0]) / 15)
    np.testing.assert_allclose(np.degrees(angles), 15.0 * np.arange(first, first + 4), atol=0.2)
    np.testing.assert_allclose(np.diff([b.t_seen_ns for b in seen]), FRAME, atol=5e5)


def test_known_turns_become_ours() -> None:
    # Unity rotates clockwise, seen from the tip of the axis: a positive rotation about +Y is a turn
    # to the right.
    half = np.sqrt(0.5)
    (body,) = two_frames(bone("Hips", 0.3, 1.0, 2.0, 0.0, half, 0.0, half))
    assert isinstance(body, TrackedBody)
    ahead = rotate(body.rotations[0], np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(ahead, (-1.0, 0.0, 0.0), atol=1e-6)
    np.testing.assert_allclose(body.root, (-0.3, 1.0, 2.0), atol=1e-6)
    # A positive rotation about +X bows forward in Unity and here.
    (body,) = two_frames(bone("Spine", 0.0, 0.0, 0.0, half, 0.0, 0.0, half))
    up = rotate(body.rotations[BONE_INDEX["spine"]], np.array([0.0, 1.0, 0.0]))
    np.testing.assert_allclose(up, (0.0, 0.0, 1.0), atol=1e-6)


def test_the_root_carries_the_hips() -> None:
    half = np.sqrt(0.5)
    root = message("/VMC/Ext/Root/Pos", "root", 1.0, 0.0, 0.0, 0.0, half, 0.0, half)
    (body,) = two_frames(root, bone("Hips", 0.0, 0.9, 0.5, 0.0, 0.0, 0.0, 1.0))
    assert isinstance(body, TrackedBody)
    # After a turn to the right, half a metre forward is half a metre further to the right.
    np.testing.assert_allclose(body.root, (-1.5, 0.9, 0.0), atol=1e-6)
    ahead = rotate(body.rotations[0], np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(ahead, (-1.0, 0.0, 0.0), atol=1e-6)


def test_rotations_of_any_length_are_made_unit() -> None:
    root = message("/VMC/Ext/Root/Pos", "root", *STILL[:6], 7.0)
    (body,) = two_frames(root, bone("Hips", 0.0, 0.9, 0.5, 0.0, 0.3, 0.0, 0.4))
    assert isinstance(body, TrackedBody)
    np.testing.assert_allclose(body.rotations[0], (0.0, -0.6, 0.0, 0.8), atol=1e-6)
    np.testing.assert_allclose(body.root, (0.0, 0.9, 0.5), atol=1e-6)


def test_a_bone_that_is_not_sent_any_more_is_forgotten() -> None:
    decoder = VmcDecoder()
    both = (bone("Hips"), bone("Head"))
    for k in range(3):
        decoder.decode(frame(1.0 + k / 30, *both), k * FRAME)
    last: list[Tracked] = []
    for k in range(3, 30):
        last = decoder.decode(frame(1.0 + k / 30, bone("Hips")), k * FRAME) or last
    (body,) = last
    assert isinstance(body, TrackedBody)
    assert body.known[BONE_INDEX["hips"]]
    assert not body.known[BONE_INDEX["head"]]


def test_a_sender_without_time_is_placed_by_arrival() -> None:
    decoder = VmcDecoder()
    out: list[Tracked] = []
    for k in range(5):
        for name in ("Hips", "Spine", "Head"):
            out += decoder.decode(bone(name), k * FRAME)
    assert [record.t_seen_ns for record in out] == [k * FRAME for k in range(1, 5)]


def test_replayed_frames_are_stale() -> None:
    decoder = VmcDecoder()
    packets = [frame(1.0 + k / 30, bone("Hips")) for k in range(10)]
    for k, packet in enumerate(packets):
        decoder.decode(packet, k * FRAME)
    with pytest.raises(StalePacketError):
        decoder.decode(packets[4], 9 * FRAME + 1000)


def test_presets_and_perfect_sync_make_faces() -> None:
    def face(**values: float) -> TrackedFace:
        shapes = [message("/VMC/Ext/Blend/Val", name, value) for name, value in values.items()]
        records = two_frames(bone("Hips"), *shapes, message("/VMC/Ext/Blend/Apply"))
        return next(record for record in records if isinstance(record, TrackedFace))

    assert face(A=1.0).scores[ARKIT_INDEX["jawOpen"]] > 0.5
    assert face(Blink_L=1.0).scores[ARKIT_INDEX["eyeBlinkLeft"]] == 1.0
    assert face(blinkRight=1.0).scores[ARKIT_INDEX["eyeBlinkRight"]] == 1.0
    synced = face(JawOpen=0.25, A=1.0)
    assert synced.scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.25)
    assert face(lookLeft=0.5).gaze[0] > 0.0
    assert face(eyeLookUpLeft=0.5, eyeLookUpRight=0.5).gaze[1] > 0.0


def test_weights_and_looks_keep_within_a_face() -> None:
    decoder = VmcDecoder()
    told = [message("/VMC/Ext/Blend/Val", name, 1e38) for name in ("aa", "LookLeft", "LookUp")]
    (face,) = decoder.decode(bundle([*told, message("/VMC/Ext/Blend/Apply")]), 0)
    assert isinstance(face, TrackedFace)
    assert face.scores.max() <= 1.0
    assert np.abs(face.gaze).max() <= 0.6


def test_a_face_without_a_body_is_received() -> None:
    decoder = VmcDecoder()
    shapes = (message("/VMC/Ext/Blend/Val", "jawOpen", 0.5), message("/VMC/Ext/Blend/Apply"))
    (record,) = decoder.decode(bundle(list(shapes)), 7)
    assert isinstance(record, TrackedFace)
    assert record.t_seen_ns == 7


@pytest.mark.parametrize(
    "bad",
    [
        message("/VMC/Ext/Bone/Pos", "Hips", 1.0),
        message("/VMC/Ext/Bone/Pos", 1, *STILL),
        message("/VMC/Ext/Bone/Pos", "Hips", *STILL[:6], float("nan")),
        message("/VMC/Ext/Bone/Pos", "Hips", *(0.0,) * 7),
        message("/VMC/Ext/Bone/Pos", "Hips", *("a",) * 7),
        message("/VMC/Ext/Root/Pos", "root"),
        message("/VMC/Ext/T", "now"),
        message("/VMC/Ext/T", float("inf")),
        message("/VMC/Ext/Blend/Val", "A"),
        message("/VMC/Ext/Blend/Val", "A", float("nan")),
        message("/VMC/Ext/Bone/Pos", "Hips", 1e38, *STILL[1:]),
        message("/VMC/Ext/Root/Pos", "root", *STILL[:6], 1e38),
        message("/VMC/Ext/Root/Pos", "root", *STILL[:6], 1e-40),
        b"/VMC/Ext/T\0\0,d\0\0" + struct.pack(">d", 1e300),
    ],
)
def test_messages_that_are_not_vmcs_are_malformed(bad: bytes) -> None:
    with pytest.raises(PacketError):
        VmcDecoder().decode(bad, 0)


BAD_ELEMENTS = {
    "zero quaternion": bone("LeftHand", *(0.0,) * 7),
    "NaN rotation": bone("LeftHand", *STILL[:6], float("nan")),
    "NaN weight": message("/VMC/Ext/Blend/Val", "A", float("nan")),
    "foreign address": message("/some/other", 1.0),
    "foreign type": b"/some/other\0,q\0\0\0\0\0\0",
    "wrong types": message("/VMC/Ext/Bone/Pos", 1, *STILL),
    "no arguments": message("/VMC/Ext/Blend/Val"),
    "no time": message("/VMC/Ext/T", float("inf")),
    "not OSC": b"\xff" * 8,
    "not UTF-8": b"/VMC/Ext/\xff\0\0",
}


@pytest.mark.parametrize("name", BAD_ELEMENTS)
def test_a_bad_element_costs_itself_alone(name: str) -> None:
    bad = BAD_ELEMENTS[name]
    decoder = VmcDecoder()
    records: list[Tracked] = []
    for k in range(60):
        shapes = (message("/VMC/Ext/Blend/Val", "A", 0.5), message("/VMC/Ext/Blend/Apply"))
        parts = (bad, bone("Hips"), bad, bone("Head"), *shapes)
        records += decoder.decode(bundle([message("/VMC/Ext/T", k / 60), *parts]), k * FRAME // 2)
    bodies = [record for record in records if isinstance(record, TrackedBody)]
    faces = [record for record in records if isinstance(record, TrackedFace)]
    assert len(bodies) >= 58 and len(faces) >= 58
    assert bodies[-1].known[[BONE_INDEX["hips"], BONE_INDEX["head"]]].all()
    assert faces[-1].scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.4)
    assert decoder.skipped.count == 120 and decoder.skipped.fault.isprintable()


def held_bytes(decoder: VmcDecoder) -> int:
    return len(pickle.dumps({key: repr(value) for key, value in vars(decoder).items()}))


def test_nothing_piles_up_whatever_comes() -> None:
    decoder, random = VmcDecoder(), np.random.default_rng(4)
    sizes = []
    for k in range(600):
        name = f"{random.bytes(30).hex()}"
        parts = [
            bone("Hips"),
            bone(name),
            message("/VMC/Ext/Blend/Val", name, 0.5),
            message(f"/{name}", 1.0),
            bone("Head", *(0.0,) * 7),
            message("/VMC/Ext/Blend/Apply"),
        ]
        decoder.decode(frame(k / 30, *parts), k * FRAME)
        sizes.append(held_bytes(decoder))
    assert sizes[-1] < sizes[99] + 200
    assert len(decoder.skipped.unknown) <= 8


@pytest.mark.parametrize("case", [str.lower, str.upper, str.swapcase])
def test_bones_and_shapes_are_named_in_any_case(case: Callable[[str], str]) -> None:
    turn = (0.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.8)
    names = ("LeftUpperArm", "LeftThumbProximal", "LeftThumbIntermediate")
    shape = message("/VMC/Ext/Blend/Val", case("mouthPucker"), 0.5)
    parts = [bone(case(name), *turn) for name in names]
    body, face = two_frames(*parts, shape, message("/VMC/Ext/Blend/Apply"))
    assert isinstance(body, TrackedBody) and isinstance(face, TrackedFace)
    known = [HUMAN_BONES[i] for i in np.flatnonzero(body.known)]
    assert known == ["leftUpperArm", "leftThumbMetacarpal", "leftThumbProximal"]
    assert face.scores[ARKIT_INDEX["mouthPucker"]] == 0.5


def test_a_sender_with_vrm_s_own_bone_names_is_understood() -> None:
    decoder = VmcDecoder()
    records: list[Tracked] = []
    turn = (0.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.8)
    for k in range(4):
        parts = [
            bone(name, *(turn if name.endswith("Proximal") else STILL)) for name in HUMAN_BONES
        ]
        records += decoder.decode(frame(k / 30, *parts), k * FRAME)
    body = records[-1]
    assert len(records) >= 3 and isinstance(body, TrackedBody)
    assert body.known.all() and not decoder.skipped.unknown
    turned = [name for name, w in zip(HUMAN_BONES, body.rotations[:, 3], strict=True) if w < 0.9]
    assert turned == [name for name in HUMAN_BONES if name.endswith("Proximal")]


def test_a_name_of_no_bone_is_noted_once() -> None:
    decoder = VmcDecoder()
    for k in range(5):
        decoder.decode(frame(k / 30, bone("Hips"), bone("Tail"), bone("Ta\nil")), k * FRAME)
    assert decoder.skipped.unknown == ("Tail", "Ta�il")


def silent_arkit(**moving: float) -> list[bytes]:
    values = dict.fromkeys(ARKIT, 0.0) | moving
    return [message("/VMC/Ext/Blend/Val", name, value) for name, value in values.items()]


def test_presets_move_the_channels_that_carry_no_signal() -> None:
    decoder = VmcDecoder()

    def face(seconds: float, presets: dict[str, float], **moving: float) -> TrackedFace:
        parts = [message("/VMC/Ext/Blend/Val", name, value) for name, value in presets.items()]
        datagram = bundle([*silent_arkit(**moving), *parts, message("/VMC/Ext/Blend/Apply")])
        (record,) = decoder.decode(datagram, round(seconds * 1e9))
        assert isinstance(record, TrackedFace)
        return record

    presets = {"A": 1.0, "Blink": 0.8, "LookLeft": 0.5}
    first = face(0.0, presets)
    assert first.scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.8)
    assert first.scores[ARKIT_INDEX["eyeBlinkRight"]] == pytest.approx(0.8)
    assert first.gaze[0] == pytest.approx(0.3)
    # The jaw is now tracked: A no longer opens it, even where it is closed.
    assert face(1.0, presets, jawOpen=0.3).scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.3)
    later = face(3.0, presets)
    assert later.scores[ARKIT_INDEX["jawOpen"]] == 0.0
    assert later.scores[ARKIT_INDEX["eyeBlinkRight"]] == pytest.approx(0.8)
    # Tracked eyes need no preset.
    assert face(4.0, presets, eyeLookOutRight=1.0).gaze[0] == pytest.approx(-0.3)
    # A tracker that has stopped is silent again.
    assert face(20.0, presets).scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.8)


@pytest.mark.parametrize(
    "case",
    [
        "vmc_bundle_zero_quaternion",
        "vmc_bundle_nan_weight",
        "vmc_bundle_foreign_message",
        "vmc_camel_bone_names",
        "vmc_presets_beside_zero_arkit",
    ],
)
def test_a_bad_element_of_a_real_sender_loses_no_body(
    case: str, shared_cases: Callable[[str], list[bytes]]
) -> None:
    decoder = VmcDecoder()
    bodies = []
    for k, datagram in enumerate(shared_cases(case)):
        bodies += decoder.decode(datagram, k * FRAME // 2)
    assert len([body for body in bodies if isinstance(body, TrackedBody)]) >= 28
    last = next(body for body in reversed(bodies) if isinstance(body, TrackedBody))
    assert last.known[BONE_INDEX["leftUpperArm"]]
    faces = [face for face in bodies if isinstance(face, TrackedFace)]
    if case == "vmc_presets_beside_zero_arkit":
        assert max(face.scores[ARKIT_INDEX["jawOpen"]] for face in faces) > 0.3


def test_other_messages_and_bones_are_let_pass() -> None:
    decoder = VmcDecoder()
    assert decoder.decode(message("/VMC/Ext/Cam", "c", 1.0), 0) == []
    assert decoder.decode(bone("Tail"), 0) == []


@settings(max_examples=50)
@given(st.binary(max_size=60), st.integers(0, 300))
def test_no_damage_does_harm(noise: bytes, at: int) -> None:
    decoder = VmcDecoder()
    whole = frame(1.0, bone("Hips"), bone("Head"), message("/VMC/Ext/Blend/Val", "A", 0.5))
    for k in range(3):
        damaged = whole[:at] + noise + whole[at + len(noise) :]
        try:
            records = decoder.decode(damaged, k * FRAME)
        except (PacketError, StalePacketError):
            continue
        for record in records:
            if isinstance(record, TrackedBody):
                assert np.isfinite(record.rotations).all()


@pytest.fixture(params=["127.0.0.1", "::1"])
def listener(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        out.bind((request.param, 0))
        out.settimeout(5)
        yield out


def test_what_is_sent_is_what_is_received(listener: socket.socket) -> None:
    rng = np.random.default_rng(3)
    rotations = normalise(rng.normal(size=(55, 4))).astype(np.float32)
    root = np.array([0.3, 0.05, -1.2], np.float32)
    shapes = rng.uniform(size=52).astype(np.float32)
    decoder = VmcDecoder()
    heard: list[Tracked] = []
    host, port = listener.getsockname()[:2]
    with VmcSender(host, port, OFFSETS.astype(np.float32), HIPS_HEIGHT) as sender:
        for k in range(4):
            sender.send(k * FRAME, root, rotations, shapes)
            for _ in sender._datagrams:
                data = listener.recv(65536)
                assert len(data) <= 1400
                heard += decoder.decode(data, k * FRAME + 1_000_000)
    bodies = [record for record in heard if isinstance(record, TrackedBody)]
    faces = [record for record in heard if isinstance(record, TrackedFace)]
    assert len(bodies) >= 2
    assert bodies[-1].known.all()
    assert angle_between(bodies[-1].rotations, rotations).max() < 1e-3
    np.testing.assert_allclose(bodies[-1].root, root + np.array([0.0, HIPS_HEIGHT, 0.0]), atol=1e-5)
    assert bodies[-1].hips_height == pytest.approx(0.9, abs=0.05)
    np.testing.assert_allclose(faces[-1].scores, shapes, atol=1e-6)


def test_a_receiver_that_is_not_there_costs_nothing() -> None:
    with VmcSender("127.0.0.1", 9, OFFSETS.astype(np.float32), 0.9) as sender:
        for k in range(5):
            identity = np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)).astype(np.float32)
            sender.send(k, np.zeros(3, np.float32), identity, np.zeros(52, np.float32))


def test_a_receiver_without_a_name_is_refused() -> None:
    with pytest.raises(OutputError):
        VmcSender("no such host.invalid", 39539, OFFSETS.astype(np.float32), 0.9)


def test_receivers_are_named_by_host_and_port() -> None:
    assert parse_receiver("10.0.0.5:4000") == ("10.0.0.5", 4000)
    assert parse_receiver("studio") == ("studio", 39539)
    assert parse_receiver("[::1]:4000") == ("::1", 4000)
    assert parse_receiver("[fe80::1%eth0]") == ("fe80::1%eth0", 39539)
    for spec in (
        "::1",
        "::1:39539",
        "[]:39539",
        "",
        ":39539",
        "host:",
        "host:x",
        "host:0",
        "host:99999",
    ):
        with pytest.raises(OutputError):
            parse_receiver(spec)


def test_a_skeleton_without_a_bone_gives_its_parents_place() -> None:
    _, positions = forward_kinematics(np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)), np.zeros(3))
    positions[BONE_INDEX["upperChest"]] = np.nan
    offsets, hips = skeleton_offsets(positions)
    assert hips == pytest.approx(HIPS_HEIGHT)
    assert not offsets[BONE_INDEX["upperChest"]].any()
    np.testing.assert_allclose(
        offsets[BONE_INDEX["neck"]],
        OFFSETS[BONE_INDEX["upperChest"]] + OFFSETS[BONE_INDEX["neck"]],
        atol=1e-6,
    )


def test_mirroring_keeps_the_order_of_turns() -> None:
    # Composition in Unity equals composition of the converted rotations.
    mirror = np.array([1.0, -1.0, -1.0, 1.0])
    a = from_axis_angle(np.array([0.6, 0.0, 0.8]), 0.7)
    b = from_axis_angle(np.array([0.0, 1.0, 0.0]), -1.1)
    np.testing.assert_allclose(multiply(a, b) * mirror, multiply(a * mirror, b * mirror), atol=1e-9)
    assert len(ARKIT) == 52
    assert len(HUMAN_BONES) == 55
