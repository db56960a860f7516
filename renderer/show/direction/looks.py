"""Build a document's looks from the house's, and dim them by the grand master."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from renderer.show.document.entries.stage import HeadsEntry, LookEntry
from renderer.show.document.schema import ShowFile
from renderer.show.lights.open import build_fixture_cues
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE, GroupCue, Look, Pattern
from renderer.stage.lut import Cdl, Lut
from renderer.stage.records import Color, LedContent, Practicals
from renderer.stage.sets.lights import LightCue

_NONE: Final[Color] = (0.0, 0.0, 0.0)


def _quiet(look: Look) -> Look:
    """Return a look that fires no effects: in a directed show, cues fire them."""
    return replace(look, confetti=False, jets=False, sparks=False)


def dim(look: Look, level: float) -> Look:
    """Return a look with all of the stage's light at a fraction; screens and sticks keep theirs."""
    if level == 1.0:
        return look
    practicals = look.practicals
    one, two, three, four = (_scale(color, level) for color in practicals.groups)
    return replace(
        look,
        lights={role: replace(cue, level=level * cue.level) for role, cue in look.lights.items()},
        heads={role: replace(cue, level=level * cue.level) for role, cue in look.heads.items()},
        lamps={role: replace(cue, level=level * cue.level) for role, cue in look.lamps.items()},
        ambient=_scale(look.ambient, level),
        practicals=replace(
            practicals,
            strip_level=level * practicals.strip_level,
            groups=(one, two, three, four),
        ),
        air=replace(look.air, fog=_scale(look.air.fog, level)),
        crowd=replace(look.crowd, stage_light=_scale(look.crowd.stage_light, level)),
    )


DARK: Final = replace(
    _quiet(VERSE),
    lights={role: LightCue(_NONE) for role in VERSE.lights},
    heads={role: replace(cue, level=0.0) for role, cue in VERSE.heads.items()},
    lamps={},
    ambient=(0.012, 0.013, 0.018),
    practicals=Practicals(0.12, (0.3, 0.4, 0.6), 0.8, ((0.004, 0.006, 0.010),) * 4),
    screens=replace(VERSE.screens, level=0.0, floor_level=0.0),
    crowd=replace(VERSE.crowd, energy=0.1, stage_light=(0.006, 0.008, 0.012)),
    air=replace(VERSE.air, fog=(0.0004, 0.0006, 0.0010)),
)
"""The house before a show: the audience's sticks and a trace of blue."""

HOUSE: Final[Mapping[str, Look]] = {
    "verse": _quiet(VERSE),
    "chorus": _quiet(CHORUS),
    "ballad": _quiet(BALLAD),
    "dark": DARK,
}
"""The looks that every show has, by name; a document's look of the same name replaces one."""


def find_no_table(_: str) -> Lut | None:
    """Return None: without a document's folder, looks have no lookup tables."""
    return None


def build_looks(
    show: ShowFile, find_table: Callable[[str], Lut | None] = find_no_table
) -> dict[str, Look]:
    """Return all looks of a show by name.

    Args:
        find_table: returns the lookup table of a look's `cube`, None for none.
    """
    cues = build_fixture_cues(show)
    return {
        **HOUSE,
        **{
            one.name: replace(_build_look(one, find_table(one.cube)), fixtures=cues[one.name])
            for one in show.looks
        },
    }


def _build_look(entry: LookEntry, table: Lut | None) -> Look:
    base = HOUSE[entry.base]
    changed: dict[str, Any] = {}
    if entry.lights:
        changed["lights"] = {
            **base.lights,
            **{role: _recolor(base.lights.get(role), rgb) for role, rgb in entry.lights.items()},
        }
    if entry.heads:
        changed["heads"] = {
            **base.heads,
            **{role: _change_heads(base.heads.get(role), one) for role, one in entry.heads.items()},
        }
    if entry.ambient is not msgspec.UNSET:
        changed["ambient"] = entry.ambient
    if entry.rain is not msgspec.UNSET:
        changed["rain"] = float(entry.rain)
    screens = base.screens
    if entry.content is not msgspec.UNSET:
        screens = replace(screens, content=LedContent[entry.content.upper()])
    if entry.screen_level is not msgspec.UNSET:
        screens = replace(screens, level=float(entry.screen_level))
    crowd = base.crowd
    if entry.crowd is not msgspec.UNSET:
        crowd = replace(crowd, energy=float(entry.crowd))
    if entry.stick_colors is not msgspec.UNSET:
        colors = entry.stick_colors
        crowd = replace(crowd, stick_colors=colors, stick_shares=(1.0,) * len(colors))
    grade = base.grade
    if entry.exposure is not msgspec.UNSET:
        grade = replace(grade, exposure=float(entry.exposure))
    if entry.cdl is not msgspec.UNSET:
        cdl = entry.cdl
        grade = replace(grade, cdl=Cdl(cdl.slope, cdl.offset, cdl.power, float(cdl.saturation)))
    if table is not None:
        grade = replace(grade, lut=table)
    return replace(base, screens=screens, crowd=crowd, grade=grade, **changed)


def _recolor(cue: LightCue | None, color: Color) -> LightCue:
    return LightCue(color) if cue is None else replace(cue, color=color)


def _change_heads(cue: GroupCue | None, entry: HeadsEntry) -> GroupCue:
    changed = {
        name: value
        for name in ("colors", "level", "period", "pulse", "gobo", "spin")
        if (value := getattr(entry, name)) is not msgspec.UNSET
    }
    if entry.pattern is not msgspec.UNSET:
        changed["pattern"] = Pattern[entry.pattern.upper()]
    base = cue or GroupCue(Pattern.FAN, ((1.0, 1.0, 1.0),))
    return replace(base, **changed)


def _scale(color: Color, level: float) -> Color:
    red, green, blue = color
    return level * red, level * green, level * blue
