"""Direct a show that no document describes: the hall, five cameras and the house's looks."""

from __future__ import annotations

from typing import Final

import msgspec

from renderer.show.document.cues import (
    ActionEntry,
    CueEntry,
    CueListEntry,
    EffectAction,
    LookAction,
)
from renderer.show.document.entries.rigs import RigEntry
from renderer.show.document.entries.stage import AutoDirectorEntry, CameraEntry
from renderer.show.document.schema import PerformerEntry, ShowFile

_SHORTEST_S: Final = 3.0
"""Shortest shot, seconds: longer than in a document, as the tempo is not known."""
_VARIETY: Final = 1.0
"""Of the cameras: a song without sections is one long verse, which close shots would fill."""
_FADE_S: Final = 2.0
"""Fade into a called look, seconds: a bar at 120 beats per minute."""

_CAMERAS: Final = (
    CameraEntry(
        number=1, name="Head to foot", framing="full", rig=RigEntry(kind="orbit", side=(-14.0, 8.0))
    ),
    CameraEntry(number=2, name="Hall", framing="wide", rig=RigEntry(kind="crane", rise=(1.5, 0.0))),
    CameraEntry(
        number=3, name="Cowboy", framing="cowboy", rig=RigEntry(kind="dolly", aside=(0.25, -0.2))
    ),
    CameraEntry(number=4, name="In the crowd", framing="crowd", rig=RigEntry(kind="handheld")),
)
_NEAR: Final = RigEntry(kind="follow", side=(8.0, 4.0), nearer=(0.0, 0.05))

_CALLED: Final[dict[str, tuple[ActionEntry, ...]]] = {
    "chorus": (EffectAction(effect="confetti"), EffectAction(effect="sparks")),
    "verse": (),
    "ballad": (),
    "dark": (),
}
"""The looks that GO calls, with what is fired besides."""


def direct_by_house(show: ShowFile) -> ShowFile:
    """Return a show in the concert hall, whose auto-director has the cameras from the start.

    Args:
        show: without cues, looks and cameras.
    """
    seen = max(len(show.inputs), 1) * show.tracking.performers_per_input
    # Cameras name performers by number, who therefore have entries even without name and avatar.
    performers = (*show.performers, *[PerformerEntry()] * (seen - len(show.performers)))
    near = tuple(
        CameraEntry(
            number=len(_CAMERAS) + 1 + row,
            name=one.name or f"Performer {row + 1}",
            framing="bust",
            who=(row + 1,),
            rig=_NEAR,
        )
        for row, one in enumerate(performers)
    )
    cues = tuple(
        CueEntry(
            number=str(row + 1),
            name=look.capitalize(),
            duration=_FADE_S,
            actions=(LookAction(look=look), *effects),
        )
        for row, (look, effects) in enumerate(_CALLED.items())
    )
    return msgspec.structs.replace(
        show,
        performers=performers,
        stage=msgspec.structs.replace(show.stage, set="hall"),
        cameras=(*_CAMERAS, *near),
        auto_director=AutoDirectorEntry(begins=True, shortest=_SHORTEST_S, variety=_VARIETY),
        cue_lists=(CueListEntry(name="Looks", cues=cues),),
    )
