"""Read avatars' cards as `encore avatar card --json` prints them, and put them in words. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from renderer.desk.messages import tell_finding, translate
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr

_ALLOW: Final = "allow"


class Verdict(msgspec.Struct, frozen=True):
    """Whether an avatar may be shown with a performer: allow, evidence or deny, and why."""

    performer: str = ""
    outcome: str = _ALLOW
    lines: list[str] = []
    until: str = ""


class Finding(msgspec.Struct, frozen=True):
    """A fault of an avatar's file: error, warning or need, with what to do.

    Attributes:
        place: JSON pointer of it; empty for the whole file.
    """

    severity: str = ""
    place: str = ""
    text: str = ""
    remedy: str = ""


class Card(msgspec.Struct, frozen=True):
    """An avatar, as the command prints it."""

    file: str
    name: str = ""
    author: str = ""
    picture: str = ""
    terms: list[str] = []
    is_licensed: bool = False
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of a card.

    Attributes:
        word: a state at its right, in the level's form; empty for none.
        detail: what explains it, below it; empty for nothing.
    """

    text: str
    level: Level = Level.IDLE
    word: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardBlock:
    """A part of a card with its title."""

    title: str
    lines: tuple[CardLine, ...]


def read_cards(output: bytes) -> dict[str, Card]:
    """Return the cards of the lines that are complete, by file; others are left out."""
    cards: dict[str, Card] = {}
    for line in output.splitlines():
        try:
            card = msgspec.json.decode(line, type=Card)
        except msgspec.DecodeError:
            continue
        cards[card.file] = card
    return cards


def verdict_of(card: Card, performer: str = "") -> Verdict | None:
    """Return the verdict with a performer; the worst one for an unknown name; None for none."""
    by_name = {one.performer: one for one in card.verdicts}
    if performer in by_name:
        return by_name[performer]
    order = ["deny", "evidence", _ALLOW]
    known = [one for one in card.verdicts if one.outcome in order]
    return min(known, key=lambda one: order.index(one.outcome), default=None)


def chip_words(card: Card | None) -> tuple[Level, str]:
    """Return the level and the words of an avatar's verdict."""
    if card is None:
        return Level.IDLE, tr("checking…")
    if card.fault:
        return Level.BAD, tr("cannot be loaded")
    worst = verdict_of(card, "\0")
    if worst is None:
        return Level.IDLE, tr("not judged")
    if worst.outcome == "deny":
        allowed = sum(one.outcome == _ALLOW for one in card.verdicts)
        return (
            (Level.BAD, tr("refused"))
            if not allowed
            else (Level.WARN, tr("refused with some performers"))
        )
    if worst.outcome == "evidence":
        return Level.WARN, tr("needs a permission")
    return Level.GOOD, tr("allowed for this show")


def check_words(card: Card | None) -> tuple[Level, str]:
    """Return the level and the words of an avatar's checks."""
    if card is None or card.fault:
        return Level.IDLE, ""
    errors = sum(one.severity == "error" for one in card.findings)
    others = len(card.findings) - errors
    if errors:
        return Level.WARN, tr("{count} faults in the file", count=errors)
    if others:
        return Level.IDLE, tr("{count} notes on the file", count=others)
    return Level.GOOD, tr("file without faults")


def verdict_words(card: Card | None, performer: str) -> tuple[Level, str]:
    """Return the level and the words of the verdict with a performer."""
    if card is None or card.fault:
        return chip_words(card)
    verdict = verdict_of(card, performer)
    if verdict is None:
        return Level.IDLE, tr("not judged")
    if verdict.outcome == _ALLOW:
        return Level.GOOD, tr("allowed")
    if verdict.outcome == "evidence":
        return Level.WARN, tr("needs a permission")
    return Level.BAD, tr("refused")


def card_blocks(card: Card | None, palettes: Sequence[str] = ()) -> tuple[CardBlock, ...]:
    """Return an avatar's card: verdicts, terms in plain words, checks, and other colours.

    Args:
        card: None while it is being read.
        palettes: names of its sets of colours in the show's document.
    """
    if card is None:
        text = tr("The avatar is being read; its card comes in some seconds.")
        return (CardBlock("", (CardLine(text),)),)
    head = CardLine(
        card.name, detail=" · ".join(filter(None, (card.author, short_file(card.file))))
    )
    if card.fault:
        return (CardBlock("", (head, CardLine(translate(card.fault), Level.BAD))),)
    blocks = [CardBlock(tr("For this show"), (head, *map(_verdict_line, card.verdicts)))]
    is_signed = tr("Licence, signed") if card.is_licensed else tr("Terms of the file, unsigned")
    blocks.append(CardBlock(is_signed, tuple(CardLine(translate(text)) for text in card.terms)))
    if card.findings:
        lines = tuple(map(_finding_line, card.findings))
    else:
        lines = (
            CardLine(
                tr("The file keeps to its format, and has what a show needs."),
                Level.GOOD, tr("good"),
            ),
        )  # fmt: skip
    blocks.append(CardBlock(tr("Check of the file"), lines))
    colors = tuple(CardLine(name) for name in palettes) or (
        CardLine(
            tr("Its own alone"),
            detail=tr("Others are files of the same avatar: palettes in the show's document."),
        ),
    )
    blocks.append(CardBlock(tr("Colours"), colors))
    return tuple(blocks)


def _verdict_line(one: Verdict) -> CardLine:
    """Return the verdict with a performer, and what decides it."""
    name = one.performer or tr("A performer without a name")
    words = {
        _ALLOW: (Level.GOOD, tr("allowed")), "evidence": (Level.WARN, tr("needs a permission")),
    }  # fmt: skip
    level, word = words.get(one.outcome, (Level.BAD, tr("refused")))
    until = [tr("Until {time}", time=one.until)] if one.until else []
    return CardLine(name, level, word, "\n".join((*until, *one.lines)))


def _finding_line(one: Finding) -> CardLine:
    """Return what a check found, what that means, and what to do."""
    kinds = {
        "error": (Level.WARN, tr("fault"), tr("Other programs may refuse the file.")),
        "warning": (Level.IDLE, tr("note"), tr("Programs may read it differently.")),
        "need": (Level.WARN, tr("missing"), tr("A show needs it.")),
    }
    level, word, meaning = kinds.get(one.severity, kinds["warning"])
    text = f"{one.place or tr('The file')}: {tell_finding(one.text)}"
    return CardLine(text, level, word, f"{meaning} {_begin(tell_finding(one.remedy))}")


def _begin(text: str) -> str:
    """Return a clause as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def refusal_of(card: Card | None, performer: str) -> str:
    """Return why an avatar must not be given to a performer, a sentence; empty if it may."""
    if card is None:
        return tr("The avatar is still being checked. Wait for its verdict.")
    if card.fault:
        return tr("{name} cannot be loaded: {fault}", name=card.name, fault=translate(card.fault))
    verdict = verdict_of(card, performer)
    if verdict is None or verdict.outcome == _ALLOW:
        return ""
    why = " ".join(verdict.lines)
    return tr("{name} may not be shown with {who}: {why}", name=card.name,
              who=performer or tr("this performer"), why=why)  # fmt: skip


def short_file(file: str) -> str:
    """Return a file with its folder alone: house/idol.vrm."""
    path = Path(file)
    return str(Path(path.parent.name) / path.name)
