"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.monitors.model import MonitorsModel
from renderer.desk.panels.monitors.view import MonitorsView

PANEL: Final = PanelKind("monitors", "", MonitorsModel, MonitorsView)
