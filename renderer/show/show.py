"""Run a show from its plan to its report: check, open, tick to the end, close.

Everything that can be refused is refused before the first output is opened: the avatar, its
licence, the song, the input, and offline an input without performers. After that nothing is
discarded: whatever fails, what was produced is finished and kept, and the report says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from avatars import load_avatar
from avatars.model import Avatar
from renderer.capture.sources.address import without_password
from renderer.errors import RendererError
from renderer.graphics.renderer import StageRenderer
from renderer.logs.files import log_path
from renderer.output.media import MediaProcess
from renderer.protocol.alarms import Alarms
from renderer.protocol.show import ShowState
from renderer.rights.licence import credit_line, require_allowed
from renderer.show.clock import SECOND_NS, Tick, live_ticks, offline_ticks
from renderer.show.concert_scene import ConcertScene
from renderer.show.containment import Containment, describe
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.show_status import ShowStatus, names_of_avatars
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.event_log import EventLog
from renderer.show.inputs.open import open_feeds
from renderer.show.monitors import HealthMonitors
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan, program_rate, program_size, require_new
from renderer.show.program import Program
from renderer.show.report import ShowReport, output_faults
from renderer.show.scene import Scene
from renderer.show.tick import TickLoop
from renderer.show.timing import StageTimes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a show. `length_s` is 0 if it is not known."""

    show_s: float
    length_s: float
    frames: int
    frame_rate: float


_BROKEN_INPUT: Final = "what was shown of it is finished and kept; take a whole file to show it all"


class Listener(Protocol):
    """Receives a show's progress. Exceptions that it raises are contained."""

    def on_start(self, alarms: Alarms) -> None:
        """Handle the start: everything is open and the first frame comes next.

        Args:
            alarms: of the show; for processes outside it that die, such as a watch page.
        """

    def on_progress(self, progress: Progress) -> None:
        """Handle the show's progress; called 10 times per second."""


