"""Decide the rights of a show that is opened, and watch over them."""

from __future__ import annotations

from renderer.protocol.log import EventKind
from renderer.rights.case import RightsCase
from renderer.show.opening.records import Opening
from renderer.show.performers.cast import Cast
from renderer.show.rights.gate import find_disclosure, open_rights, require_disclosed
from renderer.show.rights.label import disclose
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


def open_watch(start: Opening, case: RightsCase) -> RightsWatch:
    """Return the watch over a case; it is closed with the show."""
    events = start.host.events
    watch = RightsWatch(case, start.alarms, lambda text: events.add(EventKind.RIGHTS, text))
    start.opened.callback(watch.close)
    if start.resumed is not None:
        # The show goes on, but without what was taken down before or is not allowed now.
        watch.take_down_denied()
    return watch
