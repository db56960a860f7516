"""Define the actions that give the chosen operator another role."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.needs import needs_document
from renderer.desk.document_roles import operator_rows
from renderer.desk.words import tr
from renderer.protocol.document import DocumentContent, EditDocument, SetValue
from renderer.protocol.roles import Role
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

RIGHTS: Final = "rights"
_TITLES: Final = (
    (Role.VIEW, "View", "Let the chosen operator look at the show"),
    (Role.CONTROL, "Control", "Let the chosen operator call cues, cameras, songs and outputs"),
    (Role.EDIT, "Edit", "Let the chosen operator change the show's document as well"),
    (Role.RIGHTS, "Rights", "Let the chosen operator decide on rights and roles as well"),
)


def _find(desk: DeskModel) -> tuple[int, Role] | None:
    """Return place and role of the chosen operator."""
    rows = operator_rows(desk.status.of(DocumentContent).data)
    return next(
        ((k, row.role) for k, row in enumerate(rows) if row.name == desk.selected_operator.value),
        None,
    )


def _give(role: Role) -> Callable[[DeskModel], Command | None]:
    def press(desk: DeskModel) -> Command | None:
        found = _find(desk)
        if found is None:
            return None
        edit = SetValue(["operators", found[0], "role"], role.value)
        label = f"role of {desk.selected_operator.value}"
        return EditDocument(desk.operator, edits=[edit], label=label)

    return press


def _needs_operator(desk: DeskModel) -> str:
    if refusal := needs_document(desk):
        return refusal
    return "" if _find(desk) is not None else tr("Choose somebody of the crew first.")


def _has(role: Role) -> Callable[[DeskModel], bool]:
    def is_on(desk: DeskModel) -> bool:
        found = _find(desk)
        return found is not None and found[1] is role

    return is_on


ACTIONS: Final = tuple(
    Action(
        f"roles.{role.value}", title, Group.RIGHTS, _give(role), "", RIGHTS, Confirm.TWICE,
        _needs_operator, _has(role), summary=summary,
    )
    for role, title, summary in _TITLES
)  # fmt: skip
