"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.take_bin.model import TakeBinModel
from renderer.desk.panels.take_bin.view import TakeBinView

PANEL: Final = PanelKind("take_bin", "Take bin", TakeBinModel, TakeBinView)
