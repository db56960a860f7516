"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.health.model import HealthModel
from renderer.desk.panels.health.view import HealthView

PANEL: Final = PanelKind("health", "Time of a frame", HealthModel, HealthView)
