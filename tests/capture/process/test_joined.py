"""Test landmarks that another machine sends: they come as if they had been tracked here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from machine_studio import DEADLINE_S, Studio

from renderer.capture.process.messages import EndOfStream, SourceInfo, SourceLosses, pack
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.protocol.machines import MachinePart
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import CaptureData, CapturePicture, OpenCapture

INFO = SourceInfo("cam", (1280, 720), 30.0, None, (64, 36))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    opened = Studio(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def member(studio: Studio) -> Membership:
    return studio.join(studio.pair("studio-b", MachinePart.CAPTURE))


@pytest.fixture
def capture(studio: Studio, member: Membership) -> Iterator[CaptureProcess]:
    picture = studio.session / "camera-0.picture"
    with CaptureProcess("machine:studio-b", live=True, picture=picture, performers=2) as opened:
        yield opened


def seen(index: int, t_seen_ns: int = 0, performers: int = 2) -> CaptureData:
    """Return the message with a frame's observations."""
    one = Observation(t_seen_ns or time.monotonic_ns(), index, (1280, 720))
    return CaptureData(pack(tuple(replace(one, performer=n) for n in range(performers))))


def open_camera(studio: Studio, member: Membership) -> None:
    """Describe the source as soon as the show has asked for it."""
    studio.until(lambda: any(isinstance(one, OpenCapture) for one in studio.received["studio-b"]))
    member.send(CaptureData(pack(INFO)))


def next_frame(studio: Studio, capture: CaptureProcess) -> tuple[Observation, ...]:
    """Return the next frame's observations, served meanwhile."""
    got: list[tuple[Observation, ...]] = []

    def receive() -> bool:
        frame = capture.get_all(0.0)
        if isinstance(frame, tuple):
            got.append(frame)
        return bool(got)

    studio.until(receive)
    return got[0]


def test_observations_come_with_their_time_and_source(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    open_camera(studio, member)
    member.send(seen(7, 123_456_789))
    frame = next_frame(studio, capture)
    assert [(one.performer, one.t_seen_ns) for one in frame] == [(0, 123_456_789), (1, 123_456_789)]
    assert capture.info.name == "studio-b: cam"
    assert capture.info.size == INFO.size
    order = next(one for one in studio.received["studio-b"] if isinstance(one, OpenCapture)).order
    assert order.performers == 2


def test_a_preview_is_shared_as_a_camera_s_own(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    open_camera(studio, member)
    done, jpeg = cv2.imencode(".jpg", np.full((36, 64, 3), (0, 0, 255), np.uint8))
    assert done
    path = studio.session / "camera-0.picture"
    shown: list[np.ndarray] = []

    def receive() -> bool:
        member.send(CapturePicture(jpeg.tobytes(), 5))
        if path.exists():
            with LatestPicture.open(path) as picture:
                if (read := picture.read()) is not None:
                    shown.append(read[0])
        return bool(shown)

    studio.until(receive)
    assert np.abs(shown[0].astype(int) - (255, 0, 0)).max() < 8


def test_what_cannot_be_read_is_left_out(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    open_camera(studio, member)
    for data in (b"", b"x", b"o", b"\x00" * 100 + b"o", b"\xc1c", pack(INFO)[:-1]):
        member.send(CaptureData(data))
    member.send(seen(1, performers=1))
    member.send(CapturePicture(b"no picture", 5))
    member.send(CaptureData(pack(SourceLosses("two frames were lost"))))
    member.send(seen(2))
    assert next_frame(studio, capture)[0].index == 2
    assert capture.losses.warning == "two frames were lost"


def test_a_cut_is_survived_and_landmarks_come_again(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    open_camera(studio, member)
    member.send(seen(1))
    next_frame(studio, capture)
    port = studio.board.port
    studio.board.close()
    studio.board = studio.open(port)
    studio.received["studio-b"].clear()
    studio.until(lambda: any(isinstance(one, OpenCapture) for one in studio.received["studio-b"]))
    member.send(seen(2))
    assert next_frame(studio, capture)[0].index == 2


def test_the_end_of_its_source_ends_it(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    open_camera(studio, member)
    member.send(CaptureData(pack(EndOfStream("cam has ended"))))
    studio.until(lambda: isinstance(capture.get_all(0.0), EndOfStream))


def test_a_show_without_machines_refuses_the_input(tmp_path: Path) -> None:
    path = tmp_path / "camera-0.picture"
    with (
        CaptureProcess("machine:studio-b", live=True, picture=path) as capture,
        pytest.raises(CaptureError, match="cannot join here"),
    ):
        capture.get_all(DEADLINE_S)
