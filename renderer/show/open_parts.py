"""Open everything of a show except its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from avatars.model import Avatar
from renderer.capture.sources.address import split_cameras, without_password
from renderer.output.encode.format import ProgramFormat
from renderer.output.media_client import MediaClient
from renderer.protocol.alarms import Alarms
from renderer.protocol.latency import LatencyHealth
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PROGRAM, VERTICAL
from renderer.protocol.readiness import Readiness
from renderer.rights.case import RightsCase
from renderer.show.concert_scene import ConcertScene
from renderer.show.containment import Containment
from renderer.show.control.desk_pictures import DeskPictures
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.expressiveness import ExpressivenessCommands
from renderer.show.control.publisher import Rate
from renderer.show.control.show_status import ShowStatus, names_of_avatars
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.direction.mixer import PictureMixer
from renderer.show.direction.new_sources import NewSources
from renderer.show.direction.open import open_commands, open_mixer, open_titles, titles_to_prepare
from renderer.show.direction.open_sources import make_opener, open_sources
from renderer.show.direction.scene import DirectedScene
from renderer.show.direction.sources import SwitcherSources
from renderer.show.fans.commands import open_fans
from renderer.show.governor.control import FrameGovernor
from renderer.show.health.latency import LatencyMeter
from renderer.show.health.readiness import ReadinessCheck
from renderer.show.host.interfaces import ShowHost
from renderer.show.host.resume import ResumeState
from renderer.show.host.state_saver import StateSaver
from renderer.show.inputs.open import open_feeds
from renderer.show.lights.commands import FixtureCommands
from renderer.show.monitors import HealthMonitors
from renderer.show.parts import PollGuards, ShowParts, read_latency
from renderer.show.performers.cast import Cast
from renderer.show.picture import Picture, open_picture
from renderer.show.plan import ShowPlan, program_rate, program_size, upright_size
from renderer.show.program.program import Program
from renderer.show.receivers.inputs import open_receivers
from renderer.show.rights.gate import (
    check_outputs,
    find_disclosure,
    open_rights,
    require_disclosed,
)
from renderer.show.rights.label import disclose
from renderer.show.rights.slate_fade import open_slate_fade
from renderer.show.rights.watch import RightsWatch
from renderer.show.scene import Scene
from renderer.show.tick import TickLoop
from renderer.show.timing import StageTimes
from renderer.stage.text.titles import TitlePlan
from renderer.transport.pixel_layout import PixelLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the parts of a show are opened with.

    Attributes:
        resumed: the state from which another engine goes on; None at the start of a show.
        prepared: a picture that a standby has opened before; None for none.
        opened: closes the parts.
        faults: of the show so far, which its status lists.
    """

    plan: ShowPlan
    host: ShowHost
    avatars: Sequence[Avatar]
    alarms: Alarms
    containment: Containment
    times: StageTimes
    opened: ExitStack
    faults: Sequence[str]
    resumed: ResumeState | None
    prepared: Picture | None


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a show draws with, and where its frames go."""

    picture: Picture
    program: Program
    mixer: PictureMixer | None
    media: MediaClient
    size: tuple[int, int]
    rate: int
    views: tuple[str, ...]


def open_parts(start: Opening) -> ShowParts:
    """Open everything of a show except its outputs, and return it.

    Raises:
        RendererError: a part cannot be opened, or the rights forbid the show.
    """
    plan, opened, containment = start.plan, start.opened, start.containment
    events = start.host.events
    desk = _open_desk(start)
    cast = _open_cast(start, desk)
    case, titles = _decide_rights(start, cast)
    rights = _open_watch(start, case)
    director = DirectorCommands(cast.performers, plan.declaration.performer, plan.consents)
    opened.callback(director.close)
    faces = ExpressivenessCommands(cast.performers)
    opened.callback(faces.close)
    stage = _open_stage(start, desk, cast, case, titles)
    scene, renderer, program = stage.picture.scene, stage.picture.renderer, stage.program
    directed = scene if isinstance(scene, DirectedScene) else None
    new_sources = None
    if directed is not None:
        new_sources = _open_sources(start, desk, case, directed, max(stage.size))
    if not plan.live:
        cast.await_people()
    governor = FrameGovernor(renderer, start.alarms, events, stage.rate) if plan.live else None
    direction = open_commands(plan, scene, events, start.alarms)
    commands = open_titles(scene, titles, direction)
    pictures = DeskPictures(renderer, directed, desk.folder, stage.size)
    opened.callback(pictures.close)
    pictures.attach(desk)
    latency = LatencyMeter() if plan.live else None
    loop = TickLoop(
        cast, scene, renderer, program, desk, start.times, containment,
        live=plan.live, titles=commands, governor=governor, views=stage.views,
        mixer=stage.mixer,
        hidden=lambda: rights.hidden,
        desk_pictures=pictures,
        latency=latency,
        slate=open_slate_fade(plan, stage.size, stage.media.layout, rights),
    )  # fmt: skip
    monitors = HealthMonitors(start.alarms, containment, stage.rate, live=plan.live)
    warnings = partial(_list_warnings, start.avatars, scene, cast, director)
    status = ShowStatus(
        plan, start.avatars, cast, program, loop, monitors.frame_rate,
        start.times, start.alarms, events,
        lambda: [*warnings(), *start.faults], stage.rate,
        lambda: rights.verdicts,
    )  # fmt: skip
    inputs = InputSwitcher(plan, cast, desk.camera_picture, start.host.launch_capture)
    opened.callback(inputs.close)
    for room in (status, program, inputs, director, faces, commands):
        room.attach(desk)
    ready = ReadinessCheck(
        lambda: rights.verdicts, inputs.health, program.sound.health,
        (*plan.streams, *plan.recordings), lambda: start.alarms.active, events,
    )  # fmt: skip
    program.require_ready = ready.require
    if plan.live:
        desk.sections.add(Readiness, Rate.ON_CHANGE, ready.section)
    if latency is not None:
        desk.sections.add(LatencyHealth, Rate.HEALTH, partial(read_latency, latency, program))
    if direction is not None:
        direction.attach(desk)
        opened.callback(direction.close)
    fixtures = None
    if directed is not None and directed.lights is not None:
        fixtures = FixtureCommands(directed.lights)
        fixtures.attach(desk)
    fans = open_fans(plan, scene, desk.folder, start.alarms)
    if fans is not None:
        fans.attach(desk)
    if directed is not None:
        program.songs.connect(directed.director.songs, plan.songs, lambda: program.time.run)
    receivers = open_receivers(
        plan, desk, direction, scene, start.alarms, containment,
        is_resumed=start.resumed is not None,
    )  # fmt: skip
    if receivers is not None:
        opened.enter_context(receivers)
    start.host.add_sections(desk.sections)
    saver = StateSaver(
        start.host.save, stage.size, stage.rate, cast, program, loop, director, direction, fixtures
    )
    if start.resumed is not None:
        saver.restore(start.resumed)
    width, height = stage.size
    return ShowParts(
        desk=desk,
        cast=cast,
        rights=rights,
        director=director,
        expressiveness=faces,
        scene=scene,
        program=program,
        loop=loop,
        monitors=monitors,
        status=status,
        inputs=inputs,
        readiness=ready,
        saver=saver,
        guards=PollGuards(containment),
        what=(f"{width}×{height} at {stage.rate}, {renderer.adapter.name}, {stage.media.encoder}"),
        rate=stage.rate,
        is_live=plan.live,
        is_endless=any(info.length_ns is None for info in cast.infos),
        warnings=warnings,
        direction=direction,
        fans=fans,
        new_sources=new_sources,
        receivers=receivers,
        governor=governor,
        latency=latency,
    )


def _open_desk(start: Opening) -> DeskEndpoint:
    inputs = " and ".join(
        "+".join(Path(without_password(one)).name for one in split_cameras(word))
        for word in start.plan.inputs
    )
    bus = start.host.open_bus(f"{inputs} as {names_of_avatars(start.avatars)}")
    return start.opened.enter_context(
        closing(DeskEndpoint(bus, start.containment, start.host.events))
    )


def _open_cast(start: Opening, desk: DeskEndpoint) -> Cast:
    earlier = start.resumed.inputs if start.resumed is not None else []
    launch = start.host.launch_capture
    feeds = open_feeds(start.plan, desk.camera_picture, start.times, earlier, launch, desk.folder)
    return start.opened.enter_context(
        Cast(
            start.plan, feeds, start.avatars, start.times, desk.camera_picture,
            start.containment, launch,
        )
    )  # fmt: skip


def _decide_rights(start: Opening, cast: Cast) -> tuple[RightsCase, TitlePlan]:
    """Return the case of who is on stage, and the show's titles with its disclosure label."""
    case = open_rights(start.plan, start.avatars, len(cast.performers))
    if start.resumed is None:
        case.require_allowed()
    disclosure = (find_disclosure if start.resumed else require_disclosed)(start.plan, case)
    if disclosure.override:
        text = f"{disclosure.override} answers for showing no disclosure label"
        start.host.events.add(EventKind.RIGHTS, text)
    return case, disclose(start.plan.titles, disclosure)


