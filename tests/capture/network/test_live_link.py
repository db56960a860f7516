"""Test Live Link Face with generated and recorded packets."""

from __future__ import annotations

import csv
import lzma
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatars.maths.quaternions import rotate
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.network.live_link import SCORES, LiveLinkDecoder, face_of
from renderer.capture.network.packets import PacketError, StalePacketError
from renderer.capture.network.records import TrackedFace

Maker = Callable[..., bytes]


def face(packet: bytes) -> TrackedFace:
    (record,) = LiveLinkDecoder().decode(packet, 10**9)
    assert isinstance(record, TrackedFace)
    return record


def test_the_apps_names_are_arkits() -> None:
    assert sorted(SCORES) == sorted(ARKIT)


def test_its_order_is_that_of_its_own_recordings(shared_data: Path) -> None:
    with lzma.open(shared_data / "arkit" / "range_of_motion.csv.xz", "rt") as file:
        head = next(csv.reader(file))
    assert [name[0].lower() + name[1:] for name in head[2:54]] == list(SCORES)


def test_gaze_goes_where_the_look_scores_go(shared_data: Path) -> None:
    with lzma.open(shared_data / "arkit" / "range_of_motion.csv.xz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    faces = [face_of(np.array(row[2:], np.float32), 0) for row in rows[::10]]
    scores = np.array([f.scores for f in faces])
    gaze = np.array([f.gaze for f in faces])

    def at(name: str) -> np.ndarray:
        return scores[:, ARKIT_INDEX[name]]

    left = at("eyeLookOutLeft") + at("eyeLookInRight")
    right = at("eyeLookInLeft") + at("eyeLookOutRight")
    up, down = at("eyeLookUpLeft"), at("eyeLookDownLeft")
    assert np.corrcoef(gaze[:, 0], left - right)[0, 1] > 0.99
    assert np.corrcoef(gaze[:, 1], up - down)[0, 1] > 0.99
    assert np.abs(gaze).max() < np.radians(45)


def test_a_head_that_turns_left_and_nods_up(live_link_packet: Maker) -> None:
    values = [0.0] * 61
    values[52] = 0.5
    nose = rotate(face(live_link_packet(values=values)).head, np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(nose, [np.sin(0.5), 0.0, np.cos(0.5)], atol=1e-6)
    values[52:55] = [0.0, 0.3, 0.0]
    nose = rotate(face(live_link_packet(values=values)).head, np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(nose, [0.0, np.sin(0.3), np.cos(0.3)], atol=1e-6)
    values[52:55] = [0.0, 0.0, 0.2]
    ear = rotate(face(live_link_packet(values=values)).head, np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(ear, [np.cos(0.2), np.sin(0.2), 0.0], atol=1e-6)


def test_a_recording_is_read_in_whole(recorded_live_link: list[bytes]) -> None:
    decoder = LiveLinkDecoder()
    seen = [decoder.decode(p, 10**9 + k * 16_666_667)[0] for k, p in enumerate(recorded_live_link)]
    times = np.array([record.t_seen_ns for record in seen])
    assert (np.diff(times) > 0).all()
    scores = np.array([record.scores for record in seen])
    # The recording shows every shape in turn.
    assert (scores.max(axis=0) > 0.8).all()
    assert scores.min() >= 0.0
    assert scores.max() <= 1.0


def test_scores_beyond_their_range_are_clipped(live_link_packet: Maker) -> None:
    scores = face(live_link_packet(values=[1.7, -0.4] + [0.0] * 59)).scores
    assert scores[ARKIT_INDEX["eyeBlinkLeft"]] == 1.0
    assert scores[ARKIT_INDEX["eyeLookDownLeft"]] == 0.0


def test_no_face_is_no_record_and_no_fault(live_link_packet: Maker) -> None:
    assert LiveLinkDecoder().decode(live_link_packet(values=[]), 0) == []


def test_a_replayed_packet_is_reported(live_link_packet: Maker) -> None:
    decoder = LiveLinkDecoder()
    decoder.decode(live_link_packet(10), 0)
    decoder.decode(live_link_packet(11), 16_000_000)
    with pytest.raises(StalePacketError):
        decoder.decode(live_link_packet(10), 17_000_000)


def test_every_truncation_is_malformed(live_link_packet: Maker) -> None:
    packet = live_link_packet()
    for length in range(len(packet)):
        with pytest.raises(PacketError):
            LiveLinkDecoder().decode(packet[:length], 0)
    with pytest.raises(PacketError):
        LiveLinkDecoder().decode(packet + b"\0", 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_no_numbers_are_malformed(live_link_packet: Maker, value: float) -> None:
    with pytest.raises(PacketError):
        LiveLinkDecoder().decode(live_link_packet(values=[value] + [0.0] * 60), 0)
    with pytest.raises(PacketError):
        LiveLinkDecoder().decode(live_link_packet(fraction=value), 0)


def test_angles_that_no_eye_has_are_malformed(live_link_packet: Maker) -> None:
    for place in (52, 55, 59):
        values = [0.0] * 61
        values[place] = -1e38
        with pytest.raises(PacketError):
            LiveLinkDecoder().decode(live_link_packet(values=values), 0)


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_rate_without_a_denominator_is_its_numerator(
    live_link_packet: Maker, denominator: int
) -> None:
    decoder = LiveLinkDecoder()
    times = []
    for k in range(6):
        packet = live_link_packet(1000 + k, rate=30, denominator=denominator)
        (record,) = decoder.decode(packet, k * 33_333_333 + (k % 2) * 2_000_000)
        times.append(record.t_seen_ns)
    np.testing.assert_allclose(np.diff(times), 33_333_333, atol=10)


def test_the_faces_of_a_sender_without_a_denominator_are_used(
    shared_cases: Callable[[str], list[bytes]],
) -> None:
    decoder = LiveLinkDecoder()
    seen = [
        decoder.decode(d, k * 16_666_667)
        for k, d in enumerate(shared_cases("livelink_denominator_0"))
    ]
    assert len([face for faces in seen for face in faces]) == 30


def test_a_rate_of_nothing_is_malformed(live_link_packet: Maker) -> None:
    with pytest.raises(PacketError):
        LiveLinkDecoder().decode(live_link_packet(rate=0), 0)


@given(st.binary(max_size=400))
def test_no_bytes_do_harm(data: bytes) -> None:
    with pytest.raises(PacketError):
        LiveLinkDecoder().decode(b"\x06" + data[:1] + data, 0)


@given(st.binary(min_size=12, max_size=330), st.integers(0, 300))
def test_no_damage_does_harm(noise: bytes, at: int) -> None:
    whole = bytearray(b"\x06" + struct.pack(">i", 1) + b"A" + struct.pack(">i", 1) + b"B")
    whole += struct.pack(">ifiiB", 1, 0.0, 60, 1, 61) + bytes(244)
    whole[at : at + len(noise)] = noise
    try:
        records = LiveLinkDecoder().decode(bytes(whole), 0)
    except PacketError:
        return
    for record in records:
        assert isinstance(record, TrackedFace)
        assert np.isfinite(record.scores).all()
