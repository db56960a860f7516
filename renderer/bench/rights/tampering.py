"""Change signed documents in the ways that an attacker would."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from typing import Any, Final

from renderer.bench.rights.documents import Parties

_URL_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_DEEP: Final = 10_000
"""Levels of a nested document."""


class Tamperer:
    """Makes changed documents from one unchanged document.

    Args:
        text: a signed document.
        parties: whose keys an attacker does not have, but for the stranger's own.
        seed: of the random choices.
    """

    def __init__(self, text: str, parties: Parties, seed: int) -> None:
        self._text = text
        self._parties = parties
        self._random = random.Random(seed)
        self._head, self._payload, self._signature = text.split(".")
        self._claims = json.loads(_decode(self._payload))
        self._ways: tuple[Callable[[], str], ...] = (
            self._flip_bit,
            self._flip_bit,
            self._replace_char,
            self._cut,
            self._insert,
            self._swap_parts,
            self._change_claim,
            self._change_claim,
            self._sign_as_stranger,
            self._sign_as_stranger_in_the_name_of_another,
            self._change_header,
            self._nest,
        )

    def make(self) -> str:
        """Return a changed document, which differs from the unchanged one."""
        while True:
            changed = self._random.choice(self._ways)()
            if changed.strip("\r\n") != self._text:
                return changed

    def _flip_bit(self) -> str:
        data = bytearray(self._text.encode())
        data[self._random.randrange(len(data))] ^= 1 << self._random.randrange(8)
        return data.decode("latin-1")

    def _replace_char(self) -> str:
        place = self._random.randrange(len(self._text))
        char = self._random.choice(_URL_ALPHABET)
        return self._text[:place] + char + self._text[place + 1 :]

    def _cut(self) -> str:
        return self._text[: self._random.randrange(len(self._text))]

    def _insert(self) -> str:
        place = self._random.randrange(len(self._text))
        return self._text[:place] + self._random.choice("=. \t\n\0é") + self._text[place:]

    def _swap_parts(self) -> str:
        parts = [self._head, self._payload, self._signature, ""]
        return ".".join(self._random.choices(parts, k=self._random.choice((2, 3, 4))))

    def _change_claim(self) -> str:
        """Change one value and leave the signature."""
        payload = _encode(json.dumps(self._changed(self._claims)).encode())
        return f"{self._head}.{payload}.{self._signature}"

    def _sign_as_stranger(self) -> str:
        return self._parties.stranger.sign(json.dumps(self._changed(self._claims)).encode())

    def _sign_as_stranger_in_the_name_of_another(self) -> str:
        """Sign with the stranger's key under a trusted key's address."""
        signed = self._parties.stranger.sign(_decode(self._payload))
        _, payload, signature = signed.split(".")
        return f"{self._head}.{payload}.{signature}"

    def _change_header(self) -> str:
        header = json.loads(_decode(self._head))
        change = self._random.choice(
            (
                {"alg": "none"},
                {"alg": "HS256"},
                {"alg": "ES256"},
                {"alg": "EdDSA"},
                {"typ": "JWT"},
                {"typ": None},
                {"kid": self._parties.stranger.key_id},
                {"kid": "did:web:label.example#key"},
                {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}},
                {"crit": ["b64"], "b64": False},
                {"x5c": ["AAAA"]},
                {"kid": "a" * 100_000},
            )
        )
        head = _encode(json.dumps(header | change).encode())
        signature = self._random.choice((self._signature, "", "AAAA"))
        return f"{head}.{self._payload}.{signature}"

    def _nest(self) -> str:
        deep = self._random.choice((b"[" * _DEEP, b'{"a":' * _DEEP, b"[" * _DEEP + b"]" * _DEEP))
        payload = _encode(deep)
        if self._random.random() < 0.5:
            return f"{self._head}.{payload}.{self._signature}"
        return self._parties.stranger.sign(deep)

    def _changed(self, value: Any) -> Any:
        """Return JSON with one value changed, somewhere."""
        if isinstance(value, dict) and value:
            key = self._random.choice(sorted(value))
            if self._random.random() < 0.1:
                return {name: each for name, each in value.items() if name != key}
            return value | {key: self._changed(value[key])}
        if isinstance(value, list) and value:
            place = self._random.randrange(len(value))
            return [*value[:place], self._changed(value[place]), *value[place + 1 :]]
        return self._random.choice(
            (
                "*",
                "",
                "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
                "2099-01-01T00:00:00Z",
                "urn:sha256:" + "00" * 32,
                0,
                -1,
                True,
                None,
                [],
                {},
                1e308,
                "a" * 10_000,
            )
        )


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
