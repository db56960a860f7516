"""Open a show's inputs from the words that name them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.process.messages import SourceInfo
from renderer.capture.process.process import ON_AIR, WIDEST, CaptureProcess, Launch, launch_here
from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import (
    GUEST_PREFIX,
    is_animation,
    is_guest,
    is_take,
    split_cameras,
)
from renderer.show.guests.exchange import PORT, GuestSettings
from renderer.show.guests.station import GuestStation
from renderer.show.host.resume import InputState
from renderer.show.inputs.animation_feed import AnimationFeed
from renderer.show.inputs.calibration import load_calibration
from renderer.show.inputs.camera_group import CameraGroupFeed
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.inputs.guest_feed import GuestFeed
from renderer.show.inputs.own_cameras import find_shown_inputs
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import camera_faults, closeup_faults, lens_faults
from renderer.show.timing import StageTimes

_BESIDE_OTHERS: Final = 320
"""Width in pixels of a camera's picture on the desk if there are several cameras."""


def open_feeds(
    plan: ShowPlan,
    picture: Callable[[int], Path],
    times: StageTimes,
    resumed: Sequence[InputState] = (),
    launch: Launch = launch_here,
    voices: Path | None = None,
) -> list[tuple[Feed, int]]:
    """Open every input of a show.

    Args:
        picture: returns where a camera shares its picture with the desk, given its number among
            the cameras of all inputs.
        resumed: for each input, from where it goes on with the show of an earlier engine; empty
            at the start of a show.
        launch: starts capture processes.
        voices: folder in which the mixer finds the guests' voices; None for no voices.

    Returns:
        Each input with its number of performers.

    Raises:
        RendererError: a take cannot be read, a source names nobody's input, or a lens is given for
            an input without one; then nothing remains open. Whether a camera can be opened shows
            in its feed's `info`.
    """
    for fault in (*lens_faults(plan), *camera_faults(plan)):
        raise fault
    feeds: list[tuple[Feed, int]] = []
    shown, on_screen = 0, find_shown_inputs(plan)
    station = _open_station(plan, voices)
    try:
        for number, word in enumerate(plan.inputs):
            earlier = resumed[number] if number < len(resumed) else None
            began = None if earlier is None else earlier.began_ns
            words, calibration = split_cameras(word), plan.calibration(number)
            if calibration is not None:
                group = _open_group(
                    plan, words, calibration, shown, picture, times, launch, began,
                    is_shown=number in on_screen,
                )  # fmt: skip
                feeds.append((group, 1))
            elif station is not None and is_guest(word):
                feeds.append((GuestFeed(station, word.removeprefix(GUEST_PREFIX)), 1))
            elif is_take(word):
                take = TakeFeed(Path(word), live=plan.live, began_ns=began)
                feeds.append((take, take.performers))
            elif is_animation(word):
                animation = AnimationFeed(Path(word), live=plan.live, began_ns=began)
                feeds.append((animation, animation.performers))
            else:
                opens = capture_of(
                    plan, word, picture(shown), focal=plan.focal(number), launch=launch,
                    is_shown=number in on_screen,
                )  # fmt: skip
                camera = CaptureFeed(
                    opens, times, live=plan.live, began_ns=began,
                    info=None if earlier is None else _info_of(earlier),
                )  # fmt: skip
                feeds.append((camera, plan.performers))
            shown += len(words)
    except BaseException:
        for feed, _ in feeds:
            feed.close()
        if station is not None:
            station.close()
        raise
    return feeds


def _open_station(plan: ShowPlan, voices: Path | None) -> GuestStation | None:
    """Return the station of the plan's guests; None if there are none.

    Raises:
        RendererError: guests cannot be received.
    """
    guests = tuple(word.removeprefix(GUEST_PREFIX) for word in plan.inputs if is_guest(word))
    if not guests:
        return None
    return GuestStation(
        GuestSettings(
            guests, plan.declaration.show, plan.guests.bind, plan.guests.port or PORT,
            voices=None if voices is None else str(voices),
        )
    )  # fmt: skip


def _open_group(
    plan: ShowPlan,
    words: Sequence[str],
    path: Path,
    first: int,
    picture: Callable[[int], Path],
    times: StageTimes,
    launch: Launch,
    began_ns: int | None,
    *,
    is_shown: bool,
) -> CameraGroupFeed:
    """Open several cameras on one performer; `first` is the number of the first one's picture.

    The audience may see the first one's.

    Raises:
        RendererError: the calibration cannot be used; then nothing remains open.
    """
    calibration = load_calibration(path, words)
    feeds: list[CaptureFeed] = []
    try:
        for number, word in enumerate(words, first):
            opens = capture_of(
                plan, word, picture(number), heavy=not plan.live, launch=launch,
                is_shown=is_shown and number == first,
            )  # fmt: skip
            feeds.append(CaptureFeed(opens, times, live=plan.live, began_ns=began_ns))
    except BaseException:
        for feed in feeds:
            feed.close()
        raise
    return CameraGroupFeed(feeds, calibration, path, live=plan.live)


def open_closeup(
    plan: ShowPlan, word: str, picture: Path, times: StageTimes, launch: Launch = launch_here
) -> CaptureFeed:
    """Open a camera that shows one performer's face.

    Args:
        picture: where it shares its picture with the desk.
        launch: starts its capture process.

    Raises:
        ShowError: it is no camera, video or image sequence, or it is live in an offline show.
    """
    for fault in closeup_faults(plan, word):
        raise fault
    return CaptureFeed(
        capture_of(plan, word, picture, closeup=True, launch=launch), times, live=plan.live
    )


def capture_of(
    plan: ShowPlan,
    word: str,
    picture: Path,
    *,
    closeup: bool = False,
    focal: float = USUAL_FOCAL,
    heavy: bool = False,
    is_shown: bool = False,
    launch: Launch = launch_here,
) -> Callable[[], CaptureProcess]:
    """Return a function that opens an input of a show; it can be called repeatedly.

    Args:
        focal: focal length over the picture's longer side.
        heavy: track bodies by the heavy model, if it is there.
        is_shown: whether the audience sees its picture, and not the desk alone.
        launch: starts the process.
    """
    cameras = sum(len(split_cameras(word)) for word in plan.inputs)
    alone = cameras == 1 and not plan.companions.closeups
    return partial(
        CaptureProcess,
        word,
        plan.live,
        picture,
        performers=plan.performers,
        image_rate=None if plan.rate is None else float(plan.rate),
        picture_width=ON_AIR if is_shown else WIDEST if alone else _BESIDE_OTHERS,
        closeup=closeup,
        focal=focal,
        heavy=heavy,
        launch=launch,
    )


def _info_of(known: InputState) -> SourceInfo:
    return SourceInfo(known.name, known.size, known.rate, known.length_ns, known.picture_size)
