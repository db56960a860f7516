"""Test the decision against an independent statement of what it should be."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RightsError
from renderer.rights.clause import Outcome
from renderer.rights.consent import (
    Consent,
    ConsentTerms,
    issue_consent,
    read_consent,
    withdraw_consent,
)
from renderer.rights.decision import Evidence, ShowFacts, decide
from renderer.rights.declaration import Capture, Content, OutputKind, Usage
from renderer.rights.licence import Licence
from renderer.rights.policy import StudioPolicy
from renderer.rights.status.store import Standing, Status
from renderer.rights.wording import LANGUAGES, _load
from tests.rights.documents import (
    AVATAR,
    CONSENT,
    DECLARED,
    FACTS,
    HASH,
    LABEL,
    MAI,
    NOW,
    STRANGER,
    TERMS,
    declared,
    licence,
)

FREE = StudioPolicy()
LICENCE = licence()


def consent(**changes: object) -> Consent:
    terms = ConsentTerms(
        **{name: getattr(CONSENT, name) for name in CONSENT.__struct_fields__} | changes
    )
    return read_consent(issue_consent(terms, MAI), "mai.consent")


def codes(
    facts: ShowFacts = FACTS,
    evidence: Evidence | None = None,
    policy: StudioPolicy = FREE,
    performer: str = "Mai",
) -> set[str]:
    evidence = evidence or Evidence((LICENCE,))
    verdict = decide(AVATAR, performer, facts, evidence, policy, NOW)
    found = {clause.code for clause in verdict.clauses if clause.outcome is not Outcome.ALLOW}
    assert verdict.is_allowed == (not found)
    return found


def test_a_licence_allows_what_the_file_leaves_out() -> None:
    assert codes() == set()
    assert codes(evidence=Evidence()) == {"vrm.author"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (declared(show="Second Light"), "licence.show"),
        (declared(show=""), "licence.show"),
        (declared(territories=("US",)), "licence.territory"),
        (declared(territories=()), "licence.territory"),
        (declared(content=frozenset({Content.SEXUAL})), "licence.content"),
    ],
)
def test_each_clause_denies_with_its_own_code(facts: ShowFacts, code: str) -> None:
    assert codes(facts) == {code}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"since": NOW + timedelta(hours=1)}, "licence.early"),
        ({"until": NOW}, "licence.expired"),
        ({"performers": ("Bo",)}, "licence.performer"),
        ({"outputs": (OutputKind.RECORDING,)}, "licence.output"),
        ({"sha256": "cd" * 32}, "vrm.author"),
    ],
)
def test_each_term_denies_with_its_own_code(changes: dict[str, object], code: str) -> None:
    assert codes(evidence=Evidence((licence(**changes),))) == {code}


def test_usage_goes_up_to_what_is_licensed() -> None:
    personal = Evidence((licence(usage=Usage.PERSONAL),))
    assert codes(declared(usage=Usage.PERSONAL_PROFIT), personal) == {"licence.usage"}
    assert codes(declared(usage=Usage.CORPORATION)) == set()


def test_a_licence_that_denies_is_not_replaced_by_the_file_s_terms() -> None:
    """Otherwise revoking the licence of an open file would change nothing."""
    open_file = replace(
        AVATAR,
        meta=replace(AVATAR.meta, avatar_permission="everyone", commercial_usage="corporation"),
    )
    evidence = Evidence((LICENCE,), {LICENCE.id: Status(Standing.REVOKED)})
    verdict = decide(open_file, "Mai", FACTS, evidence, FREE, NOW)
    assert verdict.outcome is Outcome.DENY
    assert decide(open_file, "Mai", FACTS, Evidence(), FREE, NOW).is_allowed


def test_one_licence_that_allows_suffices() -> None:
    expired = licence(until=NOW)
    assert codes(evidence=Evidence((expired, LICENCE))) == set()


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (Standing.VALID, Outcome.ALLOW),
        (Standing.OLD, Outcome.ALLOW),
        (Standing.UNKNOWN, Outcome.EVIDENCE),
        (Standing.SUSPENDED, Outcome.DENY),
        (Standing.REVOKED, Outcome.DENY),
    ],
)
def test_status(standing: Standing, outcome: Outcome) -> None:
    evidence = Evidence((LICENCE,), {LICENCE.id: Status(standing)})
    assert decide(AVATAR, "Mai", FACTS, evidence, FREE, NOW).outcome is outcome


def test_a_licence_with_lists_that_nobody_looked_up_is_no_licence() -> None:
    from renderer.rights.licence import StatusEntry
    from tests.rights.test_licences import issue_licence, new_urn, read_licence, trust

    entry = StatusEntry("BitstringStatusListEntry", "revocation", "7", "list")
    text = issue_licence(TERMS, LABEL, "Label Ltd", new_urn(), (entry,))
    found = read_licence(text, "it", trust())
    assert codes(evidence=Evidence((found,))) == {"licence.status_unknown"}


def test_a_studio_can_require_documents() -> None:
    strict = StudioPolicy(require_licence=True, require_consent=True)
    assert codes(evidence=Evidence(), policy=strict) == {"licence.required", "consent.required"}
    assert codes(evidence=Evidence((LICENCE,), consents=(consent(),)), policy=strict) == set()


def test_documents_that_cannot_be_verified_deny() -> None:
    fault = RightsError("licence idol.licence", "was changed", "ask the issuer")
    assert codes(evidence=Evidence(unusable_licences=(fault,))) == {"licence.unusable"}
    assert codes(evidence=Evidence((LICENCE,), unusable_consents=(fault,))) == {"consent.unusable"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"since": NOW + timedelta(hours=1)}, "consent.early"),
        ({"until": NOW}, "consent.expired"),
        ({"shows": ("Second Light",)}, "consent.show"),
        ({"captures": (Capture.BODY,)}, "consent.capture"),
    ],
)
def test_each_term_of_a_consent(changes: dict[str, object], code: str) -> None:
    assert codes(evidence=Evidence((LICENCE,), consents=(consent(**changes),))) == {code}


def test_a_voice_that_is_heard_needs_a_consent_to_it() -> None:
    bodily = Evidence((LICENCE,), consents=(consent(captures=(Capture.FACE, Capture.BODY)),))
    assert codes(replace(FACTS, voices=frozenset({"MAI"})), bodily) == {"consent.capture"}
    assert codes(replace(FACTS, voices=frozenset({"Bo"})), bodily) == set()
    full = Evidence((LICENCE,), consents=(consent(),))
    assert codes(replace(FACTS, voices=frozenset({"Mai"})), full) == set()


def test_a_withdrawn_consent_ends_at_once() -> None:
    text = issue_consent(CONSENT, MAI)
    given = read_consent(text, "it")
    withdrawal = withdraw_consent(given, MAI, NOW, erase=True)
    ended = read_consent(text, "it", (withdrawal,))
    assert codes(evidence=Evidence((LICENCE,), consents=(ended,))) == {"consent.withdrawn"}
    with pytest.raises(RightsError, match="another key"):
        withdraw_consent(given, STRANGER, NOW, erase=False)
    # A stranger's withdrawal, and that of another consent, change nothing.
    other = read_consent(issue_consent(CONSENT, STRANGER), "other")
    forged = withdraw_consent(other, STRANGER, NOW, erase=False)
    assert read_consent(text, "it", (forged,)).withdrawn is None


def test_a_clock_set_back_denies_everything() -> None:
    evidence = Evidence((LICENCE,), clock_seen=NOW + timedelta(days=1))
    assert codes(evidence=evidence) == {"clock.back"}


def test_the_verdict_ends_with_its_first_document() -> None:
    status = Status(Standing.VALID, NOW + timedelta(hours=2))
    evidence = Evidence((LICENCE,), {LICENCE.id: status}, (consent(),))
    verdict = decide(AVATAR, "Mai", FACTS, evidence, FREE, NOW)
    assert verdict.until == NOW + timedelta(hours=2)
    assert (verdict.licence, bool(verdict.consent)) == (LICENCE.sha256, True)


NAME = st.sampled_from(["Mai", "Bo", "*"])
LISTS = st.sets(NAME, min_size=1).map(tuple)
CODES = st.sets(st.sampled_from(["KR", "US", "*"]), min_size=1).map(tuple)


@settings(max_examples=150)
@given(
    performers=LISTS,
    shows=LISTS,
    territories=CODES,
    outputs=st.sets(st.sampled_from(OutputKind), min_size=1),
    usage=st.sampled_from(Usage),
    content=st.sets(st.sampled_from(Content)),
    hours=st.integers(-2, 2),
    performer=st.sampled_from(["Mai", "Bo", ""]),
    show=st.sampled_from(["mai", "Bo", ""]),
    countries=st.sets(st.sampled_from(["KR", "US"])),
    kinds=st.sets(st.sampled_from(OutputKind)),
    declared_usage=st.sampled_from(Usage),
    declared_content=st.sets(st.sampled_from(Content)),
)
def test_a_show_is_allowed_exactly_if_every_term_covers_it(
    performers: tuple[str, ...],
    shows: tuple[str, ...],
    territories: tuple[str, ...],
    outputs: set[OutputKind],
    usage: Usage,
    content: set[Content],
    hours: int,
    performer: str,
    show: str,
    countries: set[str],
    kinds: set[OutputKind],
    declared_usage: Usage,
    declared_content: set[Content],
) -> None:
    terms = replace(
        TERMS,
        performers=performers,
        shows=shows,
        territories=territories,
        outputs=tuple(outputs),
        usage=usage,
        content=tuple(content),
        until=NOW + timedelta(hours=hours),
    )
    found = Licence("urn:uuid:1", LABEL.did, "Label Ltd", terms, (), "00", "it")
    declaration = replace(
        DECLARED,
        usage=declared_usage,
        content=frozenset(declared_content),
        show=show,
        territories=tuple(countries),
    )
    facts = ShowFacts(declaration, frozenset(kinds))
    order = list(Usage)
    streams = OutputKind.STREAM in kinds
    expected = (
        ("*" in performers or performer in performers)
        and ("*" in shows or show.capitalize() in shows)
        and (
            not streams or "*" in territories or (bool(countries) and countries <= set(territories))
        )
        and kinds <= outputs
        and order.index(declared_usage) <= order.index(usage)
        and declared_content <= content
        and hours > 0
    )
    verdict = decide(AVATAR, performer, facts, Evidence((found,)), FREE, NOW)
    assert verdict.is_allowed == expected
    # An avatar of another file gains nothing by it.
    other = replace(AVATAR, sha256="cd" * 32)
    assert not decide(other, performer, facts, Evidence((found,)), FREE, NOW).is_allowed


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_language_says_everything_with_the_same_names() -> None:
    english = _load("en")
    for language in LANGUAGES:
        words = _load(language)
        assert words.keys() == english.keys()
        for group, table in english.items():
            assert words[group].keys() == table.keys(), group
            for code, sentence in table.items():
                if isinstance(sentence, dict):
                    for part in ("fault", "remedy"):
                        assert _names(words[group][code][part]) == _names(sentence[part]), code


def test_verdicts_are_worded_in_every_language() -> None:
    evidence = Evidence((licence(performers=("Bo",), shows=("*",)),), {}, (consent(),))
    for language in LANGUAGES:
        lines = decide(AVATAR, "Mai", FACTS, evidence, FREE, NOW).lines(language)
        assert len(lines) == 2
        assert "Bo" in lines[1]
        assert "{" not in lines[1]


def test_hash_is_what_the_licence_is_for() -> None:
    assert AVATAR.sha256 == HASH