def _open_watch(start: Opening, case: RightsCase) -> RightsWatch:
    events = start.host.events
    watch = RightsWatch(case, start.alarms, lambda text: events.add(EventKind.RIGHTS, text))
    start.opened.callback(watch.close)
    if start.resumed is not None:
        # The show goes on, but without what was taken down before or is not allowed now.
        watch.take_down_denied()
    return watch


def _open_stage(
    start: Opening, desk: DeskEndpoint, cast: Cast, case: RightsCase, titles: TitlePlan
) -> _Stage:
    plan, opened, host, resumed = start.plan, start.opened, start.host, start.resumed
    size = width, height = program_size(plan.size) if resumed is None else resumed.size
    picture = start.prepared
    # A licence whose label has changed since the picture was prepared needs another one.
    if picture is None or picture.titles != titles:
        on_stage = [one.avatar for one in cast.performers]
        picture = open_picture(plan, on_stage, size, titles, host.events, opened)
    renderer = picture.renderer
    rate = program_rate(plan.rate, cast.infos[0].rate) if resumed is None else resumed.rate
    desk.open_program(width, height)
    media = _open_media(start, desk, PROGRAM, size, rate)
    if media.layout is PixelLayout.NV12:
        renderer.open_view(PROGRAM, width, height, media.layout)
    others = {}
    views = {VERTICAL: upright_size(size)} if plan.has_vertical else {}
    for view, upright in views.items():
        others[view] = other = _open_media(start, desk, view, upright, rate)
        renderer.open_view(view, *upright, other.layout)
    renderer.prepare_titles(titles_to_prepare(plan, titles))
    mixer = open_mixer(plan, picture.scene, renderer, size, media.layout)
    program = Program(
        media, plan.streams, start.alarms, live=plan.live, other_media=others,
        take_link=host.take_link if host.keeps_media else None,
        check_outputs=partial(check_outputs, plan, case),
    )  # fmt: skip
    if not host.keeps_media:
        opened.callback(program.abandon)
    return _Stage(picture, program, mixer, media, size, rate, tuple(views))


