"""Test iFacialMocap's text protocol."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatars.maths.quaternions import rotate
from avatars.names import ARKIT_INDEX
from renderer.capture.network.ifacialmocap import FacialMocapDecoder
from renderer.capture.network.packets import PacketError
from renderer.capture.network.records import TrackedFace

# From the app's specification: the gaze is down, slightly to the performer's left.
EXAMPLE = (
    b"mouthSmile_R-0|eyeLookOut_L-0|mouthClose-8|eyeBlink_R-7|eyeLookDown_L-17|eyeBlink_L-9|"
    b"eyeLookIn_R-6|eyeLookIn_L-4|jawOpen-12|mouthLeft-1|hapihapi-0|trackingStatus-1|"
    b"=head#-21.488958,-6.038993,-6.6019735,-0.030653415,-0.10287084,-0.6584072|"
    b"rightEye#6.0297494,2.4403017,0.25649446|leftEye#6.034903,-1.6660284,-0.17520553|"
)


def face(text: bytes) -> TrackedFace:
    (record,) = FacialMocapDecoder().decode(text, 5)
    assert isinstance(record, TrackedFace)
    return record


def test_the_specifications_example() -> None:
    seen = face(EXAMPLE)
    assert seen.t_seen_ns == 5
    for name, value in {"eyeBlinkRight": 0.07, "eyeBlinkLeft": 0.09, "jawOpen": 0.12,
                        "mouthLeft": 0.01, "eyeLookDownLeft": 0.17}.items():  # fmt: skip
        assert seen.scores[ARKIT_INDEX[name]] == pytest.approx(value)
    assert seen.gaze[0] == pytest.approx(np.radians(0.3871366), abs=1e-6)
    assert seen.gaze[1] == pytest.approx(np.radians(-6.032326), abs=1e-6)
    nose = rotate(seen.head, np.array([0.0, 0.0, 1.0]))
    assert nose[1] == pytest.approx(np.sin(np.radians(21.488958)), abs=1e-6)
    assert nose[0] < 0.0


def test_the_second_version_separates_by_ampersands() -> None:
    text = b"mouthSmile_L&80|tongueOut&55|=head#0,0,0|rightEye#0,0,0|leftEye#0,0,0|"
    scores = face(text).scores
    assert scores[ARKIT_INDEX["mouthSmileLeft"]] == pytest.approx(0.8)
    assert scores[ARKIT_INDEX["tongueOut"]] == pytest.approx(0.55)


def test_two_packets_at_once_still_follow_each_other() -> None:
    decoder = FacialMocapDecoder()
    first, second = decoder.decode(EXAMPLE, 5)[0], decoder.decode(EXAMPLE, 5)[0]
    assert second.t_seen_ns > first.t_seen_ns


def test_every_truncation_is_malformed_or_whole() -> None:
    whole = face(EXAMPLE)
    for length in range(len(EXAMPLE)):
        try:
            cut = face(EXAMPLE[:length])
        except PacketError:
            continue
        # Only the roll of the second eye, which is unused, may be cut off.
        np.testing.assert_array_equal(cut.scores, whole.scores)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719",
        b"jawOpen-x|=head#0,0,0|rightEye#0,0,0|leftEye#0,0,0|",
        b"jawOpen-nan|=head#0,0,0|rightEye#0,0,0|leftEye#0,0,0|",
        b"jawOpen-1|=head#0,0|rightEye#0,0,0|leftEye#0,0,0|",
        b"jawOpen-1|=head#0,inf,0|rightEye#0,0,0|leftEye#0,0,0|",
        b"jawOpen-1|=head#0,0,0|rightEye#1e308,0,0|leftEye#1e308,0,0|",
        b"=head#0,0,0|rightEye#0,0,0|leftEye#0,0,0|",
    ],
)
def test_what_is_not_its_text_is_malformed(text: bytes) -> None:
    with pytest.raises(PacketError):
        FacialMocapDecoder().decode(text, 0)


def test_a_shape_that_is_no_number_costs_itself_alone() -> None:
    decoder = FacialMocapDecoder()
    text = b"jawOpen-50|eyeBlink_L-nan|eyeBlink_R-x|=head#0,0,0|rightEye#0,0,0|leftEye#0,0,0|"
    (record,) = decoder.decode(text, 0)
    assert record.scores[ARKIT_INDEX["jawOpen"]] == pytest.approx(0.5)
    assert record.scores[ARKIT_INDEX["eyeBlinkLeft"]] == 0.0
    assert decoder.skipped.count == 2


@given(st.text(max_size=80), st.integers(0, len(EXAMPLE)))
def test_no_damage_does_harm(noise: str, at: int) -> None:
    try:
        record = face(EXAMPLE[:at] + noise.encode() + EXAMPLE[at:])
    except PacketError:
        return
    assert np.isfinite(record.scores).all()
    assert np.isfinite(record.head).all()
