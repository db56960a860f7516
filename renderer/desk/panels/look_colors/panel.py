"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.look_colors.model import LookColorsModel
from renderer.desk.panels.look_colors.view import LookColorsView

PANEL: Final = PanelKind("look_colors", "Colour and position", LookColorsModel, LookColorsView)
