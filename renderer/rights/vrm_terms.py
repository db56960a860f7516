"""Read the licence terms in an avatar's own file, and check whether they allow the declared show.

The fields are VRM 1.0's (VRMC_vrm-1.0 meta.md; VRM Public License 1.0); files of VRM 0.x were
converted to the same terms. An absent field has the specification's default, and every default
denies: only what is allowed explicitly may go on air.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.errors import RightsError
from renderer.rights.clause import Clause, Outcome
from renderer.rights.declaration import Content, Declaration, Usage
from renderer.rights.wording import Term, Value, word_term

if TYPE_CHECKING:  # Importing it loads numpy.
    from avatars.model import Meta


_RANK = {usage.value: rank for rank, usage in enumerate(Usage)}


@dataclass(frozen=True, slots=True)
class _ContentRule:
    """A content field of the licence."""

    content: Content
    field_1: str
    field_0: str
    allowed: Callable[[Meta], bool]


_CONTENT_RULES = (
    _ContentRule(
        Content.VIOLENT,
        "allowExcessivelyViolentUsage",
        "violentUssageName",
        lambda meta: meta.violent_usage,
    ),
    _ContentRule(
        Content.SEXUAL,
        "allowExcessivelySexualUsage",
        "sexualUssageName",
        lambda meta: meta.sexual_usage,
    ),
    _ContentRule(
        Content.POLITICAL_OR_RELIGIOUS,
        "allowPoliticalOrReligiousUsage",
        "",
        lambda meta: meta.political_or_religious_usage,
    ),
    _ContentRule(
        Content.ANTISOCIAL_OR_HATE,
        "allowAntisocialOrHateUsage",
        "",
        lambda meta: meta.antisocial_or_hate_usage,
    ),
)


def _field(meta: Meta, name_1: str, name_0: str, value: str) -> str:
    """Return the field and its value as written in the file, in VRM 0.x's spelling if it is one."""
    name = name_0 if meta.vrm_version == "0.x" and name_0 else name_1
    return f"{name} is {meta.licence_terms.get(name, value)}"


def find_refusals(meta: Meta, show: Declaration) -> list[Clause]:
    """Return why the show may not use this avatar; empty if it may."""
    return [
        *_usage_refusals(meta, show),
        *_performer_refusals(meta, show),
        *_content_refusals(meta, show),
    ]


def _usage_refusals(meta: Meta, show: Declaration) -> list[Clause]:
    if _RANK[show.usage.value] <= _RANK.get(meta.commercial_usage, 0):
        return []
    stands = _field(meta, "commercialUsage", "commercialUssageName", meta.commercial_usage)
    return [
        _deny(
            "vrm.usage",
            field=stands,
            declared=Term("usage", show.usage.value),
            wanted=show.usage.value,
            allowed=meta.commercial_usage,
        )
    ]


def _performer_refusals(meta: Meta, show: Declaration) -> list[Clause]:
    if meta.avatar_permission == "everyone" or show.permission:
        return []
    stands = _field(meta, "avatarPermission", "allowedUserName", meta.avatar_permission)
    performer = show.performer or Term("word", "nobody")
    if meta.avatar_permission != "onlyAuthor":
        return [_deny("vrm.permission", field=stands, performer=performer)]
    if show.performer and show.performer.casefold() in {
        author.casefold() for author in meta.authors
    }:
        return []
    authors = meta.authors or (Term("word", "its_author"),)
    return [_deny("vrm.author", field=stands, performer=performer, authors=authors)]


def _content_refusals(meta: Meta, show: Declaration) -> list[Clause]:
    return [
        _deny(
            "vrm.content",
            field=_field(meta, rule.field_1, rule.field_0, "false"),
            content=Term("content", rule.content.value),
        )
        for rule in _CONTENT_RULES
        if rule.content in show.content and not rule.allowed(meta)
    ]


def _deny(code: str, **values: Value) -> Clause:
    return Clause(Outcome.DENY, code, values)


def require_allowed(meta: Meta, show: Declaration) -> None:
    """Check that the licence allows the show to use this avatar.

    Raises:
        RightsError: the licence does not; names its field, its value and a remedy.
    """
    reasons = find_refusals(meta, show)
    if not reasons:
        return
    texts = [reason.text() for reason in reasons]
    faults = ", and ".join(fault for fault, _ in texts)
    remedies = "; ".join(remedy for _, remedy in texts)
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
    forbidden = [
        word_term(Term("content", rule.content.value))
        for rule in _CONTENT_RULES
        if not rule.allowed(meta)
    ]
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
