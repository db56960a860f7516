"""What came of each fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class FaultResult:
    """What one fault did to a show.

    Attributes:
        fault: what was done.
        show_survived: whether the show was on air afterwards, with every part back at work.
        longest_gap_s: the longest time around the fault in which some viewer got nothing new: of
            the recording, the HLS folder, the RTMP stream and the watch page. Where the show ended,
            how much of the program before the fault is missing at the end of its files.
        told: whether an alarm and the report named it; where the engine is gone, the log.
        ended_in_order: whether the show that had the fault ended with a report, if its engine was
            alive, with whole outputs, and with no process left behind.
        must_survive: whether this version has to survive it; otherwise it has to end in order.
        usual_gap_s: the longest gap in the same show before its first fault.
        back_after_s: seconds until everything worked again; None where that was never.
        gaps_s: `longest_gap_s` for each output.
        detail: what was wrong, and what else is worth knowing; or empty.
    """

    fault: str
    show_survived: bool
    longest_gap_s: float
    told: bool
    ended_in_order: bool
    must_survive: bool
    usual_gap_s: float
    back_after_s: float | None
    gaps_s: dict[str, float]
    detail: str

    @property
    def is_passed(self) -> bool:
        """Whether the show took the fault as it has to."""
        return self.told and self.ended_in_order and (self.show_survived or not self.must_survive)


@dataclass(frozen=True, slots=True)
class FaultReport:
    """All faults.

    Attributes:
        machine: where they were tried.
        omitted: faults that could not be tried here, each with the reason.
        kept: where outputs, logs and reports of failed runs lie; empty where all went well.
    """

    machine: str
    results: Sequence[FaultResult]
    omitted: Sequence[str]
    kept: str

    @property
    def is_passed(self) -> bool:
        """Whether every fault was taken as it has to be."""
        return all(result.is_passed for result in self.results)

    def as_list(self) -> list[dict[str, object]]:
        """Return plain data for JSON."""
        return [asdict(result) for result in self.results]

    def text(self) -> str:
        """Return a table for people."""
        width = max((len(result.fault) for result in self.results), default=5)
        lines = [
            self.machine,
            f"{'fault':{width}}  {'survived':8}  {'told':4}  {'ended':5}  "
            f"{'gap':>6}  {'usual':>6}  {'back':>6}",
        ]
        for result in self.results:
            back = "" if result.back_after_s is None else f"{result.back_after_s:.1f} s"
            lines.append(
                f"{result.fault:{width}}  {_yes(result.show_survived):8}  {_yes(result.told):4}  "
                f"{_yes(result.ended_in_order):5}  {result.longest_gap_s:4.1f} s  "
                f"{result.usual_gap_s:4.1f} s  {back:>6}"
                + ("" if result.is_passed else "  FAILED")
                + (f"  {result.detail}" if result.detail else "")
            )
        lines += [f"not tried: {fault}" for fault in self.omitted]
        ends = [result.fault for result in self.results if not result.show_survived]
        if ends:
            lines.append(f"Not survived on this version: {'; '.join(ends)}.")
        if self.kept:
            lines.append(f"Outputs, logs and reports of the failed runs: {self.kept}")
        return "\n".join(lines)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
