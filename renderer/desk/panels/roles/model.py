"""Show the operators of a show, and change their roles. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderer.desk.document_roles import OperatorRow, operator_rows
from renderer.desk.widgets.observable import Observable
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


class RolesModel:
    """The crew's model."""

    sections: tuple[type[Section], ...] = (DocumentContent,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.rows: Observable[tuple[OperatorRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        self.rows.set(operator_rows(status.of(DocumentContent).data))

    def choose(self, place: int) -> None:
        """Choose an operator for the next change of a role."""
        if 0 <= place < len(self.rows.value):
            self._desk.selected_operator.set(self.rows.value[place].name)
