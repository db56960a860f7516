"""What a show leaves behind to read: what was drawn, how fast, what was lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from renderer.protocol.messages import OutputStatus
from renderer.show.timing import StageCost


@dataclass(frozen=True, slots=True)
class ShowReport:
    """The end of a show in figures.

    Attributes:
        show_seconds: length of the program.
        wall_seconds: how long it took.
        seen_frames: input frames in which the first performer was seen, of `input_frames` used.
        others_seen_frames: the same of each further performer.
        capture_dropped: input frames that came too late (live).
        skipped: program frames that came too late to draw (live).
        refused: program frames that the encoder had no room for (live).
        latency_ms: median and 95th percentile from light to encoder (live), or None.
        faults: what ended the show early or failed an output, one sentence each.
    """

    program: str
    avatar: str
    performer: str
    credit: str
    frames: int
    show_seconds: float
    wall_seconds: float
    input_frames: int
    seen_frames: int
    capture_dropped: int
    skipped: int
    refused: int
    latency_ms: tuple[float, float] | None
    costs: dict[str, StageCost]
    outputs: tuple[OutputStatus, ...]
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = field(default=())
    others_seen_frames: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data for JSON."""
        plain = asdict(self)
        plain["outputs"] = msgspec.to_builtins(self.outputs)
        return plain

    def text(self) -> str:
        """The report as a person reads it."""
        pace = self.frames / self.wall_seconds if self.wall_seconds else 0.0
        seen = ", ".join(map(str, (self.seen_frames, *self.others_seen_frames)))
        lines = [
            f"Program    {self.program}; {self.performer or 'unnamed performer'} as {self.avatar}",
            f"Frames     {self.frames} in {self.wall_seconds:.1f} s: {pace:.1f} a second; "
            f"{self.show_seconds:.2f} s of show",
            f"Dropped    {self.capture_dropped} input frames, {self.skipped} program frames too "
            f"late, {self.refused} for want of room",
        ]
        if self.input_frames:
            # An animation has none.
            lines.insert(2, f"Performer  seen in {seen} of {self.input_frames} input frames")
        if self.latency_ms is not None:
            median, p95 = self.latency_ms
            lines.append(f"Latency    {median:.0f} ms, p95 {p95:.0f} ms, from light to encoder")
        lines.append("Stage      median   p95      mean     ms a frame")
        lines += [
            f"  {stage:8} {cost.median_ms:7.2f}  {cost.p95_ms:7.2f}  {cost.mean_ms:7.2f}"
            for stage, cost in self.costs.items()
        ]
        lines += [
            f"Output     {output.address}: {output.state}, {output.packets} packets, "
            f"{output.bytes / 1e6:.1f} MB, {output.dropped} dropped"
            + (f" ({output.detail})" if output.detail else "")
            for output in self.outputs
        ]
        if self.credit:
            lines.append(f"Credit     {self.credit}")
        lines += [f"Warning    {warning}" for warning in self.warnings]
        return "\n".join(lines)
