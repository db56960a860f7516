"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.effects.model import EffectsModel
from renderer.desk.panels.effects.view import EffectsView

PANEL: Final = PanelKind("effects", "Effects and audience", EffectsModel, EffectsView)
