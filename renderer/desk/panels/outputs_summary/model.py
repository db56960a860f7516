"""Tell in a few words whether the show reaches its audience. No Qt."""

from __future__ import annotations

from renderer.desk.panels.outputs.model import OutputsModel

OutputsSummaryModel = OutputsModel
"""The summary shows the same rows in fewer words."""
