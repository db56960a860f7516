"""From the words that name a show's inputs to the feeds that give what is seen."""

from __future__ import annotations

from pathlib import Path

from renderer.capture.address import is_take
from renderer.capture.process import CaptureProcess
from renderer.show.feed import CaptureFeed, Feed
from renderer.show.plan import ShowPlan
from renderer.show.take_feed import TakeFeed
from renderer.show.timing import StageTimes


def open_feeds(plan: ShowPlan, picture: Path, times: StageTimes) -> list[tuple[Feed, int]]:
    """Open every input of a show.

    Args:
        picture: where the first camera shares its picture with the desk.

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
                shared = picture if number == 0 else None
                camera = _camera(plan, word, shared, times)
                feeds.append((camera, plan.performers))
    except BaseException:
        for feed, _ in feeds:
            feed.close()
        raise
    return feeds


def _camera(plan: ShowPlan, word: str, picture: Path | None, times: StageTimes) -> CaptureFeed:
    def open_capture() -> CaptureProcess:
        return CaptureProcess(
            word,
            plan.live,
            picture,
            performers=plan.performers,
            image_rate=None if plan.rate is None else float(plan.rate),
        )

    return CaptureFeed(open_capture, times, live=plan.live)
