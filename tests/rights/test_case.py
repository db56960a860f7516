"""Test how the documents of a show are found and judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from renderer.errors import RightsError
from renderer.rights.case import RightsCase, open_case
from renderer.rights.clause import Outcome
from renderer.rights.consent import issue_consent, read_consent, withdraw_consent
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.decision import AvatarFile
from renderer.rights.declaration import OutputKind
from renderer.rights.licence import hash_file, issue_licence, new_urn
from renderer.rights.policy import FILE_NAME
from renderer.rights.takes.consents import FOLDER as CONSENT_FOLDER
from tests.rights.documents import (
    CLOSED,
    CONSENT,
    FACTS,
    LABEL,
    MAI,
    NOW,
    STRANGER,
    TERMS,
    trust,
)


@pytest.fixture
def avatar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    keep_trust_list(trust(), trust_list_path())
    path = tmp_path / "idol.vrm"
    path.write_bytes(b"an avatar")
    return path


def _sign(avatar: Path, place: Path, **changes: object) -> Path:
    terms = replace(
        TERMS, sha256=hash_file(avatar), since=NOW - timedelta(days=1), until=None, **changes
    )
    place.write_text(issue_licence(terms, LABEL, "Label Ltd", new_urn()))
    return place


def _open(avatar: Path, *licences: Path, consents: tuple[Path, ...] = ()) -> RightsCase:
    return open_case(
        [(avatar, AvatarFile("Idol", hash_file(avatar), CLOSED))],
        ["Mai"],
        FACTS,
        licences,
        consents,
    )


def test_a_licence_beside_the_avatar_is_found(avatar: Path) -> None:
    assert not _open(avatar).judge(NOW)[0].is_allowed
    _sign(avatar, avatar.with_suffix(".licence"))
    assert _open(avatar).judge(NOW)[0].is_allowed


def test_a_licence_can_be_named(avatar: Path, tmp_path: Path) -> None:
    place = _sign(avatar, tmp_path / "elsewhere.licence")
    assert _open(avatar, place).judge(NOW)[0].is_allowed
    other = tmp_path / "other.vrm"
    other.write_bytes(b"another")
    with pytest.raises(RightsError, match="this show has no file"):
        _open(avatar, _sign(other, tmp_path / "other.licence"))


def test_a_changed_avatar_is_not_the_licensed_one(avatar: Path) -> None:
    _sign(avatar, avatar.with_suffix(".licence"))
    avatar.write_bytes(b"an avatas")
    verdict = _open(avatar).judge(NOW)[0]
    assert verdict.outcome is Outcome.DENY
    assert "another file" in verdict.lines()[1]


def test_a_refusal_names_document_clause_and_remedy(avatar: Path) -> None:
    _sign(avatar, avatar.with_suffix(".licence"), performers=("Bo",))
    with pytest.raises(RightsError, match="does not name Mai as performer; let Bo perform"):
        _open(avatar).require_allowed(NOW)


def test_an_output_that_is_not_licensed_is_not_opened(avatar: Path) -> None:
    _sign(avatar, avatar.with_suffix(".licence"), outputs=(OutputKind.STREAM,))
    case = _open(avatar)
    case.check_outputs([OutputKind.STREAM], NOW)
    with pytest.raises(RightsError, match="does not allow the output recording"):
        case.check_outputs([OutputKind.RECORDING], NOW)
    assert case.judge(NOW)[0].is_allowed


def test_a_withdrawal_counts_from_the_next_check(avatar: Path, tmp_path: Path) -> None:
    _sign(avatar, avatar.with_suffix(".licence"))
    place = tmp_path / "DATA" / CONSENT_FOLDER / "mai.consent"
    place.parent.mkdir(parents=True)
    place.write_text(issue_consent(CONSENT, MAI))
    case = _open(avatar)
    assert case.judge(NOW)[0].consent
    given = read_consent(place.read_text(), "it")
    text = withdraw_consent(given, MAI, NOW, erase=False)
    place.with_suffix(".withdrawal").write_text(text)
    case.refresh()
    assert case.judge(NOW)[0].deciding()[0].code == "consent.withdrawn"


def test_a_withdrawal_that_was_changed_denies(avatar: Path, tmp_path: Path) -> None:
    _sign(avatar, avatar.with_suffix(".licence"))
    place = tmp_path / "mai.consent"
    place.write_text(issue_consent(CONSENT, MAI))
    place.with_suffix(".withdrawal").write_text("nothing")
    assert not _open(avatar, consents=(place,)).judge(NOW)[0].is_allowed


def test_settings_can_require_a_licence(avatar: Path, tmp_path: Path) -> None:
    (tmp_path / "CONFIG" / FILE_NAME).write_text("require_licence = true\n")
    assert _open(avatar).judge(NOW)[0].outcome is Outcome.EVIDENCE
    for wrong in ("require_license = true", "take_down_s = -1", "require_licence = 'yes'", "["):
        (tmp_path / "CONFIG" / FILE_NAME).write_text(wrong)
        with pytest.raises(RightsError):
            _open(avatar)


def test_a_stranger_s_licence_denies_until_it_is_trusted(avatar: Path) -> None:
    terms = replace(TERMS, sha256=hash_file(avatar), until=None)
    place = avatar.with_suffix(".licence")
    place.write_text(issue_licence(terms, STRANGER, "Label Ltd", new_urn()))
    assert "trust list" in "".join(_open(avatar).judge(NOW)[0].lines())
    keep_trust_list(trust(LABEL, STRANGER), trust_list_path())
    assert _open(avatar).judge(NOW)[0].is_allowed


def test_a_kept_verdict_ends_with_whatever_it_rests_on(avatar: Path) -> None:
    """Verdicts are not decided again while nothing has changed; every change must count at once."""
    place = _sign(avatar, avatar.with_suffix(".licence"), outputs=(OutputKind.STREAM,))
    text = place.read_text()
    terms = replace(
        TERMS,
        sha256=hash_file(avatar),
        since=NOW - timedelta(days=1),
        until=NOW + timedelta(hours=1),
    )
    place.write_text(issue_licence(terms, LABEL, "Label Ltd", new_urn()))
    case = _open(avatar)
    first = case.judge(NOW)
    assert first[0].is_allowed
    assert case.judge(NOW + timedelta(minutes=59)) is first
    assert not case.judge(NOW + timedelta(hours=1))[0].is_allowed
    # A clock that is set back a little, and one that is set back far.
    assert case.judge(NOW + timedelta(minutes=58))[0].is_allowed
    assert not case.judge(NOW)[0].is_allowed
    assert case.judge(NOW + timedelta(minutes=58))[0].is_allowed
    # Other outputs, and documents that were read again.
    place.write_text(text)
    case.refresh()
    later = NOW + timedelta(minutes=59)
    assert case.judge(later)[0].is_allowed
    assert not case.judge(later, [OutputKind.RECORDING])[0].is_allowed
    assert case.judge(later)[0].is_allowed
    place.unlink()
    case.refresh()
    assert not case.judge(later)[0].is_allowed
