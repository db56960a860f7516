"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.outputs.model import OutputsModel
from renderer.desk.panels.outputs.view import OutputsView

PANEL: Final = PanelKind("outputs", "Outputs", OutputsModel, OutputsView)
