"""From the words that name a show's inputs to the feeds that give what is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.process.process import WIDEST, CaptureProcess
from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import is_animation, is_take
from renderer.show.inputs.animation_feed import AnimationFeed
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import closeup_faults, lens_faults
from renderer.show.timing import StageTimes

_BESIDE_OTHERS: Final = 320
"""Pixels that a camera's picture on the desk is wide where it is one of several."""


def open_feeds(
    plan: ShowPlan, picture: Callable[[int], Path], times: StageTimes
) -> list[tuple[Feed, int]]:
    """Open every input of a show.

    Args:
        picture: where an input shares its picture with the desk, by its number.

    Returns:
        Each with the number of its performers.

    Raises:
        RendererError: a take cannot be read, or a lens is told of what no lens has seen; then
            nothing stays open. Whether a camera can be opened, its feed's `info` tells.
    """
    for fault in lens_faults(plan):
        raise fault
    feeds: list[tuple[Feed, int]] = []
    try:
        for number, word in enumerate(plan.inputs):
            if is_take(word):
                take = TakeFeed(Path(word), live=plan.live)
                feeds.append((take, take.performers))
            elif is_animation(word):
                animation = AnimationFeed(Path(word), live=plan.live)
                feeds.append((animation, animation.performers))
            else:
                opens = capture_of(plan, word, picture(number), focal=plan.focal(number))
                camera = CaptureFeed(opens, times, live=plan.live)
                feeds.append((camera, plan.performers))
    except BaseException:
        for feed, _ in feeds:
            feed.close()
        raise
    return feeds


def open_closeup(plan: ShowPlan, word: str, picture: Path, times: StageTimes) -> CaptureFeed:
    """Open a camera that shows one performer's face.

    Args:
        picture: where it shares its picture with the desk.

    Raises:
        ShowError: it is no camera, video or row of images, or it is live in a show that is not.
    """
    for fault in closeup_faults(plan, word):
        raise fault
    return CaptureFeed(capture_of(plan, word, picture, closeup=True), times, live=plan.live)


def capture_of(
    plan: ShowPlan,
    word: str,
    picture: Path,
    *,
    closeup: bool = False,
    focal: float = USUAL_FOCAL,
) -> Callable[[], CaptureProcess]:
    """Return what opens an input of a show by its word, as often as it is asked to.

    Args:
        focal: of its lens, over the picture's longer side.
    """
    alone = len(plan.inputs) == 1 and not plan.companions.closeups
    return partial(
        CaptureProcess,
        word,
        plan.live,
        picture,
        performers=plan.performers,
        image_rate=None if plan.rate is None else float(plan.rate),
        picture_width=WIDEST if alone else _BESIDE_OTHERS,
        closeup=closeup,
        focal=focal,
    )
