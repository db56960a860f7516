"""Define the tracked state of a show: what cues leave behind, and a jump must restore."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from renderer.show.cues.kept import PREFIX, Kept, find_touched, keep
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
        kept: what rigs, screens, avatars and commands of cues have set.
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
    kept: Kept = field(default_factory=dict)


FIELDS: Final = tuple(part.name for part in fields(TrackedState) if part.name != "kept")


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
    kept = keep(state.kept, action)
    return state if kept is state.kept else replace(state, kept=kept)


def touched_fields(actions: Sequence[ActionEntry], known: Iterable[str] = ()) -> frozenset[str]:
    """Return the names of the state's fields that actions may change.

    Args:
        known: names of what any cue of the show sets and keeps.
    """
    touched = {f"{PREFIX}{name}" for name in find_touched(actions, known)}
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
    changed: dict[str, Any] = {}
    kept = dict(state.kept)
    for name in names:
        if not name.startswith(PREFIX):
            changed[name] = getattr(wanted, name)
            continue
        kept.pop(name.removeprefix(PREFIX), None)
        if (action := wanted.kept.get(name.removeprefix(PREFIX))) is not None:
            kept[name.removeprefix(PREFIX)] = action
    return replace(state, **changed, kept=kept)
