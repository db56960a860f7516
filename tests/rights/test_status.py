"""Test that a revoked licence does not come back."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from renderer.errors import RightsError
from renderer.rights.clock_guard import ClockGuard
from renderer.rights.credentials.fetch import fetch, web_address
from renderer.rights.credentials.signing import peek
from renderer.rights.credentials.status_list import read_status_list, write_status_list
from renderer.rights.licence import Licence, issue_licence, new_urn, read_licence
from renderer.rights.status.registry import add_entries, keep_registry, load_registry, set_status
from renderer.rights.status.store import GRACE, Standing, StatusStore
from tests.rights.documents import LABEL, NOW, STRANGER, TERMS, trust

DAY = timedelta(days=1)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return tmp_path / "label.registry"


def _issue(registry: Path) -> Licence:
    record, urn = load_registry(registry), new_urn()
    entries = add_entries(record, registry, urn)
    text = issue_licence(TERMS, LABEL, "Label Ltd", urn, entries)
    keep_registry(record, registry, LABEL, NOW)
    return read_licence(text, str(registry.with_name("idol.licence")), trust())


def _change(registry: Path, licence: Licence, status: str, time: timedelta) -> None:
    record = load_registry(registry)
    set_status(record, registry, licence.id, status)
    keep_registry(record, registry, LABEL, NOW + time)


def test_one_licence_is_revoked_and_no_other(registry: Path, tmp_path: Path) -> None:
    first, second = _issue(registry), _issue(registry)
    store = StatusStore(tmp_path / "kept")
    for licence in (first, second):
        store.refresh(licence, trust())
        assert store.check(licence, NOW).standing is Standing.VALID
    _change(registry, first, "suspended", DAY / 24)
    store.refresh(first, trust())
    assert store.check(first, NOW + DAY / 12).standing is Standing.SUSPENDED
    _change(registry, first, "valid", DAY / 12)
    store.refresh(first, trust())
    assert store.check(first, NOW + DAY / 6).standing is Standing.VALID
    _change(registry, first, "revoked", DAY / 6)
    store.refresh(first, trust())
    assert store.check(first, NOW + DAY / 4).standing is Standing.REVOKED
    assert store.check(second, NOW + DAY / 4).standing is Standing.VALID
    with pytest.raises(RightsError, match="for good"):
        _change(registry, first, "valid", DAY)


def test_an_old_list_does_not_bring_a_licence_back(registry: Path, tmp_path: Path) -> None:
    licence = _issue(registry)
    old = {path: path.read_bytes() for path in tmp_path.glob("label.*")}
    _change(registry, licence, "revoked", DAY)
    store = StatusStore(tmp_path / "kept")
    store.refresh(licence, trust())
    for path, data in old.items():
        path.write_bytes(data)
    # In this process and in the next.
    for again in (store, StatusStore(tmp_path / "kept")):
        again.load(licence, trust())
        again.refresh(licence, trust())
        assert again.check(licence, NOW + DAY).standing is Standing.REVOKED


def test_another_trusted_issuer_s_list_does_not_make_way_for_an_old_one(
    registry: Path, tmp_path: Path
) -> None:
    licence = _issue(registry)
    entries = [entry.status_list_credential for entry in licence.status]
    old = {name: (tmp_path / name).read_bytes() for name in entries}
    _change(registry, licence, "revoked", DAY)
    both = trust(LABEL, STRANGER)
    store = StatusStore(tmp_path / "kept")
    store.refresh(licence, both)
    for name in entries:
        signed = write_status_list(name, "revocation", bytes(16_384), STRANGER, NOW + 2 * DAY)
        (tmp_path / name).write_text(signed)
    store.refresh(licence, both)
    assert store.check(licence, NOW + DAY).standing is Standing.REVOKED
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    for again in (store, StatusStore(tmp_path / "kept")):
        again.load(licence, both)
        again.refresh(licence, both)
        assert again.check(licence, NOW + DAY).standing is Standing.REVOKED


def test_without_a_network_the_last_list_holds_for_a_stated_time(
    registry: Path, tmp_path: Path
) -> None:
    licence = _issue(registry)
    StatusStore(tmp_path / "kept").refresh(licence, trust())

    def unreachable(address: str, folder: Path) -> bytes:
        raise RightsError(address, "cannot be reached", "check the network")

    store = StatusStore(tmp_path / "kept", fetch_list=unreachable)
    store.load(licence, trust())
    store.refresh(licence, trust())
    end = NOW + 7 * DAY
    assert store.check(licence, end).standing is Standing.VALID
    late = store.check(licence, end + GRACE)
    assert (late.standing, late.until) == (Standing.OLD, end + GRACE)
    ended = store.check(licence, end + GRACE + DAY / 1000)
    assert ended.standing is Standing.UNKNOWN
    assert "cannot be reached" in ended.reason


def test_a_licence_whose_list_was_never_had_is_unknown(registry: Path, tmp_path: Path) -> None:
    licence = _issue(registry)
    for path in registry.parent.glob("label.*n"):
        path.unlink()
    store = StatusStore(tmp_path / "kept")
    store.refresh(licence, trust())
    assert store.check(licence, NOW).standing is Standing.UNKNOWN


def test_another_issuer_s_list_says_nothing(registry: Path, tmp_path: Path) -> None:
    licence = _issue(registry)
    entry = licence.status[0]
    text = write_status_list(
        entry.status_list_credential, "revocation", bytes(1 << 14), STRANGER, NOW
    )
    store = StatusStore(tmp_path / "kept", fetch_list=lambda *_: text.encode())
    store.refresh(licence, trust(LABEL, STRANGER))
    assert store.check(licence, NOW).standing is Standing.UNKNOWN


def _list_with(encoded: str) -> str:
    claims = msgspec.json.decode(
        peek(write_status_list("a", "revocation", bytes(1 << 14), LABEL, NOW), "it")
    )
    claims["credentialSubject"]["encodedList"] = encoded
    return LABEL.sign(msgspec.json.encode(claims))


def _pack(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        "z" + _pack(bytes(1 << 14))[1:],
        "uAAAA",
        _pack(bytes(100)),
        # 64 MB of zeros in 64 KB.
        _pack(bytes(64 << 20)),
        _pack(bytes(1 << 14))[:-20],
    ],
    ids=["empty", "nothing", "another base", "no gzip", "short", "bomb", "cut off"],
)
def test_broken_lists_are_refused(encoded: str) -> None:
    with pytest.raises(RightsError):
        read_status_list(_list_with(encoded), "a", trust().find_key)


def test_a_list_answers_for_its_own_address_and_entries_alone() -> None:
    text = write_status_list("a", "revocation", bytes(1 << 14), LABEL, NOW)
    found = read_status_list(text, "a", trust().find_key)
    for index in (-1, 1 << 17):
        with pytest.raises(RightsError, match="no entry"):
            found.is_set(index)
    with pytest.raises(RightsError, match="another address"):
        read_status_list(text, "b", trust().find_key)


def test_signed_paths_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret").write_text("secret")
    for address in ("../secret", str(tmp_path / "secret"), "file:///etc/passwd", "", "ftp://a/b"):
        with pytest.raises(RightsError):
            fetch(address, tmp_path / "inner")
    with pytest.raises(RightsError, match="not encrypted"):
        fetch("http://label.example/list", tmp_path)


@pytest.mark.parametrize(
    ("did", "address"),
    [
        ("did:web:label.example", "https://label.example/.well-known/did.json"),
        ("did:web:label.example:idols:mai", "https://label.example/idols/mai/did.json"),
        ("did:web:localhost%3A8443", "http://localhost:8443/.well-known/did.json"),
    ],
)
def test_documents_of_web_identifiers(did: str, address: str) -> None:
    assert web_address(did) == address


@pytest.mark.parametrize("did", ["did:web:", "did:key:z", "did:web:a@b", "did:web:a::b", "label"])
def test_what_is_no_web_identifier(did: str) -> None:
    with pytest.raises(RightsError):
        web_address(did)


def test_a_clock_that_was_set_back_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    guard = ClockGuard(path)
    assert guard.check(NOW) is None
    # A decision writes nothing.
    assert not path.exists()
    guard.keep()
    assert ClockGuard(path).check(NOW - timedelta(minutes=1)) is None
    assert ClockGuard(path).check(NOW - DAY) == NOW
    later = ClockGuard(path)
    assert later.check(NOW + timedelta(seconds=30)) is None
    later.keep()
    assert path.read_text() == NOW.isoformat()
    assert later.check(NOW + DAY) is None
    later.keep()
    assert ClockGuard(path).check(NOW) == NOW + DAY
    path.write_text("tomorrow")
    assert ClockGuard(path).check(NOW) is None
