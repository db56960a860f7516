"""Decide whether an avatar may be shown: its own terms × licence × consent × declaration.

A licence signed by a trusted rights holder takes precedence over the terms in the avatar's file,
in both directions: it may allow what the file leaves out, and it may forbid what the file allows.
Without one, the file's terms decide, and the verdict says that nobody signed them. Documents that
cannot be verified never count as permission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from renderer.errors import RendererError, RightsError
from renderer.rights.clause import Clause, Outcome, Verdict
from renderer.rights.consent import Consent
from renderer.rights.declaration import ANY, Capture, Declaration, OutputKind, Usage
from renderer.rights.licence import Licence
from renderer.rights.policy import StudioPolicy
from renderer.rights.status.store import Standing, Status
from renderer.rights.terms import allows_name
from renderer.rights.vrm_terms import find_refusals
from renderer.rights.wording import Term, Value

if TYPE_CHECKING:  # Importing it loads numpy.
    from avatars.model import Meta
    from renderer.rights.shape.fingerprint import Shape

_RANK: Final = {usage: rank for rank, usage in enumerate(Usage)}


@dataclass(frozen=True, slots=True)
class AvatarFile:
    """An avatar in question.

    Attributes:
        name: for people.
        sha256: of its file, in hexadecimal.
        shape: by which a protected idol is recognised; None if it was not described.
        is_sealed: whether its file is encrypted for licensees, so that it needs a licence.
        find_faces: returns the names of textures and views that show a photographed face; None if
            that is not to be searched.
    """

    name: str
    sha256: str
    meta: Meta
    shape: Shape | None = None
    is_sealed: bool = False
    find_faces: Callable[[], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """What the show does.

    Attributes:
        outputs: how it leaves the machine.
        captures: what is captured of every performer.
        voices: names of the performers whose voices are captured besides.
    """

    declaration: Declaration
    outputs: frozenset[OutputKind]
    captures: frozenset[Capture] = frozenset({Capture.FACE, Capture.BODY})
    voices: frozenset[str] = frozenset()

    def captures_of(self, performer: str) -> frozenset[Capture]:
        """Return what is captured of a performer; letter case does not matter in the name."""
        name = performer.casefold()
        is_heard = any(one.casefold() == name for one in self.voices)
        return self.captures | {Capture.VOICE} if is_heard else self.captures


@dataclass(frozen=True, slots=True)
class Evidence:
    """Documents for a decision.

    Attributes:
        licences: verified licences.
        statuses: of the licences, by id.
        consents: verified consents.
        unusable_licences: documents that should have been licences of this avatar.
        unusable_consents: documents that should have been consents of this performer.
        faces: textures and views of an avatar that show a photographed face; empty for an avatar
            whose licence says whom it depicts.
        unsearched: why such an avatar could not be searched for them; None if it could.
        copied: licences of the protected idols whose shape the avatar has.
        clock_seen: latest time that the clock is behind; None if it is not.
    """

    licences: tuple[Licence, ...] = ()
    statuses: Mapping[str, Status] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    unusable_licences: tuple[RightsError, ...] = ()
    unusable_consents: tuple[RightsError, ...] = ()
    copied: tuple[Licence, ...] = ()
    faces: tuple[str, ...] = ()
    unsearched: RendererError | None = None
    clock_seen: datetime | None = None


def decide(
    avatar: AvatarFile,
    performer: str,
    show: ShowFacts,
    evidence: Evidence,
    policy: StudioPolicy,
    now: datetime,
) -> Verdict:
    """Return the verdict about one avatar with one performer.

    Args:
        avatar: to be shown.
        performer: name; empty if unnamed.
        show: what the show does.
        evidence: the documents at hand; those of other avatars and performers are ignored.
        policy: the studio's requirements.
        now: UTC.
    """
    clauses: list[Clause] = []
    if evidence.clock_seen is not None:
        clauses.append(Clause(Outcome.DENY, "clock.back", {"seen": _date(evidence.clock_seen)}))
    clauses += _judge_copies(avatar, evidence)
    licensed = _judge_licences(avatar, performer, show, evidence, policy, now)
    consented = _judge_consents(performer, show, evidence, policy, now)
    clauses += [*licensed.clauses, *consented.clauses]
    clauses.sort(key=lambda clause: -clause.outcome)
    ends = [end for end in (licensed.until, consented.until) if end is not None]
    return Verdict(
        avatar.name,
        performer,
        tuple(clauses),
        min(ends, default=None),
        licensed.document,
        consented.document,
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one kind of document adds to a verdict."""

    clauses: tuple[Clause, ...]
    until: datetime | None = None
    document: str = ""

    @property
    def severity(self) -> tuple[int, int]:
        """Return the order among findings: the most favourable first."""
        outcomes = [clause.outcome for clause in self.clauses]
        return max(outcomes, default=Outcome.ALLOW), sum(outcomes)


