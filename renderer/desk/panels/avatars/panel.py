"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.avatars.model import AvatarsModel
from renderer.desk.panels.avatars.view import AvatarsView
from renderer.desk.panels.base import PanelKind

PANEL: Final = PanelKind("avatars", "Avatars", AvatarsModel, AvatarsView)
