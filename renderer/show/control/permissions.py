"""Hold commands against the operators' roles in a show's document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renderer.errors import ShowError
from renderer.protocol.document import EditDocument
from renderer.protocol.roles import Role, includes
from renderer.protocol.schema import Command
from renderer.show.document.schema import ShowFile

_RIGHTS_PARTS: Final = ("operators", "rights")
"""Parts of the document that only the role rights may edit."""


class Permissions:
    """Decides who may give which command. A show that names no operators permits everything.

    Names are not proven: a process that opens the session's folder runs as the show's user. Roles
    keep a crew from slips, and say in the log who did what.

    Args:
        show: returns the current document.
    """

    def __init__(self, show: Callable[[], ShowFile]) -> None:
        self._show = show

    def check(self, command: Command) -> None:
        """Check a command.

        Raises:
            ShowError: its operator may not give it.
        """
        roles = {one.name: Role(one.role) for one in self._show().operators}
        if not roles:
            return
        wanted = find_role(command)
        name = command.operator.strip()
        role = roles.get(name, Role.VIEW)
        if not includes(role, wanted):
            able = ", ".join(one for one, has in roles.items() if includes(has, wanted))
            raise ShowError(
                f"{name[:80] or 'An operator without a name'}",
                f"has the role {role.value}, and this needs the role {wanted.value}",
                f"ask {able}" if able else f"give somebody the role {wanted.value}",
            )


def find_role(command: Command) -> Role:
    """Return the role that a command needs."""
    if isinstance(command, EditDocument) and any(
        edit.path and edit.path[0] in _RIGHTS_PARTS for edit in command.edits
    ):
        return Role.RIGHTS
    return type(command).ROLE
