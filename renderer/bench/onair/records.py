"""Records of a show that was disturbed on a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AirFault:
    """What one fault cost the audience.

    Attributes:
        fault: name of the fault.
        recovered_s: seconds until every part of the show worked again; None if it never did.
        frames_missing: program frames that the recording lacks around the fault.
        sound_gap_s: longest time around the fault without sound in the recording, seconds.
        detail: what else was seen; or empty.
        engine_away_s: seconds from the discovery that the engine is gone until another one draws;
            None if it stayed.
    """

    fault: str
    recovered_s: float | None
    frames_missing: int
    sound_gap_s: float
    detail: str = ""
    engine_away_s: float | None = None


@dataclass(frozen=True, slots=True)
class AirReport:
    """Results of the benchmark.

    Attributes:
        machine: the machine and its load.
        minutes: length of the show.
        faults: in the order in which they were injected.
        survived: whether the show was on air after every fault and ended in order.
        frames_missing_elsewhere: program frames that the recording lacks outside the faults.
        longest_gap_s: longest time without a picture in the recording outside the faults, seconds.
        runs_backwards: number of pictures in the recording that are not later than the one before.
        memory_growth_pct: growth of the memory of all processes together, from the second quarter
            of the show to the last, per cent.
        leftovers: processes, session folders and shared memory that the show left behind.
        problems: what was wrong with its end.
    """

    machine: str
    minutes: float
    faults: Sequence[AirFault]
    survived: bool
    frames_missing_elsewhere: int
    longest_gap_s: float
    runs_backwards: int
    memory_growth_pct: float
    leftovers: Sequence[str]
    problems: Sequence[str] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the results as plain data for JSON."""
        return asdict(self)

    def text(self) -> str:
        """Return the results as a readable table."""
        width = max((len(one.fault) for one in self.faults), default=5)
        lines = [
            f"{self.machine}; {self.minutes:.1f} minutes on air",
            f"{'fault':{width}}  {'recovered':>9}  {'frames':>6}  {'sound':>6}  {'engine':>6}",
        ]
        for one in self.faults:
            back = "never" if one.recovered_s is None else f"{one.recovered_s:.1f} s"
            away = "" if one.engine_away_s is None else f"{one.engine_away_s:.1f} s"
            lines.append(
                f"{one.fault:{width}}  {back:>9}  {one.frames_missing:6}  "
                f"{one.sound_gap_s:4.2f} s  {away:>6}" + (f"  {one.detail}" if one.detail else "")
            )
        lines += [
            f"Survived: {'yes' if self.survived else 'no'}; elsewhere "
            f"{self.frames_missing_elsewhere} frames are missing, the longest gap is "
            f"{self.longest_gap_s:.2f} s, {self.runs_backwards} pictures run backwards",
            f"Memory: {self.memory_growth_pct:+.1f} %; left behind: "
            + (", ".join(self.leftovers) or "nothing"),
        ]
        lines += [f"Wrong: {problem}" for problem in self.problems]
        return "\n".join(lines)
