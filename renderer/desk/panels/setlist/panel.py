"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.setlist.model import SetlistModel
from renderer.desk.panels.setlist.view import SetlistView

PANEL: Final = PanelKind("setlist", "Setlist", SetlistModel, SetlistView)
