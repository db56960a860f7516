"""Test that no second text of a signed document verifies, and that keys are kept safely."""

from __future__ import annotations

import base64
import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from renderer.errors import RightsError
from renderer.rights.credentials.did import decode_did_key, encode_did_key
from renderer.rights.credentials.keys import PASSPHRASE_VARIABLE, keep_key, load_key, make_key
from renderer.rights.credentials.sealing import seal, unseal
from renderer.rights.credentials.signing import verify
from renderer.rights.licence import issue_licence, new_urn, read_licence
from tests.rights.documents import LABEL, STRANGER, TERMS, trust

TEXT = issue_licence(TERMS, LABEL, "Label Ltd", new_urn())
ALPHABET = string.ascii_letters + string.digits + "-_"


def test_every_changed_character_is_refused() -> None:
    for place, char in enumerate(TEXT):
        other = ALPHABET[(ALPHABET.find(char) + 1) % len(ALPHABET)]
        with pytest.raises(RightsError):
            read_licence(TEXT[:place] + other + TEXT[place + 1 :], "it", trust())


def test_unused_bits_of_the_last_character_are_not_free() -> None:
    """64 bytes of a signature leave four bits of the last character, which decoders ignore."""
    last = ALPHABET.index(TEXT[-1])
    standard = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    last = standard.index(TEXT[-1])
    for other in standard[last & 0b110000 : (last & 0b110000) + 16]:
        if other != TEXT[-1]:
            with pytest.raises(RightsError):
                read_licence(TEXT[:-1] + other, "it", trust())


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=300))
def test_any_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(RightsError):
        verify(text, "it", trust().find_key)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "vc+jwt", "kid": LABEL.key_id},
        {"alg": "HS256", "typ": "vc+jwt", "kid": LABEL.key_id},
        {"alg": "Ed25519", "typ": "JWT", "kid": LABEL.key_id},
        {"alg": "Ed25519", "typ": "vc+jwt"},
        {"alg": "Ed25519", "typ": "vc+jwt", "kid": LABEL.key_id, "jwk": {"kty": "OKP"}},
        {"alg": "Ed25519", "typ": "vc+jwt", "kid": LABEL.key_id, "crit": ["b64"], "b64": False},
        {"alg": "Ed25519", "typ": "vc+jwt", "kid": STRANGER.key_id},
    ],
)
def test_headers_that_choose_how_they_are_verified_are_refused(header: dict[str, object]) -> None:
    _, payload, signature = TEXT.split(".")
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    with pytest.raises(RightsError):
        read_licence(f"{head}.{payload}.{signature}", "it", trust())


def test_the_public_key_is_no_password() -> None:
    """A token signed by HMAC with the public key as its secret: the classic confusion."""
    forged = jws.serialize_compact(
        {"alg": "HS256", "typ": "vc+jwt", "kid": LABEL.key_id},
        base64.urlsafe_b64decode(TEXT.split(".")[1] + "=="),
        OctKey.import_key(LABEL.public),
    )
    with pytest.raises(RightsError):
        read_licence(forged, "it", trust())


def test_keys_have_the_identifiers_of_the_did_key_method() -> None:
    # From the method's specification.
    did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    assert encode_did_key(decode_did_key(did)) == did
    for wrong in (did[:-1], did + "1", did.replace("z6", "z0"), "did:key:", "did:web:a", ""):
        with pytest.raises(RightsError):
            decode_did_key(wrong)


def test_a_kept_key_opens_with_its_passphrase_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "label.key")
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    key = make_key("did:web:label.example")
    keep_key(key, place)
    assert load_key(place) == key
    assert key.private not in Path(place).read_bytes()
    with pytest.raises(RightsError, match="exists already"):
        keep_key(key, place)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong horse")
    with pytest.raises(RightsError, match="passphrase"):
        load_key(place)


def test_a_short_passphrase_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "short")
    with pytest.raises(RightsError, match="too short"):
        keep_key(make_key(), str(tmp_path / "label.key"))
    assert not list(tmp_path.iterdir())


def test_sealed_content_and_label_cannot_be_changed() -> None:
    data = seal(b"content", "correct horse", "label")
    assert unseal(data, "correct horse", "it") == b"content"
    document = json.loads(data)
    for key in document:
        changed = document | {key: document[key][:-4] + "AAA="}
        with pytest.raises(RightsError):
            unseal(json.dumps(changed, separators=(",", ":")).encode(), "correct horse", "it")


def test_a_sealed_file_has_one_text() -> None:
    data = seal(b"secret", "correct horse", "it")
    # The salt has 16 bytes: four bits of its last character mean nothing.
    place = data.index(b'"salt":"') + 8 + 21
    for bit in (1, 2):
        changed = bytearray(data)
        alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        changed[place] = alphabet[alphabet.index(changed[place]) ^ bit]
        with pytest.raises(RightsError, match="was changed"):
            unseal(bytes(changed), "correct horse", "it")
    with pytest.raises(RightsError, match="was changed"):
        unseal(data + b" ", "correct horse", "it")
