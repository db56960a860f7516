"""Reduce a show's status to what a crew page shows. Addresses of outputs stay on the desk."""

from __future__ import annotations

from typing import Any

from renderer.desk.connection import Situation
from renderer.desk.document import cameras, cue_list_names, cue_rows
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status

_MOST_CUES = 500
"""Cues of a list that a page gets; further ones are called at the desk."""


def digest(situation: Situation, status: Status | None) -> dict[str, Any]:
    """Return the state of the show as plain data for the page."""
    shown: dict[str, Any] = {"contact": situation.contact.value, "title": situation.title}
    if status is None:
        return shown
    health, cues = status.of(ShowHealth), status.of(CuesHealth)
    shown |= {
        "state": health.state.value,
        "seconds": int(health.show_seconds),
        "rate": round(health.frame_rate, 1),
        "alarms": [{"severity": one.severity.value, "text": one.text} for one in health.alarms],
        "camera": cues.camera,
        "preview": cues.preview,
        "auto": cues.auto,
        "black": cues.black,
        "slate": cues.slate,
        "song": cues.song,
        "position": cues.position,
        "lists": [
            {
                "name": one.name,
                "standby": one.standby,
                "standby_name": one.standby_name,
                "notes": one.notes,
                "paused": one.paused,
                "running": [running.number for running in one.running],
            }
            for one in cues.lists
        ],
        "outputs": [
            {"name": one.name, "kind": one.kind, "state": one.state.value}
            for one in status.of(OutputsHealth).outputs
        ],
    }
    return shown


def outline(content: DocumentContent) -> dict[str, Any]:
    """Return the parts of the document that a page shows: cameras and cues with their names."""
    data = content.data
    return {
        "revision": content.revision,
        "cameras": [{"number": one.number, "name": one.name} for one in cameras(data)],
        "cues": [
            {
                "list": name,
                "cues": [
                    {"number": one.number, "name": one.name}
                    for one in cue_rows(data, name)[:_MOST_CUES]
                ],
            }
            for name in cue_list_names(data)
        ],
    }
