"""Test a guest's messages: what is sent is read, and a stranger's bytes do no harm."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatars.contact.records import ContactAnchor, ContactPart, HandContacts, freeze_contacts
from avatars.names import ARKIT, HUMAN_BONES
from renderer.capture.network.records import freeze
from renderer.errors import CaptureError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance
from renderer.show.guests.packet import (
    MOTION_BYTES,
    GuestMotion,
    Ping,
    Pong,
    decode,
    encode_motion,
    encode_ping,
    encode_pong,
)


def make_motion(seed: int, **values: object) -> Motion:
    random = np.random.default_rng(seed)
    rotations = random.normal(size=(len(HUMAN_BONES), 4))
    rotations /= np.linalg.norm(rotations, axis=1)[:, None]
    fields: dict[str, object] = {
        "t_seen_ns": int(random.integers(2**62)),
        "root": freeze(random.uniform(-3.0, 3.0, 3)),
        "hips_height": 0.9,
        "rotations": freeze(rotations),
        "expressions": freeze(random.uniform(0.0, 1.0, len(ARKIT))),
        "gaze": freeze(random.uniform(-0.6, 0.6, 2)),
        "confidence": freeze(random.uniform(0.0, 1.0, len(LIMBS))),
        **values,
    }
    return Motion(**fields)  # type: ignore[arg-type]  # built by name


def make_contacts(**values: object) -> HandContacts:
    fields: dict[str, object] = {
        "parts": np.array((ContactPart.FACE, ContactPart.NONE), np.int8),
        "anchors": np.array((ContactAnchor.FINGERTIP, ContactAnchor.PALM), np.int8),
        "places": np.array(((0.25, -0.5), (0.0, 0.0)), np.float32),
        "weights": np.array((0.75, 0.0), np.float32),
        **values,
    }
    return freeze_contacts(**fields)  # type: ignore[arg-type]  # built by name


def read(data: bytes) -> GuestMotion:
    message = decode(data)
    assert isinstance(message, GuestMotion)
    return message


@pytest.mark.parametrize("seed", range(20))
def test_a_motion_is_read_as_it_was_sent(seed: int) -> None:
    motion = make_motion(seed)
    got = read(encode_motion(motion, seed))
    assert (got.number, got.t_ns) == (seed, motion.t_seen_ns)
    np.testing.assert_allclose(got.motion.rotations, motion.rotations, atol=5e-5)
    np.testing.assert_allclose(np.linalg.norm(got.motion.rotations, axis=1), 1.0, atol=1e-6)
    np.testing.assert_array_equal(got.motion.root, motion.root)
    np.testing.assert_allclose(got.motion.expressions, motion.expressions, atol=0.51 / 255)
    np.testing.assert_allclose(got.motion.confidence, motion.confidence, atol=0.51 / 255)
    np.testing.assert_array_equal(got.motion.gaze, motion.gaze)


def test_records_contain_only_limbs_that_were_seen() -> None:
    confidence = np.ones(len(LIMBS), np.float32)
    confidence[[LIMBS.index("leftArm"), LIMBS.index("face")]] = 0.0
    message = read(encode_motion(make_motion(1, confidence=freeze(confidence)), 0))
    body, face = message.records(5)
    assert face is None
    assert body.t_seen_ns == 5
    np.testing.assert_array_equal(body.known, confidence[BONE_LIMB] > 0.5)
    np.testing.assert_allclose(
        body.root, message.motion.root + np.array((0.0, 0.9, 0.0)), atol=1e-6
    )
    assert read(encode_motion(make_motion(2, confidence=freeze(confidence * 0 + 1)), 0)).records(7)[
        1
    ]


def test_a_hand_at_the_face_stays_there() -> None:
    contacts = make_contacts()
    everything = freeze(np.ones(len(LIMBS)))
    performance = Performance()
    for number in range(40):
        motion = make_motion(5, contacts=contacts, confidence=everything, root=freeze((0, 0, 0)))
        body, _ = read(encode_motion(motion, number)).records(number * 16_000_000)
        performance.push(Source.SUIT, body)
        shown = performance.at(number * 16_000_000).contacts
    for name in ("parts", "anchors", "places", "weights"):
        np.testing.assert_array_equal(getattr(shown, name), getattr(contacts, name))


def test_clock_messages() -> None:
    assert decode(encode_ping(-3)) == Ping(-3)
    assert decode(encode_pong(4, 2**40)) == Pong(4, 2**40)


@pytest.mark.parametrize(
    "values",
    [
        {"root": np.array((np.nan, 0.0, 0.0), np.float32)},
        {"root": np.array((0.0, 21.0, 0.0), np.float32)},
        {"hips_height": float("inf")},
        {"hips_height": 0.0},
        {"gaze": np.array((0.0, np.nan), np.float32)},
        {"rotations": np.zeros((len(HUMAN_BONES), 4), np.float32)},
        {"t_seen_ns": -1},
        {"contacts": make_contacts(parts=np.array((9, 0), np.int8))},
        {"contacts": make_contacts(weights=np.array((np.nan, 0.0), np.float32))},
        {"contacts": make_contacts(places=np.full((2, 2), np.inf, np.float32))},
    ],
)
def test_impossible_values_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(CaptureError, match="guest's message"):
        decode(encode_motion(make_motion(3, **values), 0))


@given(st.binary(max_size=MOTION_BYTES + 8))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    with suppress(CaptureError):
        decode(data)


@given(st.integers(0, MOTION_BYTES - 1), st.integers(0, 255), st.integers(0, MOTION_BYTES))
def test_a_damaged_motion_is_refused_or_finite(at: int, value: int, length: int) -> None:
    data = bytearray(encode_motion(make_motion(4), 9))
    data[at] = value
    try:
        message = decode(bytes(data[:length]))
    except CaptureError:
        return
    assert isinstance(message, GuestMotion | Ping | Pong)
    if isinstance(message, GuestMotion):
        assert np.isfinite(message.motion.rotations).all()
        assert np.isfinite(message.motion.root).all()
