"""Replace the chosen performer's camera, and know the way back. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.protocol.inputs import ChangeCamera, InputsHealth

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class CameraSwap:
    """The cameras that were replaced at this desk.

    Args:
        desk: whose chosen performer's camera is replaced.
    """

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._typed: dict[int, str] = {}
        self._before: dict[int, str] = {}

    def change(self, address: str) -> None:
        """Replace the camera with another camera, stream or video."""
        number = self._find()
        if number is None or not address.strip():
            return
        known = self._desk.status.of(InputsHealth).cameras[number].name
        # A status hides a stream's password; what was typed here has it.
        self._before[number] = self._typed.get(number) or known
        self._typed[number] = address.strip()
        self._desk.ask(ChangeCamera(number, address.strip()))

    def before(self) -> str:
        """Return the address of the camera before it was replaced; empty if it was not."""
        number = self._find()
        return "" if number is None else self._before.get(number, "")

    def _find(self) -> int | None:
        """Return the number of the chosen performer's camera; None if there is none."""
        cameras = self._desk.status.of(InputsHealth).cameras
        chosen = self._desk.selected_performer.value
        return next((k for k, one in enumerate(cameras) if chosen in one.performers), None)
