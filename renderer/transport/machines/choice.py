"""Choose which machine's shows are joined."""

from __future__ import annotations

import msgspec

from renderer.errors import DeskError
from renderer.protocol.machines import MachinePart
from renderer.spelling import nearest
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.store import JoinedShow, PairingStore


def choose_show(
    store: PairingStore, name: str | None, part: MachinePart, at: HostPort | None = None
) -> JoinedShow:
    """Return the pairing with a machine that gives shows.

    Args:
        store: pairings of this machine.
        name: of that machine; None for the only one.
        part: that this machine takes.
        at: where that machine is; None for where it was paired.

    Raises:
        DeskError: there is no such pairing, or there are several.
    """
    shows = {key: one for key, one in store.shows().items() if one.part is part}
    if name is None and len(shows) == 1:
        name = next(iter(shows))
    found = shows.get(name or "")
    if found is None:
        meant = nearest(name or "", shows)
        names = ", ".join(shows)
        raise DeskError(
            f"machine {name[:40]}" if name else "the show's machine",
            f"is not paired with this one for a {part.value}" if name else "is not named",
            f"did you mean {meant}?"
            if meant
            else f"add --join with one of {names}"
            if names
            else "run encore pair new there, then encore pair join here",
        )
    return found if at is None else msgspec.structs.replace(found, host=at.host, port=at.port)
