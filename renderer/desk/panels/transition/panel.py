"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.transition.model import TransitionModel
from renderer.desk.panels.transition.view import TransitionView

PANEL: Final = PanelKind("transition", "", TransitionModel, TransitionView)
