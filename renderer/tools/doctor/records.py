"""Print the results of checks, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from renderer.protocol.readiness import Finding, Verdict, is_go

__all__ = ["GO", "NO_GO", "Finding", "Verdict", "as_dict", "as_text", "is_go"]

GO: Final = "go: a show can be given here"
NO_GO: Final = "no-go: mend the problems first"

_WIDEST: Final = max(len(verdict.value) for verdict in Verdict)


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
    return {"go": is_go(findings), "findings": msgspec.to_builtins(findings)}
