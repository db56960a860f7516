"""Test that an engine on another machine goes on with a show, whose outputs stay where they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from engine_roles import HEIGHT, PROGRAM_FORMAT, RATE, draw_white
from machine_studio import Studio

from renderer.errors import DeskError
from renderer.output.media_client import MediaClient
from renderer.output.spec import OutputSpec
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.machines import MachinePart
from renderer.protocol.performers import LimbState
from renderer.protocol.pictures import PROGRAM
from renderer.rights.declaration import Declaration
from renderer.show.host.resume import PerformerState, ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.remote_engine.host import StandbyHost
from renderer.show.remote_engine.records import RemoteEngine
from renderer.show.supervision.engine_process import EngineProcess
from renderer.show.supervision.media_keeper import MediaKeeper
from renderer.show.supervision.messages import (
    AddEvent,
    Finished,
    FromEngine,
    OpenBus,
    OpenMedia,
    StandbyLevel,
)
from renderer.transport.link import Link

DEADLINE_S = 60.0
STATE = ResumeState((320, 180), RATE, run=3, performers=[PerformerState([LimbState.LIVE])])
PLAN = ShowPlan(
    ("camera:0",), (IDOL,), None, Declaration("Mina"), live=True, standby_machine="spare"
)


def wait_until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not there():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


class ServedStudio:
    """A studio whose port for machines is served by a thread."""

    def __init__(self, folder: Path) -> None:
        self.studio = Studio(folder)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="switchboard")
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and close the port."""
        self._stop.set()
        self._thread.join()
        self.studio.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            self.studio.board.serve(0.005)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedStudio]:
    one = ServedStudio(tmp_path)
    yield one
    one.close()


class LocalEngine:
    """The engine of the show's own machine, which draws black and then dies."""

    def __init__(self) -> None:
        self.media = MediaClient(live=True)
        self.origin_ns = time.monotonic_ns()

    def send_link(self, link: Link) -> None:
        self.media.attach(link)

    def draw(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if (planes := self.media.frame_buffer()) is not None:
                planes[:HEIGHT], planes[HEIGHT:] = 16, 128
                now_ns = time.monotonic_ns()
                self.media.submit(0, now_ns - self.origin_ns, now_ns, 1, origin_ns=self.origin_ns)
            time.sleep(1 / RATE)


class Show:
    """The part of a supervisor that answers engines."""

    def __init__(self, folder: Path) -> None:
        self.media = MediaKeeper(Alarms())
        self._folder = folder
        self.events: list[str] = []
        self.report: Finished | None = None

    def answer(self, engine: Any, message: FromEngine) -> Any:
        match message:
            case OpenBus():
                return self._folder
            case OpenMedia():
                self.media.open(message, engine)
            case AddEvent(_, text, _):
                self.events.append(text)
            case Finished():
                self.report = message
        return None


@pytest.fixture
def show(served: ServedStudio) -> Iterator[Show]:
    one = Show(served.studio.session)
    yield one
    one.media.close()


@pytest.fixture
def engine(served: ServedStudio, show: Show) -> Iterator[EngineProcess]:
    process = EngineProcess(
        PLAN, STATE, show.answer, standby=StandbyLevel.PREPARED, number=2,
        elsewhere=RemoteEngine("spare", str(served.studio.session)),
    )  # fmt: skip
    process.start()
    yield process
    process.close()


class Spare:
    """The other machine."""

    def __init__(self, served: ServedStudio, plan: ShowPlan = PLAN) -> None:
        self.told: list[str] = []
        joined = served.studio.pair("spare", MachinePart.STANDBY)
        self._stop = threading.Event()
        self._host = StandbyHost(joined, plan, "1.0", self.told.append, draw_white)
        self._thread = threading.Thread(target=self._host.run, args=(self._stop,), name="standby")
        self._thread.start()

    def close(self) -> None:
        """End everything on that machine. Idempotent."""
        self._stop.set()
        self._thread.join()
        self._host.close()


def read_light(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return times and mean brightness of a recording's pictures."""
    with av.open(str(path)) as file:
        frames = [(one.time, one.to_ndarray()[:HEIGHT].mean()) for one in file.decode(video=0)]
    times, light = np.array(frames).T
    return times, light


def test_it_goes_on_with_the_recording_and_a_cut_is_a_lost_engine(
    served: ServedStudio, show: Show, engine: EngineProcess, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    spare = Spare(served)
    try:
        wait_until(lambda: engine.is_ready)
        local = LocalEngine()
        show.answer(local, OpenMedia(PROGRAM, PROGRAM_FORMAT, None, None))
        local.media.add(OutputSpec("mp4", str(path)))
        local.draw(1.0)
        local.media.close()
        engine.take_over(STATE)
        # Its session's folder is one of its own machine.
        wait_until(lambda: show.events == ["True 3", "drawn"])
        assert not engine.has_ended
    finally:
        spare.close()
    wait_until(lambda: engine.has_ended)
    assert isinstance(engine.error, DeskError)
    assert engine.error.thing == "machine spare"
    again = MediaClient(live=True)
    again.attach(show.media._hosts[PROGRAM].create_link(PROGRAM))
    again.finish()
    times, light = read_light(path)
    assert np.diff(times).min() > 0
    assert np.diff(times).max() < 1.6 / RATE, "no tick is without a frame"
    assert light[: RATE // 2].max() < 30
    assert (light > 200).sum() > RATE // 2, "the other machine's pictures"


def test_it_finishes_the_show_when_asked_to(
    served: ServedStudio, show: Show, engine: EngineProcess
) -> None:
    spare = Spare(served)
    try:
        wait_until(lambda: engine.is_ready)
        local = LocalEngine()
        show.answer(local, OpenMedia(PROGRAM, PROGRAM_FORMAT, None, None))
        local.draw(0.2)
        local.media.close()
        engine.take_over(STATE)
        wait_until(lambda: show.events)
        engine.request_stop()
        wait_until(lambda: engine.has_ended)
        assert show.report is not None
        assert show.report.report.performer == "Mina"
        assert engine.error is None
    finally:
        spare.close()


def test_a_machine_with_another_avatar_is_refused_by_its_name(
    served: ServedStudio, engine: EngineProcess, tmp_path: Path
) -> None:
    other = tmp_path / IDOL.name
    other.write_bytes(b"another idol")
    plan = ShowPlan(("camera:0",), (other,), None, Declaration("Mina"), live=True)
    spare = Spare(served, plan)
    try:
        wait_until(lambda: engine.has_ended)
    finally:
        spare.close()
    said = f"avatar 1, {IDOL.name}, is not the same as on the show's machine; copy it from there"
    assert said in engine.fate
    assert any(said in line for line in spare.told)