def _open_sources(
    start: Opening, desk: DeskEndpoint, case: RightsCase, scene: DirectedScene, longest: int
) -> NewSources | None:
    """Open the scene's files and own cameras; return what opens those that are added on air."""
    plan = start.plan
    sources = open_sources(plan, longest, desk.camera_picture, case, start.alarms)
    if plan.live:
        sources = sources or SwitcherSources((), start.alarms)
    if sources is not None:
        start.opened.callback(sources.close)
    new_sources = None
    if plan.live and sources is not None and plan.document is not None:
        opener = make_opener(plan, longest, desk.camera_picture, case)
        new_sources = NewSources(plan.document.show.cameras, opener, sources, start.alarms)
        # Closed before the sources, to which it gives what it is opening.
        start.opened.callback(new_sources.close)
    scene.sources = sources
    return new_sources


def _open_media(
    start: Opening, desk: DeskEndpoint, view: str, size: tuple[int, int], rate: int
) -> MediaClient:
    plan = start.plan
    if plan.sound is not None:
        plan = replace(plan, sound=replace(plan.sound, voices=desk.folder))
    program = ProgramFormat(
        *size, Fraction(rate), plan.live, mark=plan.mark, has_alpha=plan.is_keyed
    )
    media = start.host.open_media(view, program, plan)
    start.opened.callback(media.close)
    return media


def _list_warnings(
    avatars: Sequence[Avatar],
    scene: Scene | ConcertScene | DirectedScene,
    cast: Cast,
    director: DirectorCommands,
) -> list[str]:
    own = [warning for avatar in avatars for warning in avatar.warnings]
    directed = scene.warnings() if isinstance(scene, DirectedScene) else []
    return [*own, *scene.set.warnings, *directed, *cast.warnings, *director.warnings]
