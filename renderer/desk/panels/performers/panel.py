"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.performers.columns import PerformersModel
from renderer.desk.panels.performers.view import PerformersView

PANEL: Final = PanelKind("performers", "", PerformersModel, PerformersView)
