"""Status of an input of a show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Flow(Enum):
    """Whether an input delivers data."""

    OPENING = "opening"
    FLOWING = "flowing"
    SILENT = "silent"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Health:
    """Current status of an input.

    Attributes:
        rate: frames per second for which landmarks were received.
        latency_ms: median latency from camera frame to landmarks; 0 where nothing is live.
        detail: its fault or its lost data, a sentence; empty if there is none.
    """

    flow: Flow
    rate: float = 0.0
    latency_ms: float = 0.0
    detail: str = ""
