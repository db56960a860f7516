"""Collect the desk's texts for Qt Linguist, and compile the translations.

`python -m renderer.tools.desk_texts` brings `renderer/desk/translations/*.ts` up to date: new texts
are added as unfinished, those that are gone are removed, translations are kept. Then it compiles
them with Qt's lrelease. Texts are the arguments of `tr`, the words of actions and panels, and
the words that are translated when they are shown. The forms of the sentences that a show tells,
such as alarms and answers, are in `engine_*.json` beside them, those of the check of avatars in
`avatar_*.json`; those that are missing there are listed, and stay English at the desk.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from renderer import desk
from renderer.desk.actions.action import Group
from renderer.desk.actions.catalogue import all_actions
from renderer.desk.alarms import PLACES
from renderer.desk.document import SECTIONS
from renderer.desk.messages import Speaker, read_forms
from renderer.desk.panels.cameras.model import STATES
from renderer.desk.panels.direction.model import LIMB_WORDS
from renderer.desk.panels.effects.view import ROWS
from renderer.desk.panels.find import find_panels
from renderer.desk.panels.header.model import LAMPS, NO_CONTACT, NO_SHOW
from renderer.desk.panels.latency.model import STAGE_WORDS
from renderer.desk.start.model import HEADINGS, STATE_WORDS, USAGES
from renderer.desk.translations.load import CONTEXT, LANGUAGES
from renderer.desk.widgets.formatting import USAGE_WORDS
from renderer.errors import DeskError
from renderer.protocol.inputs import TrackerKind, TrackerState
from renderer.protocol.log import EventKind
from renderer.protocol.performers import LimbState
from renderer.tools.engine_texts import collect_findings, collect_forms, write_forms

FOLDER: Final = Path(desk.__path__[0]) / "translations"
_DIGITS: Final = re.compile(r"\d+")
_TRIGGERS: Final = ("GO", "Auto", "Follow", "Alarm")
_SEEN: Final = ("seen", "weak", "lost", "held")
_PARTS: Final = ("body", "head", "hands", "face", "camera", "close-up")


def collect_texts() -> list[str]:
    """Return every text of the desk, sorted, without repetition."""
    return sorted({text for text in (*_literals(), *_words()) if text})


def read_catalogue(language: str) -> dict[str, str]:
    """Return the finished translations of a language by their texts."""
    path = FOLDER / f"desk_{language}.ts"
    found: dict[str, str] = {}
    if path.is_file():
        for message in ET.parse(path).iter("message"):
            source, target = message.find("source"), message.find("translation")
            if source is not None and target is not None and target.get("type") is None:
                found[source.text or ""] = target.text or ""
    return found


def write_catalogue(language: str, translations: Mapping[str, str]) -> Path:
    """Write a language's catalogue with every text of the desk."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in collect_texts():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        target = ET.SubElement(message, "translation")
        if translation := translations.get(text):
            target.text = translation
        else:
            target.set("type", "unfinished")
    ET.indent(root, " ")
    path = FOLDER / f"desk_{language}.ts"
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8")
    return path


def compile_catalogue(path: Path) -> None:
    """Compile a catalogue beside its source.

    Raises:
        DeskError: Qt's lrelease refuses it, or is not there.
    """
    import PySide6

    tool = Path(PySide6.__path__[0]) / "lrelease"
    try:
        done = subprocess.run(
            [str(tool), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    except OSError as fault:
        raise DeskError(
            f"Qt's lrelease ({tool})", f"cannot be run ({fault.strerror})", "install PySide6"
        ) from fault
    if done.returncode:
        raise DeskError(f"the catalogue {path}", done.stderr.strip() or "is refused", "mend it")


def main() -> int:
    """Bring every catalogue up to date; return 1 if texts are not translated."""
    texts = collect_texts()
    is_whole = True
    for language in LANGUAGES:
        if language == "en":
            continue
        known = read_catalogue(language)
        compile_catalogue(write_catalogue(language, known))
        missing = [text for text in texts if text not in known]
        is_whole &= not missing
        sys.stdout.write(f"{language}: {len(texts)} texts, {len(missing)} not translated\n")
        sys.stdout.writelines(f"  {text}\n" for text in missing)
        for speaker, forms in (
            (Speaker.SHOW, collect_forms()),
            (Speaker.CHECK, collect_findings()),
        ):
            known_forms = read_forms(language, speaker)
            said = {form: text for form, text in known_forms.items() if form in forms}
            write_forms(FOLDER / f"{speaker.value}_{language}.json", said)
            unsaid = [form for form in forms if form not in said]
            sys.stdout.write(
                f"{language}: {len(forms)} sentences of the {speaker.name.lower()}, "
                f"{len(unsaid)} English\n"
            )
            sys.stdout.writelines(f"  {form}\n" for form in unsaid)
    return 0 if is_whole else 1


def _literals() -> Iterator[str]:
    """Yield the texts that the desk's code passes to `tr`."""
    for file in sorted(Path(desk.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "tr" and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def _words() -> Iterator[str]:
    """Yield the texts that are translated when they are shown."""
    for action in all_actions():
        for text in (action.title, action.title_on, action.summary):
            yield _numbered(text)
    yield from (group.value for group in Group)
    yield from (kind.title for kind in find_panels().values())
    yield from (text for _, link, remedy in PLACES.values() for text in (link, remedy))
    yield from (lamp.text for lamp in (*LAMPS.values(), NO_SHOW, NO_CONTACT))
    yield from (title for title, _ in ROWS)
    yield from (text for _, title, detail in USAGES for text in (title, detail))
    yield from (*HEADINGS.values(), *STATE_WORDS)
    yield from (*SECTIONS, *LIMB_WORDS.values())
    yield from STAGE_WORDS.values()
    yield from (state.value for state in LimbState)
    yield from (*_SEEN, *_PARTS, *_TRIGGERS)
    yield from (state for state, _ in STATES.values())
    yield from USAGE_WORDS.values()
    yield from (kind.value for kind in EventKind if kind is not EventKind.SNAPSHOT)
    yield from (word.value for kind in (TrackerKind, TrackerState) for word in kind)


def _numbered(text: str) -> str:
    """Return a title with a place for its number, if it is one of many that differ by it."""
    is_one_of_many = "%" not in text and _DIGITS.search(text) is not None
    return _DIGITS.sub("{number}", text, count=1) if is_one_of_many else text


if __name__ == "__main__":
    sys.exit(main())
