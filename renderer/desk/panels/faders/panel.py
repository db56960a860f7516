"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.faders.model import FadersModel
from renderer.desk.panels.faders.view import FadersView

PANEL: Final = PanelKind("faders", "Master", FadersModel, FadersView)
