"""Encode the mark's payload: 20 bits name the show, 12 bits its minute.

A random linear code spreads the 32 bits over 128. Ordered-statistics decoding returns the most
likely payload even where a sixth of the code's bits are wrong. It always returns one: whether there
is a mark at all is decided by the whole pattern (`evidence.py`), so that no check bits are needed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHOW_BITS: Final = 20
MINUTE_BITS: Final = 12
"""4096 minutes: 68 hours."""
PAYLOAD_BITS: Final = SHOW_BITS + MINUTE_BITS
BITS: Final = 128
"""Of the code."""

_ORDER: Final = 3
"""Most of the 32 most reliable bits that are taken to be wrong: 5489 codewords are compared."""
_CODE_KEY: Final = 7
"""Of the code's random matrix."""

Bits = NDArray[np.uint8]

_SIGNS: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1) * 2.0 - 1.0
"""Bits of each value of a byte as -1 and +1, (256, 8)."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What a mark says.

    Attributes:
        show: identifier of the show, below 2**20; a record with the same number says the rest.
        minute: of the show, from 0.
    """

    show: int
    minute: int

    @property
    def show_code(self) -> str:
        """Return the show's identifier for people: five hexadecimal digits."""
        return f"{self.show:05X}"


def show_number(text: str) -> int:
    """Return a show's number, from anything that names the show uniquely."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> (32 - SHOW_BITS)


def encode(payload: Payload) -> NDArray[np.int8]:
    """Return a payload's code: 128 values of -1 and +1."""
    number = payload.show << MINUTE_BITS | payload.minute % (1 << MINUTE_BITS)
    bits = np.array([number >> place & 1 for place in range(PAYLOAD_BITS)], np.uint8)
    return ((bits @ _make_matrix() & 1).astype(np.int8) * np.int8(2)) - np.int8(1)


def decode(soft: NDArray[np.float64]) -> Payload:
    """Return the most likely payload of uncertain code bits.

    Args:
        soft: (128,), one value for each bit; its sign is the bit and its size the certainty.
    """
    rows, places = _reduce(np.argsort(-np.abs(soft)))
    # One sum of rows agrees with the most reliable bits; the others differ in up to three of them.
    base = _add_rows(rows[soft[places] > 0])
    packed = np.packbits(np.concatenate([rows, np.zeros_like(rows[:1])]), axis=1)
    first, second, third = _list_changes().T
    words = np.packbits(base) ^ packed[first] ^ packed[second] ^ packed[third]
    # Looked up by the byte: what each of its values would add to the likeness.
    gains = np.einsum("vb,pb->pv", _SIGNS, soft.reshape(-1, 8))
    likeness = gains[np.arange(BITS // 8), words[:, : BITS // 8]].sum(axis=1)
    best = words[int(np.argmax(likeness)), BITS // 8 :]
    number = sum(int(bit) << place for place, bit in enumerate(np.unpackbits(best)))
    return Payload(number >> MINUTE_BITS, number & ((1 << MINUTE_BITS) - 1))


def _reduce(order: NDArray[np.intp]) -> tuple[Bits, NDArray[np.intp]]:
    """Return the code's matrix with unit columns at its first independent columns in an order.

    Returns:
        (32, 128 + 32): the rows, and of which payload bits each is the sum; and the places of the
        unit columns, in the order of the rows.
    """
    rows = np.concatenate([_make_matrix(), np.eye(PAYLOAD_BITS, dtype=np.uint8)], axis=1)
    places: list[int] = []
    for column in order:
        done = len(places)
        below = np.flatnonzero(rows[done:, column])
        if not len(below):
            continue
        rows[[done, done + below[0]]] = rows[[done + below[0], done]]
        others = rows[:, column].astype(bool)
        others[done] = False
        rows[others] ^= rows[done]
        places.append(int(column))
        if len(places) == PAYLOAD_BITS:
            break
    return rows, np.array(places)


@cache
def _make_matrix() -> Bits:
    """Return the code's matrix, (32, 128)."""
    chooser = np.random.Generator(np.random.Philox(key=_CODE_KEY))
    return chooser.integers(0, 2, (PAYLOAD_BITS, BITS), np.uint8)


@cache
def _list_changes() -> NDArray[np.intp]:
    """Return all choices of up to three of 32 rows, (5489, 3); row 32 stands for none."""
    sets = [one for size in range(_ORDER + 1) for one in combinations(range(PAYLOAD_BITS), size)]
    return np.array([(*one, *[PAYLOAD_BITS] * (_ORDER - len(one))) for one in sets])


def _add_rows(rows: Bits) -> Bits:
    """Return the sum of rows, modulo 2."""
    return np.asarray(np.bitwise_xor.reduce(rows, axis=0), np.uint8)
