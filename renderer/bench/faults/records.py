"""Records of injected faults and their effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class FaultResult:
    """Effect of one fault on a show.

    Attributes:
        fault: name of the fault.
        show_survived: whether the show was on air afterwards with every part working.
        longest_gap_s: longest time around the fault in which a viewer of the recording, the HLS
            folder, the RTMP stream or the watch page got no new picture. If the show ended, the
            length of program before the fault that is missing at the end of its files.
        told: whether an alarm and the report named the fault; without a supervisor, the log.
        ended_in_order: whether the show ended with a report (if its supervisor was alive), with
            complete outputs and without leftover processes.
        must_survive: whether this version must survive the fault; otherwise it must end in order.
        usual_gap_s: longest gap in the same show before its first fault.
        back_after_s: seconds until everything worked again; None if it never did.
        gaps_s: `longest_gap_s` of each output.
        detail: what was wrong, and other observations; or empty.
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
        """Return whether the show handled the fault as required."""
        return self.told and self.ended_in_order and (self.show_survived or not self.must_survive)


@dataclass(frozen=True, slots=True)
class FaultReport:
    """Results of the fault benchmark.

    Attributes:
        machine: the machine and its load.
        omitted: faults that could not be injected here, each with the reason.
        kept: folder of the outputs, logs and reports of a failed run; empty if all passed.
    """

    machine: str
    results: Sequence[FaultResult]
    omitted: Sequence[str]
    kept: str

    @property
    def is_passed(self) -> bool:
        """Return whether every fault was handled as required."""
        return all(result.is_passed for result in self.results)

    def as_list(self) -> list[dict[str, object]]:
        """Return the results as plain data for JSON."""
        return [asdict(result) for result in self.results]

    def text(self) -> str:
        """Return the results as a readable table."""
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
