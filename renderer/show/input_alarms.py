"""Raise alarms for lost cameras, silent trackers, and a take that is not written."""

from __future__ import annotations

from typing import Final

from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    InputsHealth,
    TrackerState,
    TrackerStatus,
)

_LOST: Final = {
    CameraState.SILENT: "sends no picture",
    CameraState.RECONNECTING: "is lost and is being opened again",
}
_GONE: Final = {TrackerState.SILENT: "has fallen silent", TrackerState.FAILED: "has failed"}


class InputAlarms:
    """Raises an alarm for each input that delivers nothing, and clears it when it recovers."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms

    def update(self, health: InputsHealth, take_fault: str) -> None:
        """Update the alarms from the inputs' status.

        Args:
            take_fault: why the take is not being written; empty if it is.
        """
        for number, camera in enumerate(health.cameras, 1):
            self._alarms.update(
                f"camera.{number}", Severity.CRITICAL, describe_camera(number, camera)
            )
        for tracker in health.trackers:
            id = f"tracker.{tracker.performer + 1}.{tracker.kind.value}"
            self._alarms.update(id, Severity.WARNING, describe_tracker(tracker))
        self._alarms.update("take", Severity.CRITICAL, take_fault)


def describe_camera(number: int, camera: CameraStatus) -> str:
    """Return a camera's fault; empty if there is none."""
    if camera.state not in _LOST:
        return ""
    detail = f": {camera.detail}" if camera.detail else ""
    return f"Camera {number} ({camera.name}) {_LOST[camera.state]}{detail}"


def describe_tracker(tracker: TrackerStatus) -> str:
    """Return a tracker's fault; empty if there is none."""
    if tracker.state not in _GONE:
        return ""
    detail = f": {tracker.detail}" if tracker.detail else ""
    who = f"of performer {tracker.performer + 1}"
    return f"The {tracker.kind.value} {who} ({tracker.name}) {_GONE[tracker.state]}{detail}"
