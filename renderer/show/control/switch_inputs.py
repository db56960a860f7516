"""Execute the crew's changes to the cameras of a running show, and publish their status."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from renderer.capture.process.process import CaptureProcess, Launch, launch_here
from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import has_picture, split_cameras, without_password
from renderer.closing import Closing
from renderer.errors import SetupError
from renderer.protocol.inputs import (
    CameraCommand,
    ChangeCamera,
    EndCameraTrial,
    InputsHealth,
    LandmarkPoints,
    ReopenCamera,
    RestoreCamera,
    SwapCamera,
    TryCamera,
)
from renderer.protocol.schema import Reply
from renderer.show.control.camera_trial import OpenTrial
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.control.status import inputs_health, landmark_points
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.inputs.open import capture_of
from renderer.show.inputs.own_cameras import find_shown_inputs
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan

_FIXED: Final = (
    "It cannot be changed while the show runs: it is no camera, or the show is rendered frame by "
    "frame. Start the show again with another --input."
)
_KINDS: Final = (
    ReopenCamera, ChangeCamera, TryCamera, SwapCamera, EndCameraTrial, RestoreCamera,
)  # fmt: skip

_Opener = Callable[[], CaptureProcess]
_log = logging.getLogger(__name__)


class InputSwitcher(Closing):
    """Reopens and replaces cameras. Nothing here waits: the result shows in a camera's status.

    A camera can be tried before it replaces another one: it is opened beside it, and takes its
    place without a gap. The way back is the same: the camera before is opened beside the one in
    use, which stays until the other gives pictures. One is tried at a time.
    """

    def __init__(
        self,
        plan: ShowPlan,
        cast: Cast,
        picture: Callable[[int], Path],
        launch: Launch = launch_here,
    ) -> None:
        """Store the cast whose cameras are changed.

        Args:
            picture: returns where a camera shares its picture with the desk, given its number.
            launch: starts capture processes.
        """
        self._launch = launch
        self._plan = plan
        self._cast = cast
        self._picture = picture
        self._inputs = len(cast.cameras)
        self._feeds = [*(one.feed for one in cast.cameras), *cast.closeups.values()]
        # The lens of each camera: of several on one performer the calibration has them.
        self._focals = [
            focal
            for number, word in enumerate(plan.inputs)
            for focal in [plan.focal(number)] * len(split_cameras(word))
        ]
        self._trial: OpenTrial | None = None
        self._trials = 0
        self._ending: list[OpenTrial] = []
        self._before: dict[int, tuple[str, _Opener]] = {}

        on_screen = find_shown_inputs(plan)
        self._shown = [
            number in on_screen
            for number, word in enumerate(plan.inputs)
            for _ in split_cameras(word)
        ]

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' camera commands, and publish the inputs' sections."""
        for kind in _KINDS:
            desk.commands.register(kind, self.handle)
        desk.sections.add(InputsHealth, Rate.HEALTH, self.health)
        desk.sections.add(LandmarkPoints, Rate.POINTS, self._points)

    def health(self) -> InputsHealth:
        """Return the status of cameras and trackers, and of the camera that is tried."""
        self._follow_trial()
        health = inputs_health(self._cast, self._picture)
        if not self._before and self._trial is None:
            return health
        cameras = [
            msgspec.structs.replace(one, before=self._before[number][0])
            if number in self._before
            else one
            for number, one in enumerate(health.cameras)
        ]
        trial = None if self._trial is None else self._trial.status()
        return msgspec.structs.replace(health, cameras=cameras, trial=trial)

    def close(self) -> None:
        """End a trial, and wait for the ends of those before. Idempotent."""
        self._end_trial()
        for trial in self._ending:
            trial.join()
        self._ending.clear()

    def handle(self, command: CameraCommand, answer: Answer) -> None:
        """Execute a command, and answer with its result."""
        if not 0 <= command.camera < len(self._feeds):
            answer(Reply(False, f"There is no camera {command.camera + 1}."))
            return
        feed = self._feeds[command.camera]
        if not (isinstance(feed, CaptureFeed) and feed.changeable):
            answer(Reply(False, _FIXED))
            return
        match command:
            case ReopenCamera():
                feed.reconnect()
                answer(Reply(True, f"Camera {command.camera + 1} is opened again."))
            case ChangeCamera(address=address):
                answer(self._change(command.camera, feed, address.strip()))
            case TryCamera(address=address):
                answer(self._try(command.camera, address.strip()))
            case SwapCamera():
                answer(self._swap(command.camera, feed))
            case RestoreCamera():
                answer(self._restore(command.camera))
            case _:
                self._end_trial()
                answer(Reply(True, "No camera is tried."))

    def _points(self) -> LandmarkPoints:
        points = landmark_points(self._cast)
        if self._trial is None:
            return points
        return msgspec.structs.replace(points, trial_points=self._trial.points())

    def _change(self, number: int, feed: CaptureFeed, address: str) -> Reply:
        if refusal := _refuse_address(address):
            return refusal
        self._keep_before(number, feed)
        feed.reconnect(self._opener(number, address))
        return Reply(True, f"Camera {number + 1} becomes {without_password(address)}.")

    def _try(self, number: int, address: str) -> Reply:
        """Open a camera beside the one in use."""
        if refusal := _refuse_address(address):
            return refusal
        shown = without_password(address)
        self._end_trial()
        opens, picture = self._opener(number, address), self._trial_picture(number)
        try:
            self._trial = OpenTrial(
                number, shown, partial(_open_at, opens, picture), picture, opens
            )
        except SetupError as fault:
            return Reply(False, f"{fault}.")
        return Reply(True, f"{shown} is tried beside camera {number + 1}.")

    def _swap(self, number: int, feed: CaptureFeed) -> Reply:
        """Put the camera that is tried in the place of the one in use."""
        trial = self._trial
        if trial is None or trial.camera != number:
            return Reply(False, f"No camera is tried beside camera {number + 1}; try one first.")
        trial.poll()
        if not trial.is_open:
            return Reply(False, f"{trial.name} gives no picture; wait for one, or try another.")
        self._trial = None
        self._keep_before(number, feed)
        move = partial(_move_picture, trial.picture, self._picture(number))
        feed.take_over(trial.release(), trial.opens, move)
        return Reply(True, f"Camera {number + 1} becomes {trial.name}.")

    def _restore(self, number: int) -> Reply:
        """Go back to the camera before; the way back from there leads to this one."""
        if number not in self._before:
            return Reply(False, f"Camera {number + 1} has not been replaced.")
        name, opens = self._before[number]
        self._end_trial()
        picture = self._trial_picture(number)
        try:
            self._trial = OpenTrial(
                number, name, partial(_open_at, opens, picture), picture, opens, is_return=True
            )
        except SetupError as fault:
            return Reply(False, f"{fault}.")
        return Reply(True, f"Camera {number + 1} becomes {name} as soon as it gives a picture.")

    def _follow_trial(self) -> None:
        """End a trial that is over, and swap a camera that comes back once it gives pictures."""
        trial = self._trial
        if trial is None:
            return
        if trial.is_over:
            self._end_trial()
        elif trial.is_return:
            trial.poll()
            feed = self._feeds[trial.camera]
            if trial.is_open and isinstance(feed, CaptureFeed):
                self._swap(trial.camera, feed)

    def _keep_before(self, number: int, feed: CaptureFeed) -> None:
        self._before[number] = feed.info.name, feed.open_capture

    def _end_trial(self) -> None:
        if self._trial is not None:
            self._trial.close()
            self._ending.append(self._trial)
            self._trial = None

    def _trial_picture(self, number: int) -> Path:
        """Return where a camera that is tried shares its picture: each trial in its own file.

        That of the trial before may still be moved to its place.
        """
        self._trials += 1
        path = self._picture(number)
        return path.with_name(f"{path.stem}-trial-{self._trials}{path.suffix}")

    def _opener(self, number: int, address: str) -> _Opener:
        """Return what opens an address as a camera of this number."""
        closeup = number >= self._inputs
        return capture_of(
            self._plan,
            address,
            self._picture(number),
            closeup=closeup,
            focal=USUAL_FOCAL if closeup else self._focals[number],
            launch=self._launch,
            is_shown=not closeup and self._shown[number],
        )


def _open_at(opens: _Opener, picture: Path) -> CaptureProcess:
    """Return a capture process that shares its picture elsewhere, not yet started."""
    capture = opens()
    capture.share_picture(picture)
    return capture


def _refuse_address(address: str) -> Reply | None:
    """Return why an address names no camera; None if it does."""
    if address and has_picture(address):
        return None
    fault = f"{without_password(address)} is no picture" if address else "No camera was named"
    return Reply(False, f"{fault}; name a camera such as camera:1, a stream or a video.")


def _move_picture(trial: Path, place: Path) -> None:
    """Let readers of a camera's picture find that of the one which has taken its place."""
    try:
        trial.replace(place)
    except OSError as fault:
        _log.warning("The desk keeps an old picture of %s: %s", place.name, fault)
