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
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.capture.sources.address import split_cameras, without_password
from renderer.errors import RendererError
from renderer.logs.files import log_path
from renderer.output.encode.format import ProgramFormat
from renderer.output.media_client import MediaClient
from renderer.protocol.alarms import Alarms
from renderer.protocol.latency import LatencyHealth
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import RecordingPart
from renderer.protocol.pictures import PROGRAM, VERTICAL
from renderer.protocol.readiness import Finding, Readiness
from renderer.protocol.show import ShowState
from renderer.rights.disclosure import Disclosure
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.show_records import keep_record, make_record
from renderer.rights.vrm_terms import credit_line
from renderer.rights.watermark.payload import Payload
from renderer.show.clock import SECOND_NS, Tick, live_ticks, offline_ticks
from renderer.show.containment import Containment, describe
from renderer.show.control.desk_pictures import DeskPictures
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.expressiveness import ExpressivenessCommands
from renderer.show.control.publisher import Rate
from renderer.show.control.show_status import ShowStatus, names_of_avatars
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.direction.open import (
    open_commands,
    open_mixer,
    open_titles,
    titles_to_prepare,
)
from renderer.show.direction.open_sources import open_sources
from renderer.show.direction.scene import DirectedScene
from renderer.show.fans.commands import open_fans
from renderer.show.governor.control import FrameGovernor
from renderer.show.health.latency import LatencyMeter
from renderer.show.health.readiness import ReadinessCheck, probe_streams
from renderer.show.host.interfaces import ShowHost
from renderer.show.host.local import LocalHost
from renderer.show.host.resume import ResumeState
from renderer.show.host.state_saver import StateSaver
from renderer.show.inputs.open import open_feeds
from renderer.show.lights.commands import FixtureCommands
from renderer.show.monitors import HealthMonitors
from renderer.show.performers.cast import Cast
from renderer.show.picture import Picture, open_picture
from renderer.show.plan import (
    ShowPlan,
    keep_takes,
    program_rate,
    program_size,
    require_new,
    upright_size,
)
from renderer.show.program.program import Program
from renderer.show.progress import Listener, Progress
from renderer.show.receivers.inputs import open_receivers
from renderer.show.report import ShowReport, output_faults
from renderer.show.rights.gate import find_disclosure, kinds_of, open_rights
from renderer.show.rights.watch import RightsWatch
from renderer.show.tick import TickLoop
from renderer.show.timing import StageTimes
from renderer.stage.text.titles import TitlePlan
from renderer.transport.pixel_layout import PixelLayout

_log = logging.getLogger(__name__)


_BROKEN_INPUT: Final = "what was shown of it is finished and kept; take a whole file to show it all"


