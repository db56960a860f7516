"""What was found about one thing that a show needs, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, Final


class Verdict(Enum):
    """Whether a show can rely on a thing."""

    OK = "ok"
    WARNING = "warning"
    """A show starts, with something missing."""
    PROBLEM = "problem"
    """No show starts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        thing: what was tried.
        verdict: whether a show can rely on it.
        text: what was found, a phrase.
        remedy: what would be right; empty where all is well.
    """

    thing: str
    verdict: Verdict
    text: str
    remedy: str = ""


GO: Final = "go: a show can be given here"
NO_GO: Final = "no-go: mend the problems first"

_WIDEST: Final = max(len(verdict.value) for verdict in Verdict)


def is_go(findings: Sequence[Finding]) -> bool:
    """Return whether a show can be given: nothing that was found is a problem."""
    return all(finding.verdict is not Verdict.PROBLEM for finding in findings)


def as_text(findings: Sequence[Finding]) -> str:
    """Return one line for each finding, its remedy behind it, and the conclusion."""
    lines = [
        f"{finding.verdict.value:{_WIDEST}}  {finding.thing}: {finding.text}"
        + (f"; {finding.remedy}" if finding.remedy else "")
        for finding in findings
    ]
    return "\n".join([*lines, GO if is_go(findings) else NO_GO])


def as_dict(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as plain data for JSON."""
    listed = [asdict(finding) | {"verdict": finding.verdict.value} for finding in findings]
    return {"go": is_go(findings), "findings": listed}
