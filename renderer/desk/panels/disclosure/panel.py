"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.disclosure.model import DisclosureModel
from renderer.desk.panels.disclosure.view import DisclosureView

PANEL: Final = PanelKind("disclosure", "Declared and disclosed", DisclosureModel, DisclosureView)
