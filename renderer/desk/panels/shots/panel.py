"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.shots.model import ShotsModel
from renderer.desk.panels.shots.view import ShotsView

PANEL: Final = PanelKind("shots", "", ShotsModel, ShotsView)
