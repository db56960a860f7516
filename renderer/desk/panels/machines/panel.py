"""Define the panel."""

from __future__ import annotations

from typing import Final

from renderer.desk.panels.base import PanelKind
from renderer.desk.panels.machines.model import MachinesModel
from renderer.desk.panels.machines.view import MachinesView

PANEL: Final = PanelKind("machines", "Machines", MachinesModel, MachinesView)
