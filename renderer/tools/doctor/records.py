"""Describe the result of one check, for display and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, Final


class Verdict(Enum):
    """Whether a show can rely on the thing checked."""

    OK = "ok"
    WARNING = "warning"
    """A show can start, with something missing."""
    PROBLEM = "problem"
    """A show cannot start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check.

    Attributes:
        thing: what was checked.
        verdict: whether a show can rely on it.
        text: the result, a phrase.
        remedy: how to correct it; empty if there is no fault.
    """

    thing: str
    verdict: Verdict
    text: str
    remedy: str = ""


GO: Final = "go: a show can be given here"
NO_GO: Final = "no-go: mend the problems first"

_WIDEST: Final = max(len(verdict.value) for verdict in Verdict)


def is_go(findings: Sequence[Finding]) -> bool:
    """Return whether a show can run: no finding is a problem."""
    return all(finding.verdict is not Verdict.PROBLEM for finding in findings)


def as_text(findings: Sequence[Finding]) -> str:
    """Return one line for each finding, followed by its remedy, and the conclusion."""
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
