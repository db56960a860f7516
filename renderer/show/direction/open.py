"""Open a show's scene, its mixer, and the crew's commands, as its plan asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from avatars.model import Avatar
from renderer.graphics.renderer import StageRenderer
from renderer.protocol.alarms import Alarms
from renderer.rights.footage.check import FootageCheck
from renderer.show.concert_scene import ConcertScene
from renderer.show.control.title_board import TitleBoard
from renderer.show.control.titles import TitleCommands
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.direction.look_tables import LookTables
from renderer.show.direction.mixer import MIX_VIEW, PictureMixer
from renderer.show.direction.scene import DirectedScene
from renderer.show.direction.staging.screen_board import ScreenBoard
from renderer.show.direction.transitions import load_stinger
from renderer.show.document.cues import TitleAction
from renderer.show.document.editor import DocumentEditor
from renderer.show.document.plan import resolve
from renderer.show.host.interfaces import Events
from renderer.show.lights.fixture_lights import FixtureLights
from renderer.show.lights.open import open_fixtures
from renderer.show.plan import ShowPlan
from renderer.show.scene import Scene
from renderer.stage.concert import StagedSong
from renderer.stage.sets.screen_sources import check_screen_sources
from renderer.stage.text.lyrics import Lyrics
from renderer.stage.text.titles import LowerThirdCue, TitlePlan
from renderer.transport.pixel_layout import PixelLayout


def open_scene(
    plan: ShowPlan,
    titles: TitlePlan,
    avatars: Sequence[Avatar],
    aspect: float,
    views: Mapping[str, float],
    events: Events,
    wardrobe: Sequence[Avatar] = (),
) -> Scene | ConcertScene | DirectedScene:
    """Return the scene of a show: directed by its document, staged by its plan, or the small stage.

    Args:
        plan: of the show.
        titles: over its picture.
        avatars: on stage.
        aspect: the picture's width over its height.
        views: aspects of further views by name.
        events: the show's log.
        wardrobe: further avatars to which performers may change.

    Raises:
        RendererError: the set cannot be read, or the document's cues cannot be run.
    """
    if plan.staging is not None:
        direction = StagedSong(plan.staging, titles)
        return ConcertScene(avatars, aspect, direction, views, plan.set, plan.screens)
    if plan.document is not None and plan.document.show.is_directed:
        director = StageDirector(
            plan.document.show, titles, events, plan.songs, is_live=plan.live,
            find_table=LookTables(plan.document.folder, events).get,
            screens=ScreenBoard(plan.screens, plan.document.folder),
        )  # fmt: skip
        everybody = (*avatars, *wardrobe)
        scene = DirectedScene(director, everybody, aspect, views, plan.set, plan.screens)
        for source in plan.cue_screens:
            check_screen_sources((source,), scene.set.screens)
        programmer, warnings = open_fixtures(plan.document)
        if programmer is not None:
            scene.lights = FixtureLights(programmer, warnings)
        return scene
    return Scene(avatars, aspect, titles, views, plan.set, plan.screens)


def open_mixer(
    plan: ShowPlan,
    scene: Scene | ConcertScene | DirectedScene,
    renderer: StageRenderer,
    size: tuple[int, int],
    layout: PixelLayout,
    footage: FootageCheck,
) -> PictureMixer | None:
    """Open the renderer's second view for dissolves, and return the mixer of a directed show.

    Args:
        size: of the program, pixels.
        layout: of its frames.
        footage: knows which stingers and whether the slate must not be seen.

    Raises:
        RendererError: the view does not fit on the GPU, or a stinger cannot be read.
    """
    if not isinstance(scene, DirectedScene) or plan.document is None:
        return None
    width, height = size
    if len(scene.director.cameras) > 1:
        renderer.open_view(MIX_VIEW, width, height, layout)
        collect = partial(renderer.collect, MIX_VIEW)
        scene.mixer = PictureMixer(collect, plan.slate, footage.is_refused)
    else:
        scene.mixer = PictureMixer(_collect_nothing, plan.slate, footage.is_refused)
    scene.mixer.prepare(size, layout)
    if layout is not PixelLayout.RGBA:
        stingers = {
            one.name: load_stinger(resolve(plan.document.folder, one.file), one.cut, size, layout)
            for one in plan.document.show.stingers
        }
        scene.mixer.stingers = stingers
        scene.director.presenter.stingers = {name: one.length_ns for name, one in stingers.items()}
    return scene.mixer


def open_commands(
    plan: ShowPlan,
    scene: Scene | ConcertScene | DirectedScene,
    events: Events,
    alarms: Alarms,
) -> DirectionCommands | None:
    """Return the crew's commands of a directed show; None for another one."""
    if not isinstance(scene, DirectedScene) or plan.document is None:
        return None
    return DirectionCommands(scene.director, DocumentEditor(plan.document), events, alarms)


def open_titles(
    scene: Scene | ConcertScene | DirectedScene,
    titles: TitlePlan,
    direction: DirectionCommands | None,
) -> TitleCommands:
    """Return the crew's commands to titles; a directed show has one board for cues and crew."""
    if isinstance(scene, DirectedScene) and direction is not None:
        return TitleCommands(scene.director.board, direction.show_lyrics)
    return TitleCommands(TitleBoard(has_lyrics=bool(titles.lyrics)))


def titles_to_prepare(plan: ShowPlan, titles: TitlePlan) -> TitlePlan:
    """Return a show's titles with those of its cues, so that a new one delays no frame."""
    if plan.document is None:
        return titles
    thirds = [third for song in plan.songs[1:] for third in song.lower_thirds]
    thirds += [
        LowerThirdCue(0.0, action.time, action.name, action.role)
        for one in plan.document.show.cue_lists
        for cue in one.cues
        for action in cue.actions
        if isinstance(action, TitleAction)
    ]
    songs = [titles.lyrics, *(song.lyrics for song in plan.songs[1:])]
    rows = zip_longest(*songs, fillvalue=Lyrics(()))
    # Only the lines count here, not their times.
    lyrics = tuple(Lyrics([line for one in row for line in one.lines]) for row in rows)
    return replace(titles, lyrics=lyrics, lower_thirds=[*titles.lower_thirds, *thirds])


def _collect_nothing() -> None:
    """Return no frame: there is one camera, and nothing to dissolve from."""
