"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.latency.model import LatencyModel
from renderer.desk.panels.latency.view import LatencyView

PANEL: Final = PanelKind("latency", "Latency, light to output", LatencyModel, LatencyView)
