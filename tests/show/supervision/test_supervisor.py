"""Test what the supervisor does by itself: it loads little, merges alarms, and joins recordings."""

from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import msgspec
import pytest

from renderer.processes.backoff import Backoff
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import GoLive, OutputState, OutputStatus, RecordingPart
from renderer.protocol.performers import LimbState
from renderer.protocol.schema import Reply
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.rights.declaration import Declaration
from renderer.show.host.resume import InputState, PerformerState, ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.report import ShowReport
from renderer.show.supervision import standby
from renderer.show.supervision.joining import join_recordings
from renderer.show.supervision.messages import AddAlarm, OpenBus, Publish, Saved
from renderer.show.supervision.supervisor import Supervisor
from renderer.transport.bus import DeskLink

ENGINE: Any = None
HEAVY = ("OpenGL", "av", "cv2", "mediapipe", "moderngl", "numba", "PySide6", "scipy", "torch")
STATE = ResumeState(
    (640, 360), 30, ["hls-1"], ["mp4-2"], 2, True, 100, 1, 2, 3,
    [InputState("camera:0", (640, 480), 30.0, None, (320, 240), None, [2.5, None])],
    [PerformerState([LimbState.LIVE, LimbState.FROZEN], "take.mcap")],
    {"mp4-2": [RecordingPart("show.mp4", 0.0)]},
)  # fmt: skip


class Nobody:
    def on_start(self, alarms: object, folder: object) -> None: ...

    def on_progress(self, progress: object) -> None: ...


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    plan = ShowPlan(("camera:0",), (Path("idol.vrm"),), None, Declaration(""), live=True)
    return Supervisor(plan, Nobody())


