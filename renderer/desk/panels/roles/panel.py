"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.roles.model import RolesModel
from renderer.desk.panels.roles.view import RolesView

PANEL: Final = PanelKind("roles", "Crew", RolesModel, RolesView)
