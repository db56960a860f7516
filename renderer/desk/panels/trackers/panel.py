"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.trackers.model import TrackersModel
from renderer.desk.panels.trackers.view import TrackersView

PANEL: Final = PanelKind("trackers", "Phones, suits, voices", TrackersModel, TrackersView)
