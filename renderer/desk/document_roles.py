"""Read who may do what from a show's document. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renderer.desk.remember import remember_newest
from renderer.desk.words import tr
from renderer.protocol.roles import Role


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """Somebody of the crew, with their role."""

    name: str
    role: Role


@remember_newest
def operator_rows(data: Mapping[str, Any]) -> tuple[OperatorRow, ...]:
    """Return the operators of a document; those of an unknown role may look."""
    found = data.get("operators", ())
    rows = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    known = {role.value: role for role in Role}
    return tuple(
        OperatorRow(str(one.get("name", "")), known.get(str(one.get("role", "control")), Role.VIEW))
        for one in rows
    )


def role_of(data: Mapping[str, Any], operator: str) -> Role | None:
    """Return an operator's role; None if the show names no operators: everybody may do all."""
    rows = operator_rows(data)
    if not rows:
        return None
    return next((row.role for row in rows if row.name == operator), Role.VIEW)


def role_word(role: Role | None) -> str:
    """Return a role as a word."""
    words = {
        Role.VIEW: tr("view"),
        Role.CONTROL: tr("control"),
        Role.EDIT: tr("edit"),
        Role.RIGHTS: tr("rights"),
    }
    return tr("may do all") if role is None else words[role]


def role_text(role: Role) -> str:
    """Return what a role may do, a clause."""
    words = {
        Role.VIEW: tr("looks at the show"),
        Role.CONTROL: tr("calls cues, cameras, songs and outputs"),
        Role.EDIT: tr("changes the show's document as well"),
        Role.RIGHTS: tr("decides on licences, and who may do what"),
    }
    return words[role]
