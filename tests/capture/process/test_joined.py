"""Test landmarks that another machine sends: they come as if they had been tracked here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
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
from renderer.transport.machines.messages import (
    CaptureData,
    CapturePicture,
    FromMachine,
    OpenCapture,
)

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
    one = Observation(t_seen_ns or time.monotonic_ns() + 10**12, index, (1280, 720))
    return CaptureData(pack(tuple(replace(one, performer=n) for n in range(performers))))


def until_frame(
    studio: Studio, member: Membership, capture: CaptureProcess, *messages: FromMachine
) -> tuple[Observation, ...]:
    """Send messages, again and again as a machine does, until a frame's observations come."""
    got: list[tuple[Observation, ...]] = []

    def receive() -> bool:
        for message in (CaptureData(pack(INFO)), *messages):
            member.send(message)
        frame = capture.get_all(0.0)
        if isinstance(frame, tuple):
            got.append(frame)
        return bool(got)

    studio.until(receive)
    return got[0]


def test_observations_come_with_their_time_and_source(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    ahead_ns = time.monotonic_ns() + 10**12  # So that no load makes it too old.
    frame = until_frame(studio, member, capture, seen(7, ahead_ns))
    assert [(one.performer, one.t_seen_ns) for one in frame] == [(0, ahead_ns), (1, ahead_ns)]
    assert capture.info.name == "studio-b: cam"
    assert capture.info.size == INFO.size
    order = next(one for one in studio.received["studio-b"] if isinstance(one, OpenCapture)).order
    assert order.performers == 2


def test_a_preview_is_shared_as_a_camera_s_own(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    done, jpeg = cv2.imencode(".jpg", np.full((36, 64, 3), (0, 0, 255), np.uint8))
    assert done
    path = studio.session / "camera-0.picture"
    shown: list[np.ndarray] = []

    def receive() -> bool:
        member.send(CaptureData(pack(INFO)))
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
    malformed = (b"", b"x", b"o", b"\x00" * 100 + b"o", b"\xc1c", pack(INFO)[:-1])
    frame = until_frame(
        studio, member, capture,
        *map(CaptureData, malformed),
        seen(1, performers=1),
        seen(1, time.monotonic_ns() - 3 * 10**9),  # It was under way during a cut.
        CapturePicture(b"no picture", 5),
        CaptureData(pack(msgspec.structs.replace(INFO, picture_size=(10_000, 10_000)))),
        CaptureData(pack(msgspec.structs.replace(INFO, size=(0, -1)))),
        CaptureData(pack(SourceLosses("two frames were lost"))),
        seen(2),
    )  # fmt: skip
    assert frame[0].index == 2
    studio.until(lambda: capture.get_all(0.0) is None and capture.losses.warning)


def test_a_cut_is_survived_and_landmarks_come_again(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    until_frame(studio, member, capture, seen(1))
    port = studio.board.port
    studio.board.close()
    studio.board = studio.open(port)
    studio.received["studio-b"].clear()
    studio.until(lambda: any(isinstance(one, OpenCapture) for one in studio.received["studio-b"]))
    # Frames from before the cut may still be under way.
    while until_frame(studio, member, capture, seen(2))[0].index != 2:
        pass


def test_the_end_of_its_source_ends_it(
    studio: Studio, member: Membership, capture: CaptureProcess
) -> None:
    until_frame(studio, member, capture, seen(1))

    def has_ended() -> bool:
        member.send(CaptureData(pack(EndOfStream("cam has ended"))))
        return isinstance(capture.get_all(0.0), EndOfStream)

    studio.until(has_ended)


def test_a_show_without_machines_refuses_the_input(tmp_path: Path) -> None:
    path = tmp_path / "camera-0.picture"
    with (
        CaptureProcess("machine:studio-b", live=True, picture=path) as capture,
        pytest.raises(CaptureError, match="cannot join here"),
    ):
        capture.get_all(DEADLINE_S)
