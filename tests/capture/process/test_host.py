"""Test tracking for a show on another machine: a camera that fails, a file that is played."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from machine_studio import Studio

from renderer.capture.process.host import CaptureHost
from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    FrameObservations,
    SourceInfo,
    unpack,
)
from renderer.capture.process.worker import Job
from renderer.processes.process import ChildProcess
from renderer.protocol.machines import MachinePart
from renderer.transport.machines.card import read_card
from renderer.transport.machines.member import connect, receive, send
from renderer.transport.machines.messages import (
    CaptureData,
    CaptureOrder,
    CapturePicture,
    WantCapture,
)

ORDER = CaptureOrder(performers=1, picture_width=64, focal=1.1)


class Launcher:
    """Starts processes in a tracker's place, each with the next target."""

    def __init__(self, *targets: str) -> None:
        self._targets = list(targets)

    def __call__(self, name: str, job: Job) -> tuple[ChildProcess, Connection]:
        pipe, sink = Pipe(duplex=False)
        target = self._targets.pop(0) if len(self._targets) > 1 else self._targets[0]
        process = ChildProcess(name, f"machine_roles:{target}", job, sink, None)
        process.start()
        return process, pipe


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    opened = Studio(tmp_path)
    yield opened
    opened.close()


class Running:
    """A host in a thread, and what the show receives of it."""

    def __init__(self, studio: Studio, launcher: Launcher) -> None:
        self.studio, self.told = studio, list[str]()
        show = studio.pair("studio-b", MachinePart.CAPTURE)
        self.host = CaptureHost(show, "camera:0", "1.0", self.told.append, launch=launcher)
        card = read_card(studio.session)
        assert card is not None
        self._waiting = connect(studio.context, card.endpoint, card.server, card.keys)
        self.controls: list[Control] = []
        self.frames: list[FrameObservations] = []
        self.pictures = 0
        self._stop = threading.Event()
        self.thread = threading.Thread(target=self.host.run, args=(self._stop,))
        self.thread.start()

    def look(self) -> None:
        """Ask for landmarks, and keep what comes."""
        send(self._waiting, WantCapture("studio-b", ORDER))
        for message in receive(self._waiting):
            if isinstance(message, CapturePicture):
                self.pictures += 1
            elif isinstance(message, CaptureData):
                found = unpack(message.data)
                if isinstance(found, tuple):
                    self.frames.append(found)
                else:
                    self.controls.append(found)

    def close(self) -> None:
        self._stop.set()
        self.thread.join()
        self.host.close()
        self._waiting.close()


def test_a_camera_that_fails_is_reported_and_opened_again(studio: Studio) -> None:
    running = Running(studio, Launcher("fail", "count_frames"))
    try:
        studio.until(lambda: running.look() or (running.frames and running.pictures))
    finally:
        running.close()
    kinds = [type(one) for one in running.controls]
    assert SourceInfo in kinds
    ended = next(one for one in running.controls if isinstance(one, EndOfStream))
    assert ended.failed
    assert "is not plugged in" in ended.reason
    assert any("is opened again" in text for text in running.told)


def test_a_file_that_was_played_ends_the_host(studio: Studio) -> None:
    running = Running(studio, Launcher("play"))
    try:
        studio.until(lambda: running.look() or not running.thread.is_alive())
        studio.until(
            lambda: running.look() or any(isinstance(one, EndOfStream) for one in running.controls)
        )
    finally:
        running.close()
    assert not any(one.failed for one in running.controls if isinstance(one, EndOfStream))
    assert running.told[-1] == "the file has been played"
