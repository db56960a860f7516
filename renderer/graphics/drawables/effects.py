"""Create the concert drawables other than set and avatars. Add a new kind with one line here."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Drawable
from renderer.graphics.drawables.confetti import ConfettiModel
from renderer.graphics.drawables.crowd.model import CrowdModel
from renderer.graphics.drawables.lamps import LampsModel
from renderer.graphics.drawables.moving_heads import MovingHeadsModel
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.drawables.screens.model import ScreensModel
from renderer.graphics.drawables.sparks import SparksModel
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.sets.stage_set import StageSet


def effect_models(
    context: moderngl.Context,
    programs: Programs,
    stage: StageSet,
    feed: ScreenFeed | None,
    library: ScreenLibrary,
    *,
    software: bool,
    are_reduced: bool,
    is_keyed: bool = False,
) -> list[Drawable]:
    """Return drawables for a set's screens, moving heads and audience, for confetti and sparks.

    Args:
        feed: the last program picture; None for a set without screens.
        library: the files that screens may show.
        software: whether a software rasteriser draws.
        are_reduced: whether screens out of focus are drawn at a reduced size.
        is_keyed: whether the picture is keyed: confetti falls without a hall, and nothing glows.
    """
    models: list[Drawable] = []
    if feed is not None:
        models.append(
            ScreensModel(context, programs, stage.screens, feed, library, are_reduced=are_reduced)
        )
    if len(stage.fixtures):
        models.append(MovingHeadsModel(context, programs))
    if len(stage.lamps):
        models.append(LampsModel(context, programs))
    if not is_keyed:
        models += [
            SparksModel(context, programs, "the sparks", lambda s: s.sparks, software=software),
            SparksModel(context, programs, "the light rain", lambda s: s.rain, software=software),
        ]
    if len(stage.seats):
        models.append(CrowdModel(context, programs, stage.seats, software=software))
    if len(stage.seats) or is_keyed:
        models.append(ConfettiModel(context, programs, software=software))
    return models
