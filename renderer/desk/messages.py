"""Say what the show itself has said in the operator's language: alarms, answers, findings, log.

The show writes English sentences. A catalogue has their forms with places for values, such as
"Camera {0} is opened again."; a sentence that fits a form is said in the form's translation. What
fits none stays as it is. No Qt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from renderer.desk.words import language

PLACE: Final = re.compile(r"\{(\d+)\}")
_DEPTH: Final = 3
"""How deep values are forms themselves: a camera's name within its alarm within a refusal."""
_FEWEST_LETTERS: Final = 3
"""Letters that a form must have besides its places: shorter ones fit any sentence."""


class MessageForms:
    """The forms of sentences with their translations.

    Args:
        forms: translations by form.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._exact = {form: said for form, said in forms.items() if not PLACE.search(form)}
        open_ = [form for form in forms if PLACE.search(form) and _letters(form)]
        # The one with most words of its own is the one that was meant.
        open_.sort(key=lambda form: (_letters(form), len(form)), reverse=True)
        self._patterns = [(_compile(form), forms[form]) for form in open_]

    def say(self, text: str, depth: int = _DEPTH) -> str:
        """Return a sentence in the catalogue's language, or as it is."""
        end = text[-1:] if text[-1:] in (".", "?") else ""
        plain = text[:-1] if end else text
        for whole, rest in ((text, ""), (plain, end)):
            if whole in self._exact:
                return self._exact[whole] + rest
        # A refusal is “thing: fault; remedy”.
        thing, colon, rest = plain.partition(": ")
        parts = rest.split("; ")
        said = [self._find(part, depth) or part for part in parts]
        if colon and said != parts:
            return f"{self._find(thing, depth) or thing}: {'; '.join(said)}{end}"
        for whole, rest in ((text, ""), (plain, end)):
            if (found := self._find(whole, depth)) is not None:
                return found + rest
        return text

    def _find(self, text: str, depth: int) -> str | None:
        if text in self._exact:
            return self._exact[text]
        if depth == 0:
            return None
        for pattern, said in self._patterns:
            if (match := pattern.fullmatch(text)) is not None:
                values = {
                    name[1:]: self._find(value, depth - 1) or value
                    for name, value in match.groupdict().items()
                }
                return PLACE.sub(lambda place, known=values: known[place[1]], said)  # type: ignore[misc]
        return None


def tell(text: str) -> str:
    """Return a sentence of the show in the operator's language, or as it is."""
    return _tell(text, language())


def read_forms(language: str) -> dict[str, str]:
    """Return the translations of a language by form; none for English."""
    path = files("renderer.desk.translations") / f"engine_{language}.json"
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


@lru_cache(2048)
def _tell(text: str, language: str) -> str:
    return _forms(language).say(text) if text else ""


@lru_cache(4)
def _forms(language: str) -> MessageForms:
    return MessageForms(read_forms(language))


def _compile(form: str) -> re.Pattern[str]:
    """Return the pattern of a form; a place right after another one may be empty."""
    parts = PLACE.split(form)
    pattern = re.escape(parts[0])
    for number in range(1, len(parts), 2):
        follows = number > 1 and not parts[number - 1]
        value = r"(?:[,;:] .*| \(.*)?" if follows else ".+?"
        pattern += f"(?P<_{parts[number]}>{value}){re.escape(parts[number + 1])}"
    return re.compile(pattern, re.DOTALL)


def _letters(form: str) -> int:
    """Return the number of a form's own letters; 0 if they are too few to tell it by."""
    own = sum(one.isalpha() for one in PLACE.sub("", form))
    return own if own >= _FEWEST_LETTERS else 0
