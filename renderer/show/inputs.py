"""From the words that name a show's inputs to the feeds that give what is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.address import is_take
from renderer.capture.process import WIDEST, CaptureProcess
from renderer.show.feed import CaptureFeed, Feed
from renderer.show.plan import ShowPlan
from renderer.show.take_feed import TakeFeed
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
        RendererError: a take cannot be read; then nothing stays open. Whether a camera can be
            opened, its feed's `info` tells.
    """
    feeds: list[tuple[Feed, int]] = []
    try:
        for number, word in enumerate(plan.inputs):
            if is_take(word):
                take = TakeFeed(Path(word), live=plan.live)
                feeds.append((take, take.performers))
            else:
                camera = CaptureFeed(capture_of(plan, word, picture(number)), times, live=plan.live)
                feeds.append((camera, plan.performers))
    except BaseException:
        for feed, _ in feeds:
            feed.close()
        raise
    return feeds


def capture_of(plan: ShowPlan, word: str, picture: Path) -> Callable[[], CaptureProcess]:
    """What opens an input of a show by its word, as often as it is asked to."""
    return partial(
        CaptureProcess,
        word,
        plan.live,
        picture,
        performers=plan.performers,
        image_rate=None if plan.rate is None else float(plan.rate),
        picture_width=WIDEST if len(plan.inputs) == 1 else _BESIDE_OTHERS,
    )
