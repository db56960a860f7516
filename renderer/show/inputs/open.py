"""Open a show's inputs from the words that name them."""

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
"""Width in pixels of a camera's picture on the desk if there are several cameras."""


def open_feeds(
    plan: ShowPlan, picture: Callable[[int], Path], times: StageTimes
) -> list[tuple[Feed, int]]:
    """Open every input of a show.

    Args:
        picture: returns where an input shares its picture with the desk, given its number.

    Returns:
        Each input with its number of performers.

    Raises:
        RendererError: a take cannot be read, or a lens is given for an input without one; then
            nothing remains open. Whether a camera can be opened shows in its feed's `info`.
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
        ShowError: it is no camera, video or image sequence, or it is live in an offline show.
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
    """Return a function that opens an input of a show; it can be called repeatedly.

    Args:
        focal: focal length over the picture's longer side.
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
