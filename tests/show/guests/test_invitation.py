"""Test invitations: what they permit, and that nothing can be changed in one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from renderer.errors import RightsError
from renderer.show.guests.invitation import (
    GuestKey,
    InvitationTerms,
    authenticate,
    is_authentic,
    make_terms,
    read_invitation,
)

TERMS = InvitationTerms("0123456789abcdef", "Mai", "First Light", 1000, 5000, "http://a:8470")


def test_a_secret_belongs_to_its_terms_and_key(tmp_path: Path) -> None:
    key = GuestKey(tmp_path / "a")
    invitation = key.invite(TERMS)
    assert GuestKey(tmp_path / "a").invite(TERMS) == invitation
    assert GuestKey(tmp_path / "b").invite(TERMS).secret != invitation.secret
    for name, value in {
        "guest": "Ren", "show": "", "until_s": 5001, "id": "f" * 16, "address": "http://b:8470",
        "from_s": 999, "ice": ("stun:a:1",),
    }.items():  # fmt: skip
        changed = msgspec.structs.replace(TERMS, **{name: value})
        assert key.secret(changed).hex() != invitation.secret, name


@pytest.mark.parametrize(
    ("show", "now_s", "reason"),
    [
        ("First Light", 1000.0, ""),
        ("First Light", 4999.9, ""),
        ("First Light", 999.0, "not valid yet"),
        ("First Light", 5000.0, "has ended"),
        ("Another", 2000.0, "is for the show First Light"),
    ],
)
def test_terms_are_kept(tmp_path: Path, show: str, now_s: float, reason: str) -> None:
    refusal = GuestKey(tmp_path).refuse(TERMS, show, now_s)
    assert reason in refusal
    assert bool(refusal) == bool(reason)


def test_a_revoked_invitation_is_refused_at_once(tmp_path: Path) -> None:
    key = GuestKey(tmp_path)
    assert key.refuse(TERMS, "First Light", 2000.0) == ""
    GuestKey(tmp_path).revoke(TERMS.id)
    assert "revoked" in key.refuse(TERMS, "First Light", 2000.0)


def test_the_key_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    GuestKey(tmp_path / "guests")
    assert (tmp_path / "guests" / "key").stat().st_mode & 0o077 == 0


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(RightsError, match="is damaged"):
        GuestKey(tmp_path)


@pytest.mark.parametrize("hours", [-1.0, 0.0, 24 * 31])
def test_an_invitation_is_valid_for_a_limited_time(tmp_path: Path, hours: float) -> None:
    with pytest.raises(RightsError, match="valid for"):
        GuestKey(tmp_path).invite(make_terms("Mai", "", hours, "http://a:1"))


def test_names_and_addresses_are_checked(tmp_path: Path) -> None:
    with pytest.raises(RightsError, match="name"):
        make_terms("Mai\n", "", 1.0, "http://a:1")
    with pytest.raises(RightsError, match="servers as stun"):
        make_terms("Mai", "", 1.0, "http://a:1", ("http://a:1",))
    assert make_terms("Mai", "", 1.0, "http://a:1", ("turn:u:p@a:1",)).ice
    with pytest.raises(RightsError, match="address"):
        GuestKey(tmp_path).invite(make_terms("Mai", "", 1.0, "file:///etc/passwd"))


def test_files_are_read_and_damaged_ones_refused(tmp_path: Path) -> None:
    invitation = GuestKey(tmp_path).invite(TERMS)
    path = tmp_path / "mai.invitation"
    path.write_bytes(msgspec.json.encode(invitation))
    assert read_invitation(path) == invitation
    for damaged in (b"", b"{", b"[]", msgspec.json.encode(TERMS), b" " * 20_000):
        path.write_bytes(damaged)
        with pytest.raises(RightsError):
            read_invitation(path)
    with pytest.raises(RightsError, match="cannot be read"):
        read_invitation(tmp_path / "none")


def test_an_offer_is_no_answer() -> None:
    code = authenticate(b"k" * 32, "offer", "sdp")
    assert is_authentic(b"k" * 32, "offer", "sdp", code)
    assert not is_authentic(b"k" * 32, "answer", "sdp", code)
    assert not is_authentic(b"k" * 32, "offer", "sdp2", code)
    assert not is_authentic(b"j" * 32, "offer", "sdp", code)
    assert not is_authentic(b"k" * 32, "offer", "sdp", "ü")
