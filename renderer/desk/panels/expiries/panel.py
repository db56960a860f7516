"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.expiries.model import ExpiriesModel
from renderer.desk.panels.expiries.view import ExpiriesView

PANEL: Final = PanelKind("expiries", "Expiries", ExpiriesModel, ExpiriesView)
