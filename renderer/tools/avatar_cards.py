"""Describe avatars for people: a picture, checks in plain words, terms, verdicts for a show."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from avatars import load_avatar
from avatars.check import Severity, check_avatar
from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.paths import cache_folder
from renderer.rights.case import describe_file, open_case
from renderer.rights.decision import AvatarFile, ShowFacts
from renderer.rights.declaration import Declaration
from renderer.rights.explain import explain_terms
from renderer.rights.folders import load_trust
from renderer.rights.licence import SUFFIX, Licence, load_text, read_licence
from renderer.rights.vrm_terms import in_plain_words
from renderer.show.document.plan import build_plan
from renderer.show.document.read import read_show
from renderer.show.rights.gate import kinds_of

if TYPE_CHECKING:
    from avatars.model import Avatar

PICTURE: Final = (512, 512)
"""Width and height of an avatar's picture, pixels."""
_STYLE: Final = "2"
"""Changed with the way of drawing, so that older pictures are not used."""


class CardVerdict(msgspec.Struct, frozen=True):
    """Whether the avatar may be shown with one performer.

    Attributes:
        outcome: "allow", "evidence" or "deny".
        lines: why, and what to do.
        until: end of the first document that allows it, UTC; empty for none.
    """

    performer: str
    outcome: str
    lines: list[str]
    until: str = ""


class CardFinding(msgspec.Struct, frozen=True):
    """A fault of the file: "error", "warning" or "need", with what to do.

    Attributes:
        place: JSON pointer of it; empty for the whole file.
    """

    severity: str
    place: str
    text: str
    remedy: str


class AvatarCard(msgspec.Struct, frozen=True):
    """An avatar for people.

    Attributes:
        file: of the avatar.
        name, author: as its file says.
        picture: a PNG of its face; empty if none was drawn.
        terms: of its licence, or of its file, sentences.
        is_licensed: whether the terms are those of a signed licence.
        findings: of the check.
        verdicts: for each performer of the show; empty without one.
        fault: why it cannot be loaded; empty if it can.
    """

    file: str
    name: str = ""
    author: str = ""
    picture: str = ""
    terms: list[str] = []
    is_licensed: bool = False
    findings: list[CardFinding] = []
    verdicts: list[CardVerdict] = []
    fault: str = ""


class ShowContext(msgspec.Struct, frozen=True):
    """What a show declares, and who performs in it."""

    facts: ShowFacts
    performers: list[str]
    licences: list[Path]
    consents: list[Path]


def read_context(file: Path) -> ShowContext:
    """Return what a show's document declares.

    Raises:
        RendererError: it cannot be read, or has faults.
    """
    faults = FaultCollector()
    read = read_show(file, faults)
    plan = None if read is None else build_plan(read, faults)
    faults.raise_first()
    if read is None or plan is None:
        raise ShowError(f"the show {file}", "cannot be read", "check it with “encore show --check”")
    names = [one.name for one in read.show.performers] or [""]
    kinds = frozenset(kinds_of((*plan.streams, *plan.recordings)))
    facts = ShowFacts(plan.declaration, kinds)
    return ShowContext(facts, names, list(plan.licences), list(plan.consents))


def make_card(
    file: Path, context: ShowContext | None, language: str = "en", *, draws: bool = True
) -> AvatarCard:
    """Return an avatar's card. Faults of the avatar are on the card.

    Args:
        file: of the avatar.
        context: of the show for the verdicts; None for none.
        language: of terms and verdicts: en, ko or ja.
        draws: whether its picture is drawn, once, into the user's cache.
    """
    try:
        avatar = load_avatar(file)
        findings = [
            CardFinding(one.severity.value, one.pointer, one.text, one.remedy)
            for one in check_avatar(file)
        ]
        licence = _find_licence(file, avatar.sha256)
        verdicts = [] if context is None else judge(file, describe_file(avatar), context, language)
        picture = draw_picture(avatar) if draws else find_picture(avatar)
    except RendererError as fault:
        return AvatarCard(str(file), file.stem, fault=f"{fault}.")
    terms = (
        in_plain_words(avatar.meta)
        if licence is None
        else explain_terms(licence.terms, licence.issuer_name or licence.issuer, language)
    )
    order = [one.value for one in Severity]
    findings.sort(key=lambda one: order.index(one.severity))
    return AvatarCard(
        str(file),
        avatar.meta.name or file.stem,
        ", ".join(avatar.meta.authors),
        "" if picture is None else str(picture),
        terms,
        licence is not None,
        findings,
        verdicts,
    )


def judge(
    file: Path, avatar: AvatarFile, context: ShowContext, language: str = "en"
) -> list[CardVerdict]:
    """Return the verdict about an avatar with each performer of a show.

    Raises:
        RendererError: a document of the show cannot be used.
    """
    licences = [path for path in context.licences if _is_for(path, avatar.sha256)]
    case = open_case(
        [(file, avatar)], context.performers, context.facts, licences, context.consents
    )
    case.refresh()
    now = datetime.now(UTC)
    return [
        CardVerdict(
            one.performer,
            one.outcome.name.lower(),
            [
                f"{fault} → {remedy}" if remedy else fault
                for fault, remedy in (clause.text(language) for clause in one.deciding())
            ],
            f"{one.until:%Y-%m-%d %H:%M UTC}" if one.until is not None else "",
        )
        for one in case.judge(now)
    ]


def find_picture(avatar: Avatar) -> Path | None:
    """Return the picture that has been drawn of an avatar; None if there is none."""
    path = _picture_path(avatar.sha256)
    return path if path.is_file() else None


def draw_picture(avatar: Avatar) -> Path:
    """Return the picture of an avatar's face, drawn if it has not been.

    Raises:
        ShowError: it cannot be written.
        RendererError: it cannot be drawn.
    """
    path = _picture_path(avatar.sha256)
    if path.is_file():
        return path
    from PIL import Image

    from renderer.tools.portrait_sheet import View, portraits

    with portraits(avatar, *PICTURE) as studio:
        pixels = studio.take(View(around=18.0, close=True, zoom=0.8))
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(part, "PNG")
        part.replace(path)
    except OSError as fault:
        raise ShowError(
            f"the picture {path}",
            f"cannot be written ({fault.strerror or fault})",
            "set ENCORE_CACHE to a folder of your own",
        ) from fault
    return path


def no_show(performers: Sequence[str] = ("",)) -> ShowContext:
    """Return the context of a show without a document: personal use, nothing declared."""
    return ShowContext(
        ShowFacts(Declaration(", ".join(performers)), frozenset()), list(performers), [], []
    )


def _picture_path(sha256: str) -> Path:
    return cache_folder() / "portraits" / f"{sha256}-{_STYLE}.png"


def _find_licence(file: Path, sha256: str) -> Licence | None:
    """Return the usable licence beside an avatar's file; None if there is none."""
    path = file.with_suffix(SUFFIX)
    if path.is_file():
        with suppress(RendererError):
            licence = read_licence(load_text(path, "licence"), str(path), load_trust())
            if licence.terms.sha256 == sha256:
                return licence
    return None


def _is_for(path: Path, sha256: str) -> bool:
    licence = read_licence(load_text(path, "licence"), str(path), load_trust())
    return licence.terms.sha256 == sha256
