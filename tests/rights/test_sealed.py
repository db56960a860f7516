"""Test that a sealed avatar opens for its licensees alone, and unchanged."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from avatars import load_avatar
from renderer.cli import main
from renderer.errors import RightsError
from renderer.paths import IDOL
from renderer.rights.case import describe_file, open_case
from renderer.rights.clause import Outcome
from renderer.rights.credentials.keys import load_key
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.licence import issue_licence, new_urn
from renderer.rights.sealed.key import load_receiving_key, make_receiving_key
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.sealed.package import is_sealed, open_package, read_header, seal_avatar
from tests.rights.documents import FACTS, LABEL, MAI, NOW, TERMS, trust

CREW = make_receiving_key()
OTHER = make_receiving_key()
CONTENT = random.Random(1).randbytes(3000)
SEALED = seal_avatar(CONTENT, "Idol", [OTHER.did, CREW.did])


def test_each_licensee_opens_it() -> None:
    assert open_package(SEALED, CREW, "it") == open_package(SEALED, OTHER, "it") == CONTENT
    assert CONTENT[:64] not in SEALED
    assert read_header(SEALED, "it").name == "Idol"


def test_nobody_else_opens_it() -> None:
    with pytest.raises(RightsError, match="sealed for other licensees"):
        open_package(SEALED, make_receiving_key(), "it")


def test_two_packages_share_nothing() -> None:
    again = seal_avatar(CONTENT, "Idol", [CREW.did])
    assert again[-64:] != SEALED[-64:]
    # The wrapped key of one package opens no other.
    one, other = read_header(SEALED, "it"), read_header(again, "it")
    assert not {w.key for w in one.wrappings} & {w.key for w in other.wrappings}


def test_one_changed_byte_anywhere_is_refused() -> None:
    chosen = random.Random(2)
    for place in (*range(len(SEALED) - len(CONTENT)), *range(len(SEALED) - 40, len(SEALED))):
        data = bytearray(SEALED)
        data[place] ^= 1 << chosen.randrange(8)
        with pytest.raises(RightsError):
            open_package(bytes(data), CREW, "it")


@pytest.mark.parametrize("kept", [0, 7, 8, 11, 200, -1])
def test_a_package_that_is_cut_short_is_refused(kept: int) -> None:
    with pytest.raises(RightsError):
        open_package(SEALED[:kept], CREW, "it")
    with pytest.raises(RightsError):
        open_package(SEALED + b"x", CREW, "it")


@pytest.mark.parametrize(
    "did",
    ["", "did:key:z6Mk", MAI.did, "did:web:label.example"],
    ids=["empty", "cut short", "a signing key", "a site"],
)
def test_only_receiving_keys_are_licensees(did: str) -> None:
    with pytest.raises(RightsError, match="identifier"):
        seal_avatar(CONTENT, "Idol", [did])


@pytest.fixture
def sealed_idol(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "CACHE").mkdir()
    # The search for photographed faces needs a tracking model.
    (tmp_path / "CACHE" / "models").symlink_to(models)
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    monkeypatch.setenv("ENCORE_KEY_PASSPHRASE", "correct horse")
    keep_trust_list(trust(), trust_list_path())
    assert main(["avatar", "key"]) == 0
    key = load_receiving_key(str(tmp_path / "DATA" / "avatar.key"))
    path = tmp_path / "idol.sealed"
    assert main(["avatar", "seal", str(IDOL), "--for", key.did, "-o", str(path)]) == 0
    return path


def test_a_show_opens_it_and_requires_its_licence(sealed_idol: Path) -> None:
    avatar = load_avatar(sealed_idol, AvatarOpener().read)
    assert avatar.sha256 == load_avatar(IDOL).sha256

    def judge() -> Outcome:
        pairs = [(sealed_idol, describe_file(avatar))]
        return open_case(pairs, ["Mai"], FACTS).judge(NOW)[0].outcome

    assert is_sealed(sealed_idol)
    assert judge() is Outcome.EVIDENCE
    terms = replace(TERMS, sha256=avatar.sha256)
    licence = issue_licence(terms, LABEL, "Label Ltd", new_urn())
    sealed_idol.with_suffix(".licence").write_text(licence)
    assert judge() is Outcome.ALLOW


def test_opening_writes_nothing(sealed_idol: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sealed_idol.parent.rglob("*")}
    load_avatar(sealed_idol, AvatarOpener().read)
    assert {path: path.stat().st_mtime_ns for path in sealed_idol.parent.rglob("*")} == before


def test_a_plain_file_needs_no_key() -> None:
    assert load_avatar(IDOL, AvatarOpener().read).sha256 == load_avatar(IDOL).sha256


def test_keys_are_not_confused(sealed_idol: Path) -> None:
    folder = sealed_idol.parent
    with pytest.raises(RightsError, match="no signing key"):
        load_key(str(folder / "DATA" / "avatar.key"))
    assert main(["licence", "key", str(folder / "label.key")]) == 0
    with pytest.raises(RightsError, match="opens no avatars"):
        load_receiving_key(str(folder / "label.key"))
