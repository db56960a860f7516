"""Chain the lines of a journal by hashes, and sum them up in Merkle trees.

The chain: h₀ is 32 zero bytes, hₙ = SHA-256(hₙ₋₁ ‖ SHA-256(lineₙ)). A line's hash covers the
bytes as they are in the file with their line break, damaged ones too. The tree is RFC 6962's:
leaves are SHA-256(0x00 ‖ line), nodes SHA-256(0x01 ‖ left ‖ right), split at the largest power of
two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

START: Final = bytes(32)
"""Head of a chain without lines."""


def extend(head: bytes, lines: Iterable[bytes]) -> bytes:
    """Return the chain's head after more lines."""
    for line in lines:
        head = hashlib.sha256(head + hashlib.sha256(line).digest()).digest()
    return head


def merkle_root(lines: Sequence[bytes]) -> bytes:
    """Return the root of the tree over lines; SHA-256 of nothing if there are none."""
    if not lines:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    # Pairing neighbours and passing on an odd last one gives RFC 6962's split.
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\1" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[2 * len(pairs) :]
    return level[0]


def split_lines(data: bytes) -> list[bytes]:
    """Return the whole lines of a journal with their line breaks; an incomplete last one is left.

    Only line feeds end a line, as in the file.
    """
    return [line + b"\n" for line in data.split(b"\n")[:-1]]
