"""Say why an action cannot be done now, in a sentence; empty if it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentHealth
from renderer.protocol.show import ShowHealth, ShowState

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


def needs_show(desk: DeskModel) -> str:
    """Require a show that answers and has not ended."""
    if not desk.in_contact.value:
        return tr("No show is running. Start one from the start page.")
    if desk.status.of(ShowHealth).state in (ShowState.STOPPING, ShowState.ENDED):
        return tr("The show is over.")
    return ""


def needs_cues(desk: DeskModel) -> str:
    """Require a show that is directed by a document."""
    if refusal := needs_show(desk):
        return refusal
    if not desk.status.has(CuesHealth):
        return tr("This show has no cues. Give it a document with looks, cameras or cue lists.")
    return ""


def needs_document(desk: DeskModel) -> str:
    """Require a show whose document can be edited."""
    if refusal := needs_cues(desk):
        return refusal
    return "" if desk.status.has(DocumentHealth) else tr("This show has no document to edit.")


def needs_preview(desk: DeskModel) -> str:
    """Require a camera on preview."""
    if refusal := needs_cues(desk):
        return refusal
    if not desk.status.of(CuesHealth).preview:
        return tr("No camera is on preview. Press the key of one.")
    return ""
