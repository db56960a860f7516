"""Tell a show's own processes where its machines join."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from renderer.transport.machines.store import KeyPair, write_private

_CARD: Final = "machines.json"


class MachinesCard(msgspec.Struct, frozen=True):
    """Where machines join a show.

    Attributes:
        endpoint: as ZeroMQ writes it.
        server: public key of the show.
        keys: by which this machine's own processes are admitted.
    """

    endpoint: str
    server: str
    keys: KeyPair


def write_card(folder: Path, card: MachinesCard) -> None:
    """Write the card into a session's folder.

    Raises:
        OSError: it cannot be written.
    """
    write_private(folder / _CARD, msgspec.json.encode(card))


def read_card(folder: Path) -> MachinesCard | None:
    """Return the card in a session's folder; None if the show lets no machines join."""
    try:
        return msgspec.json.decode((folder / _CARD).read_bytes(), type=MachinesCard)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