class Show:
    """One show. `run` it once; `end` may be called from a signal handler.

    Attributes:
        has_begun: whether opening its outputs has begun.
        alarms: of this show; any part and any thread may raise and clear them.
    """

    def __init__(self, plan: ShowPlan, listener: Listener) -> None:
        self._plan = plan
        self._listener = listener
        self._times = StageTimes()
        self._events = EventLog()
        self._faults: list[str] = []
        self._asked_to_end = False
        self.has_begun = False
        self.alarms = Alarms(self._events.add_alarm)
        self._containment = Containment(self.alarms, self._events, live=plan.live)

    def end(self) -> None:
        """End the show after the current frame; every output is finished."""
        self._asked_to_end = True

    def run(self) -> ShowReport:
        """Run the show to its end, and return the report.

        Raises:
            RendererError: it is not allowed to start, or cannot. Later faults are in the report.
        """
        plan = self._plan
        if not plan.overwrite:
            for recording in plan.recordings:
                require_new(recording, "choose another name, or add --overwrite")
        avatars = [load_avatar(path) for path in plan.avatars]
        for avatar in avatars:
            require_allowed(avatar.meta, plan.declaration)
        with ExitStack() as opened:
            self._open(avatars, opened)
            self.has_begun = True
            self._program.start(
                plan.recordings,
                streams=plan.on_air_at_once,
                without_failed=plan.start_without_failed,
            )
            self._listener_guard.attempt(lambda: self._listener.on_start(self.alarms))
            began = time.monotonic()
            self._finish(lambda: self._loop.run(self._ticks(), self._is_over, self._poll))
            if not plan.live:
                self._faults += [f"{why}; {_BROKEN_INPUT}" for why in self._cast.broken_off]
            self._publish(ShowState.STOPPING)
            self._finish(self._program.finish)
            self._finish(self._cast.close)
            self._publish(ShowState.ENDED)
            return self._report(avatars, time.monotonic() - began)

    def _open(self, avatars: Sequence[Avatar], opened: ExitStack) -> None:
        """Open everything except the outputs.

        Raises:
            RendererError: a part cannot be opened.
        """
        plan = self._plan
        inputs = " and ".join(Path(without_password(word)).name for word in plan.inputs)
        title = f"{inputs} as {names_of_avatars(avatars)}"
        self._desk = desk = opened.enter_context(
            closing(DeskEndpoint(title, self._containment, self._events))
        )
        feeds = open_feeds(plan, desk.camera_picture, self._times)
        self._cast = cast = opened.enter_context(
            Cast(plan, feeds, avatars, self._times, desk.camera_picture, self._containment)
        )
        self._director = director = DirectorCommands(cast.performers, plan.declaration.performer)
        opened.callback(director.close)
        width, height = program_size(plan.size)
        on_stage = [one.avatar for one in cast.performers]
        aspect = width / height
        scene = (
            Scene(on_stage, aspect)
            if plan.staging is None
            else ConcertScene(on_stage, aspect, plan.staging)
        )
        renderer = opened.enter_context(StageRenderer(width, height, scene.set, on_stage))
        if plan.staging is not None:
            renderer.prepare_effects()
        self._is_endless = any(info.length_ns is None for info in cast.infos)
        self._rate = program_rate(plan.rate, cast.infos[0].rate)
        desk.open_program(width, height)
        media = MediaProcess(width, height, self._rate, plan.live, plan.song)
        media.start()
        self._program = Program(media, plan.streams, self.alarms, live=plan.live)
        opened.callback(self._program.abandon)
        if not plan.live:
            cast.await_people()
        self._what = f"{width}×{height} at {self._rate}, {renderer.adapter.name}, {media.encoder}"
        self._loop = TickLoop(
            cast, scene, renderer, self._program, desk, self._times, self._containment,
            live=plan.live,
        )  # fmt: skip
        self._monitors = HealthMonitors(self.alarms, self._containment, self._rate, live=plan.live)
        self._status = ShowStatus(
            plan, avatars, cast, self._program, self._loop, self._monitors.frame_rate,
            self._times, self.alarms, self._events,
            lambda: [*self._warnings(avatars), *self._faults], self._rate,
        )  # fmt: skip
        self._inputs = InputSwitcher(plan, cast, desk.camera_picture)
        for room in (self._status, self._program, self._inputs, director):
            room.attach(desk)
        guard = self._containment.guard
        self._program_guard = guard("program", "Asking after the outputs")
        self._director_guard = guard("director", "The director's commands")
        self._listener_guard = guard("listener", "The terminal's progress line")

    def _finish(self, act: Callable[[], None]) -> None:
        """Run a step of the shutdown; record its fault in the report and continue."""
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - the steps after it must be done
            # A RendererError's sentence is complete, and it is no fault of the program.
            _log.error("%s", fault, exc_info=not isinstance(fault, RendererError))
            self._faults.append(describe(fault))

    def _ticks(self) -> Iterator[Tick]:
        return live_ticks(self._rate) if self._plan.live else offline_ticks(self._rate)

    def _is_over(self, tick: Tick) -> bool:
        if self._asked_to_end or self._status.end_asked or self._program.is_pointless:
            return True
        if not self._plan.live and self._loop.is_stuck:
            return True
        if not self._cast.ended or (self._plan.live and (self._cast.lost or self._is_endless)):
            return False
        # The last input frame is shown for its whole duration.
        half_ns = SECOND_NS // (2 * self._rate)
        shown_until_ns = self._cast.end_ns - half_ns
        if not self._plan.live:
            shown_until_ns = max(shown_until_ns, self._cast.last_seen_ns + half_ns)
        return tick.t_ns > shown_until_ns

    def _poll(self, tick: Tick) -> None:
        """Do the work between frames: commands, results, monitors, the status."""
        self._desk.poll()
        self._director_guard.attempt(self._director.poll)
        self._program_guard.attempt(lambda: self._program.poll(tick.t_ns))
        is_time = self._monitors.poll(
            time.monotonic(), self._cast, self._program, self._loop, self._inputs.health
        )
        self._desk.publish_due()
        if is_time:
            self._listener_guard.attempt(lambda: self._listener.on_progress(self._progress()))

    def _progress(self) -> Progress:
        status = self._status
        return Progress(
            status.show_seconds,
            status.length_s,
            self._loop.frames,
            self._monitors.frame_rate.rate,
        )

    def _publish(self, state: ShowState) -> None:
        self._status.end(state)
        self._desk.publish_all()

    def _warnings(self, avatars: Sequence[Avatar]) -> list[str]:
        own = [warning for avatar in avatars for warning in avatar.warnings]
        return [*own, *self._cast.warnings, *self._director.warnings]

    def _report(self, avatars: Sequence[Avatar], wall_s: float) -> ShowReport:
        program, cast = self._program, self._cast
        credits = [credit_line(avatar.meta) for avatar in avatars]
        return ShowReport(
            program=self._what,
            avatar=names_of_avatars(avatars),
            performer=self._plan.declaration.performer,
            credit="; ".join(dict.fromkeys(filter(None, credits))),
            frames=self._loop.frames,
            show_seconds=self._status.show_seconds,
            wall_seconds=wall_s,
            input_frames=cast.frames,
            seen_frames=cast.performers[0].seen_frames,
            capture_dropped=cast.dropped,
            skipped=self._loop.skipped,
            held=self._loop.held,
            refused=program.refused,
            latency_ms=program.latency_ms(),
            costs=self._times.costs(),
            outputs=tuple(program.statuses),
            warnings=tuple(self._warnings(avatars)),
            faults=(
                *self._faults,
                *map(str, self._containment.faults),
                *output_faults(program.statuses),
            ),
            others_seen_frames=tuple(one.seen_frames for one in cast.performers[1:]),
            alarms=tuple(self.alarms.history),
            log=str(log_path() or ""),
        )
