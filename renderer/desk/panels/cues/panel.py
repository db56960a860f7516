"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.cues.model import CuesModel
from renderer.desk.panels.cues.view import CuesView

PANEL: Final = PanelKind("cues", "", CuesModel, CuesView)
