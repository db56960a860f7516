"""Decide the rights of a show that is opened, and watch over them."""

from __future__ import annotations

from renderer.errors import RendererError
from renderer.protocol.alarms import Severity
from renderer.protocol.log import EventKind
from renderer.rights.case import RightsCase
from renderer.show.opening.records import Opening
from renderer.show.performers.cast import Cast
from renderer.show.rights.gate import (
    find_disclosure,
    open_rights,
    require_disclosed,
    require_footage,
)
from renderer.show.rights.label import disclose
from renderer.show.rights.live_label import LiveLabel
from renderer.show.rights.watch import RightsWatch
from renderer.stage.text.titles import TitlePlan


def decide_rights(start: Opening, cast: Cast) -> tuple[RightsCase, TitlePlan]:
    """Return the case of who is on stage, and the show's titles with its disclosure label."""
    case = open_rights(start.plan, start.avatars, len(cast.performers), start.wardrobe)
    if start.resumed is None:
        case.require_allowed()
    disclosure = (find_disclosure if start.resumed else require_disclosed)(start.plan, case)
    if disclosure.override:
        text = f"{disclosure.override} answers for showing no disclosure label"
        start.host.events.add(EventKind.RIGHTS, text)
    return case, disclose(start.plan.titles, disclosure)


def check_footage(start: Opening) -> None:
    """Check the files of screens, transitions and slate that show people.

    Raises:
        RendererError: one may not be shown; a show that goes on raises an alarm instead, and goes
            on without it.
    """
    try:
        require_footage(start.plan, start.footage)
    except RendererError as fault:
        if start.resumed is None:
            raise
        start.alarms.raise_("rights.footage", Severity.CRITICAL, str(fault))


def open_watch(start: Opening, case: RightsCase, label: LiveLabel) -> RightsWatch:
    """Return the watch over a case, its label and its footage; it is closed with the show."""
    events = start.host.events

    def follow() -> None:
        label.follow()
        start.footage.refresh(start.alarms)

    watch = RightsWatch(
        case, start.alarms, lambda text: events.add(EventKind.RIGHTS, text), follow=follow
    )
    start.opened.callback(watch.close)
    if start.resumed is not None:
        # The show goes on, but without what was taken down before or is not allowed now.
        watch.take_down_denied()
    return watch