def _judge_copies(avatar: AvatarFile, evidence: Evidence) -> list[Clause]:
    """Return a denial if the avatar is a copy of a protected idol whose holder did not license it.

    A licence of somebody else for the copy does not count.
    """
    own = {one.issuer for one in evidence.licences if one.terms.sha256 == avatar.sha256}
    return [
        Clause(
            Outcome.DENY,
            "shape.protected",
            {"idol": one.terms.avatar, "issuer": one.issuer_name},
            one.place,
        )
        for one in evidence.copied
        if one.issuer not in own
    ]


def _judge_licences(
    avatar: AvatarFile,
    performer: str,
    show: ShowFacts,
    evidence: Evidence,
    policy: StudioPolicy,
    now: datetime,
) -> _Finding:
    own = [one for one in evidence.licences if one.terms.sha256 == avatar.sha256]
    findings = [_judge_licence(one, performer, show, evidence, now) for one in own]
    if findings:
        return min(findings, key=lambda finding: finding.severity)
    unusable = tuple(_unusable("licence.unusable", fault) for fault in evidence.unusable_licences)
    if unusable:
        return _Finding(unusable)
    if avatar.is_sealed:
        return _Finding((Clause(Outcome.EVIDENCE, "licence.sealed"),))
    if policy.require_licence:
        return _Finding((Clause(Outcome.EVIDENCE, "licence.required"),))
    if evidence.unsearched is not None:
        return _Finding((_unusable("licence.unusable", evidence.unsearched, Outcome.EVIDENCE),))
    if evidence.faces:
        return _Finding((Clause(Outcome.EVIDENCE, "face.real", {"textures": evidence.faces}),))
    declaration = replace(show.declaration, performer=performer)
    refusals = find_refusals(avatar.meta, declaration)
    return _Finding((*refusals, Clause(Outcome.ALLOW, "licence.unsigned")))


