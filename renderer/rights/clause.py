"""Define verdicts: the clauses that decided, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from renderer.rights.wording import Term, Value, word_clause, word_term


class Outcome(IntEnum):
    """What a clause or verdict says; the highest of a verdict's clauses decides."""

    ALLOW = 0
    EVIDENCE = 1
    DENY = 2

    @property
    def term(self) -> Term:
        """Return the outcome as a term of the wording."""
        return Term("outcome", self.name.lower())


@dataclass(frozen=True, slots=True)
class Clause:
    """One reason of a verdict.

    Attributes:
        outcome: what it adds to the verdict.
        code: of its sentence in the wording.
        values: of the names in the sentence.
        document: file or record that contains the clause; empty for none.
    """

    outcome: Outcome
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    document: str = ""

    def text(self, language: str = "en") -> tuple[str, str]:
        """Return the fault or note, and the remedy, in a language."""
        return word_clause(self.code, self.values, language)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one avatar may be shown with one performer.

    Attributes:
        avatar: name of the avatar.
        performer: name of the performer; empty if unnamed.
        clauses: all reasons, those that deny first.
        until: time at which the first document that allows it ends, UTC; None for no end.
        licence: SHA-256 of the licence that decided; empty without one.
        consent: SHA-256 of the consent that decided; empty without one.
    """

    avatar: str
    performer: str
    clauses: tuple[Clause, ...]
    until: datetime | None = None
    licence: str = ""
    consent: str = ""

    @property
    def outcome(self) -> Outcome:
        """Return the most severe outcome of the clauses."""
        return max((clause.outcome for clause in self.clauses), default=Outcome.ALLOW)

    @property
    def is_allowed(self) -> bool:
        """Return whether the avatar may be shown."""
        return self.outcome is Outcome.ALLOW

    def deciding(self) -> tuple[Clause, ...]:
        """Return the clauses that keep the avatar from being shown, or all if none does."""
        found = tuple(clause for clause in self.clauses if clause.outcome is not Outcome.ALLOW)
        return found or self.clauses

    def lines(self, language: str = "en") -> list[str]:
        """Return the verdict as lines for people: the outcome, then one line for each clause."""
        lines = [f"{word_term(self.outcome.term, language)}: {self.avatar}"]
        for clause in self.deciding():
            fault, remedy = clause.text(language)
            lines.append(f"  {fault}" + (f" → {remedy}" if remedy else ""))
        return lines
