"""Define lighting fixtures as a show document has them: patch, groups, palettes, effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.part import Bounded, Name, Part, Rgb, Text

if TYPE_CHECKING:
    from renderer.show.document.schema import ShowFile

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Point = tuple[Bounded, Bounded, Bounded]
Degrees = Annotated[float, Meta(ge=-720.0, le=720.0)]


class FixtureEntry(Part, frozen=True):
    """A lighting fixture that hangs on the stage and is patched to DMX.

    Attributes:
        file: its GDTF file.
        mode: of its DMX channels; empty for the file's first one.
        position: of its base, metres on the stage.
        rotation: degrees about the stage's x, y and z axis, in this order; at 0 it hangs, and
            shines straight down.
        universe, address: of its first channel, from 1.
    """

    name: Name
    file: Name
    mode: Text = ""
    position: Point = (0.0, 5.0, 0.0)
    rotation: tuple[Degrees, Degrees, Degrees] = (0.0, 0.0, 0.0)
    universe: Annotated[int, Meta(ge=0, le=63_999)] = 1
    address: Annotated[int, Meta(ge=1, le=512)] = 1


class LightRigEntry(Part, frozen=True):
    """A rig from an MVR file, with the patch that it has.

    Attributes:
        position: of the file's origin, metres on the stage.
        turn: degrees about the vertical.
    """

    file: Name
    position: Point = (0.0, 0.0, 0.0)
    turn: Degrees = 0.0


class GroupEntry(Part, frozen=True):
    """Fixtures by name, in the order in which effects run over them.

    A name may end in `*`, for all fixtures that begin with it.
    """

    name: Name
    fixtures: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=2000)]


class FixtureValues(Part, frozen=True, kw_only=True):
    """What a palette or a look sets in fixtures; what is left out is left alone.

    Attributes:
        color: linear RGB, up to 1.
        pan, tilt, zoom: degrees.
        iris: 1 open.
        gobo: slot of the wheel; 1 is open.
        strobe: flashes a second.
    """

    level: Share | msgspec.UnsetType = msgspec.UNSET
    color: Rgb | msgspec.UnsetType = msgspec.UNSET
    pan: Degrees | msgspec.UnsetType = msgspec.UNSET
    tilt: Degrees | msgspec.UnsetType = msgspec.UNSET
    zoom: Annotated[float, Meta(ge=0.5, le=170.0)] | msgspec.UnsetType = msgspec.UNSET
    iris: Share | msgspec.UnsetType = msgspec.UNSET
    gobo: Annotated[int, Meta(ge=0, le=64)] | msgspec.UnsetType = msgspec.UNSET
    strobe: Annotated[float, Meta(ge=0.0, le=30.0)] | msgspec.UnsetType = msgspec.UNSET


class PaletteEntry(FixtureValues, frozen=True, kw_only=True):
    """Values under a name, such as a colour or a position, that looks refer to."""

    name: Name


class FixtureEffectEntry(Part, frozen=True):
    """A movement of the level over the fixtures of a group, in time with the song.

    Attributes:
        kind: chase (one after the other), wave, or strobe (all at once).
        beats: of one pass.
        low: level between.
        width: share of the pass for which a strobe is on, and of the group that a chase lights.
    """

    name: Name
    kind: Literal["chase", "wave", "strobe"]
    beats: Annotated[float, Meta(gt=0.0, le=1000.0)] = 4.0
    low: Share = 0.0
    width: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.25


class FixtureLook(FixtureValues, frozen=True, kw_only=True):
    """What a look sets in a group or a fixture.

    Attributes:
        palettes: names of palettes, in order; the look's own values come after them.
        effects: names of effects.
    """

    palettes: tuple[Name, ...] = ()
    effects: tuple[Name, ...] = ()


Reference = tuple[tuple[str | int, ...], str, str, list[str]]
"""A path, the word there, the kind of thing that it names, and the known words."""


def find_light_references(show: ShowFile) -> list[Reference]:
    """Return what looks and groups refer to."""
    names = [one.name for one in show.fixtures]
    groups = [one.name for one in show.groups]
    palettes = [one.name for one in show.palettes]
    effects = [one.name for one in show.fixture_effects]
    found: list[Reference] = []
    if not show.rigs:  # A rig's fixtures are known when its file is read.
        found += [
            (("groups", number, "fixtures", place), word, "fixture", names)
            for number, group in enumerate(show.groups)
            for place, word in enumerate(group.fixtures)
            if not word.endswith("*")
        ]
    for number, look in enumerate(show.looks):
        for target, values in look.fixtures.items():
            path = ("looks", number, "fixtures", target)
            if not show.rigs or target in groups:
                found.append((path, target, "group or fixture", [*groups, *names]))
            found += [
                ((*path, "palettes", place), word, "palette", palettes)
                for place, word in enumerate(values.palettes)
            ]
            found += [
                ((*path, "effects", place), word, "effect", effects)
                for place, word in enumerate(values.effects)
            ]
    return found
