"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.song.model import SongModel
from renderer.desk.panels.song.view import SongView

PANEL: Final = PanelKind("song", "", SongModel, SongView)
