"""Define how long a frame takes from light to each output, by stage."""

from __future__ import annotations

import msgspec

from renderer.protocol.schema import Section

STAGES = ("capture", "solve", "draw", "encode", "send", "total")
"""The stages in their order; each begins where the one before it ends."""


class StageLatency(msgspec.Struct, frozen=True):
    """Percentiles of the frames of the last ten seconds, milliseconds; 0 without frames."""

    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    frames: int = 0


class LatencyHealth(Section, frozen=True):
    """Latency of a live show by stage, published 10 times a second.

    Only frames that are the first to show an observation count: while a camera is away, the same
    observation is shown again and again, which says nothing about how long one takes.

    Attributes:
        stages: by name. capture: from light until the engine has the observation. solve: until the
            performers are posed. draw: until the frame is with the media process. encode: until its
            packet is there. send: until the slowest output has taken it. total: from light to the
            slowest output.
    """

    stages: dict[str, StageLatency] = msgspec.field(default_factory=dict)
