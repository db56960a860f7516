"""A show from its plan to its report: checked, opened, ticked to the end, closed in order.

Everything that can refuse does so before the first output is opened: the avatar, its licence, the
song, the input, and offline whether anybody is in it at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from avatars import load_avatar
from renderer.capture.sources.address import without_password
from renderer.errors import RendererError
from renderer.graphics.records import ProgramFrame
from renderer.graphics.renderer import StageRenderer
from renderer.output.media import MediaProcess
from renderer.protocol.messages import CameraCommand, Direction, ShowState, Status
from renderer.rights.licence import credit_line, in_plain_words, require_allowed
from renderer.show.clock import SECOND_NS, Tick, live_ticks, offline_ticks
from renderer.show.control import status as telling
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.inputs.open import open_feeds
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan, program_rate, program_size, require_new
from renderer.show.program import Program
from renderer.show.report import ShowReport
from renderer.show.scene import Scene
from renderer.show.timing import StageTimes


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a show is. `length_s` is 0 where nobody knows."""

    show_s: float
    length_s: float
    frames: int
    frame_rate: float


_BROKEN_INPUT: Final = "what was shown of it is finished and kept; take a whole file to show it all"


class Listener(Protocol):
    """Whoever started the show and wants to hear of it."""

    def on_start(self) -> None:
        """Everything is open; the first frame comes next."""

    def on_progress(self, progress: Progress) -> None:
        """Several times a second."""


