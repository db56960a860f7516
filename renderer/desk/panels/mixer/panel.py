"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.mixer.model import MixerModel
from renderer.desk.panels.mixer.view import MixerView

PANEL: Final = PanelKind("mixer", "Mixer", MixerModel, MixerView)
