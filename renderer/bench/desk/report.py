"""Hold the figures of the desk's benchmark."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from renderer.bench.machine import processor_name


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine measured on; `load` is the load average of the preceding minute."""

    processor: str
    cores: int
    load: float
    system: str
    python: str
    qt: str


@dataclass(frozen=True, slots=True)
class DeskReport:
    """Results of the desk benchmark.

    Attributes:
        asked_s: requested duration, seconds.
        survived_s: how long the desk ran, from its first line of output on, seconds.
        exit_status: exit status if it ended by itself; None if it ran to the end.
        cpu_share: processor time of its process over wall time: 1 is one core.
        worst_turn_ms: longest iteration of its event loop.
        worst_turn_processor_ms: most processor time of the desk's thread in one iteration, which
            other programs on the machine do not lengthen.
        reconnect_s: time in which a new desk knows the whole show; without its window.
        shown_s: from the start of the desk's process until its window shows the running show; None
            if it never did.
        turns_over_8ms_share: share of the iterations that took more than 8 ms.
        processor_turns_over_8ms_share: share of those that took more than 8 ms of the processor.
        turns: number of iterations measured.
        engine_ratio: frame rate of a real show with a desk over that without; None in a measurement
            of less than a minute.
        engine_rate: that without a desk, frames a second.
        display: the display it was drawn on.
    """

    asked_s: float
    survived_s: float
    exit_status: int | None
    cpu_share: float
    worst_turn_ms: float
    worst_turn_processor_ms: float
    reconnect_s: float
    shown_s: float | None
    turns_over_8ms_share: float
    processor_turns_over_8ms_share: float
    turns: int
    engine_ratio: float | None
    engine_rate: float | None
    display: str
    machine: Machine

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data for JSON."""
        return asdict(self)

    def text(self) -> str:
        """Return the results as a readable table."""
        end = (
            "lived to the end"
            if self.exit_status is None
            else f"ended by itself with status {self.exit_status}"
        )
        machine = self.machine
        shown = "never" if self.shown_s is None else f"{self.shown_s:.2f} s"
        engine = (
            "not measured"
            if self.engine_ratio is None
            else f"{self.engine_ratio:.3f} of {self.engine_rate:.1f} frames a second"
        )
        return "\n".join(
            [
                f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}; "
                f"{machine.system}; Python {machine.python}, Qt {machine.qt}; {self.display}",
                f"  survived        {self.survived_s:8.1f} s of {self.asked_s:.1f} s, {end}",
                f"  processor       {self.cpu_share:8.3f} of one core",
                f"  worst turn      {self.worst_turn_ms:8.1f} ms",
                f"  of processor    {self.worst_turn_processor_ms:8.1f} ms",
                f"  reconnected in  {self.reconnect_s:8.2f} s; a new window shows it: {shown}",
                f"  turns over 8 ms {self.turns_over_8ms_share:8.2%} of {self.turns}; "
                f"of processor {self.processor_turns_over_8ms_share:.2%}",
                f"  engine          {engine}",
            ]
        )


@dataclass(frozen=True, slots=True)
class TurnSums:
    """Event-loop iterations summed over all lines after the warm-up.

    Attributes:
        turns: number of iterations.
        long, long_processor: those of more than 8 ms, of wall time and of the processor.
        worst_ms, worst_processor_ms: the longest.
        shown_ns: monotonic time at which the window showed a show; 0 if it never did.
    """

    turns: int
    long: int
    worst_ms: float
    worst_processor_ms: float = 0.0
    long_processor: int = 0
    shown_ns: int = 0


def add_turns(lines: Sequence[str], warm_up_s: float) -> TurnSums:
    """Return the sums of a desk's output lines after its warm-up, without truncated lines."""
    turns, long, worst, processor, long_processor, shown_ns = 0, 0, 0.0, 0.0, 0, 0
    for line in lines:
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if "shown_ns" in one:
            shown_ns = shown_ns or one["shown_ns"]
        elif one["t_s"] > warm_up_s:
            turns += one["turns"]
            long += one["long"]
            worst = max(worst, one["worst_ms"])
            processor = max(processor, one.get("worst_processor_ms", 0.0))
            long_processor += one.get("long_processor", 0)
    return TurnSums(turns, long, worst, processor, long_processor, shown_ns)


def describe_desk_machine(load: float) -> Machine:
    """Return the machine, with Qt's version.

    Args:
        load: average of the minute before the measurement.
    """
    from importlib.metadata import version

    return Machine(
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load=round(load, 2),
        system=platform.platform(),
        python=platform.python_version(),
        qt=version("pyside6-essentials"),
    )
