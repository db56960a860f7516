"""Read the profiles of territories: their labels and the marks that they require.

A profile is a TOML file of this folder. Every field is written out, so that a lawyer can read what
applies without knowing a default.
"""

from __future__ import annotations

import tomllib
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta


class Place(Enum):
    """Corner of the picture in which a label stands."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"


class Mark(Enum):
    """Machine-readable marks of a picture or file."""

    WATERMARK = "watermark"
    CREDENTIALS = "c2pa"


class Rule(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a profile requires of a drawn character, or of the likeness of a real person.

    Attributes:
        label: in one or more languages; `{name}` is filled in.
        place: where the label stands.
        height: least height of the label's em, as a fraction of the height of a wide picture, or of
            1.2 times the width of an upright one.
        seconds: for how long it stands at the start, and after each break and change of scene; 0
            for always.
        marks: that every output must carry.
        file_marks: that recordings, playlists and images must carry besides.
        allows_keyed: whether pictures over transparency, which carry neither label nor mark, may be
            recorded as material for another program.
    """

    label: Annotated[tuple[str, ...], Meta(min_length=1)]
    place: Place
    height: Annotated[float, Meta(ge=0.012, le=0.1)]
    seconds: Annotated[float, Meta(ge=0.0)]
    marks: tuple[Mark, ...]
    file_marks: tuple[Mark, ...]
    allows_keyed: bool


class Profile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The rule of some territories.

    Attributes:
        source: law or decision that it follows.
        territories: ISO 3166 codes; `*` for those of no other profile.
        strictness: a higher one decides where several apply.
        drawn: for a drawn character.
        depicts: for the likeness of a real person.
    """

    name: str
    source: str
    territories: tuple[str, ...]
    strictness: int
    drawn: Rule
    depicts: Rule


@cache
def load_profiles() -> tuple[Profile, ...]:
    """Return all profiles, by file name."""
    return tuple(
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Profile)
        for path in sorted(Path(__file__).parent.glob("*.toml"))
    )


def find_profiles(territories: tuple[str, ...]) -> list[Profile]:
    """Return the profiles of territories, the strictest first."""
    profiles = load_profiles()
    default = next(profile for profile in profiles if "*" in profile.territories)
    found = {
        profile.name: profile
        for code in territories
        for profile in profiles
        if code in profile.territories
    }
    known = {code for profile in profiles for code in profile.territories}
    if not territories or any(code not in known for code in territories):
        found[default.name] = default
    return sorted(found.values(), key=lambda profile: (-profile.strictness, profile.name))
