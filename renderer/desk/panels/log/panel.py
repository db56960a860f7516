"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.log.model import LogModel
from renderer.desk.panels.log.view import LogView

PANEL: Final = PanelKind("log", "Log", LogModel, LogView)
