"""Open what a show draws with, and where its frames go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from renderer.output.encode.format import ProgramFormat
from renderer.output.media_client import MediaClient
from renderer.protocol.pictures import PROGRAM, VERTICAL
from renderer.rights.case import RightsCase
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.direction.mixer import PictureMixer
from renderer.show.direction.new_sources import NewSources
from renderer.show.direction.open import open_mixer, titles_to_prepare
from renderer.show.direction.open_sources import make_opener, open_sources
from renderer.show.direction.scene import DirectedScene
from renderer.show.direction.sources import SwitcherSources
from renderer.show.opening.records import Opening
from renderer.show.performers.cast import Cast
from renderer.show.picture import Picture, open_picture
from renderer.show.plan import program_rate, program_size, upright_size
from renderer.show.program.program import Program
from renderer.show.rights.gate import refuses_slate
from renderer.show.rights.live_label import LiveLabel
from renderer.stage.text.titles import TitlePlan
from renderer.transport.pixel_layout import PixelLayout


@dataclass(frozen=True, slots=True)
class Stage:
    """What a show draws with, and where its frames go."""

    picture: Picture
    program: Program
    mixer: PictureMixer | None
    media: MediaClient
    size: tuple[int, int]
    rate: int
    views: tuple[str, ...]


def open_stage(
    start: Opening, desk: DeskEndpoint, cast: Cast, label: LiveLabel, titles: TitlePlan
) -> Stage:
    """Open what draws the show, its views, and where its frames go.

    Raises:
        RendererError: a part cannot be opened.
    """
    plan, opened, host, resumed = start.plan, start.opened, start.host, start.resumed
    size = width, height = program_size(plan.size) if resumed is None else resumed.size
    picture = start.prepared
    # A licence whose label has changed since the picture was prepared needs another one.
    if picture is None or picture.titles != titles:
        on_stage = [one.avatar for one in cast.performers]
        picture = open_picture(
            plan, on_stage, size, titles, host.events, opened, start.wardrobe, start.levels,
            start.footage,
        )  # fmt: skip
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
    mixer = open_mixer(plan, picture.scene, renderer, size, media.layout, start.footage)
    program = Program(
        media, plan.streams, start.alarms, live=plan.live, other_media=others,
        take_link=host.take_link if host.keeps_media else None,
        check_outputs=label.check_outputs,
        refuses_slate=partial(refuses_slate, plan, start.footage),
    )  # fmt: skip
    if not host.keeps_media:
        opened.callback(program.abandon)
    return Stage(picture, program, mixer, media, size, rate, tuple(views))


def open_switcher_sources(
    start: Opening,
    desk: DeskEndpoint,
    case: RightsCase,
    scene: DirectedScene,
    longest: int,
) -> NewSources | None:
    """Open the scene's files and own cameras; return what opens those that are added on air."""
    plan, footage = start.plan, start.footage
    sources = open_sources(plan, longest, desk.camera_picture, case, footage, start.alarms)
    if plan.live:
        sources = sources or SwitcherSources((), start.alarms)
    if sources is not None:
        start.opened.callback(sources.close)
    new_sources = None
    if plan.live and sources is not None and plan.document is not None:
        opener = make_opener(plan, longest, desk.camera_picture, case, footage)
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
