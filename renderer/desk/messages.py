"""Say what the show itself has said in the operator's language: alarms, answers, findings, log.

The show writes English sentences. A catalogue has their forms with places for values, such as
"Camera {0} is opened again."; a sentence that fits a form is said in the form's translation. What
fits none stays as it is. Verdicts about avatars are worded by the rights in every language; their
sentences are forms, too. No Qt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from renderer.desk.words import language
from renderer.rights.wording import sentence_pairs

PLACE: Final = re.compile(r"\{(\d+)\}")
_NAME: Final = re.compile(r"\{(\w+)\}")
_REMEDY: Final = " → "
"""Between a verdict's reason and its remedy."""
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
        bare = text.lstrip()
        if bare != text or _REMEDY in text:
            parts = [self.say(part, depth) for part in bare.split(_REMEDY)]
            return text[: len(text) - len(bare)] + _REMEDY.join(parts)
        end = text[-1:] if text[-1:] in (".", "?") else ""
        plain = text[:-1] if end else text
        for whole, rest in ((text, ""), (plain, end)):
            if whole in self._exact:
                return self._exact[whole] + rest
        # A state may tell why: “lost (no block)”.
        state, opened, why = plain.partition(" (")
        if opened and why.endswith(")") and state in self._exact:
            return f"{self._exact[state]} ({self.say(why[:-1], depth)}){end}"
        # A refusal is “thing: fault; remedy”.
        thing, colon, rest = plain.partition(": ")
        faults = rest.split("; ")
        said = [self._find(part, depth) or part for part in faults]
        if colon and (said != faults or thing in self._exact):
            return f"{self._find(thing, depth) or self._say_end(thing)}: {'; '.join(said)}{end}"
        for whole, rest in ((text, ""), (plain, end)):
            if (found := self._find(whole, depth)) is not None:
                return found + rest
        return text

    def _say_end(self, thing: str) -> str:
        """Return "ADDRESS has failed" with its end in the catalogue's language, or as it is."""
        words = thing.split(" ")
        for place in range(1, len(words)):
            if (said := self._exact.get(" ".join(words[place:]))) is not None:
                return f"{' '.join(words[:place])} {said}"
        return thing

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


class Speaker(Enum):
    """Who says a sentence; each has its own catalogue, named by the value."""

    SHOW = "engine"
    CHECK = "avatar"
    """The check of avatars: its clauses are so short that they would fit the show's sentences."""


def translate(text: str) -> str:
    """Return a sentence of the show in the operator's language, or as it is."""
    return _translate(text, language(), Speaker.SHOW)


def tell_finding(text: str) -> str:
    """Return a clause of the check of avatars in the operator's language, or as it is."""
    return _translate(text, language(), Speaker.CHECK)


def read_forms(language: str, speaker: Speaker = Speaker.SHOW) -> dict[str, str]:
    """Return the translations of a language by form; none for English."""
    path = files("renderer.desk.translations") / f"{speaker.value}_{language}.json"
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def number_names(form: str, said: str) -> tuple[str, str]:
    """Return a form and its translation with numbered places for its {names}.

    A name that the form has twice gets two numbers: what stands there need not be equal.
    """
    names = _NAME.findall(form)
    counted = iter(range(len(names)))
    return (
        _NAME.sub(lambda _: f"{{{next(counted)}}}", form),
        _NAME.sub(lambda one: f"{{{names.index(one[1])}}}" if one[1] in names else one[0], said),
    )


@lru_cache(2048)
def _translate(text: str, language: str, speaker: Speaker) -> str:
    return _forms(language, speaker).say(text) if text else ""


@lru_cache(4)
def _forms(language: str, speaker: Speaker) -> MessageForms:
    if language == "en":
        return MessageForms({})
    if speaker is Speaker.CHECK:
        return MessageForms(read_forms(language, speaker))
    verdicts = dict(number_names(*pair) for pair in sentence_pairs(language))
    return MessageForms(verdicts | read_forms(language))


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