def _judge_licence(
    licence: Licence, performer: str, show: ShowFacts, evidence: Evidence, now: datetime
) -> _Finding:
    terms, declared = licence.terms, show.declaration
    found: list[Clause] = []

    def add(code: str, outcome: Outcome = Outcome.DENY, **values: Value) -> None:
        filled: dict[str, Value] = {"issuer": licence.issuer_name, **values}
        found.append(Clause(outcome, code, filled, licence.place))

    if now < terms.since:
        add("licence.early", since=_date(terms.since))
    if terms.until is not None and now >= terms.until:
        add("licence.expired", until=_date(terms.until))
    status = evidence.statuses.get(licence.id) or Status(
        Standing.VALID if not licence.status else Standing.UNKNOWN
    )
    if status.standing is Standing.REVOKED:
        add("licence.revoked")
    elif status.standing is Standing.SUSPENDED:
        add("licence.suspended")
    elif status.standing is Standing.UNKNOWN:
        add("licence.status_unknown", Outcome.EVIDENCE, reason=status.reason)
    elif status.standing is Standing.OLD:
        end = _date(status.until) if status.until is not None else ""
        add("licence.status_old", Outcome.ALLOW, until=end)
    if not allows_name(terms.performers, performer):
        add(
            "licence.performer",
            performer=performer or Term("word", "nobody"),
            allowed=terms.performers,
        )
    if not allows_name(terms.shows, declared.show):
        add("licence.show", show=declared.show or Term("word", "no_show"), allowed=terms.shows)
    for territory in _missing(declared.territories, terms.territories, show):
        add("licence.territory", territory=territory, allowed=terms.territories)
    for kind in sorted(show.outputs - set(terms.outputs), key=lambda kind: kind.value):
        allowed = tuple(Term("output", one.value) for one in terms.outputs)
        add("licence.output", output=Term("output", kind.value), allowed=allowed)
    if _RANK[declared.usage] > _RANK[terms.usage]:
        add(
            "licence.usage",
            allowed=Term("usage", terms.usage.value),
            declared=Term("usage", declared.usage.value),
        )
    for content in sorted(declared.content - set(terms.content), key=lambda one: one.value):
        add("licence.content", content=Term("content", content.value))
    if not terms.depicts and evidence.faces:
        add("face.licence", textures=evidence.faces)
    if not terms.depicts and evidence.unsearched is not None:
        found.append(_unusable("licence.unusable", evidence.unsearched, Outcome.EVIDENCE))
    if terms.until is None:
        add("licence.allows_always", Outcome.ALLOW)
    else:
        add("licence.allows", Outcome.ALLOW, until=_date(terms.until))
    ends = [end for end in (terms.until, status.until) if end is not None]
    return _Finding(tuple(found), min(ends, default=None), licence.sha256)


def _missing(
    declared: tuple[str, ...], allowed: tuple[str, ...], show: ShowFacts
) -> list[str | Term]:
    """Return the territories of a stream that a licence does not cover."""
    if ANY in allowed or OutputKind.STREAM not in show.outputs:
        return []
    if not declared:
        return [Term("word", "no_territory")]
    return [one for one in declared if one not in allowed]


def _judge_consents(
    performer: str, show: ShowFacts, evidence: Evidence, policy: StudioPolicy, now: datetime
) -> _Finding:
    name: Value = performer or Term("word", "nobody")
    own = [
        one
        for one in evidence.consents
        if performer and one.terms.performer.casefold() == performer.casefold()
    ]
    if own:
        findings = [_judge_consent(one, name, show, now) for one in own]
        return min(findings, key=lambda finding: finding.severity)
    unusable = tuple(_unusable("consent.unusable", fault) for fault in evidence.unusable_consents)
    if unusable:
        return _Finding(unusable)
    if policy.require_consent:
        return _Finding((Clause(Outcome.EVIDENCE, "consent.required", {"performer": name}),))
    return _Finding((Clause(Outcome.ALLOW, "consent.none", {"performer": name}),))


def _judge_consent(consent: Consent, name: Value, show: ShowFacts, now: datetime) -> _Finding:
    terms = consent.terms
    found: list[Clause] = []

    def add(code: str, outcome: Outcome = Outcome.DENY, **values: Value) -> None:
        found.append(Clause(outcome, code, {"performer": name, **values}, consent.place))

    if consent.withdrawn is not None and now >= consent.withdrawn:
        add("consent.withdrawn", date=_date(consent.withdrawn))
    if now < terms.since:
        add("consent.early", since=_date(terms.since))
    if now >= terms.until:
        add("consent.expired", until=_date(terms.until))
    if not allows_name(terms.shows, show.declaration.show):
        show_name: Value = show.declaration.show or Term("word", "no_show")
        add("consent.show", show=show_name, allowed=terms.shows)
    captures = show.captures_of(terms.performer)
    for capture in sorted(captures - set(terms.captures), key=lambda one: one.value):
        add("consent.capture", capture=Term("capture", capture.value))
    add("consent.given", Outcome.ALLOW, until=_date(terms.until))
    return _Finding(tuple(found), terms.until, consent.sha256)


def _unusable(code: str, fault: RendererError, outcome: Outcome = Outcome.DENY) -> Clause:
    reason = f"{fault.thing} {fault.fault}"
    return Clause(outcome, code, {"reason": reason, "remedy": fault.remedy}, fault.thing)


def _date(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC")
