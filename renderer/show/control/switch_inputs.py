"""Execute the crew's changes to the cameras of a running show, and publish their status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from renderer.capture.process.process import Launch, launch_here
from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import has_picture, split_cameras, without_password
from renderer.protocol.inputs import (
    CameraCommand,
    ChangeCamera,
    InputsHealth,
    LandmarkPoints,
    ReopenCamera,
)
from renderer.protocol.schema import Reply
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


class InputSwitcher:
    """Reopens and replaces cameras. Nothing here waits: the result shows in a camera's status."""

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

        on_screen = find_shown_inputs(plan)
        self._shown = [
            number in on_screen
            for number, word in enumerate(plan.inputs)
            for _ in split_cameras(word)
        ]

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' camera commands, and publish the inputs' sections."""
        for kind in (ReopenCamera, ChangeCamera):
            desk.commands.register(kind, self.handle)
        desk.sections.add(InputsHealth, Rate.HEALTH, self.health)
        desk.sections.add(LandmarkPoints, Rate.POINTS, lambda: landmark_points(self._cast))

    def health(self) -> InputsHealth:
        """Return the status of cameras and trackers."""
        return inputs_health(self._cast, self._picture)

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

    def _change(self, number: int, feed: CaptureFeed, address: str) -> Reply:
        shown = without_password(address)
        if not address or not has_picture(address):
            fault = f"{shown} is no picture" if address else "No camera was named"
            return Reply(False, f"{fault}; name a camera such as camera:1, a stream or a video.")
        closeup = number >= self._inputs
        picture = self._picture(number)
        focal = USUAL_FOCAL if closeup else self._focals[number]
        launch = self._launch
        feed.reconnect(
            capture_of(
                self._plan,
                address,
                picture,
                closeup=closeup,
                focal=focal,
                launch=launch,
                is_shown=not closeup and self._shown[number],
            )
        )
        return Reply(True, f"Camera {number + 1} becomes {shown}.")
