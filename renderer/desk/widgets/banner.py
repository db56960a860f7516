"""Define the banner over the program picture while there is no current one."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.connection import Contact, Situation


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
        return Banner("The desk cannot follow a show", f"{situation.fault}.")
    if situation.contact is Contact.CONNECTING:
        return Banner("A show was found", f"Waiting for “{situation.title}” to report.")
    if situation.contact is Contact.SILENT:
        return Banner(
            "The show has stopped answering",
            "Looking for it. What you see is the last that it told.",
        )
    if situation.contact is Contact.ENDED:
        return Banner("The show has ended", "The desk waits here for the next one.")
    if situation.wanted:
        return Banner(f"{situation.wanted} is not running", "The desk waits here for it.")
    return Banner(
        "No show is running",
        "Start one on the start page (F9); the desk finds every show of this machine by itself.",
    )
