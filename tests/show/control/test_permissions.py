"""Test the operators' roles: what each may do, and what a refusal says."""

from __future__ import annotations

from typing import Any

import pytest

from renderer.protocol.cues import Go
from renderer.protocol.document import EditDocument, SetValue, UndoEdit
from renderer.protocol.roles import Role, includes
from renderer.protocol.schema import Command, Reply
from renderer.show.control.permissions import Permissions, find_role
from renderer.show.control.registry import CommandRegistry
from renderer.show.document.editor import validate

CREW = [
    {"name": "Mina", "role": "edit"},
    {"name": "Jun"},
    {"name": "Boss", "role": "rights"},
    {"name": "Guest", "role": "view"},
]
GO = Go(operator="x")
EDIT = EditDocument("x", [SetValue(["stage", "text"], "a")])
RIGHTS = EditDocument("x", [SetValue(["operators", 0, "role"], "rights")])


def ask(operator: str, command: Command, **document: Any) -> Reply:
    import msgspec

    registry = CommandRegistry()
    registry.check = Permissions(lambda: validate(document)).check
    registry.register(type(command), lambda _, answer: answer(Reply(True, "done")))
    replies: list[Reply] = []
    registry.handle(msgspec.structs.replace(command, operator=operator), replies.append)
    return replies[0]


@pytest.mark.parametrize(
    ("operator", "may"),
    [("Mina", (True, True, False)), ("Jun", (True, False, False)), ("Boss", (True, True, True)),
     ("Guest", (False, False, False)), ("stranger", (False, False, False)), ("", (False,) * 3)],
)  # fmt: skip
def test_each_role_includes_those_before_it(operator: str, may: tuple[bool, ...]) -> None:
    replies = [ask(operator, one, operators=CREW) for one in (GO, EDIT, RIGHTS)]
    assert tuple(one.ok for one in replies) == may
    for reply in replies:
        assert reply.ok or ("has the role" in reply.text and "ask " in reply.text)


def test_a_show_without_operators_permits_everything() -> None:
    assert all(ask("", one).ok for one in (GO, EDIT, RIGHTS))


def test_a_cue_needs_no_role() -> None:
    registry = CommandRegistry()
    registry.check = Permissions(lambda: validate({"operators": CREW})).check
    registry.register(Go, lambda _, answer: answer(Reply(True, "done")))
    replies: list[Reply] = []
    registry.handle(Go(), replies.append, is_own=True)
    assert replies[0].ok


def test_the_roles_of_commands() -> None:
    assert find_role(GO) is Role.CONTROL and find_role(UndoEdit("x")) is Role.EDIT
    assert includes(Role.RIGHTS, Role.VIEW) and not includes(Role.VIEW, Role.CONTROL)
