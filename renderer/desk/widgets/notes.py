"""Define a sentence for the operator, with its level."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.widgets.formatting import Level


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the operator."""

    text: str = ""
    level: Level = Level.IDLE
