"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.checks.model import ChecksModel
from renderer.desk.panels.checks.view import ChecksView

PANEL: Final = PanelKind("checks", "Go-live check", ChecksModel, ChecksView)