class Show:
    """One show. `run` it once; `end` may be called from a signal handler.

    Attributes:
        has_begun: whether opening its outputs has begun.
        alarms: of this show; any part and any thread may raise and clear them.
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
        self._asked_to_end = False
        self._opened = ExitStack()
        self._avatars: list[Avatar] = []
        self._picture: Picture | None = None
        self.has_begun = False
        self.alarms = Alarms(self._events.add_alarm)
        self._containment = Containment(self.alarms, self._events, live=plan.live)

    def end(self) -> None:
        """End the show after the current frame; every output is finished."""
        self._asked_to_end = True

    def load(self) -> None:
        """Load the avatars and the compiled kernels that move them, so that `run` begins sooner.

        Raises:
            AvatarError: one cannot be read.
        """
        for avatar in self._load_avatars():
            AvatarInstance(avatar)

    def prepare(self, state: ResumeState) -> None:
        """Load and open what a show in this state needs, so that `take_over` and `run` are quick.

        Raises:
            RendererError: a part cannot be opened.
        """
        avatars = self._load_avatars()
        on_stage = [avatars[number % len(avatars)] for number in range(len(state.performers))]
        try:
            rights = open_rights(self._plan, avatars, len(on_stage))
            label = find_disclosure(self._plan, rights).label
            titles = replace(self._plan.titles, disclosure=label)
            self._picture = open_picture(
                self._plan, on_stage, state.size, titles, self._events, self._opened
            )
            self._picture.renderer.prepare_titles(titles_to_prepare(self._plan, titles))
        except BaseException:
            self._opened.close()
            raise

    def take_over(self, state: ResumeState) -> None:
        """Go on with a show of an engine that has died, in `run`."""
        self._resumed, self._plan = state, keep_takes(self._plan)

    def run(self) -> ShowReport:
        """Run the show to its end, and return the report.

        Raises:
            RendererError: it is not allowed to start, or cannot. Later faults are in the report.
        """
        plan = self._plan
        if not (plan.overwrite or self._resumed):
            for recording in plan.recordings:
                require_new(recording, "choose another name, or add --overwrite")
        avatars = self._load_avatars()
        if self._resumed is None:
            open_rights(plan, avatars).require_allowed()
        with self._opened as opened:
            opened.callback(self._host.close)
            self._open(avatars, opened)
            self.has_begun = True
            if self._resumed is None:
                code = Payload(plan.mark, 0).show_code
                keep_record(make_record(code, plan.declaration, self._rights.verdicts))
                self._host.events.add(
                    EventKind.RIGHTS, f"The rights of show {code} are recorded", {"code": code}
                )
                self._program.start(
                    plan.recordings,
                    streams=plan.on_air_at_once,
                    without_failed=plan.start_without_failed,
                )
            else:
                self._program.resume(self._resumed)
                if (direction := self._resumed.direction) is not None:
                    t_show_ns = self._program.time.at(time.monotonic_ns())
                    self._program.songs.resume(direction.next_song, t_show_ns)
            if self._host.keeps_media:
                # Known before the show counts as begun, so that another engine can go on at once.
                self._save_guard.attempt(lambda: self._saver.save_due(time.monotonic()))
            self._listener_guard.attempt(
                lambda: self._listener.on_start(self.alarms, self._desk.folder)
            )
            if plan.live:
                self._rights.start()
            began = time.monotonic()
            self._finish(lambda: self._loop.run(self._ticks(), self._is_over, self._poll))
            self._host.end_ticks()
            self._finish(lambda: self._monitors.finish(time.monotonic(), self._cast))
            if not plan.live:
                self._faults += [f"{why}; {_BROKEN_INPUT}" for why in self._cast.broken_off]
            self._publish(ShowState.STOPPING)
            self._finish(self._program.finish)
            self._finish(self._cast.close)
            self._publish(ShowState.ENDED)
            return self._report(avatars, time.monotonic() - began)

    def check(self) -> tuple[list[str], list[Finding]]:
        """Open everything except the outputs, close it, and return what was opened.

        Returns:
            What was opened, in lines, and whether the show could go on air with it.

        Raises:
            RendererError: a part cannot be opened.
        """
        avatars = self._load_avatars()
        open_rights(self._plan, avatars).require_allowed()
        with self._opened as opened:
            opened.callback(self._host.close)
            self._open(avatars, opened)
            lines = [f"Program    {self._what}", f"Avatars    {names_of_avatars(avatars)}"]
            lines += [f"Input      {info.name}" for info in self._cast.infos]
            outputs = (*self._plan.streams, *self._plan.recordings)
            lines += [f"Output     {one.shown}, not opened" for one in outputs]
            lines += [f"Warning    {text}" for text in self._warnings(avatars)]
            return lines, [*self._readiness.examine(), *probe_streams(self._plan.streams)]

    def _open(self, avatars: Sequence[Avatar], opened: ExitStack) -> None:
        """Open everything except the outputs.

        Raises:
            RendererError: a part cannot be opened.
        """
        plan = self._plan
        inputs = " and ".join(
            "+".join(Path(without_password(one)).name for one in split_cameras(word))
            for word in plan.inputs
        )
        title = f"{inputs} as {names_of_avatars(avatars)}"
        self._desk = desk = opened.enter_context(
            closing(DeskEndpoint(self._host.open_bus(title), self._containment, self._events))
        )
        earlier = self._resumed.inputs if self._resumed is not None else []
        launch = self._host.launch_capture
        feeds = open_feeds(plan, desk.camera_picture, self._times, earlier, launch)
        self._cast = cast = opened.enter_context(
            Cast(plan, feeds, avatars, self._times, desk.camera_picture, self._containment, launch)
        )
        rights = open_rights(plan, avatars, len(cast.performers))
        if self._resumed is None:
            rights.require_allowed()
        titles = self._disclose(find_disclosure(plan, rights))
        self._rights = RightsWatch(
            rights, self.alarms, lambda text: self._events.add(EventKind.RIGHTS, text)
        )
        opened.callback(self._rights.close)
        if self._resumed is not None:
            # The show goes on, but without what was taken down before or is not allowed now.
            self._rights.take_down_denied()
        self._director = director = DirectorCommands(cast.performers, plan.declaration.performer)
        opened.callback(director.close)
        self._expressiveness = faces = ExpressivenessCommands(cast.performers)
        opened.callback(faces.close)
        resumed = self._resumed
        width, height = program_size(plan.size) if resumed is None else resumed.size
        picture = self._picture
        # A licence whose label has changed since the picture was prepared needs another one.
        if picture is None or picture.titles != titles:
            on_stage = [one.avatar for one in cast.performers]
            picture = open_picture(
                self._plan, on_stage, (width, height), titles, self._events, self._opened
            )
        self._scene = scene = picture.scene
        renderer = picture.renderer
        views = {VERTICAL: upright_size((width, height))} if plan.has_vertical else {}
        self._is_endless = any(info.length_ns is None for info in cast.infos)
        self._rate = (
            program_rate(plan.rate, cast.infos[0].rate) if resumed is None else resumed.rate
        )
        desk.open_program(width, height)
        media = self._open_media(PROGRAM, (width, height), opened)
        if media.layout is PixelLayout.NV12:
            renderer.open_view(PROGRAM, width, height, media.layout)
        others = {}
        for view, size in views.items():
            others[view] = other = self._open_media(view, size, opened)
            renderer.open_view(view, *size, other.layout)
        renderer.prepare_titles(titles_to_prepare(plan, titles))
        mixer = open_mixer(plan, scene, renderer, (width, height), media.layout)
        self._program = Program(
            media, plan.streams, self.alarms, live=plan.live, other_media=others,
            take_link=self._host.take_link if self._host.keeps_media else None,
            check_outputs=lambda outputs: rights.check_outputs(kinds_of(outputs)),
        )  # fmt: skip
        if not self._host.keeps_media:
            opened.callback(self._program.abandon)
        if isinstance(scene, DirectedScene):
            scene.sources = open_sources(
                plan, max(width, height), desk.camera_picture, rights, self.alarms
            )
            if scene.sources is not None:
                opened.callback(scene.sources.close)
        if not plan.live:
            cast.await_people()
        self._what = f"{width}×{height} at {self._rate}, {renderer.adapter.name}, {media.encoder}"
        self._governor = (
            FrameGovernor(renderer, self.alarms, self._events, self._rate) if plan.live else None
        )
        self._direction = open_commands(plan, scene, self._events, self.alarms)
        commands = open_titles(scene, titles, self._direction)
        pictures = DeskPictures(
            renderer, scene if isinstance(scene, DirectedScene) else None, desk.folder,
            (width, height),
        )  # fmt: skip
        opened.callback(pictures.close)
        pictures.attach(desk)
        self._latency = latency = LatencyMeter() if plan.live else None
        self._loop = TickLoop(
            cast, scene, renderer, self._program, desk, self._times, self._containment,
            live=plan.live, titles=commands, governor=self._governor, views=tuple(views),
            mixer=mixer,
            hidden=lambda: self._rights.hidden,
            desk_pictures=pictures,
            latency=latency,
        )  # fmt: skip
        self._monitors = HealthMonitors(self.alarms, self._containment, self._rate, live=plan.live)
        self._status = ShowStatus(
            plan, avatars, cast, self._program, self._loop, self._monitors.frame_rate,
            self._times, self.alarms, self._events,
            lambda: [*self._warnings(avatars), *self._faults], self._rate,
            lambda: self._rights.verdicts,
        )  # fmt: skip
        self._inputs = InputSwitcher(plan, cast, desk.camera_picture, self._host.launch_capture)
        for room in (self._status, self._program, self._inputs, director, faces, commands):
            room.attach(desk)
        program = self._program
        self._readiness = ready = ReadinessCheck(
            lambda: self._rights.verdicts, self._inputs.health, program.sound.health,
            (*plan.streams, *plan.recordings), lambda: self.alarms.active, self._events,
        )  # fmt: skip
        program.require_ready = ready.require
        if plan.live:
            desk.sections.add(Readiness, Rate.ON_CHANGE, ready.section)
        if latency is not None:
            desk.sections.add(LatencyHealth, Rate.HEALTH, self._read_latency)
        if self._direction is not None:
            self._direction.attach(desk)
            opened.callback(self._direction.close)
        if isinstance(scene, DirectedScene) and scene.lights is not None:
            FixtureCommands(scene.lights).attach(desk)
        self._fans = open_fans(plan, scene, desk.folder, self.alarms)
        if self._fans is not None:
            self._fans.attach(desk)
        if isinstance(scene, DirectedScene):
            transport = scene.director.songs
            self._program.songs.connect(transport, plan.songs, lambda: self._program.time.run)
        self._receivers = open_receivers(
            plan, desk, self._direction, scene, self.alarms, self._containment,
            is_resumed=resumed is not None,
        )  # fmt: skip
        if self._receivers is not None:
            opened.enter_context(self._receivers)
        self._host.add_sections(desk.sections)
        self._saver = StateSaver(
            self._host.save,
            (width, height),
            self._rate,
            cast,
            self._program,
            self._loop,
            director,
            self._direction,
        )
        if resumed is not None:
            self._saver.restore(resumed)
        guard = self._containment.guard
        self._save_guard = guard("saved", "Saving the state to go on from")
        self._program_guard = guard("program", "Asking after the outputs")
        self._director_guard = guard("director", "The director's commands")
        if self._fans is not None:
            self._fans_guard = guard("fans", "The fans' summary")
        self._rights_guard = guard("rights", "Checking the rights")
        self._listener_guard = guard("listener", "The terminal's progress line")

    def _load_avatars(self) -> list[Avatar]:
        """Return the plan's avatars.

        Raises:
            AvatarError: one cannot be read.
        """
        if not self._avatars:
            opener = AvatarOpener()
            self._avatars = [load_avatar(path, opener.read) for path in self._plan.avatars]
        return self._avatars

    @property
    def recording_parts(self) -> list[list[RecordingPart]]:
        """Return the parts of every recording that has several, once the show has ended."""
        return self._program.recording_parts()

    def _open_media(self, view: str, size: tuple[int, int], opened: ExitStack) -> MediaClient:
        plan = self._plan
        program = ProgramFormat(
            *size, Fraction(self._rate), plan.live, mark=plan.mark, has_alpha=plan.is_keyed
        )
        media = self._host.open_media(view, program, plan)
        opened.callback(media.close)
        return media

    def _disclose(self, disclosure: Disclosure) -> TitlePlan:
        """Return the show's titles with its disclosure label; log who took the label off."""
        if disclosure.override:
            text = f"{disclosure.override} answers for showing no disclosure label"
            self._events.add(EventKind.RIGHTS, text)
        return replace(self._plan.titles, disclosure=disclosure.label)

    def _finish(self, act: Callable[[], None]) -> None:
        """Run a step of the shutdown; record its fault in the report and continue."""
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - the steps after it must be done
            # A RendererError's sentence is complete, and it is no fault of the program.
            _log.error("%s", fault, exc_info=not isinstance(fault, RendererError))
            self._faults.append(describe(fault))

    def _ticks(self) -> Iterator[Tick]:
        if (governor := self._governor) is None:
            return offline_ticks(self._rate)
        return live_ticks(self._rate, lambda: governor.every)

    def _is_over(self, tick: Tick) -> bool:
        if self._asked_to_end or self._status.end_asked or self._program.is_pointless:
            return True
        if not self._plan.live and self._loop.is_stuck:
            return True
        if self._is_endless and not self._plan.live:
            # Inputs that are repeated end with what they accompany.
            return not isinstance(self._scene, DirectedScene) or self._scene.director.is_idle
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
        self._host.tick()
        self._desk.poll()
        self._director_guard.attempt(self._director.poll)
        if self._receivers is not None:
            self._receivers.poll()
        if self._direction is not None:
            self._director_guard.attempt(self._direction.poll)
        if self._fans is not None:
            self._fans_guard.attempt(self._fans.poll)
        self._director_guard.attempt(self._expressiveness.poll)
        self._program_guard.attempt(lambda: self._program.poll(tick.t_ns))
        is_time = self._monitors.poll(
            time.monotonic(), self._cast, self._program, self._loop, self._inputs.health
        )
        self._desk.publish_due()
        if self._host.keeps_media:
            self._save_guard.attempt(lambda: self._saver.save_due(time.monotonic()))
        if is_time:
            self._rights_guard.attempt(self._rights.poll)
            self._listener_guard.attempt(lambda: self._listener.on_progress(self._progress()))

    def _progress(self) -> Progress:
        status = self._status
        return Progress(
            status.show_seconds,
            status.length_s,
            self._loop.frames,
            self._monitors.frame_rate.rate,
        )

    def _read_latency(self) -> LatencyHealth:
        """Return the latency by stage; without stages offline, where nobody waits."""
        if self._latency is None:
            return LatencyHealth()
        return self._latency.read(self._program.encode_latency, self._program.statuses)

    def _publish(self, state: ShowState) -> None:
        self._status.end(state)
        self._desk.publish_all()

    def _warnings(self, avatars: Sequence[Avatar]) -> list[str]:
        own = [warning for avatar in avatars for warning in avatar.warnings]
        scene = self._scene.warnings() if isinstance(self._scene, DirectedScene) else []
        room = [*self._scene.set.warnings, *scene]
        return [*own, *room, *self._cast.warnings, *self._director.warnings]

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
            replaced=program.replaced,
            refused=program.refused,
            latency_ms=program.latency_ms(),
            stages=self._read_latency().stages,
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
            rights=tuple(line for one in self._rights.verdicts for line in one.lines()),
            given_up={} if self._governor is None else dict(self._governor.seconds),
        )
