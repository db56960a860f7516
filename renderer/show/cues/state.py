"""Define the tracked state of a show: what cues leave behind, and a jump must restore."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

from renderer.show.document.cues import (
    ActionEntry,
    AutoDirectorAction,
    BlackAction,
    CameraAction,
    CrowdAction,
    LookAction,
    LyricsAction,
    MasterAction,
    TakeAction,
    TextAction,
)


@dataclass(frozen=True, slots=True)
class TrackedState:
    """What is on stage and on air once every fade has ended.

    Attributes:
        look: name of the look; empty for the first one of the show.
        master: grand master, 0 to 1.
        camera: number of the camera on air; 0 for the first one of the show.
        preview: number of the camera on preview; 0 for none.
        auto: whether the auto-director chooses the camera.
        black: whether the picture is faded to black.
        crowd: energy of the audience; negative for the look's.
        lyrics: whether lyrics are shown.
        text: the line on the LED wall; None for the document's.
    """

    look: str = ""
    master: float = 1.0
    camera: int = 0
    preview: int = 0
    auto: bool = False
    black: bool = False
    crowd: float = -1.0
    lyrics: bool = True
    text: str | None = None


FIELDS: Final = tuple(part.name for part in fields(TrackedState))


def track(state: TrackedState, action: ActionEntry) -> TrackedState:
    """Return the state that an action leaves; unchanged by actions that leave nothing."""
    match action:
        case LookAction(look=look):
            return replace(state, look=look)
        case MasterAction(level=level):
            return replace(state, master=level)
        case CameraAction(camera=camera, bus="program"):
            return replace(state, camera=camera, auto=False)
        case CameraAction(camera=camera):
            return replace(state, preview=camera)
        case TakeAction() if state.preview:
            return replace(state, camera=state.preview, preview=state.camera, auto=False)
        case AutoDirectorAction(on=on):
            return replace(state, auto=on)
        case BlackAction(on=on):
            return replace(state, black=on)
        case CrowdAction(energy=energy):
            return replace(state, crowd=energy)
        case LyricsAction(on=on):
            return replace(state, lyrics=on)
        case TextAction(text=text):
            return replace(state, text=text)
    return state


def touched_fields(actions: Iterable[ActionEntry]) -> frozenset[str]:
    """Return the names of the state's fields that actions may change."""
    touched: set[str] = set()
    for action in actions:
        match action:
            case LookAction():
                touched.add("look")
            case MasterAction():
                touched.add("master")
            case CameraAction(bus="program"):
                touched |= {"camera", "auto"}
            case CameraAction():
                touched.add("preview")
            case TakeAction():
                touched |= {"camera", "preview", "auto"}
            case AutoDirectorAction():
                touched.add("auto")
            case BlackAction():
                touched.add("black")
            case CrowdAction():
                touched.add("crowd")
            case LyricsAction():
                touched.add("lyrics")
            case TextAction():
                touched.add("text")
    return frozenset(touched)


def restore(state: TrackedState, wanted: TrackedState, names: Iterable[str]) -> TrackedState:
    """Return a state with the named fields of another one."""
    return replace(state, **{name: getattr(wanted, name) for name in names})
