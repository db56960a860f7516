"""Decide the label that tells an audience what it sees, by territory.

A profile is a TOML file of this folder: the territories, the source of the rule, and the label for
a drawn character and for the likeness of a real person, in one or more languages. The label stands
in the picture during the whole show, since viewers of a stream join at any time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from renderer.errors import RightsError

SEPARATOR: Final = " · "
"""Between the languages of a label."""


class _Text(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    label: tuple[str, ...]


class Profile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The rule of some territories.

    Attributes:
        source: law or decision that it follows.
        territories: ISO 3166 codes; `*` for those of no other profile.
        strictness: a higher one decides where several apply.
        drawn: label for a drawn character.
        depicts: label for the likeness of a real person; `{name}` is filled in.
    """

    name: str
    source: str
    territories: tuple[str, ...]
    strictness: int
    drawn: _Text
    depicts: _Text


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The label of a show.

    Attributes:
        label: in the picture; empty only after an override.
        profiles: names of the rules that it follows.
        override: name of the person who took the label off; empty for none.
    """

    label: str
    profiles: tuple[str, ...]
    override: str = ""


def decide_disclosure(
    territories: Sequence[str],
    depicted: Iterable[str] = (),
    extra: Iterable[str] = (),
    override: str = "",
) -> Disclosure:
    """Return the label of a show.

    Args:
        territories: to which it is streamed; empty if undeclared.
        depicted: names of the real persons whom its avatars depict.
        extra: labels that licences and the crew require besides.
        override: name of the person who answers for showing no label; empty for none.

    Raises:
        RightsError: the override is no name.
    """
    found = _find_profiles(territories)
    names = tuple(profile.name for profile in found)
    if override:
        if len(override.strip()) < 2 or not override.isprintable():
            raise RightsError(
                "--without-disclosure", "needs a name", "name the person who answers for it"
            )
        return Disclosure("", names, override.strip())
    people = [name for name in dict.fromkeys(depicted) if name]
    parts: dict[str, None] = {}
    for profile in found:
        if people:
            name = ", ".join(people)
            parts |= dict.fromkeys(text.format(name=name) for text in profile.depicts.label)
        else:
            parts |= dict.fromkeys(profile.drawn.label)
    for text in extra:
        # What a label says already, in whichever case, is not repeated.
        said = text.casefold()
        if text and not any(said in part.casefold() for part in parts):
            parts = {part: None for part in parts if part.casefold() not in said} | {text: None}
    return Disclosure(SEPARATOR.join(parts), names)


def _find_profiles(territories: Sequence[str]) -> list[Profile]:
    """Return the profiles of territories, the strictest first."""
    profiles = load_profiles()
    default = next(profile for profile in profiles if "*" in profile.territories)
    found = {
        profile.name: profile
        for code in territories
        for profile in (*(one for one in profiles if code in one.territories),)
    }
    known = {code for profile in profiles for code in profile.territories}
    if not territories or any(code not in known for code in territories):
        found[default.name] = default
    return sorted(found.values(), key=lambda profile: (-profile.strictness, profile.name))


@cache
def load_profiles() -> tuple[Profile, ...]:
    """Return all profiles, by file name."""
    return tuple(
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Profile)
        for path in sorted(Path(__file__).parent.glob("*.toml"))
    )
