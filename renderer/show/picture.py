"""Open what draws a show: its scene, and the renderer with every shader compiled."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from avatars.model import Avatar
from renderer.graphics.drawables.avatar.levels import MergedLevels
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.renderer import StageRenderer
from renderer.protocol.pictures import VERTICAL
from renderer.rights.footage.check import FootageCheck
from renderer.show.concert_scene import ConcertScene
from renderer.show.direction.open import open_scene
from renderer.show.direction.scene import DirectedScene
from renderer.show.governor.steps import SCALES
from renderer.show.host.interfaces import Events
from renderer.show.plan import ShowPlan, upright_size
from renderer.show.scene import Scene
from renderer.stage.sets.screen_sources import screen_files
from renderer.stage.text.titles import TitlePlan


@dataclass(frozen=True, slots=True)
class Picture:
    """What draws a show: the scene with its titles, and the renderer."""

    titles: TitlePlan
    scene: Scene | ConcertScene | DirectedScene
    renderer: StageRenderer


def open_picture(
    plan: ShowPlan,
    on_stage: Sequence[Avatar],
    size: tuple[int, int],
    titles: TitlePlan,
    events: Events,
    opened: ExitStack,
    wardrobe: Sequence[Avatar] = (),
    levels: MergedLevels | None = None,
    footage: FootageCheck | None = None,
) -> Picture:
    """Return the scene, and the renderer with every shader compiled.

    Args:
        on_stage: the performers' avatars, in order.
        wardrobe: further avatars to which they may change; the renderer numbers them after those.
        levels: the avatars' meshes, as far as they are merged.
        footage: knows which of the screens' files must not be seen; None if any may be.

    Raises:
        RendererError: the set or a screen's file cannot be read, or OpenGL is not usable.
    """
    width, height = size
    aspects = {}
    if plan.has_vertical:
        wide, high = upright_size(size)
        aspects[VERTICAL] = wide / high
    scene = open_scene(plan, titles, on_stage, width / height, aspects, events, wardrobe)
    files = screen_files((*plan.screens, *plan.cue_screens))
    footage = footage or FootageCheck(plan.declaration.show)
    library = opened.enter_context(
        ScreenLibrary(files, waits=not plan.live, is_refused=footage.is_refused)
    )
    renderer = opened.enter_context(
        StageRenderer(
            width,
            height,
            scene.set,
            (*on_stage, *wardrobe),
            library=library,
            scales=SCALES if plan.live else (),
            is_keyed=plan.is_keyed,
            levels=levels,
        )
    )
    if not isinstance(scene, Scene) and renderer.draws_screen_cameras:
        scene.use_screen_cameras()
    if not isinstance(scene, Scene) or plan.live:
        renderer.prepare_effects()
    return Picture(titles, scene, renderer)
