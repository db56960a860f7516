"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.dmx.model import DmxModel
from renderer.desk.panels.dmx.view import DmxView

PANEL: Final = PanelKind("dmx", "DMX in", DmxModel, DmxView)
