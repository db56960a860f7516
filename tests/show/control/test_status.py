"""Test that the published status of cameras, phones and voices is correct."""

from __future__ import annotations

import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS
from renderer.motion.core.sources import Source
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    ChangeCamera,
    EndCameraTrial,
    InputsHealth,
    LandmarkPoints,
    ReopenCamera,
    RestoreCamera,
    SwapCamera,
    TrackerKind,
    TrackerState,
    TryCamera,
)
from renderer.protocol.show import EndShow
from renderer.protocol.status import Status
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.status import inputs_health, landmark_points
from renderer.show.event_log import EventLog
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.performers.cast import Cast
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes
from renderer.transport.bus import DeskLink
from renderer.transport.latest import LatestPicture
from renderer.transport.session import find_sessions

Start = Callable[..., subprocess.Popen[str]]
STEP = 33_333_333
FRAMES = 20


def written(path: Path, *performers: bool) -> Path:
    """Write a take of performers, of whom some are visible."""
    with TakeWriter(path, {}) as writer:
        for number in range(FRAMES):
            for who, is_seen in enumerate(performers):
                pose = np.full((33, 3), 0.25 * (who + 1), np.float32) if is_seen else None
                seen = Observation(number * STEP, number, (640, 480), pose=pose, performer=who)
                writer.put(Source.CAMERA, seen, who)
    return path


@pytest.fixture
def port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def cast(tmp_path: Path, port: int) -> Iterator[Cast]:
    """Yield three performers with two cameras, the third with a phone; the second is absent."""
    takes = written(tmp_path / "wide.mcap", True, False), written(tmp_path / "close.mcap", True)
    plan = ShowPlan(
        inputs=tuple(map(str, takes)),
        avatars=(IDOL,),
        song=None,
        declaration=Declaration("Ren, Mai, Kim"),
        companions=AuxiliaryOptions(faces=(f"Kim=livelink:{port}",)),
    )
    feeds = [(TakeFeed(take, live=False), count) for take, count in zip(takes, (2, 1), strict=True)]
    with Cast(
        plan,
        feeds,
        [load_avatar(IDOL)],
        StageTimes(),
        lambda _: tmp_path / "p",
        Containment(Alarms(), EventLog(), live=False),
    ) as cast:
        yield cast


def phone(number: int) -> bytes:
    """Return a datagram of Live Link Face."""
    name = b"Phone"
    head = b"\x06" + struct.pack(">i", 4) + b"DEAD" + struct.pack(">i", len(name)) + name
    return head + struct.pack(">ifiiB", number, 0.0, 60, 1, 61) + struct.pack(">61f", *[0.0] * 61)


def picture(number: int) -> Path:
    return Path(f"camera-{number}")


def test_cameras_tell_whom_they_serve_and_see(cast: Cast) -> None:
    cast.advance(5 * STEP)
    wide, close = inputs_health(cast, picture).cameras
    assert (wide.name, wide.state, wide.performers) == ("wide.mcap", CameraState.SEEING, [0, 1])
    assert (close.name, close.performers) == ("close.mcap", [2])
    near, far = landmark_points(cast).points
    assert [len(one.pose_points) for one in near.performers] == [66, 0]
    assert far.performers[0].pose_points == [0.25] * 66
    assert near.t_seen_ns == 5 * STEP
    assert wide.frame_rate == pytest.approx(30.0, rel=1e-3)
    cast.advance(100 * STEP)
    wide, close = inputs_health(cast, picture).cameras
    assert {wide.state, close.state} == {CameraState.ENDED}
    far = landmark_points(cast).points[1]
    assert far.performers[0].pose_points == [], "who was seen last is not there any more"


