"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.stage_view.model import StageViewModel
from renderer.desk.panels.stage_view.view import StageView

PANEL: Final = PanelKind("stage_view", "", StageViewModel, StageView)
