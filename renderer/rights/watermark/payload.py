"""Encode the mark's payload: 20 bits name the show, 12 bits its minute, 24 bits check both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHOW_BITS: Final = 20
MINUTE_BITS: Final = 12
"""4096 minutes: 68 hours."""
CHECK_BITS: Final = 24
BITS: Final = SHOW_BITS + MINUTE_BITS + CHECK_BITS

_WEAKEST: Final = 10
"""Least certain bits that are tried both ways."""
_MOST_FLIPPED: Final = 3
"""Most bits flipped at once: 176 trials, of which one passes by chance in 95,000 pictures."""


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
    """Return a payload's bits as -1 and +1."""
    number = payload.show << MINUTE_BITS | payload.minute % (1 << MINUTE_BITS)
    number = number << CHECK_BITS | _check(number)
    bits = [number >> place & 1 for place in reversed(range(BITS))]
    return np.array(bits, np.int8) * np.int8(2) - np.int8(1)


def decode(soft: NDArray[np.float64]) -> Payload | None:
    """Return the payload of uncertain bits; None if no likely correction passes the check.

    Args:
        soft: one value for each bit; its sign is the bit and its size the certainty.
    """
    hard = soft > 0
    weakest = np.argsort(np.abs(soft))[:_WEAKEST]
    for count in range(_MOST_FLIPPED + 1):
        for places in combinations(weakest, count):
            bits = hard.copy()
            bits[list(places)] ^= True
            number = int("".join("1" if bit else "0" for bit in bits), 2)
            number, check = number >> CHECK_BITS, number & ((1 << CHECK_BITS) - 1)
            if _check(number) == check:
                return Payload(number >> MINUTE_BITS, number & ((1 << MINUTE_BITS) - 1))
    return None


def _check(number: int) -> int:
    """Return the check bits of show and minute."""
    digest = hashlib.sha256(b"mark" + number.to_bytes(4, "big")).digest()
    return int.from_bytes(digest[:3], "big")
