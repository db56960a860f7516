"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.camera_trial.model import CameraTrialModel
from renderer.desk.panels.camera_trial.view import CameraTrialView

PANEL: Final = PanelKind("camera_trial", "Another camera", CameraTrialModel, CameraTrialView)
