"""Have the disclosure follow what the crew declares and what licences say while a show runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

from renderer.errors import RightsError
from renderer.output.spec import OutputSpec
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.case import RightsCase
from renderer.rights.declaration import Declaration
from renderer.rights.disclosure import Disclosure
from renderer.show.document.plan import read_declaration
from renderer.show.plan import ShowPlan
from renderer.show.rights.gate import check_outputs, find_disclosure
from renderer.show.rights.label import require_marked_outputs, style_of
from renderer.stage.records import StageState

if TYPE_CHECKING:
    from renderer.show.document.schema import ShowFile

_ALARM: Final = "rights.disclosure"


class LiveLabel:
    """The label of a running show, as the newest decision requires it.

    What options decided at the start stands until the same field of the document is edited.
    `follow` belongs to the thread of the rights' watch, the rest to the tick's.

    Args:
        plan: of the show, with its outputs and its declaration at the start.
        case: of the show.
        alarms: of the show.
        note: writes a line to the show's log.
    """

    def __init__(
        self, plan: ShowPlan, case: RightsCase, alarms: Alarms, note: Callable[[str], None]
    ) -> None:
        self._case, self._alarms, self._note = case, alarms, note
        self._document: Callable[[], ShowFile] | None = None
        self._seen = plan.document.show if plan.document is not None else None
        self._plan = plan
        self._shown = find_disclosure(plan, case)

    def connect(self, document: Callable[[], ShowFile]) -> None:
        """Follow a document from now on.

        Args:
            document: returns it with all edits.
        """
        self._document = document

    @property
    def disclosure(self) -> Disclosure:
        """Return what the newest decision requires."""
        return self._shown

    def follow(self) -> None:
        """Take the document's newest declaration into the case, and decide the disclosure again.

        An override without a usable name changes nothing and raises an alarm; so does an output
        on air that cannot carry a mark that is required now.
        """
        self._read_document()
        try:
            found = find_disclosure(self._plan, self._case)
            if found != self._shown:
                self._notify(found)
                self._shown = found
            outputs = (*self._plan.streams, *self._plan.recordings)
            require_marked_outputs(found, outputs, is_keyed=self._plan.is_keyed)
        except RightsError as fault:
            self._alarms.raise_(_ALARM, Severity.CRITICAL, str(fault))
        else:
            self._alarms.clear(_ALARM)

    def apply(self, state: StageState) -> StageState:
        """Return a frame's state with the label as it was decided last."""
        if self._plan.is_keyed:
            # Material for another program has no titles.
            return state
        shown, titles = self._shown, state.titles
        style = style_of(shown)
        if titles.disclosure == shown.label and titles.label == style:
            return state
        return replace(state, titles=replace(titles, disclosure=shown.label, label=style))

    def check_outputs(self, outputs: Sequence[OutputSpec]) -> None:
        """Check outputs that are about to be added, by the newest declaration.

        Raises:
            RightsError: an avatar may not be shown there, or they cannot carry the required marks.
        """
        check_outputs(self._plan, self._case, outputs)

    def _read_document(self) -> None:
        if self._document is None or self._seen is None:
            return
        before, now = self._seen, self._document()
        if now is before:
            return
        self._seen = now
        declared = _follow_edits(
            self._plan.declaration, read_declaration(before), read_declaration(now)
        )
        label = self._plan.titles.disclosure
        if before.stage.disclosure != now.stage.disclosure:
            label = now.stage.disclosure
        titles = replace(self._plan.titles, disclosure=label)
        self._plan = replace(self._plan, declaration=declared, titles=titles)
        self._case.declare(declared)

    def _notify(self, found: Disclosure) -> None:
        if found.override:
            self._note(f"{found.override} answers for showing no disclosure label")
        else:
            rules = " and ".join(found.profiles)
            self._note(f"The disclosure label is now {found.label!r}, by the profile {rules}")


def _follow_edits(declared: Declaration, before: Declaration, now: Declaration) -> Declaration:
    """Return a declaration with the fields that an edit has changed.

    Names of performers are those of the cast, which no edit changes on air.
    """
    changed = {
        one.name: getattr(now, one.name)
        for one in fields(Declaration)
        if one.name != "performer" and getattr(before, one.name) != getattr(now, one.name)
    }
    return replace(declared, **changed)
