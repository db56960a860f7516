"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.calibration.model import CalibrationModel
from renderer.desk.panels.calibration.view import CalibrationView

PANEL: Final = PanelKind("calibration", "Calibration", CalibrationModel, CalibrationView)
