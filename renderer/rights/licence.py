"""Read an avatar's licence in plain words, and check whether it allows the declared show.

The fields are VRM 1.0's (VRMC_vrm-1.0 meta.md; VRM Public License 1.0); files of VRM 0.x were
converted to the same terms. An absent field has the specification's default, and every default
denies: only what is allowed explicitly may go on air.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from renderer.errors import RightsError

if TYPE_CHECKING:  # The declaration of a show is read without loading numpy.
    from avatars.model import Meta


class Usage(Enum):
    """Commercial or non-commercial use of a show; the values are VRM's."""

    PERSONAL = "personalNonProfit"
    PERSONAL_PROFIT = "personalProfit"
    CORPORATION = "corporation"


class Content(Enum):
    """Kinds of content that a licence must allow explicitly."""

    VIOLENT = "violent"
    SEXUAL = "sexual"
    POLITICAL_OR_RELIGIOUS = "political"
    ANTISOCIAL_OR_HATE = "hate"


_RANK = {usage.value: rank for rank, usage in enumerate(Usage)}
_USAGE_WORDS = {
    Usage.PERSONAL: "personal use without profit",
    Usage.PERSONAL_PROFIT: "personal use for profit",
    Usage.CORPORATION: "use by a company",
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """The crew's declaration about a show before it starts.

    Attributes:
        permission: who granted a permission that the file itself does not give, and where it is
            recorded; empty for none. It is written to the report.
    """

    performer: str
    usage: Usage = Usage.PERSONAL
    content: frozenset[Content] = field(default_factory=frozenset)
    permission: str = ""


@dataclass(frozen=True, slots=True)
class _ContentRule:
    """A content field of the licence."""

    content: Content
    field_1: str
    field_0: str
    words: str
    allowed: Callable[[Meta], bool]


_CONTENT_RULES = (
    _ContentRule(
        Content.VIOLENT,
        "allowExcessivelyViolentUsage",
        "violentUssageName",
        "violent content",
        lambda meta: meta.violent_usage,
    ),
    _ContentRule(
        Content.SEXUAL,
        "allowExcessivelySexualUsage",
        "sexualUssageName",
        "sexual content",
        lambda meta: meta.sexual_usage,
    ),
    _ContentRule(
        Content.POLITICAL_OR_RELIGIOUS,
        "allowPoliticalOrReligiousUsage",
        "",
        "political or religious content",
        lambda meta: meta.political_or_religious_usage,
    ),
    _ContentRule(
        Content.ANTISOCIAL_OR_HATE,
        "allowAntisocialOrHateUsage",
        "",
        "antisocial or hateful content",
        lambda meta: meta.antisocial_or_hate_usage,
    ),
)


def _field(meta: Meta, name_1: str, name_0: str, value: str) -> str:
    """Return the field and its value as written in the file, in VRM 0.x's spelling if it is one."""
    name = name_0 if meta.vrm_version == "0.x" and name_0 else name_1
    return f"{name} is {meta.licence_terms.get(name, value)}"


def refusals(meta: Meta, show: Declaration) -> list[tuple[str, str]]:
    """Return why the show may not use this avatar: pairs of (fault, remedy); empty if it may."""
    return [
        *_usage_refusals(meta, show),
        *_performer_refusals(meta, show),
        *_content_refusals(meta, show),
    ]


def _usage_refusals(meta: Meta, show: Declaration) -> list[tuple[str, str]]:
    if _RANK[show.usage.value] <= _RANK.get(meta.commercial_usage, 0):
        return []
    stands = _field(meta, "commercialUsage", "commercialUssageName", meta.commercial_usage)
    return [
        (
            f"its licence says {stands}, and this show is declared as "
            f"{_USAGE_WORDS[show.usage]} ({show.usage.value})",
            f"use an avatar whose commercialUsage is {show.usage.value}, "
            f"or declare the show as {meta.commercial_usage} if that is what it is",
        )
    ]


def _performer_refusals(meta: Meta, show: Declaration) -> list[tuple[str, str]]:
    if meta.avatar_permission == "everyone" or show.permission:
        return []
    stands = _field(meta, "avatarPermission", "allowedUserName", meta.avatar_permission)
    performer = show.performer or "nobody named"
    if meta.avatar_permission == "onlyAuthor":
        if show.performer and show.performer.casefold() in {
            author.casefold() for author in meta.authors
        }:
            return []
        authors = " or ".join(meta.authors) or "its author"
        return [
            (
                f"its licence says {stands}, and the performer is {performer}",
                f"let {authors} perform (--performer), "
                "or say who gave permission and where it is written (--permission)",
            )
        ]
    return [
        (
            f"its licence says {stands}, and no permission was declared for {performer}",
            "say who gave permission and where it is written (--permission)",
        )
    ]


def _content_refusals(meta: Meta, show: Declaration) -> list[tuple[str, str]]:
    return [
        (
            f"its licence says {_field(meta, rule.field_1, rule.field_0, 'false')}, "
            f"and this show is declared with {rule.words}",
            f"leave {rule.words} out, or use an avatar whose licence allows it",
        )
        for rule in _CONTENT_RULES
        if rule.content in show.content and not rule.allowed(meta)
    ]


def require_allowed(meta: Meta, show: Declaration) -> None:
    """Check that the licence allows the show to use this avatar.

    Raises:
        RightsError: the licence does not; names its field, its value and a remedy.
    """
    reasons = refusals(meta, show)
    if not reasons:
        return
    faults = ", and ".join(fault for fault, _ in reasons)
    remedies = "; ".join(remedy for _, remedy in reasons)
    raise RightsError(f"Avatar {meta.name or 'without a name'}", faults, remedies)


def in_plain_words(meta: Meta) -> list[str]:
    """Return the licence as short sentences, for the desk and the terminal."""
    may_perform = {
        "everyone": "Anyone may perform as this avatar.",
        "onlySeparatelyLicensedPerson": "Only people with a separate permission may perform as it.",
    }.get(meta.avatar_permission, "Only its author may perform as it.")
    may_earn = {
        Usage.CORPORATION.value: "Companies may use it, for profit too.",
        Usage.PERSONAL_PROFIT.value: "One person may use it, for profit too; companies may not.",
    }.get(meta.commercial_usage, "Personal use only, without profit.")
    changes = {
        "allowModification": "It may be changed, but a changed one may not be passed on.",
        "allowModificationRedistribution": "It may be changed and the changed one passed on.",
    }.get(meta.modification, "It may not be changed.")
    named = ", ".join(meta.authors) or "its author"
    credit = (
        "No credit is needed." if meta.credit == "unnecessary" else f"Credit is required: {named}."
    )
    forbidden = [rule.words for rule in _CONTENT_RULES if not rule.allowed(meta)]
    lines = [may_perform, may_earn, changes, credit]
    if forbidden:
        lines.append(f"Not allowed with it: {', '.join(forbidden)}.")
    lines.append(
        "The file may be passed on." if meta.redistribution else "The file may not be passed on."
    )
    addresses = (meta.licence_url, meta.other_licence_url)
    return lines + [f"Licence text: {address}" for address in addresses if address]


def credit_line(meta: Meta) -> str:
    """Return the credit that the licence requires; empty if none.

    VRM Public License 1.0, 3.2: author, copyright, licence.
    """
    if meta.credit == "unnecessary":
        return ""
    parts = [meta.name or "Avatar", f"by {', '.join(meta.authors) or 'unknown author'}"]
    parts += [part for part in (meta.copyright, meta.other_licence_url or meta.licence_url) if part]
    return ", ".join(parts)
