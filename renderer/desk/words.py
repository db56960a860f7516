"""Translate the desk's words. No Qt: the shell installs Qt Linguist's translator.

`tr` marks a text for translation and returns it in the operator's language; texts that are kept
before a language is known, such as titles of actions, are translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Callable


def _unchanged(text: str) -> str:
    return text


_translate: Callable[[str], str] = _unchanged
_language = "en"


def install_translator(translate: Callable[[str], str] | None, code: str = "en") -> None:
    """Use a function that returns a text in the operator's language; None for English.

    Args:
        translate: returns a text in the language.
        code: of the language, such as "ja".
    """
    global _translate, _language
    _translate, _language = translate or _unchanged, code


def language() -> str:
    """Return the code of the operator's language."""
    return _language


def tr(text: str, **values: object) -> str:
    """Return a text in the operator's language, with values in the place of {names}."""
    found = _translate(text)
    return found.format(**values) if values else found
