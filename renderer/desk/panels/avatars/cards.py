"""Read avatars' cards as `encore avatar card --json` prints them, and put them in words. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

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
    """A fault of an avatar's file: error, warning or need, with what to do."""

    severity: str = ""
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
    """A line of a card; `is_heading` for the title of what follows."""

    text: str
    level: Level = Level.IDLE
    is_heading: bool = False


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


def card_lines(card: Card | None) -> tuple[CardLine, ...]:
    """Return an avatar's card: verdicts, terms in plain words, and what the check found."""
    if card is None:
        return (CardLine(tr("The avatar is being read; its card comes in some seconds.")),)
    if card.fault:
        return (CardLine(card.fault, Level.BAD),)
    lines = [CardLine(tr("For this show"), is_heading=True)]
    for one in card.verdicts:
        name = one.performer or tr("A performer without a name")
        until = tr(", until {time}", time=one.until) if one.until else ""
        words = {_ALLOW: tr("allowed"), "evidence": tr("needs a permission")}
        word = words.get(one.outcome, tr("refused"))
        level = Level.GOOD if one.outcome == _ALLOW else Level.BAD
        lines.append(CardLine(f"{name}: {word}{until}", level))
        lines += [CardLine(text) for text in one.lines]
    is_signed = tr("Licence, signed") if card.is_licensed else tr("Terms of the file, unsigned")
    lines.append(CardLine(is_signed, is_heading=True))
    lines += [CardLine(text) for text in card.terms]
    if card.findings:
        lines.append(CardLine(tr("Check of the file"), is_heading=True))
        lines += [
            CardLine(
                f"{one.text}; {one.remedy}",
                Level.WARN if one.severity == "error" else Level.IDLE,
            )
            for one in card.findings
        ]
    return tuple(lines)


def refusal_of(card: Card | None, performer: str) -> str:
    """Return why an avatar must not be given to a performer, a sentence; empty if it may."""
    if card is None:
        return tr("The avatar is still being checked. Wait for its verdict.")
    if card.fault:
        return tr("{name} cannot be loaded: {fault}", name=card.name, fault=card.fault)
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
