"""Suggest the known word nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LIKENESS: Final = 0.6
"""Lowest difflib ratio at which a known word is suggested; 0.6 is difflib's default."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most similar to this one; empty if none is similar enough."""
    candidates = list(known)
    begun = [name for name in candidates if name.startswith(word)]
    if len(begun) == 1 and len(word.lstrip("-")) > 1:
        return begun[0]
    close = get_close_matches(word, candidates, n=1, cutoff=_LIKENESS)
    return close[0] if close else ""
