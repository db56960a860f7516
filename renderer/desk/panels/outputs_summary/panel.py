"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.outputs_summary.model import OutputsSummaryModel
from renderer.desk.panels.outputs_summary.view import OutputsSummaryView

PANEL: Final = PanelKind("outputs_summary", "Outputs", OutputsSummaryModel, OutputsSummaryView)
