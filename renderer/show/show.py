"""Run a show from its plan to its report: check, open, tick to the end, close.

Everything that can be refused is refused before the first output is opened: the avatar, its
licence, the song, the input, and offline an input without performers. After that nothing is
discarded: whatever fails, what was produced is finished and kept, and the report says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Final

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.errors import GpuLostError, RendererError
from renderer.graphics.drawables.avatar.levels import MergedLevels
from renderer.logs.files import log_path
from renderer.protocol.alarms import Alarms
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import RecordingPart
from renderer.protocol.readiness import Finding
from renderer.protocol.show import ShowState
from renderer.rights.footage.check import FootageCheck
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.show_records import keep_record, make_record
from renderer.rights.vrm_terms import credit_line
from renderer.rights.watermark.payload import Payload
from renderer.show.clock import Tick, live_ticks, offline_ticks
from renderer.show.containment import Containment, describe
from renderer.show.control.show_status import names_of_avatars
from renderer.show.direction.open import titles_to_prepare
from renderer.show.health.readiness import probe_streams
from renderer.show.host.interfaces import ShowHost
from renderer.show.host.local import LocalHost
from renderer.show.host.resume import ResumeState
from renderer.show.opening.parts import open_parts
from renderer.show.opening.records import Opening
from renderer.show.parts import ShowParts
from renderer.show.picture import Picture, open_picture
from renderer.show.plan import ShowPlan, keep_takes, require_new
from renderer.show.progress import Listener
from renderer.show.report import ShowReport, output_faults
from renderer.show.rights.gate import (
    find_disclosure,
    open_rights,
    require_certificate,
    require_disclosed,
    require_footage,
)
from renderer.show.rights.label import disclose
from renderer.show.timing import StageTimes

_log = logging.getLogger(__name__)


_BROKEN_INPUT: Final = "what was shown of it is finished and kept; take a whole file to show it all"


class Show:
    """One show. `run` it once; `end` may be called from a signal handler.

    Attributes:
        has_begun: whether opening its outputs has begun.
        alarms: of this show; any part and any thread may raise and clear them.
        recording_parts: of every recording that has several, once the show has ended.
    """

    def __init__(self, plan: ShowPlan, listener: Listener, host: ShowHost | None = None) -> None:
        """Prepare the show.

        Args:
            plan: of the show.
            listener: receives its progress.
            host: owns what is outside the engine; None: this process.
        """
        self._listener = listener
        self._host: ShowHost = host or LocalHost()
        self._resumed = self._host.resumed
        self._plan = plan if self._resumed is None else keep_takes(plan)
        self._times = StageTimes()
        self._events = self._host.events
        self._faults: list[str] = []
        self._end_requested = False
        self._opened = ExitStack()
        self._avatars: list[Avatar] = []
        self._wardrobe: list[Avatar] = []
        self._levels = MergedLevels()
        self._picture: Picture | None = None
        self._footage = FootageCheck(plan.declaration.show)
        self.has_begun = False
        self.recording_parts: list[list[RecordingPart]] = []
        self.alarms = Alarms(self._events.add_alarm)
        self._containment = Containment(self.alarms, self._events, live=plan.live)

    def end(self) -> None:
        """End the show after the current frame; every output is finished."""
        self._end_requested = True

    def load(self) -> None:
        """Load the avatars, their meshes and the compiled kernels that move them.

        `run` begins sooner then.

        Raises:
            RendererError: one cannot be read, or has nothing to draw.
        """
        for avatar in self._load_avatars():
            AvatarInstance(avatar)
            self._levels.get(avatar)

    def prepare(self, state: ResumeState) -> None:
        """Load and open what a show in this state needs, so that `take_over` and `run` are quick.

        Raises:
            RendererError: a part cannot be opened.
        """
        avatars = self._load_avatars()
        on_stage = [avatars[number % len(avatars)] for number in range(len(state.performers))]
        try:
            rights = open_rights(self._plan, avatars, len(on_stage), self._wardrobe)
            titles = disclose(self._plan.titles, find_disclosure(self._plan, rights))
            self._picture = open_picture(
                self._plan, on_stage, state.size, titles, self._events, self._opened,
                self._wardrobe, self._levels, self._footage,
            )  # fmt: skip
            self._picture.renderer.prepare_titles(titles_to_prepare(self._plan, titles))
        except BaseException:
            self._opened.close()
            raise

    def take_over(self, state: ResumeState, *, changes_device: bool = False) -> None:
        """Go on with a show of an engine that has died, in `run`.

        Args:
            state: of the show.
            changes_device: whether what draws has changed since `prepare`.
        """
        if changes_device and self._picture is not None:
            self._picture.renderer.open_again()
        self._resumed, self._plan = state, keep_takes(self._plan)

    def run(self) -> ShowReport:
        """Run the show to its end, and return the report.

        Raises:
            RendererError: it is not allowed to start, or cannot. Later faults are in the report.
        """
        plan = self._plan
        with self._opened as opened:
            opened.callback(self._host.close)
            if not (plan.overwrite or self._resumed):
                for recording in plan.recordings:
                    require_new(recording, "choose another name, or add --overwrite")
            avatars = self._load_avatars()
            if self._resumed is None:
                self._require_rights(avatars)
            parts = self._open(avatars, opened)
            self.has_begun = True
            self._begin(parts)
            if self._host.keeps_media:
                # Known before the show counts as begun, so that another engine can go on at once.
                parts.save()
            parts.guards.listener.attempt(
                lambda: self._listener.on_start(self.alarms, parts.desk.folder)
            )
            if plan.live:
                parts.rights.start()
            began = time.monotonic()
            self._finish(
                lambda: parts.loop.run(
                    self._ticks(parts), partial(self._is_over, parts), partial(self._poll, parts)
                )
            )
            self._host.end_ticks()
            self._finish(lambda: parts.monitors.finish(time.monotonic(), parts.cast))
            if not plan.live:
                self._faults += [f"{why}; {_BROKEN_INPUT}" for why in parts.cast.broken_off]
            parts.publish(ShowState.STOPPING)
            self._finish(parts.program.finish)
            self._finish(parts.cast.close)
            parts.publish(ShowState.ENDED)
            self.recording_parts = parts.program.recording_parts()
            return self._report(parts, time.monotonic() - began)

    def check(self) -> tuple[list[str], list[Finding]]:
        """Open everything except the outputs, close it, and return what was opened.

        Returns:
            What was opened, in lines, and whether the show could go on air with it.

        Raises:
            RendererError: a part cannot be opened.
        """
        avatars = self._load_avatars()
        self._require_rights(avatars)
        with self._opened as opened:
            opened.callback(self._host.close)
            parts = self._open(avatars, opened)
            lines = [f"Program    {parts.what}", f"Avatars    {names_of_avatars(avatars)}"]
            lines += [f"Input      {info.name}" for info in parts.cast.infos]
            lines += [f"Models     {line}" for line in parts.models.describe()]
            outputs = (*self._plan.streams, *self._plan.recordings)
            lines += [f"Output     {one.shown}, not opened" for one in outputs]
            lines += [f"Warning    {text}" for text in parts.warnings()]
            return lines, [*parts.readiness.examine(), *probe_streams(self._plan.streams)]

    def _require_rights(self, avatars: list[Avatar]) -> None:
        """Check everything that the rights can refuse before anything is opened.

        Raises:
            RendererError: the show is not allowed, or its outputs cannot be marked or signed.
        """
        case = open_rights(self._plan, avatars, wardrobe=self._wardrobe)
        case.require_allowed()
        require_disclosed(self._plan, case)
        require_footage(self._plan, self._footage)
        require_certificate(self._plan)

    def _open(self, avatars: list[Avatar], opened: ExitStack) -> ShowParts:
        """Open everything except the outputs, and return it.

        Raises:
            RendererError: a part cannot be opened.
        """
        return open_parts(
            Opening(
                plan=self._plan,
                host=self._host,
                avatars=avatars,
                wardrobe=self._wardrobe,
                alarms=self.alarms,
                containment=self._containment,
                times=self._times,
                opened=opened,
                faults=self._faults,
                resumed=self._resumed,
                levels=self._levels,
                prepared=self._picture,
                footage=self._footage,
            )
        )

    def _begin(self, parts: ShowParts) -> None:
        """Start the program's outputs, or go on with those of an engine that has died."""
        plan, program = self._plan, parts.program
        if self._resumed is None:
            code = Payload(plan.mark, 0).show_code
            keep_record(make_record(code, plan.declaration, parts.rights.verdicts))
            self._events.add(
                EventKind.RIGHTS, f"The rights of show {code} are recorded", {"code": code}
            )
            program.start(
                plan.recordings,
                streams=plan.on_air_at_once,
                without_failed=plan.start_without_failed,
            )
            return
        program.resume(self._resumed)
        if (direction := self._resumed.direction) is not None:
            t_show_ns = program.time.at(time.monotonic_ns())
            program.songs.resume(direction.next_song, t_show_ns)

    def _load_avatars(self) -> list[Avatar]:
        """Return the plan's avatars; its wardrobe is loaded, too.

        Raises:
            AvatarError: one cannot be read.
        """
        if not self._avatars:
            opener = AvatarOpener()
            files = [*self._plan.avatars, *(one.file for one in self._plan.wardrobe)]
            loaded = {path: load_avatar(path, opener.read) for path in dict.fromkeys(files)}
            self._wardrobe = [loaded[one.file] for one in self._plan.wardrobe]
            self._avatars = [loaded[path] for path in self._plan.avatars]
        return self._avatars

    def _finish(self, act: Callable[[], None]) -> None:
        """Run a step of the shutdown; record its fault in the report and continue."""
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - the steps after it must be done
            # A RendererError's sentence is complete, and it is no fault of the program.
            _log.error("%s", fault, exc_info=not isinstance(fault, RendererError))
            self._faults.append(describe(fault))

    def _ticks(self, parts: ShowParts) -> Iterator[Tick]:
        if (governor := parts.governor) is None:
            return offline_ticks(parts.rate)
        return live_ticks(parts.rate, lambda: governor.every)

    def _is_over(self, parts: ShowParts, tick: Tick) -> bool:
        return self._end_requested or parts.is_over(tick)

    def _poll(self, parts: ShowParts, tick: Tick) -> None:
        """Do the work between frames: commands, results, monitors, the status."""
        self._host.tick()
        if parts.loop.is_gpu_lost:
            self._host.give_up(
                GpuLostError("the GPU", "was reset and does not draw", "another engine goes on")
            )
        is_time = parts.poll(tick)
        if self._host.keeps_media:
            parts.save()
        if is_time:
            parts.guards.rights.attempt(parts.rights.poll)
            parts.guards.listener.attempt(lambda: self._listener.on_progress(parts.progress()))

    def _report(self, parts: ShowParts, wall_s: float) -> ShowReport:
        program, cast, loop = parts.program, parts.cast, parts.loop
        credits = [credit_line(avatar.meta) for avatar in self._avatars]
        return ShowReport(
            program=parts.what,
            avatar=names_of_avatars(self._avatars),
            performer=self._plan.declaration.performer,
            credit="; ".join(dict.fromkeys(filter(None, credits))),
            frames=loop.frames,
            show_seconds=parts.status.show_seconds,
            wall_seconds=wall_s,
            input_frames=cast.frames,
            seen_frames=cast.performers[0].seen_frames,
            capture_dropped=cast.dropped,
            skipped=loop.skipped,
            held=loop.held,
            replaced=program.replaced,
            refused=program.refused,
            latency_ms=program.latency_ms(),
            stages=parts.read_latency().stages,
            costs=self._times.costs(),
            outputs=tuple(program.statuses),
            warnings=tuple(parts.warnings()),
            faults=(
                *self._faults,
                *map(str, self._containment.faults),
                *output_faults(program.statuses),
            ),
            others_seen_frames=tuple(one.seen_frames for one in cast.performers[1:]),
            alarms=tuple(self.alarms.history),
            log=str(log_path() or ""),
            rights=tuple(line for one in parts.rights.verdicts for line in one.lines()),
            given_up={} if parts.governor is None else dict(parts.governor.seconds),
        )
