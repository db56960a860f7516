"""Define whether a show can go on air: a finding with a remedy for each thing it needs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from renderer.protocol.schema import Section


class Verdict(StrEnum):
    """Whether a show can rely on the thing checked."""

    OK = "ok"
    WARNING = "warning"
    """A show can start, with something missing."""
    PROBLEM = "problem"
    """A show cannot start."""


class Finding(msgspec.Struct, frozen=True):
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


class Readiness(Section, frozen=True):
    """What a live show needs for going on air, published when it changes."""

    revision: int = 0
    findings: list[Finding] = msgspec.field(default_factory=list)


def is_go(findings: Sequence[Finding]) -> bool:
    """Return whether a show can run: no finding is a problem."""
    return all(finding.verdict is not Verdict.PROBLEM for finding in findings)
