"""Test a show of another machine as desks of this one see it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from machine_studio import DEADLINE_S, Studio

from renderer.desk.joined.mirror import ShowMirror
from renderer.errors import DeskError
from renderer.protocol.inputs import CameraState, CameraStatus, InputsHealth
from renderer.protocol.machines import MachinePart
from renderer.protocol.outputs import StopLive
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Reply, Section, topic_of
from renderer.protocol.show import ShowDocument
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.messages import DeskAnswer, DeskPicture, DeskSection
from renderer.transport.session import find_sessions


class Foh:
    """A machine with a desk, joined to a show."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.member = studio.join(studio.pair("foh", MachinePart.DESK))
        studio.members.clear()  # The mirror serves it.
        self.mirror = ShowMirror(self.member, "stage-pc")
        (self.session,) = find_sessions()
        self.desk = DeskLink(self.session.folder, "Mina")

    def until(self, there: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not there():
            assert time.monotonic() < deadline, "it did not happen in time"
            self.studio.board.serve(0.005)
            self.mirror.serve()

    def follow(self, section: Section) -> Status:
        """Return the desk's status once it has a section that the show publishes."""
        found: list[Status] = []

        def received() -> bool:
            for desk in self.studio.board.desks():
                payload = msgspec.msgpack.encode(section)
                self.studio.board.send(desk, DeskSection(topic_of(type(section)), payload))
            status = self.desk.latest_status()
            if status is not None and status.has(type(section)):
                found.append(status)
            return bool(found)

        self.until(received)
        return found[0]

    def post(self) -> int:
        """Give a command as soon as the desk is connected to the mirror."""
        numbers: list[int] = []

        def posted() -> bool:
            try:
                numbers.append(self.desk.post(StopLive()))
            except DeskError:
                return False
            return True

        self.until(posted)
        return numbers[0]

    def close(self) -> None:
        self.desk.close()
        self.mirror.close()
        self.member.close()


@pytest.fixture
def foh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Foh]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("ENCORE_RUNTIME", str(runtime))
    studio = Studio(tmp_path)
    opened = Foh(studio)
    yield opened
    opened.close()
    studio.close()


def test_the_show_is_found_as_one_of_this_machine(foh: Foh) -> None:
    assert foh.session.title == "the show on stage-pc"
    assert foh.session.name == foh.mirror.session
    status = foh.follow(ShowDocument(avatar="Idol"))
    assert status.of(ShowDocument).avatar == "Idol"


def test_pictures_are_where_the_status_says_on_this_machine(foh: Foh) -> None:
    theirs = PictureStatus("C:\\show\\camera-0.picture", 32, 16)
    camera = CameraStatus("cam", CameraState.SEEING, picture=theirs)
    evil = CameraStatus("cam", CameraState.SEEING, picture=PictureStatus("/x/..", 32, 16))
    done, jpeg = cv2.imencode(".jpg", np.full((16, 32, 3), (0, 0, 250), np.uint8))
    assert done
    cameras = foh.follow(InputsHealth([camera, evil])).of(InputsHealth).cameras
    assert cameras[1].picture is None
    assert cameras[0].picture is not None
    path = Path(cameras[0].picture.path)
    assert path.parent == foh.session.folder
    (desk,) = foh.studio.board.desks()
    for broken in (b"", jpeg.tobytes()[:20]):
        foh.studio.board.send(desk, DeskPicture(theirs.path, 32, 16, broken, 1))
    foh.studio.board.send(desk, DeskPicture("/x/..", 32, 16, jpeg.tobytes(), 1))
    foh.studio.board.send(desk, DeskPicture(theirs.path, 99, 16, jpeg.tobytes(), 1))
    foh.studio.board.send(desk, DeskPicture(theirs.path, 32, 16, jpeg.tobytes(), 7))
    foh.until(path.exists)
    with LatestPicture.open(path) as picture:
        read = picture.read()
    assert read is not None
    assert read[1] == 7
    assert np.abs(read[0].astype(int) - (250, 0, 0)).max() < 10


def test_a_command_is_executed_there_and_answered_here(foh: Foh) -> None:
    foh.until(lambda: foh.member.is_welcome and foh.member.clock.is_known)
    number = foh.post()
    foh.until(lambda: foh.studio.commands)
    ((machine, asked, desk),) = foh.studio.commands
    assert machine.name == "foh"
    command = msgspec.msgpack.decode(asked.command, type=StopLive)
    assert command == StopLive(operator="Mina")
    assert 0 < asked.expires_ns - time.monotonic_ns() < 5e9
    foh.studio.board.send(desk, DeskAnswer(asked.number, Reply(True, "stopped")))
    answers: dict[int, Reply] = {}
    foh.until(lambda: answers.update(foh.desk.replies()) or answers)
    assert answers == {number: Reply(True, "stopped")}


def test_without_a_network_a_command_is_refused(foh: Foh) -> None:
    foh.studio.board.close()
    foh.until(lambda: not foh.member.is_welcome)
    number = foh.post()
    answers: dict[int, Reply] = {}
    foh.until(lambda: answers.update(foh.desk.replies()) or answers)
    assert not answers[number].ok
    assert "The show on stage-pc" in answers[number].text
