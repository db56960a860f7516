"""List the values of a show that are sent to controllers, by their names."""

from __future__ import annotations

from renderer.protocol.cues import CuesHealth

Value = str | int | float


def list_values(cues: CuesHealth) -> dict[str, Value]:
    """Return what cues and switcher do, such as standby, camera and master."""
    main = cues.lists[0] if cues.lists else None
    running = [f"{cue.number} {cue.name}".strip() for one in cues.lists for cue in one.running]
    return {
        "standby": "" if main is None else main.standby,
        "standby_name": "" if main is None else main.standby_name,
        "paused": int(main is not None and main.paused),
        "running": ", ".join(running)[:400],
        "camera": cues.camera,
        "preview": cues.preview,
        "auto": int(cues.auto),
        "black": int(cues.black),
        "slate": int(cues.slate),
        "look": cues.look,
        "master": float(cues.master),
        "song": cues.song,
        "position": cues.position,
    }
