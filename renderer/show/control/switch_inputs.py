"""The crew's changes to the cameras of a running show: opened again, or another in one's place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from renderer.capture.sources.address import is_animation, is_take, without_password
from renderer.protocol.messages import CameraCommand, ChangeCamera, ReopenCamera, Reply
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.inputs.open import capture_of
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan

_FIXED: Final = (
    "It cannot be changed while the show runs: it is no camera, or the show is rendered frame by "
    "frame. Start the show again with another --input."
)


class InputSwitcher:
    """Opens cameras anew. Nothing here waits: what becomes of a camera, its status tells."""

    def __init__(self, plan: ShowPlan, cast: Cast, picture: Callable[[int], Path]) -> None:
        """Know the cameras.

        Args:
            picture: where a camera shares its picture with the desk, by its number.
        """
        self._plan = plan
        self._picture = picture
        self._inputs = len(cast.cameras)
        self._feeds = [*(feed for feed, _ in cast.cameras), *cast.closeups.values()]

    def obey(self, command: CameraCommand, answer: Callable[[Reply], None]) -> None:
        """Do what a desk asks, and answer what comes of it."""
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
        if not address or is_take(address) or is_animation(address):
            fault = f"{shown} is no picture" if address else "No camera was named"
            return Reply(False, f"{fault}; name a camera such as camera:1, a stream or a video.")
        closeup = number >= self._inputs
        picture = self._picture(number)
        focal = self._plan.focal(number)
        feed.reconnect(capture_of(self._plan, address, picture, closeup=closeup, focal=focal))
        return Reply(True, f"Camera {number + 1} becomes {shown}.")
