"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.rights.model import RightsModel
from renderer.desk.panels.rights.view import RightsView

PANEL: Final = PanelKind("rights", "Rights of this show", RightsModel, RightsView)
