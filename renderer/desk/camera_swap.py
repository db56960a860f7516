"""Try a camera beside the chosen performer's, swap them, and go back. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.protocol.inputs import (
    CameraState,
    CameraTrial,
    EndCameraTrial,
    InputsHealth,
    RestoreCamera,
    SwapCamera,
    TryCamera,
)
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class CameraSwap:
    """The cameras of the chosen performer: in use, tried, and before.

    Args:
        desk: whose chosen performer's camera is replaced.
    """

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk

    def try_address(self, address: str) -> None:
        """Open a camera, stream or video beside the camera in use."""
        number = self.find_camera()
        if number is not None and address.strip():
            self._desk.ask(TryCamera(number, address.strip()))

    def trial(self) -> CameraTrial | None:
        """Return the camera that is tried, beside whichever camera; None if none is."""
        return self._desk.status.of(InputsHealth).trial

    def is_ready(self) -> bool:
        """Return whether a camera is tried that gives pictures."""
        trial = self.trial()
        return trial is not None and trial.state in (CameraState.SEEING, CameraState.EMPTY)

    def before(self) -> str:
        """Return the name of the camera that was replaced; empty if none was."""
        number = self.find_camera()
        if number is None:
            return ""
        return self._desk.status.of(InputsHealth).cameras[number].before

    def swap(self) -> Command | None:
        """Return what puts the camera that is tried in its place."""
        trial = self.trial()
        return None if trial is None else SwapCamera(trial.camera)

    def end_trial(self) -> Command | None:
        """Return what closes the camera that is tried."""
        trial = self.trial()
        return None if trial is None else EndCameraTrial(trial.camera)

    def restore(self) -> Command | None:
        """Return what goes back to the camera before."""
        number = self.find_camera()
        return None if number is None else RestoreCamera(number)

    def find_camera(self) -> int | None:
        """Return the number of the chosen performer's camera; None if there is none."""
        cameras = self._desk.status.of(InputsHealth).cameras
        chosen = self._desk.selected_performer.value
        return next((k for k, one in enumerate(cameras) if chosen in one.performers), None)
