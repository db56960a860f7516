"""Test what of a signed licence is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RightsError
from renderer.paths import HOUSE_ISSUERS, IDOL, IDOL_2
from renderer.rights.credentials.signing import peek
from renderer.rights.credentials.trust_list import (
    Issuer,
    TrustList,
    keep_trust_list,
    load_trust_list,
    read_did_document,
)
from renderer.rights.declaration import Content, OutputKind, Usage
from renderer.rights.explain import explain_terms
from renderer.rights.licence import (
    SUFFIX,
    hash_file,
    issue_licence,
    load_text,
    new_urn,
    read_licence,
)
from renderer.rights.terms import LicenceTerms, read_terms
from tests.rights.documents import HASH, LABEL, NOW, STRANGER, TERMS, licence, trust

NAMES = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3).map(tuple)
ANY_TERMS = st.builds(
    LicenceTerms,
    avatar=st.text(max_size=20),
    sha256=st.just(HASH),
    performers=NAMES,
    shows=NAMES,
    territories=st.sampled_from([("*",), ("KR",), ("KR", "JP")]),
    outputs=st.sets(st.sampled_from(OutputKind), min_size=1).map(tuple),
    usage=st.sampled_from(Usage),
    content=st.sets(st.sampled_from(Content)).map(tuple),
    since=st.just(NOW),
    until=st.sampled_from([None, NOW + timedelta(days=3)]),
    credit=st.text(max_size=20),
    label=st.text(max_size=20),
    depicts=st.text(max_size=20),
    fan_clips=st.booleans(),
    training=st.booleans(),
)


@settings(max_examples=40)
@given(ANY_TERMS)
def test_terms_survive_signing_and_reading(terms: LicenceTerms) -> None:
    text = issue_licence(terms, LABEL, "Label Ltd", new_urn())
    assert read_licence(text, "it", trust()).terms == terms


def test_a_licence_of_somebody_untrusted_is_refused_with_the_remedy() -> None:
    text = issue_licence(TERMS, STRANGER, "Label Ltd", new_urn())
    with pytest.raises(RightsError, match=r"not on the trust list.*encore licence trust"):
        read_licence(text, "it", trust())


def test_an_issuer_is_trusted_with_its_own_avatars_alone() -> None:
    text = issue_licence(TERMS, LABEL, "Label Ltd", new_urn())
    limited = TrustList([Issuer(LABEL.did, "Label Ltd", avatars=("cd" * 32,))])
    with pytest.raises(RightsError, match="not trusted with"):
        read_licence(text, "it", limited)


def _changed(path: str, value: object) -> str:
    """Return the licence with one value changed, signed by the label all the same."""
    text = issue_licence(TERMS, LABEL, "Label Ltd", new_urn())
    claims = msgspec.json.decode(peek(text, "it"))
    at = claims
    *parents, last = [int(one) if one.isdigit() else one for one in path.split("/")]
    for one in parents:
        at = at[one]
    at[last] = value
    return LABEL.sign(msgspec.json.encode(claims))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", ["VerifiableCredential"]),
        ("issuer/id", "a stranger"),
        ("credentialSubject/sha256", "cd" * 32),
        ("credentialSubject/extra", 1),
        ("validFrom", "2026-12-01T00:00:00"),
        ("validUntil", "2020-12-01T00:00:00Z"),
        ("termsOfUse", []),
        ("termsOfUse/0/profile", "urn:other"),
        ("termsOfUse/0/permission", []),
        ("termsOfUse/0/permission/0/target", "urn:sha256:" + "cd" * 32),
        ("termsOfUse/0/permission/0/constraint", []),
        ("termsOfUse/0/permission/0/constraint/0/leftOperand", "weather"),
        ("termsOfUse/0/permission/0/constraint/0/leftOperand", "event"),
        ("termsOfUse/0/permission/0/constraint/0/operator", "lteq"),
        ("termsOfUse/0/permission/0/constraint/0/rightOperand", []),
        ("termsOfUse/0/permission/0/constraint/4/rightOperand", ["everything"]),
        ("termsOfUse/0/permission/0/constraint/3/rightOperand", ["telepathy"]),
        ("termsOfUse/0/prohibition/0/action", "perform"),
        ("termsOfUse/0/prohibition/0/constraint", [{"leftOperand": "event"}]),
    ],
)
def test_what_the_profile_does_not_know_is_refused(path: str, value: object) -> None:
    if value == "a stranger":
        # Not among the parameters: its name would differ between the processes that run the tests.
        value = STRANGER.did
    with pytest.raises(RightsError):
        read_licence(_changed(path, value), "it", trust())


def test_terms_in_toml_are_corrected_by_name(tmp_path: Path) -> None:
    path = tmp_path / "idol.toml"
    good = (
        f'avatar = "Idol"\nsha256 = "{HASH}"\nperformers = ["Mai"]\nshows = ["*"]\n'
        'territories = ["KR"]\noutputs = ["stream"]\nusage = "corporation"\n'
    )
    path.write_text(good)
    assert read_terms(path, NOW).outputs == (OutputKind.STREAM,)
    for wrong, said in [
        ("performer = []", "did you mean performers"),
        ("performers = 3", "write a value of type list"),
        ('outputs = ["streem"]', "did you mean stream"),
        ('territories = ["Korea"]', "ISO 3166"),
        ("performers = []", "empty list of performers"),
        ("until = 2020-01-01T00:00:00Z", "ends before it begins"),
        ("shows = [", "TOML"),
    ]:
        key = wrong.partition(" ")[0]
        rest = "".join(line for line in good.splitlines(True) if not line.startswith(f"{key} "))
        path.write_text(f"{rest}{wrong}\n")
        with pytest.raises(RightsError, match=said):
            read_terms(path, NOW)


def test_an_issuer_s_keys_come_from_its_published_document() -> None:
    did = "did:web:label.example"
    key = replace(LABEL, did=did)
    method = {
        "id": key.key_id,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.did_key.rpartition(":")[2],
    }
    document = {"id": did, "verificationMethod": [method], "assertionMethod": [key.key_id]}
    issuer = read_did_document(msgspec.json.encode(document), did, "Label Ltd")
    text = issue_licence(TERMS, key, "Label Ltd", new_urn())
    assert read_licence(text, "it", TrustList([issuer])).issuer == did
    # A key that is published for another purpose signs no licence.
    with pytest.raises(RightsError, match="no Ed25519 key"):
        read_did_document(msgspec.json.encode(document | {"assertionMethod": []}), did, "Label Ltd")
    with pytest.raises(RightsError, match="is that of"):
        read_did_document(msgspec.json.encode(document | {"id": "did:web:x"}), did, "Label Ltd")


def test_a_trust_list_is_kept_and_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "trust.json"
    keep_trust_list(trust(LABEL, STRANGER), path)
    assert load_trust_list(path, tmp_path / "missing").issuers == trust(LABEL, STRANGER).issuers
    path.write_text('{"version": 1, "issuers": [{"did": 3}]}')
    with pytest.raises(RightsError, match="no trust list"):
        load_trust_list(path)


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_terms_are_explained(language: str) -> None:
    lines = explain_terms(TERMS, "Label Ltd", language)
    assert any("Label Ltd" in line for line in lines)
    assert any("First Light" in line for line in lines)
    assert not any("{" in line for line in lines)


@pytest.mark.parametrize("idol", [IDOL, IDOL_2])
def test_the_house_s_idols_have_real_licences(idol: Path) -> None:
    """After a rebuild of the idols, `python -m renderer.tools.house_licences` signs new ones."""
    path = idol.with_suffix(SUFFIX)
    found = read_licence(load_text(path, "licence"), str(path), load_trust_list(HOUSE_ISSUERS))
    assert found.terms.sha256 == hash_file(idol)


def test_a_licence_knows_its_own_text() -> None:
    assert licence().sha256 != licence().sha256
