"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.output_detail.model import OutputDetailModel
from renderer.desk.panels.output_detail.view import OutputDetailView

PANEL: Final = PanelKind("output_detail", "", OutputDetailModel, OutputDetailView)
