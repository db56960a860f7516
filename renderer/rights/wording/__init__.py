"""Put verdicts into words, in English, Korean and Japanese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "ko", "ja")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the table `group` that differs between languages."""

    group: str
    code: str


Value = str | Term | tuple[str | Term, ...]
"""What fills a name in a sentence; several are separated by commas."""


def word_clause(code: str, values: Mapping[str, Value], language: str = "en") -> tuple[str, str]:
    """Return a clause as words: the fault or note, and the remedy, which is empty for a note.

    Args:
        code: of the clause, such as `licence.expired`.
        values: of the names in its sentence.
        language: one of LANGUAGES.
    """
    group, _, name = code.partition(".")
    sentence = _load(language)[group][name]
    filled = {key: _word(value, language) for key, value in values.items()}
    return sentence["fault"].format_map(filled), sentence["remedy"].format_map(filled)


def word_term(term: Term, language: str = "en") -> str:
    """Return a term in a language."""
    text: str = _load(language)[term.group][term.code]
    return text


def sentence_pairs(language: str) -> Iterator[tuple[str, str]]:
    """Yield every English sentence and word with its translation, both with {names} unfilled."""
    ours, theirs = _load("en"), _load(language)
    for group, entries in ours.items():
        for code, said in entries.items():
            other = theirs[group][code]
            if isinstance(said, str):
                yield said, other
            else:
                yield from ((said[part], other[part]) for part in said if said[part])


def _word(value: Value, language: str) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(one, language) for one in value)
    return word_term(value, language) if isinstance(value, Term) else value


@cache
def _load(language: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))
