"""How an input of a show is doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Flow(Enum):
    """Whether an input shows anything."""

    OPENING = "opening"
    FLOWING = "flowing"
    SILENT = "silent"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Health:
    """How an input is doing now.

    Attributes:
        rate: frames whose landmarks came, a second.
        latency_ms: from the light to the landmarks, median; 0 where nothing is live.
        detail: why it is not well, a sentence; or empty.
    """

    flow: Flow
    rate: float = 0.0
    latency_ms: float = 0.0
    detail: str = ""
