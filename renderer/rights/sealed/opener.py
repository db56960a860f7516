"""Read avatar files for a show, sealed or not, into memory alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from avatars.gltf.container import read_bytes
from renderer.paths import config_folder, data_folder
from renderer.rights.policy import FILE_NAME, load_policy
from renderer.rights.sealed.key import ReceivingKey, load_receiving_key
from renderer.rights.sealed.package import open_package

KEY_FILE: Final = "avatar.key"
"""In the user's data: the key that opens sealed avatars, if the settings name no other."""

_PREFIX: Final = b"ENCSEAL"


def default_key_place() -> str:
    """Return where this studio's key is.

    Raises:
        RightsError: the settings are unusable.
    """
    policy = load_policy(config_folder() / FILE_NAME)
    return policy.avatar_key or str(data_folder() / KEY_FILE)


class AvatarOpener:
    """Reads avatar files; the key is asked for at the first sealed one."""

    def __init__(self, key: ReceivingKey | None = None) -> None:
        """Store the key; the studio's own is loaded when it is needed if `key` is None."""
        self._key = key

    def read(self, path: Path) -> bytes:
        """Return the bytes of an avatar file, decrypted if it is sealed.

        Raises:
            AvatarError: the file is missing, empty or too big.
            RightsError: it is sealed, and was changed or cannot be opened with the key.
        """
        data = read_bytes(path)
        if not data.startswith(_PREFIX):
            return data
        if self._key is None:
            self._key = load_receiving_key(default_key_place())
        return open_package(data, self._key, f"sealed avatar {path}")
