"""Load the desk's words in a language: Qt Linguist's compiled catalogues of this package."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Final

from PySide6.QtCore import QLocale, QTranslator

from renderer.desk.widgets import theme
from renderer.desk.words import install_translator
from renderer.errors import DeskError

LANGUAGES: Final = {"en": "English", "ko": "한국어", "ja": "日本語"}
"""Languages of the desk, each in its own words."""
CONTEXT: Final = "desk"
"""Qt Linguist's context of every text."""
_NUMBER: Final = re.compile(r"\d+")


def system_language() -> str:
    """Return the system's language if the desk has it, English otherwise."""
    code = QLocale.system().name().partition("_")[0]
    return code if code in LANGUAGES else "en"


def install_language(language: str) -> str:
    """Have `tr` return texts in a language, and choose its fonts.

    Args:
        language: one of LANGUAGES; empty for the system's.

    Returns:
        The language that was taken.

    Raises:
        DeskError: its catalogue cannot be read.
    """
    code = language if language in LANGUAGES else system_language()
    theme.use_language(code)
    if code == "en":
        install_translator(None)
        return code
    translator = load_catalogue(code)

    def translate(text: str) -> str:
        if found := translator.translate(CONTEXT, text):
            return found
        # Titles such as “Camera 3 to preview” have one text for all numbers.
        number = _NUMBER.search(text)
        if number is None:
            return text
        template = f"{text[: number.start()]}{{number}}{text[number.end() :]}"
        found = translator.translate(CONTEXT, template)
        return found.replace("{number}", number[0]) if found else text

    # Buttons ask for their words ten times a second.
    install_translator(lru_cache(4096)(translate), code)
    return code


def load_catalogue(language: str) -> QTranslator:
    """Return the compiled catalogue of a language.

    Raises:
        DeskError: it cannot be read.
    """
    translator = QTranslator()
    with as_file(files("renderer.desk.translations") / f"desk_{language}.qm") as path:
        if not translator.load(str(path)):
            raise DeskError(
                f"the catalogue {path}",
                "cannot be read",
                "install Encore again, or compile it: python -m renderer.tools.desk_texts",
            )
    return translator
