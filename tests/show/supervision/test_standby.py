"""Test when a standby engine is started and taken, and that a prepared show is the same show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.errors import SetupError
from renderer.output.output_words import parse_output
from renderer.paths import IDOL
from renderer.protocol.performers import LimbState
from renderer.rights.declaration import Declaration
from renderer.show.host.resume import PerformerState, ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.show import Show
from renderer.show.supervision import standby as standby_module
from renderer.show.supervision.standby import Standby

STATE = ResumeState((128, 128), 30, performers=[PerformerState([LimbState.LIVE])])


class Engine:
    """Stands in for an engine process."""

    def __init__(self, state: ResumeState) -> None:
        self.state = state
        self.is_started = self.has_ended = self.is_ready = False
        self.fate = "was killed"

    def start(self) -> None:
        self.is_started = True

    def close(self) -> None:
        self.has_ended = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    monkeypatch.setattr(standby_module, "_AFTER_S", 0.0)
    monkeypatch.setattr(standby_module, "_PAUSE_S", 0.0)
    return []


def standby_of(made: list[Engine]) -> Standby:
    def make(state: ResumeState) -> Any:
        made.append(Engine(state))
        return made[-1]

    return Standby(make)


def test_it_is_started_once_the_show_is_on_air_and_again_when_it_dies(made: list[Engine]) -> None:
    standby = standby_of(made)
    standby.look_after(None)
    assert made == []
    for _ in range(3):
        standby.look_after(STATE)
    assert [one.is_started for one in made] == [True]
    assert not standby.is_prepared
    made[0].is_ready = True
    assert standby.is_prepared
    made[0].has_ended = True
    standby.look_after(STATE)
    assert standby.fault == "was killed"
    standby.look_after(STATE)
    assert len(made) == 2
    made[1].is_ready = True
    standby.look_after(STATE)
    assert not standby.fault
    standby.close()
    assert made[1].has_ended


def test_it_is_taken_once_and_never_dead(made: list[Engine]) -> None:
    standby = standby_of(made)
    assert standby.take() is None
    standby.look_after(STATE)
    taken: Any = standby.take()
    assert taken is made[0]
    assert standby.take() is None
    standby.look_after(STATE)
    made[1].has_ended = True
    assert standby.take() is None
    standby.close()
    assert not made[0].has_ended, "it is the show's engine now"


def test_a_standby_that_cannot_be_started_ends_no_show(
    made: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Engine) -> None:
        raise SetupError("the standby process", "cannot be started", "end other programs")

    monkeypatch.setattr(Engine, "start", refuse)
    standby = standby_of(made)
    standby.look_after(STATE)
    assert standby.take() is None


class Nobody:
    def on_start(self, alarms: object, folder: object) -> None: ...

    def on_progress(self, progress: Progress) -> None: ...


def test_a_prepared_show_has_the_same_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    dancer = write_standing_performer(tmp_path / "still.vrma", 1)
    pictures = []
    for name in ("usual", "prepared"):
        film = tmp_path / f"{name}.mp4"
        plan = ShowPlan(
            (str(dancer),), (IDOL,), None, Declaration(""),
            recordings=(parse_output(str(film)),), size=(128, 128), rate=30, mark=0,
        )  # fmt: skip
        show = Show(plan, Nobody())
        if name == "prepared":
            show.prepare(STATE)
        assert show.run().faults == ()
        with av.open(str(film)) as file:
            pictures.append([bytes(frame.to_ndarray()) for frame in file.decode(video=0)])
    assert len(pictures[0]) > 20
    assert pictures[0] == pictures[1]