def test_the_supervisor_loads_nothing_that_draws_tracks_or_encodes() -> None:
    program = (
        "import sys, renderer.show.supervision.supervisor, renderer.show.console; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_an_engine_loads_only_what_it_needs() -> None:
    """The audience sees a slate while it loads."""
    program = (
        "import sys, renderer.show.show; "
        "print([name for name in ('torch', 'scipy.signal', 'mediapipe') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_without_an_engine_commands_are_answered_and_the_end_is_obeyed(
    supervisor: Supervisor,
) -> None:
    said: list[Reply] = []
    supervisor.has_begun = True
    supervisor._pass_on(GoLive(), said.append)
    supervisor._pass_on(EndShow(), said.append)
    assert [reply.ok for reply in said] == [False, True]
    assert "started again" in said[0].text
    assert supervisor._end_requested


class Prepared:
    """Stands in for a standby engine."""

    def __init__(self) -> None:
        self.states: list[ResumeState] = []
        self.is_ready, self.has_ended, self.fate, self.ran_s = True, False, "was killed", 60.0
        self.error = self.exit_status = None

    def start(self) -> None: ...

    def take_over(self, state: ResumeState, _environment: object) -> None:
        self.states.append(state)

    def close(self) -> None: ...


def test_a_prepared_engine_on_another_machine_goes_on_before_one_here(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "_AFTER_S", 0.0)
    here: Any = Prepared()
    there: Any = Prepared()
    dead: Any = Prepared()
    monkeypatch.setattr(supervisor._standby, "_make", lambda _: here)
    monkeypatch.setattr(supervisor._elsewhere, "_make", lambda _: there)
    supervisor._state = STATE
    backoff = Backoff(0.0, 0.0, 1.0)
    supervisor._standby.look_after(STATE)
    supervisor._elsewhere.look_after(STATE)
    goes_on: list[Any] = [supervisor._replace(dead, backoff)]
    assert there.states == [STATE]
    # When it is lost in turn, this machine draws.
    there.is_ready = False
    goes_on.append(supervisor._replace(dead, backoff))
    assert goes_on == [there, here]
    assert [one.id for one in supervisor.alarms.active] == ["engine"]


def test_desks_are_told_while_the_engine_is_away(supervisor: Supervisor) -> None:
    folder = supervisor._answer(ENGINE, OpenBus("A show"))
    with DeskLink(folder) as link:
        mine = Alarm("camera.1", Severity.NOTICE, "Camera 1 is dark", 1.0)
        health = ShowHealth(ShowState.ON_AIR, 12.0, 360, 30.0, alarms=[mine])
        supervisor.has_begun = True
        supervisor.alarms.raise_("engine", Severity.CRITICAL, "The engine was killed")
        status = Status()
        deadline = time.monotonic() + 10.0
        while not status.of(ShowHealth).frames and time.monotonic() < deadline:
            supervisor._answer(ENGINE, Publish(health))
            supervisor._look_after_desks()
            status = link.latest_status() or status
            time.sleep(0.01)
        told = status.of(ShowHealth)
        assert [alarm.id for alarm in told.alarms] == ["engine", "camera.1"]
        assert told.state is ShowState.ON_AIR
        assert told.show_seconds >= 12.0
    supervisor._close_bus()
    assert not folder.exists()


def test_a_state_is_kept_in_the_journal_and_read_back_whole(supervisor: Supervisor) -> None:
    supervisor._answer(ENGINE, Saved(STATE))
    supervisor._answer(ENGINE, Saved(msgspec.structs.replace(STATE, frames=130)))
    supervisor._answer(ENGINE, Saved(msgspec.structs.replace(STATE, frames=160, run=3)))
    kept = [one for one in supervisor._journal.unwritten if one.kind is EventKind.SNAPSHOT]
    assert [(one.data or {})["frames"] for one in kept] == [100, 160], "counts alone are not news"
    assert msgspec.convert(kept[0].data, ResumeState) == STATE


def test_the_report_of_a_show_without_its_last_engine_has_what_is_known(
    supervisor: Supervisor,
) -> None:
    alarm = Alarm("camera.1", Severity.WARNING, "Camera 1 is lost", 5.0)
    supervisor._answer(ENGINE, AddAlarm(alarm))
    supervisor._answer(ENGINE, AddAlarm(msgspec.structs.replace(alarm, cleared_at=6.0)))
    supervisor._answer(ENGINE, Saved(STATE))
    supervisor._health = ShowHealth(ShowState.ON_AIR, 20.0, 600)
    supervisor._faults.append("The engine was killed")
    report = supervisor._finish()
    assert isinstance(report, ShowReport)
    assert (report.frames, report.show_seconds, report.skipped) == (600, 20.0, 1)
    assert report.faults == ("The engine was killed",)
    assert [one.cleared_at for one in report.alarms] == [6.0]


def test_a_recording_that_cannot_be_joined_keeps_its_parts_and_is_reported(tmp_path: Path) -> None:
    paths = [tmp_path / "show.mp4", tmp_path / "show.part2.mp4"]
    for path in paths:
        path.write_bytes(b"no film")
    parts = [RecordingPart(str(path), float(number)) for number, path in enumerate(paths)]
    status = OutputStatus("mp4-1", "mp4", str(paths[1]), OutputState.ENDED, seconds=2.0)
    faults: list[str] = []
    assert join_recordings([status], [parts], faults) == [status]
    assert len(faults) == 1
    assert "stays in parts" in faults[0]
    assert all(path.exists() for path in paths)
    # A part that was never written leaves nothing to join.
    paths[1].unlink()
    (whole,) = join_recordings([status], [parts], faults)
    assert (whole.address, len(faults)) == (str(paths[0]), 1)


def test_links_pass_between_processes_that_already_run() -> None:
    from renderer.transport.link import create_link, receive_link, send_link
    from renderer.transport.ring import FrameHeader, FrameRing, RingReader

    here, there = Pipe(duplex=True)
    engine, media = create_link("vertical", (96, 64), 3)
    send_link(here, media, 0)
    received = receive_link(there)
    assert (received.view, received.ring.shape, received.ring.slots) == ("vertical", (96, 64), 3)
    ring, reader = FrameRing(engine.ring), RingReader(received.ring)
    frame = ring.acquire()
    assert frame is not None
    frame[:] = 7
    ring.commit(FrameHeader(1, 2, 3, 4))
    taken = reader.take(1.0)
    assert taken is not None
    assert (taken[1] == 7).all()
    engine.requests.send("status?")
    assert received.requests.recv() == "status?"
    for one in (ring, reader, engine.requests, received.requests, here, there):
        one.close()
