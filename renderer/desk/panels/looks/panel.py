"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.looks.model import LooksModel
from renderer.desk.panels.looks.view import LooksView

PANEL: Final = PanelKind("looks", "Looks", LooksModel, LooksView)
