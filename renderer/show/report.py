"""Report on a show: frames drawn, timing, losses, faults and alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from renderer.protocol.alarms import Alarm
from renderer.protocol.latency import StageLatency
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.show.timing import StageCost


@dataclass(frozen=True, slots=True)
class ShowReport:
    """Statistics and faults of a show that has ended.

    Attributes:
        show_seconds: length of the program.
        wall_seconds: how long the show took.
        seen_frames: input frames with the first performer detected, of `input_frames` used.
        others_seen_frames: the same for each further performer.
        capture_dropped: input frames that came too late (live).
        skipped: program frames that came too late to draw (live).
        held: program frames that could not be drawn and were replaced by the last good picture.
        replaced: program frames that did not come in time and were replaced by the last one or the
            slate (live).
        refused: program frames dropped because the encoder was busy (live).
        latency_ms: median and 95th percentile from camera to encoder (live), or None.
        faults: what failed: parts that were skipped, outputs, steps of the shutdown; one sentence
            each.
        alarms: every alarm in the order in which they were raised.
        log: the show's log file; empty if none was written.
        given_up: seconds for which each part of the picture was left out to hold the frame rate
            (live).
        rights: the last verdicts about the avatars' rights, as lines.
        stages: latency from light to the slowest output in the last ten seconds, by stage (live).
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
    held: int = 0
    replaced: int = 0
    alarms: tuple[Alarm, ...] = ()
    log: str = ""
    given_up: dict[str, float] = field(default_factory=dict)
    rights: tuple[str, ...] = ()
    stages: dict[str, StageLatency] = field(default_factory=dict)

    @classmethod
    def of_a_lost_engine(
        cls,
        performer: str,
        frames: int,
        show_seconds: float,
        skipped: int,
        outputs: tuple[OutputStatus, ...],
    ) -> ShowReport:
        """Return the report of a show whose last engine died before its end, as far as known."""
        return cls(
            program="as far as is known: the engine that drew it is lost",
            avatar="unknown avatar",
            performer=performer,
            credit="",
            frames=frames,
            show_seconds=show_seconds,
            wall_seconds=show_seconds,
            input_frames=0,
            seen_frames=0,
            capture_dropped=0,
            skipped=skipped,
            refused=0,
            latency_ms=None,
            costs={},
            outputs=outputs,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data for JSON."""
        plain = asdict(self)
        plain["outputs"] = msgspec.to_builtins(self.outputs)
        plain["stages"] = msgspec.to_builtins(self.stages)
        plain["alarms"] = msgspec.to_builtins(self.alarms)
        return plain

    def text(self) -> str:
        """Return the report as readable text."""
        pace = self.frames / self.wall_seconds if self.wall_seconds else 0.0
        seen = ", ".join(map(str, (self.seen_frames, *self.others_seen_frames)))
        lines = [
            f"Program    {self.program}; {self.performer or 'unnamed performer'} as {self.avatar}",
            f"Frames     {self.frames} in {self.wall_seconds:.1f} s: {pace:.1f} a second; "
            f"{self.show_seconds:.2f} s of show",
            f"Dropped    {self.capture_dropped} input frames, {self.skipped} program frames too "
            f"late, {self.refused} for want of room"
            + (f"; {self.held} could not be drawn and were held" if self.held else "")
            + (f"; {self.replaced} came too late and were replaced" if self.replaced else ""),
        ]
        if self.input_frames:
            # An animation has no input frames.
            lines.insert(2, f"Performer  seen in {seen} of {self.input_frames} input frames")
        lines += [
            f"Given up   {name}, for {seconds:.1f} s" for name, seconds in self.given_up.items()
        ]
        lines += [f"Rights     {line.strip()}" for line in self.rights]
        if self.latency_ms is not None:
            median, p95 = self.latency_ms
            lines.append(f"Latency    {median:.0f} ms, p95 {p95:.0f} ms, from light to encoder")
        if self.stages:
            lines.append("Latency       p50      p95      p99     ms, by stage")
        lines += [
            f"  {stage:8} {one.p50_ms:7.1f}  {one.p95_ms:7.1f}  {one.p99_ms:7.1f}"
            for stage, one in self.stages.items()
        ]
        lines.append("Stage      median   p95      mean     ms a frame")
        lines += [
            f"  {stage:8} {cost.median_ms:7.2f}  {cost.p95_ms:7.2f}  {cost.mean_ms:7.2f}"
            for stage, cost in self.costs.items()
        ]
        lines += [
            f"Output     {output.address}{output.rendition and f' ({output.rendition})'}: "
            f"{output.state.value}, {output.seconds:.1f} s, "
            f"{output.packets} packets, {output.bytes / 1e6:.1f} MB, {output.dropped} dropped"
            + (f" ({output.detail})" if output.detail else "")
            for output in self.outputs
        ]
        if self.credit:
            lines.append(f"Credit     {self.credit}")
        lines += [f"Warning    {warning}" for warning in self.warnings]
        lines += [f"Alarm      {_describe_alarm(alarm)}" for alarm in self.alarms]
        if self.log:
            lines.append(f"Log        {self.log}")
        return "\n".join(lines)


def output_faults(outputs: Iterable[OutputStatus]) -> list[str]:
    """Return a sentence for each output that did not finish normally."""
    return [
        f"{output.address}: {output.detail}"
        for output in outputs
        if output.state in (OutputState.FAILED, OutputState.INTERRUPTED)
    ]


def _describe_alarm(alarm: Alarm) -> str:
    """Return the wall-clock times at which an alarm was raised and cleared, and its text."""
    raised = datetime.fromtimestamp(alarm.raised_at)
    until = "the end"
    if alarm.cleared_at is not None:
        until = f"{datetime.fromtimestamp(alarm.cleared_at):%H:%M:%S}"
    return f"{raised:%H:%M:%S} to {until}, {alarm.severity.value}: {alarm.text}"
