"""Test that a show ends in order, with all frames and a true report, whatever the tick raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from renderer.bench.faults.tick_parts import TICK_PARTS, TickPart, always, raise_where
from renderer.capture.records import Observation
from renderer.graphics.drawables.avatar.model import AvatarModel
from renderer.graphics.renderer import StageRenderer
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance
from renderer.motion.takes.write import TakeWriter
from renderer.output.output_words import parse_output
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import OutputState, StopLive
from renderer.protocol.schema import Reply
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.plan import ShowPlan
from renderer.show.program.program import Program
from renderer.show.progress import Progress
from renderer.show.report import ShowReport
from renderer.show.scene import Scene
from renderer.show.show import Show
from renderer.transport.bus import ShowEndpoint

FRAMES = 24
STEP = 33_333_333
FAILS = (6, 7, 8, 9)
"""Calls in which a part raises: enough in a row to count as failing."""


class Listener:
    def on_start(self, alarms: Alarms, folder: Path) -> None: ...

    def on_progress(self, progress: Progress) -> None: ...


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShowPlan:
    """Return a show of two performers of a take, recorded to a file."""
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    return plan_duet(tmp_path, FRAMES)


def plan_duet(folder: Path, frames: int) -> ShowPlan:
    take = folder / "duet.mcap"
    random = np.random.default_rng(3)
    with TakeWriter(take, {}) as writer:
        for number in range(frames):
            for who in range(2):
                pose = random.uniform(0.3, 0.7, (33, 3)).astype(np.float32)
                world = random.normal(0.0, 0.3, (33, 3)).astype(np.float32)
                seen = Observation(
                    number * STEP, number, (640, 480), pose=pose, pose_world=world,
                    visibility=np.ones(33, np.float32), performer=who,
                )  # fmt: skip
                writer.put(Source.CAMERA, seen, who)
    return ShowPlan(
        inputs=(str(take),),
        avatars=(IDOL,),
        song=None,
        declaration=Declaration("Ren, Mai"),
        recordings=(parse_output(str(folder / "show.mp4")),),
        size=(128, 128),
        rate=30,
    )


def pictures(plan: ShowPlan) -> int:
    with av.open(plan.recordings[0].address) as file:
        return sum(1 for _ in file.decode(video=0))


def fail(
    patch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    calls: tuple[int, ...] = FAILS,
    is_meant: Callable[..., bool] = always,
) -> None:
    """Make a function raise in some of its matching calls."""
    made = count()

    def is_due(*args: Any) -> bool:
        return is_meant(*args) and next(made) in calls

    patch.setattr(owner, name, raise_where(getattr(owner, name), is_due))


def in_order(plan: ShowPlan, report: ShowReport, part: str, *, sent: int = FRAMES) -> None:
    """Assert that the show ended in order, has every frame, and that the report names the part."""
    assert report.frames == sent
    assert pictures(plan) == sent
    assert [output.state for output in report.outputs] == [OutputState.ENDED]
    named = [fault for fault in report.faults if fault.startswith(part)]
    assert named, report.faults
    assert "injected" in named[0]
    assert any(alarm.text.startswith(part) for alarm in report.alarms)
    assert part in report.text()


IN_THIS_PLAN = [part for part in TICK_PARTS if part.needs in ("", "companion")]


CONTAINED = [part for part in IN_THIS_PLAN if not part.loses_frames]
SHOWS = 6
"""Shows among which the parts are dealt, to raise one after another: a show takes seconds to
start."""


@pytest.mark.parametrize(
    "parts",
    [CONTAINED[first::SHOWS] for first in range(SHOWS)],
    ids=lambda parts: ", ".join(part.name for part in parts),
)
def test_parts_that_raise_end_no_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: list[TickPart]
) -> None:
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    frames = FRAMES * len(parts) // 2
    plan = plan_duet(tmp_path, frames)
    for number, part in enumerate(parts):
        # Parts that run at wall-clock intervals run only a few times in so short a show.
        first = 0 if part.is_rare else FAILS[0] + number * FRAMES // 2
        calls = tuple(range(first, first + (2 if part.is_rare else len(FAILS))))
        fail(monkeypatch, part.resolve(), part.function, calls, part.is_meant)
    report = Show(plan, Listener()).run()
    for part in parts:
        in_order(plan, report, part.part, sent=frames)


def test_every_part_of_the_tick_is_among_those_that_are_made_to_raise(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: set[str] = set()
    real = Containment.guard

    def guard(self: Containment, id: str, part: str, *args: Any, **kwargs: Any) -> Any:
        parts.add(part)
        return real(self, id, part, *args, **kwargs)

    monkeypatch.setattr(Containment, "guard", guard)
    Show(plan, Listener()).run()
    kinds = {re.sub(r"\d+$", "1", part.part) for part in TICK_PARTS}
    # Fans have an endpoint only where a document asks for one (tests/show/fans).
    kinds |= {"The status section", "The fans' summary"}
    missing = [part for part in parts if not re.sub(r"\d+$", "1", part).startswith(tuple(kinds))]
    assert not missing


def test_frames_that_cannot_be_sent_are_the_only_ones_that_lack(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, Program, "send", (6, 9))
    in_order(plan, Show(plan, Listener()).run(), "Sending the frame", sent=FRAMES - 2)


def test_offline_a_show_that_can_send_nothing_ends(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, Program, "send", tuple(range(6, 1000)))
    report = Show(plan, Listener()).run()
    assert pictures(plan) == 6
    assert report.frames == 6
    assert "Sending the frame failed" in report.faults[0]


def test_one_avatar_that_cannot_be_drawn_is_left_out_and_the_other_stays(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    real = StageRenderer.draw

    def draw(self: StageRenderer, state: Any) -> Any:
        faults = real(self, state)
        drawn.append(len(state.avatars) - len(faults))
        return faults

    monkeypatch.setattr(StageRenderer, "draw", draw)
    fail(
        monkeypatch, AvatarModel, "load", tuple(range(6, 10)),
        lambda self, _state: self._row.number == 1,
    )  # fmt: skip
    report = Show(plan, Listener()).run()
    in_order(plan, report, "Drawing the avatar of performer 2")
    assert report.held == 0
    assert drawn.count(1) > 0
    assert drawn[0] == drawn[-1] == 2, "it comes back"


def test_a_pose_that_is_not_finite_is_held_and_the_solver_starts_afresh(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One NaN of one performer would stay in filters and springs for ever."""
    real, poisoned = Performance.at, []

    def at(self: Performance, t_ns: int) -> Any:
        motion = real(self, t_ns)
        if not poisoned and t_ns > 6 * STEP:
            poisoned.append(self)
        if poisoned and self is poisoned[0]:
            motion = motion.__class__(**{
                **{field: getattr(motion, field) for field in motion.__dataclass_fields__},
                "root": np.full(3, np.nan, np.float32),
            })  # fmt: skip
        return motion

    seen: list[bool] = []
    state = Scene.state

    def look(self: Scene, *args: Any) -> Any:
        seen.append(all(np.isfinite(pose.world).all() for pose in args[-1]))
        return state(self, *args)

    monkeypatch.setattr(Performance, "at", at)
    monkeypatch.setattr(Scene, "state", look)
    report = Show(plan, Listener()).run()
    assert all(seen), "what is drawn is always finite"
    (fault,) = [each for each in report.faults if "not finite" in each]
    assert fault.startswith("The pose of performer 1 failed 3 times")
    assert pictures(plan) == FRAMES


def test_an_input_that_breaks_ends_an_offline_show_with_what_it_showed(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = TakeFeed.until, [0]

    def until(self: TakeFeed, t_ns: int) -> Iterator[Any]:
        calls[0] += 1
        if calls[0] in (5, 6):
            raise IndexError("injected into until")
        yield from real(self, t_ns)

    monkeypatch.setattr(TakeFeed, "until", until)
    in_order(plan, Show(plan, Listener()).run(), "Input 1")


def test_a_command_that_raises_is_answered_and_ends_no_show(
    plan: ShowPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Reply] = []
    ticks = [0]

    def commands(self: ShowEndpoint) -> Iterator[tuple[StopLive, Callable[[Reply], None]]]:
        ticks[0] += 1
        if ticks[0] == 5:
            yield StopLive(), answers.append

    def handle(self: Program, command: StopLive, answer: Callable[[Reply], None]) -> None:
        raise ZeroDivisionError("injected into handle")

    monkeypatch.setattr(ShowEndpoint, "commands", commands)
    monkeypatch.setattr(Program, "handle", handle)
    in_order(plan, Show(plan, Listener()).run(), "A desk's command")
    (answer,) = answers
    assert not answer.ok
    assert "goes on" in answer.text
