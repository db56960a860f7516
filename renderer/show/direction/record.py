"""Turn what the crew did by hand into the actions of a cue."""

from __future__ import annotations

from typing import Any

import msgspec

from renderer.show.cues.kept import give_back, keep
from renderer.show.cues.state import TrackedState


def record_actions(before: TrackedState, now: TrackedState) -> list[dict[str, Any]]:
    """Return the actions that lead from one state to another, as plain data of a document.

    Args:
        before: the state that the cues leave.
        now: the state on stage.
    """
    actions: list[dict[str, Any]] = []
    if now.look and now.look != before.look:
        actions.append({"do": "look", "look": now.look})
    if now.master != before.master:
        actions.append({"do": "master", "level": now.master})
    if now.auto:
        if not before.auto:
            actions.append({"do": "auto-director"})
    elif now.camera and (now.camera != before.camera or before.auto):
        actions.append({"do": "camera", "camera": now.camera})
    elif before.auto:
        actions.append({"do": "auto-director", "on": False})
    if now.preview and now.preview != before.preview:
        actions.append({"do": "camera", "camera": now.preview, "bus": "preview"})
    if now.black != before.black:
        actions.append({"do": "black", "on": now.black})
    if now.crowd != before.crowd:
        actions.append({"do": "crowd", "energy": now.crowd})
    if now.lyrics != before.lyrics:
        actions.append({"do": "lyrics", "on": now.lyrics})
    if now.text is not None and now.text != before.text:
        actions.append({"do": "text", "text": now.text})
    kept = before.kept
    # In this order an avatar comes before its palette, which another avatar takes away.
    for name in sorted({*before.kept, *now.kept}):
        wanted = now.kept.get(name)
        if kept.get(name) == wanted:
            continue
        action = wanted or give_back(before.kept[name])
        if action is not None:
            kept = keep(kept, action)
            actions.append(msgspec.to_builtins(action))
    return actions
