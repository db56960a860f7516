"""Show the program beside the lights. No Qt."""

from __future__ import annotations

from renderer.desk.panels.monitors.model import MonitorsModel

StageViewModel = MonitorsModel
"""The stage view is the program with its tally."""
