"""Tell more about the chosen output. No Qt."""

from __future__ import annotations

from renderer.desk.panels.outputs.model import OutputsModel

OutputDetailModel = OutputsModel
"""The chosen output is one of the same rows."""
