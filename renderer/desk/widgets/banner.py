"""Define the banner over the program picture while there is no current one."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.connection import Contact, Situation
from renderer.desk.words import tr


@dataclass(frozen=True, slots=True)
class Banner:
    """The text over the program picture while there is no current one."""

    title: str = ""
    text: str = ""


def banner_of(situation: Situation) -> Banner:
    """Return the banner while no show answers; empty otherwise."""
    if situation.contact is Contact.GOOD:
        return Banner()
    if situation.fault:
        return Banner(tr("The desk cannot follow a show"), f"{situation.fault}.")
    if situation.contact is Contact.CONNECTING:
        text = tr("Waiting for “{title}” to report.", title=situation.title)
        return Banner(tr("A show was found"), text)
    if situation.contact is Contact.SILENT:
        return Banner(
            tr("The show has stopped answering"),
            tr("Looking for it. What you see is the last that it told."),
        )
    if situation.contact is Contact.ENDED:
        return Banner(tr("The show has ended"), tr("The desk waits here for the next one."))
    if situation.wanted:
        name = tr("{name} is not running", name=situation.wanted)
        return Banner(name, tr("The desk waits here for it."))
    return Banner(
        tr("No show is running"),
        tr(
            "Start one on the start page (F9); the desk finds every show of this machine by itself."
        ),
    )
