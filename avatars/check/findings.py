"""Collect the findings of a check and format them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Final

MAX_FINDINGS: Final = 1000
"""Maximum number of findings kept per file; a hostile file could have millions."""


class Severity(Enum):
    """How severe a finding is."""

    ERROR = "error"
    """The specification forbids it."""
    WARNING = "warning"
    """The specification advises against it, software differs in how it reads it, or an optional
    part of the file has a dangling reference and is skipped."""
    NEED = "need"
    """The file is valid, but does not meet a show's requirement."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or missing part.

    Attributes:
        pointer: JSON pointer (RFC 6901) of the place; empty for the whole file.
        text: what is wrong there, a clause.
        remedy: how to fix it, a clause.
    """

    severity: Severity
    pointer: str
    text: str
    remedy: str


class Report:
    """Collects findings without duplicates, at most MAX_FINDINGS."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self._overflowed = False

    def error(self, pointer: str, text: str, remedy: str) -> None:
        """Add a violation of the specification."""
        self._add(Finding(Severity.ERROR, pointer, text, remedy))

    def warning(self, pointer: str, text: str, remedy: str) -> None:
        """Add a finding that is allowed but not recommended."""
        self._add(Finding(Severity.WARNING, pointer, text, remedy))

    def require(self, pointer: str, text: str, remedy: str) -> None:
        """Add a show's requirement that is not met."""
        self._add(Finding(Severity.NEED, pointer, text, remedy))

    @property
    def is_full(self) -> bool:
        """Whether further findings would be dropped."""
        return len(self._found) >= MAX_FINDINGS

    def has_error_at(self, pointer: str) -> bool:
        """Return whether an error was already found at a place."""
        return any(
            finding.severity is Severity.ERROR and finding.pointer == pointer
            for finding in self._found
        )

    def has_finding_at(self, pointer: str) -> bool:
        """Return whether anything was already found at a place."""
        return any(finding.pointer == pointer for finding in self._found)

    def escalate(self, pointer: str, text: str, remedy: str) -> None:
        """Add an error and remove warnings with the same place and text."""
        for finding in [f for f in self._found if (f.pointer, f.text) == (pointer, text)]:
            del self._found[finding]
        self.error(pointer, text, remedy)

    def finish(self) -> tuple[Finding, ...]:
        """Return all findings, the most severe first, otherwise in the order they were added."""
        if self._overflowed:
            last = Finding(Severity.WARNING, "", "there are more faults", "mend these")
            self._found[last] = None
        ranks = list(Severity)
        return tuple(sorted(self._found, key=lambda finding: ranks.index(finding.severity)))

    def _add(self, finding: Finding) -> None:
        if finding in self._found:
            return
        if self.is_full:
            self._overflowed = True
        else:
            self._found[finding] = None


def under(pointer: str, *keys: str | int) -> str:
    """Return the JSON pointer of a member below another."""
    steps = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
    return "".join((pointer, *(f"/{step}" for step in steps)))


def as_text(findings: Iterable[Finding]) -> str:
    """Format findings as one line each, followed by the number of each severity."""
    findings = tuple(findings)
    lines = [
        f"{finding.severity.value:7}  {finding.pointer or 'the file'}: {finding.text};"
        f" {finding.remedy}"
        for finding in findings
    ]
    counts = Counter(finding.severity for finding in findings)
    parts = [
        f"{counts[kind]} {kind.value}{'' if counts[kind] == 1 else 's'}"
        for kind in Severity
        if counts[kind]
    ]
    return "\n".join([*lines, ", ".join(parts) or "nothing to say against it"])


def as_json(findings: Iterable[Finding]) -> str:
    """Format findings as a JSON list of objects with the members of Finding."""
    entries = [asdict(finding) | {"severity": finding.severity.value} for finding in findings]
    return json.dumps(entries, indent=2, ensure_ascii=False)