class Show:
    """One show. `run` it once; `end` may be called from a signal handler.

    Attributes:
        has_begun: whether its outputs have been asked to open.
    """

    def __init__(self, plan: ShowPlan, listener: Listener) -> None:
        self._plan = plan
        self._listener = listener
        self._times = StageTimes()
        self._faults: list[str] = []
        self._skipped = 0
        self._frames = 0
        self._rate_now = 0.0
        self._asked_to_end = False
        self.has_begun = False

    def end(self) -> None:
        """End the show after the present frame; every output is finished."""
        self._asked_to_end = True

    def run(self) -> ShowReport:
        """Give the show.

        Raises:
            RendererError: if it may not or cannot start. Faults after that are in the report.
        """
        plan = self._plan
        if not plan.overwrite:
            for recording in plan.recordings:
                require_new(recording, "choose another name, or add --overwrite")
        self._avatars = avatars = [load_avatar(path) for path in plan.avatars]
        for avatar in avatars:
            require_allowed(avatar.meta, plan.declaration)
        with ExitStack() as house:
            seen = " and ".join(Path(without_password(word)).name for word in plan.inputs)
            title = f"{seen} as {self._names}"
            self._desk = desk = house.enter_context(closing(DeskEndpoint(title)))
            feeds = open_feeds(plan, desk.camera_picture, self._times)
            self._cast = cast = house.enter_context(
                Cast(plan, feeds, avatars, self._times, desk.camera_picture)
            )
            self._directing = directing = DirectorCommands(
                cast.performings, plan.declaration.performer
            )
            house.callback(directing.close)
            self._rewiring = InputSwitcher(plan, cast, desk.camera_picture)
            width, height = program_size(plan.size)
            on_stage = [one.avatar for one in cast.performings]
            scene = Scene(on_stage, width / height)
            renderer = house.enter_context(StageRenderer(width, height, scene.set, on_stage))
            lengths = [info.length_ns for info in cast.infos]
            self._is_endless = None in lengths
            self._length_ns = max((length or 0) for length in lengths)
            self._rate = program_rate(plan.rate, cast.infos[0].rate)
            desk.open_program(width, height)
            media = MediaProcess(width, height, self._rate, plan.live, plan.song)
            media.start()
            self._program = Program(media, plan.streams, live=plan.live)
            house.callback(self._program.abandon)
            if not plan.live:
                cast.await_people()
            self.has_begun = True
            self._program.start(
                plan.recordings,
                time.monotonic_ns() if plan.live else 0,
                streams=plan.on_air_at_once,
            )
            self._listener.on_start()
            began = time.monotonic()
            self._guard(lambda: self._play(renderer, scene))
            if not plan.live:
                self._faults += [f"{broken}; {_BROKEN_INPUT}" for broken in cast.broken_off]
            self._tell(ShowState.STOPPING)
            self._guard(self._program.finish)
            self._guard(cast.close)
            self._tell(ShowState.ENDED)
            what = f"{width}×{height} at {self._rate}, {renderer.adapter.name}, {media.encoder}"
            return self._report(what, time.monotonic() - began)

    def _guard(self, act: Callable[[], None]) -> None:
        """On air nothing is thrown away: after a fault, what was made is finished and kept."""
        try:
            act()
        except RendererError as fault:
            self._faults.append(str(fault))

    def _play(self, renderer: StageRenderer, scene: Scene) -> None:
        """Tick until the input ends, a desk or a signal ends the show, or media dies."""
        times, cast, program = self._times, self._cast, self._program
        instances = [one.instance for one in cast.performings]
        pace = _Pace()
        for tick in self._ticks():
            cast.advance(tick.t_ns)
            if self._is_over(tick):
                break
            cast.pose_at(tick.t_ns)
            with times.measure("draw"):
                t_show_ns = program.show_time(tick.t_ns)
                state = scene.state(tick.number, t_show_ns, cast.last_seen_ns, tick.t_ns, instances)
                renderer.draw(state)
            with times.measure("collect"):
                frame = renderer.collect()
            if frame is not None:
                self._send(frame)
            self._skipped += tick.skipped
            self._attend_desk(tick, pace)
        for frame in renderer.finish():
            self._send(frame)

    def _ticks(self) -> Iterator[Tick]:
        return live_ticks(self._rate) if self._plan.live else offline_ticks(self._rate)

    def _is_over(self, tick: Tick) -> bool:
        if self._asked_to_end or self._program.is_pointless:
            return True
        if not self._cast.ended:
            return False
        if self._plan.live:
            return not self._cast.lost and not self._is_endless
        # The last input frame is shown for as long as any other.
        return tick.t_ns > self._cast.last_seen_ns + SECOND_NS // (2 * self._rate)

    def _send(self, frame: ProgramFrame) -> None:
        with self._times.measure("send"):
            self._program.send(frame, time.monotonic_ns() if self._plan.live else None)
        self._frames += 1
        self._desk.show_frame(frame)

    def _attend_desk(self, tick: Tick, pace: _Pace) -> None:
        for command, answer in self._desk.commands():
            if isinstance(command, Direction):
                self._directing.obey(command, answer)
            elif isinstance(command, CameraCommand):
                self._rewiring.obey(command, answer)
            else:
                self._program.obey(command, answer)
        self._directing.attend()
        self._program.attend(tick.t_ns)
        if not self._desk.status_is_due():
            return
        self._rate_now = pace.rate(self._frames)
        self._tell(ShowState.ON_AIR if self._program.on_air else ShowState.PREVIEW)
        self._listener.on_progress(
            Progress(self._show_s(), self._length_ns / 1e9, self._frames, self._rate_now)
        )

    def _tell(self, state: ShowState) -> None:
        self._desk.publish(self._status(state))

    def _show_s(self) -> float:
        """Seconds of show; in preview, of what the crew has seen."""
        if self._plan.live and self._program.time.started:
            return self._program.time.at(time.monotonic_ns()) / SECOND_NS
        return self._frames / self._rate

    def _status(self, state: ShowState) -> Status:
        plan, program, cast = self._plan, self._program, self._cast
        latency = program.latency_ms()
        return Status(
            state=state,
            show_seconds=self._show_s(),
            length_seconds=self._length_ns / 1e9,
            frames=self._frames,
            frame_rate=self._rate_now,
            target_rate=float(self._rate),
            latency_ms=latency[0] if latency else 0.0,
            dropped=cast.dropped + self._skipped + program.refused,
            performer=plan.declaration.performer,
            avatar=self._names,
            song=plan.song.name if plan.song else "",
            usage=plan.declaration.usage.value,
            licence=self._licences(),
            outputs=program.statuses,
            recording=program.recording,
            stage_ms=self._times.newest(),
            warnings=[*self._warnings, *self._faults],
            program=self._desk.program_picture,
            directed=self._directing.statuses(),
            cameras=telling.cameras(cast, self._desk.camera_picture),
            trackers=telling.trackers(cast),
        )

    @property
    def _warnings(self) -> list[str]:
        return [*self._avatar_warnings, *self._cast.warnings, *self._directing.warnings]

    @property
    def _names(self) -> str:
        return " and ".join(avatar.meta.name for avatar in self._avatars)

    @property
    def _avatar_warnings(self) -> list[str]:
        return [warning for avatar in self._avatars for warning in avatar.warnings]

    def _licences(self) -> list[str]:
        """Every avatar's licence, under its name where there are several."""
        if len(self._avatars) == 1:
            return in_plain_words(self._avatars[0].meta)
        return [
            line
            for avatar in self._avatars
            for line in (f"{avatar.meta.name}:", *in_plain_words(avatar.meta))
        ]

    def _report(self, what: str, wall_s: float) -> ShowReport:
        program, cast = self._program, self._cast
        credits = [credit_line(avatar.meta) for avatar in self._avatars]
        failed = [
            f"{output.address}: {output.detail}"
            for output in program.statuses
            if output.state == "failed"
        ]
        return ShowReport(
            program=what,
            avatar=self._names,
            performer=self._plan.declaration.performer,
            credit="; ".join(dict.fromkeys(filter(None, credits))),
            frames=self._frames,
            show_seconds=self._show_s(),
            wall_seconds=wall_s,
            input_frames=cast.frames,
            seen_frames=cast.performings[0].seen_frames,
            capture_dropped=cast.dropped,
            skipped=self._skipped,
            refused=program.refused,
            latency_ms=program.latency_ms(),
            costs=self._times.costs(),
            outputs=tuple(program.statuses),
            warnings=tuple(self._warnings),
            faults=(*self._faults, *failed),
            others_seen_frames=tuple(one.seen_frames for one in cast.performings[1:]),
        )


class _Pace:
    """Frames a second over the time between two looks."""

    def __init__(self) -> None:
        self._frames, self._at = 0, time.monotonic()

    def rate(self, frames: int) -> float:
        """The rate since the last call."""
        now = time.monotonic()
        passed, made = now - self._at, frames - self._frames
        self._frames, self._at = frames, now
        return made / passed if passed > 0 else 0.0
