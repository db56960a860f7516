"""Open everything of a show except its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from avatars.model import Avatar
from renderer.capture.sources.address import split_cameras, without_password
from renderer.protocol.latency import LatencyHealth
from renderer.protocol.log import EventKind
from renderer.protocol.readiness import Readiness
from renderer.show.concert_scene import ConcertScene
from renderer.show.control.desk_pictures import DeskPictures
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.expressiveness import ExpressivenessCommands
from renderer.show.control.publisher import Rate
from renderer.show.control.show_status import ShowStatus, names_of_avatars
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.new_sources import NewSources
from renderer.show.direction.open import open_commands, open_titles
from renderer.show.direction.scene import DirectedScene
from renderer.show.fans.commands import open_fans
from renderer.show.governor.control import FrameGovernor
from renderer.show.guests.ways import GuestWays
from renderer.show.health.latency import LatencyMeter
from renderer.show.health.readiness import ReadinessCheck
from renderer.show.host.state_saver import StateSaver
from renderer.show.inputs.open import open_feeds
from renderer.show.lights.commands import FixtureCommands
from renderer.show.monitors import HealthMonitors
from renderer.show.opening.records import Opening
from renderer.show.opening.stage import Stage, open_stage, open_switcher_sources
from renderer.show.parts import PollGuards, ShowParts, read_latency
from renderer.show.performers.cast import Cast
from renderer.show.performers.model_watch import ModelWatch
from renderer.show.performers.wardrobe import Wardrobe
from renderer.show.receivers.inputs import open_receivers
from renderer.show.rights.live_label import LiveLabel
from renderer.show.rights.open import check_footage, decide_rights, open_watch
from renderer.show.rights.slate_fade import open_slate_fade
from renderer.show.rights.watch import RightsWatch
from renderer.show.scene import Scene
from renderer.show.tick import TickLoop
from renderer.stage.text.titles import TitlePlan


@dataclass(frozen=True, slots=True)
class _Base:
    """What the parts that the crew commands are made of.

    Attributes:
        directed: the scene, if cues direct it.
    """

    desk: DeskEndpoint
    cast: Cast
    rights: RightsWatch
    label: LiveLabel
    titles: TitlePlan
    director: DirectorCommands
    models: ModelWatch
    faces: ExpressivenessCommands
    stage: Stage
    directed: DirectedScene | None
    new_sources: NewSources | None


@dataclass(frozen=True, slots=True)
class _Direction:
    """What directs a show by its document; None in other shows."""

    commands: DirectionCommands | None
    wardrobe: Wardrobe | None


@dataclass(frozen=True, slots=True)
class _Run:
    """What turns ticks into frames, and measures it."""

    loop: TickLoop
    governor: FrameGovernor | None
    latency: LatencyMeter | None


def open_parts(start: Opening) -> ShowParts:
    """Open everything of a show except its outputs, and return it.

    Raises:
        RendererError: a part cannot be opened, or the rights forbid the show.
    """
    base = _open_base(start)
    plan, desk, cast, stage = start.plan, base.desk, base.cast, base.stage
    scene, program = stage.picture.scene, stage.program
    if not plan.live:
        cast.await_people()
    direction = _open_direction(start, base)
    run = _open_run(start, base, direction)
    monitors = HealthMonitors(start.alarms, start.containment, stage.rate, live=plan.live)
    warnings = partial(_list_warnings, start.avatars, scene, cast, base.director, base.models)
    status = ShowStatus(
        plan, start.avatars, cast, program, run.loop, monitors.frame_rate,
        start.times, start.alarms, start.host.events,
        lambda: [*warnings(), *start.faults], stage.rate,
        lambda: base.rights.verdicts,
    )  # fmt: skip
    inputs = InputSwitcher(plan, cast, desk.camera_picture, start.host.launch_capture)
    start.opened.callback(inputs.close)
    for room in (status, program, inputs, base.director, base.faces):
        room.attach(desk)
    ready = _open_readiness(start, base, inputs, run.latency)
    if direction.commands is not None:
        direction.commands.attach(desk)
        start.opened.callback(direction.commands.close)
    fixtures = None
    if base.directed is not None and base.directed.lights is not None:
        fixtures = FixtureCommands(base.directed.lights)
        fixtures.attach(desk)
    fans = open_fans(plan, scene, desk.folder, start.alarms)
    if fans is not None:
        fans.attach(desk)
    if base.directed is not None:
        songs = base.directed.director.songs
        program.songs.connect(songs, plan.songs, lambda: program.time.run)
    receivers = open_receivers(
        plan, desk, direction.commands, scene, start.alarms, start.containment,
        is_resumed=start.resumed is not None,
    )  # fmt: skip
    if receivers is not None:
        start.opened.enter_context(receivers)
    start.host.add_sections(desk.sections)
    saver = StateSaver(
        start.host.save, stage.size, stage.rate, cast, program, run.loop, base.director,
        direction.commands, fixtures,
    )  # fmt: skip
    if start.resumed is not None:
        saver.restore(start.resumed)
    if base.directed is not None and direction.wardrobe is not None:
        # An engine that goes on with a show begins in the avatars of its last one.
        direction.wardrobe.apply(base.directed.director.state.kept)
    width, height = stage.size
    return ShowParts(
        desk=desk,
        cast=cast,
        rights=base.rights,
        director=base.director,
        models=base.models,
        expressiveness=base.faces,
        scene=scene,
        program=program,
        loop=run.loop,
        monitors=monitors,
        status=status,
        inputs=inputs,
        readiness=ready,
        saver=saver,
        guards=PollGuards(start.containment),
        what=(
            f"{width}×{height} at {stage.rate}, {stage.picture.renderer.adapter.name}, "
            f"{stage.media.encoder}"
        ),
        rate=stage.rate,
        is_live=plan.live,
        is_endless=any(info.length_ns is None for info in cast.infos),
        warnings=warnings,
        direction=direction.commands,
        wardrobe=direction.wardrobe,
        ways=GuestWays(cast.inputs, program.sound) if plan.live else None,
        fans=fans,
        new_sources=base.new_sources,
        receivers=receivers,
        governor=run.governor,
        latency=run.latency,
    )


def _open_base(start: Opening) -> _Base:
    """Open desk, inputs and stage, and decide the rights."""
    plan, opened = start.plan, start.opened
    desk = _open_desk(start)
    cast = _open_cast(start, desk)
    case, titles = decide_rights(start, cast)
    label = LiveLabel(plan, case, start.alarms, partial(start.host.events.add, EventKind.RIGHTS))
    check_footage(start)
    rights = open_watch(start, case, label)
    director = DirectorCommands(cast.performers, plan.declaration.performer, plan.consents)
    opened.callback(director.close)
    models = ModelWatch(
        cast.performers, plan.declaration.performer, plan.models, plan.consents, start.alarms,
        on_air=start.resumed is not None,
    )  # fmt: skip
    opened.callback(models.close)
    faces = ExpressivenessCommands(cast.performers)
    opened.callback(faces.close)
    stage = open_stage(start, desk, cast, label, titles)
    scene = stage.picture.scene
    directed = scene if isinstance(scene, DirectedScene) else None
    new_sources = None
    if directed is not None:
        label.connect(lambda: directed.director.show)
        if start.resumed is not None:
            label.follow()
        new_sources = open_switcher_sources(start, desk, case, directed, max(stage.size))
    return _Base(
        desk, cast, rights, label, titles, director, models, faces, stage, directed, new_sources
    )


def _open_direction(start: Opening, base: _Base) -> _Direction:
    """Open what directs the show by its document."""
    plan, scene = start.plan, base.stage.picture.scene
    commands = open_commands(plan, scene, start.host.events, start.alarms)
    if commands is None or plan.document is None or not start.wardrobe:
        return _Direction(commands, None)
    own = [one.avatar for one in plan.document.show.performers]
    pieces = list(zip(plan.wardrobe, start.wardrobe, strict=True))
    wardrobe = Wardrobe(base.cast.performers, own, pieces)
    commands.staging.check = wardrobe.check
    base.rights.find_shown = lambda: wardrobe.rows
    return _Direction(commands, wardrobe)


def _open_run(start: Opening, base: _Base, direction: _Direction) -> _Run:
    """Open the tick loop, with what it draws and measures."""
    plan, desk, stage = start.plan, base.desk, base.stage
    scene, renderer = stage.picture.scene, stage.picture.renderer
    governor = None
    if plan.live:
        governor = FrameGovernor(renderer, start.alarms, start.host.events, stage.rate)
    titles = open_titles(scene, base.titles, direction.commands)
    pictures = DeskPictures(renderer, base.directed, desk.folder, stage.size)
    start.opened.callback(pictures.close)
    pictures.attach(desk)
    latency = LatencyMeter() if plan.live else None
    loop = TickLoop(
        base.cast, scene, renderer, stage.program, desk, start.times, start.containment,
        live=plan.live, titles=titles, label=base.label, governor=governor, views=stage.views,
        mixer=stage.mixer,
        hidden=lambda: base.rights.hidden,
        desk_pictures=pictures,
        latency=latency,
        slate=open_slate_fade(plan, stage.size, stage.media.layout, base.rights, start.footage),
        wardrobe=[one.meta.name for one in start.wardrobe],
    )  # fmt: skip
    titles.attach(desk)
    return _Run(loop, governor, latency)


def _open_readiness(
    start: Opening, base: _Base, inputs: InputSwitcher, latency: LatencyMeter | None
) -> ReadinessCheck:
    """Open the check before going live; publish it and the latency in a live show."""
    plan, program, sections = start.plan, base.stage.program, base.desk.sections
    ready = ReadinessCheck(
        lambda: base.rights.verdicts, inputs.health, program.sound.health,
        (*plan.streams, *plan.recordings), lambda: start.alarms.active, start.host.events,
        is_live=plan.live,
    )  # fmt: skip
    program.require_ready = ready.require
    if plan.live:
        sections.add(Readiness, Rate.ON_CHANGE, ready.section)
    if latency is not None:
        sections.add(LatencyHealth, Rate.HEALTH, partial(read_latency, latency, program))
    return ready


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


def _list_warnings(
    avatars: Sequence[Avatar],
    scene: Scene | ConcertScene | DirectedScene,
    cast: Cast,
    director: DirectorCommands,
    models: ModelWatch,
) -> list[str]:
    own = [warning for avatar in avatars for warning in avatar.warnings]
    directed = scene.warnings() if isinstance(scene, DirectedScene) else []
    return [
        *own,
        *scene.set.warnings,
        *directed,
        *cast.warnings,
        *director.warnings,
        *models.warnings,
    ]
