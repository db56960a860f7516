"""Create the concert drawables other than set and avatars. Add a new kind with one line here."""

from __future__ import annotations

import moderngl

from renderer.graphics.drawables.base import Drawable
from renderer.graphics.drawables.confetti import ConfettiModel
from renderer.graphics.drawables.crowd import CrowdModel
from renderer.graphics.drawables.moving_heads import MovingHeadsModel
from renderer.graphics.drawables.screens import ScreensModel
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.set import StageSet


def effect_models(
    context: moderngl.Context,
    programs: Programs,
    stage: StageSet,
    feed: ScreenFeed | None,
    *,
    software: bool,
) -> list[Drawable]:
    """Return drawables for a set's screens, moving heads and audience, and for confetti.

    Args:
        feed: the last program picture; None for a set without screens.
        software: whether a software rasteriser draws.
    """
    models: list[Drawable] = []
    if feed is not None:
        models.append(ScreensModel(context, programs, stage.screens, feed))
    if len(stage.fixtures):
        models.append(MovingHeadsModel(context, programs))
    if len(stage.seats):
        models.append(CrowdModel(context, programs, stage.seats, software=software))
        models.append(ConfettiModel(context, programs, software=software))
    return models