def test_a_phone_belongs_to_its_performer_and_its_state_is_reported(cast: Cast, port: int) -> None:
    (found,) = inputs_health(cast, picture).trackers
    assert (found.kind, found.name, found.performer) == (
        TrackerKind.PHONE, f"livelink:{port}", 2,
    )  # fmt: skip
    assert found.state is TrackerState.WAITING
    directing = DirectorCommands(cast.performers, "Ren, Mai, Kim")
    assert set(directing.statuses()[2].sources) == {"camera"}
    began_ns = time.monotonic_ns()
    now_ns = began_ns
    sources = [[""] * len(LIMBS)] * 3
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        while sources[2][LIMBS.index("face")] != "phone":
            assert now_ns < began_ns + 30e9, "the phone never showed"
            now_ns = time.monotonic_ns()
            # The sender's own clock keeps time with ours, regardless of this machine's load.
            sender.sendto(phone((now_ns - began_ns) * 60 // 10**9), ("127.0.0.1", port))
            time.sleep(0.02)
            cast.pose_at(time.monotonic_ns())
            sources = [one.sources for one in directing.statuses()]
    (heard,) = inputs_health(cast, picture).trackers
    assert heard.state is TrackerState.HEARD
    assert "127.0.0.1" in heard.detail
    assert sources[2][LIMBS.index("leftLeg")] == "camera"
    assert set(sources[0]) == {"camera"}, "it belongs to the camera alone"
    directing.close()


def until(link: DeskLink, look: Callable[[Status], object], what: str) -> Status:
    """Return the first status for which `look` is true."""
    deadline = time.monotonic() + 90.0
    while time.monotonic() < deadline:
        if (status := link.latest_status()) is not None and look(status):
            return status
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen")


@pytest.fixture
def link(start: Start, long_clip: Path) -> Iterator[DeskLink]:
    """Yield a desk at a live show of two cameras, which ends with the test."""
    process = start("show", "--input", long_clip, "--input", long_clip, "--live", "--off-air",
                    "--performer", "Ren, Mai", "--size", "256x144")  # fmt: skip
    deadline = time.monotonic() + 90.0
    while not (sessions := find_sessions()) or not (sessions[0].folder / "bus.json").exists():
        assert time.monotonic() < deadline, "no session came"
        time.sleep(0.05)
    with DeskLink(sessions[0].folder) as link:
        yield link
        assert link.send(EndShow()).ok
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, out + err


def camera(status: Status, number: int) -> CameraStatus | None:
    cameras = status.of(InputsHealth).cameras
    return cameras[number] if number < len(cameras) else None


def state(status: Status, number: int) -> CameraState | None:
    found = camera(status, number)
    return None if found is None else found.state


def name(status: Status, number: int) -> str:
    found = camera(status, number)
    return "" if found is None else found.name


def sees(status: Status, number: int) -> bool:
    points = status.of(LandmarkPoints).points
    return (
        state(status, number) is CameraState.SEEING
        and number < len(points)
        and bool(points[number].performers[0].pose_points)
    )


def test_a_show_of_two_cameras_shows_both_and_changes_them(
    link: DeskLink, long_clip: Path, tmp_path: Path
) -> None:
    # As long as the others: a show ends with the last of its inputs.
    other_clip = tmp_path / "other.mp4"
    other_clip.write_bytes(long_clip.read_bytes())
    for number in range(2):
        met = until(link, lambda status, k=number: sees(status, k), "a sight").of(InputsHealth)
    assert [camera.performers for camera in met.cameras] == [[0], [1]]
    for each in met.cameras:
        assert each.changeable
        assert each.picture is not None
        assert each.picture.width == 320, "small beside another"
        with LatestPicture.open(each.picture.path) as picture:
            assert picture.read() is not None
    assert len({camera.picture and camera.picture.path for camera in met.cameras}) == 2

    for command, word in (
        (ChangeCamera(0, "dance.mcap"), "dance.mcap"),
        (ChangeCamera(0, " "), "No camera"),
        (ReopenCamera(2), "no camera 3"),
    ):
        reply = link.send(command)
        assert not reply.ok
        assert word in reply.text
    assert link.send(ReopenCamera(0)).ok
    assert link.send(ChangeCamera(1, str(other_clip))).ok
    until(link, lambda status: state(status, 0) is CameraState.RECONNECTING, "a camera let go")
    until(link, lambda status: name(status, 1) == other_clip.name, "another in its place")
    until(link, lambda status: sees(status, 0), "a camera opened again")

    # A camera is looked at before it takes the place of another, and back again.
    assert not link.send(SwapCamera(0)).ok
    assert link.send(TryCamera(0, str(other_clip))).ok
    tried = until(link, tries, "a trial").of(InputsHealth)
    assert tried.trial is not None
    assert tried.trial.picture is not None
    with LatestPicture.open(tried.trial.picture.path) as picture:
        assert picture.read() is not None
    assert tried.cameras[0].name == long_clip.name, "the camera in use is not affected"
    assert link.send(SwapCamera(0)).ok
    swapped = until(link, lambda status: name(status, 0) == other_clip.name, "a swap")
    assert swapped.of(InputsHealth).trial is None
    assert swapped.of(InputsHealth).cameras[0].before == long_clip.name
    until(link, lambda status: sees(status, 0), "the camera that was tried")
    assert link.send(RestoreCamera(0)).ok
    states = set()

    def is_back(status: Status) -> bool:
        states.add(state(status, 0))
        return name(status, 0) == long_clip.name

    back = until(link, is_back, "the camera before").of(InputsHealth)
    assert not states & {CameraState.OPENING, CameraState.RECONNECTING}, (
        "the camera in use stays until the other gives pictures"
    )
    assert back.trial is None
    assert back.cameras[0].before == other_clip.name
    assert link.send(TryCamera(1, "camera:63")).ok
    until(link, fails_to_try, "a camera that is not there")
    assert not link.send(SwapCamera(1)).ok
    assert link.send(EndCameraTrial(1)).ok
    until(link, tries_nothing, "no trial")


def tries(status: Status) -> bool:
    """Return whether a camera is tried that sees somebody."""
    trial = status.of(InputsHealth).trial
    points = status.of(LandmarkPoints).trial_points
    return (
        trial is not None
        and trial.state is CameraState.SEEING
        and any(one.pose_points for one in points.performers)
    )


def tries_nothing(status: Status) -> bool:
    """Return whether no camera is tried."""
    return status.of(InputsHealth).trial is None


def fails_to_try(status: Status) -> bool:
    """Return whether a camera is tried that could not be opened."""
    trial = status.of(InputsHealth).trial
    return trial is not None and trial.state is CameraState.ENDED and bool(trial.detail)
