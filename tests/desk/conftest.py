"""Fixtures: a real show's end of the bus, and Qt without a screen."""

from __future__ import annotations

import getpass
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Set before Qt is loaded.

import msgspec
import numpy as np
import pytest
from statuses import status_with

from renderer.protocol.inputs import CameraPoints, CameraState, CameraStatus, PerformerPoints
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.protocol.performers import LimbState, PerformerStatus
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Reply, section_types
from renderer.protocol.show import ShowState
from renderer.protocol.status import Status
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session, announce

STATUS = status_with(
    Status(),
    state=ShowState.PREVIEW, show_seconds=83.4, length_seconds=200.0, frames=2502, frame_rate=29.9,
    target_rate=30.0, latency_ms=62.3, dropped=3, performer="Ren", avatar="Aoi",
    song="anthem.ogg", usage="stream", licence=["Credit <b>is</b> required."],
    outputs=[
        OutputStatus("stream 1", "rtmp", "rtmp://live.example.net/a/secret", OutputState.RUNNING,
                     "", 28411),
        OutputStatus("stream 2", "rtmp", "rtmp://b.example.net/app/x", OutputState.RETRYING,
                     "refused", 0, 9),
    ],
    recording=False, stage_ms={"motion": 2.1, "draw": 14.2}, warnings=["The song is silent."],
    performers=[
        PerformerStatus(0, "Ren", [LimbState.LIVE] * 9, [1.0] * 9, sources=["camera"] * 9)
    ],
    cameras=[
        CameraStatus("camera 0", CameraState.SEEING, frame_rate=29.9, latency_ms=31.4,
                     performers=[0])
    ],
    points=[CameraPoints([PerformerPoints([0.5, 0.25] * 33, [0.5, 0.5] * 478)])],
)  # fmt: skip


DONE = Reply(True, "Done.")


@dataclass
class Show:
    """The show's side, as seen by a desk."""

    session: Session
    endpoint: ShowEndpoint
    status: Status = STATUS
    heard: list[Command] = field(default_factory=list)
    pictures: list[LatestPicture] = field(default_factory=list)
    answer: Reply | None = DONE

    def change(self, **values: object) -> None:
        self.status = status_with(self.status, **values)

    def tick(self) -> None:
        """Publish what an engine publishes once per frame."""
        for command, reply in self.endpoint.commands():
            # A link adds the user's name to a command that names no operator.
            if command.operator == getpass.getuser():
                command = msgspec.structs.replace(command, operator="")
            self.heard.append(command)
            if self.answer is not None:
                reply(self.answer)
        for kind in section_types():
            if self.status.has(kind):
                self.endpoint.publish(self.status.of(kind))

    def picture(self, name: str, width: int, height: int, value: int) -> PictureStatus:
        """Publish a plain picture."""
        path = self.session.folder / name
        picture = LatestPicture.create(path, width, height)
        self.pictures.append(picture)
        picture.publish(np.full((height, width, 3), value, np.uint8), 1)
        return PictureStatus(str(path), width, height)

    def show_cameras(self, *cameras: CameraStatus) -> None:
        """Publish these cameras, each with its own picture."""
        self.change(
            cameras=[
                msgspec.structs.replace(
                    camera, picture=self.picture(f"camera-{number}", 40, 30, 90 + number)
                )
                for number, camera in enumerate(cameras)
            ]
        )

    def close(self) -> None:
        for picture in self.pictures:
            picture.close()
        self.endpoint.close()
        self.session.close()


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "runtime"))
    monkeypatch.setenv("ENCORE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("ENCORE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "runtime"


@pytest.fixture
def make_show(runtime: Path) -> Iterator[Callable[[str], Show]]:
    made: list[Show] = []

    def make(title: str) -> Show:
        session = announce(title)
        made.append(Show(session, ShowEndpoint(session.folder)))
        return made[-1]

    yield make
    for show in made:
        show.close()


@pytest.fixture
def show(make_show: Callable[[str], Show]) -> Show:
    return make_show("camera 0 as Aoi")


@pytest.fixture
def status() -> Status:
    return STATUS


MakeShow = Callable[[str], Show]
Until = Callable[..., None]


class FakeClock:
    """A clock that advances on request."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def until() -> Callable[..., None]:
    """Return a function that calls `step` until `there` is true."""

    def wait(there: Callable[[], object], step: Callable[[], object] = lambda: None) -> None:
        end = time.monotonic() + 10
        while not there():
            assert time.monotonic() < end, "it did not happen in time"
            step()
            time.sleep(0.005)

    return wait
