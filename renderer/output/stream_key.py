"""Stream keys: where a key is kept, and how it is read when its stream is opened.

A key on the command line is shown to every user of the machine by `ps`. An address therefore names
the place of its key in braces, and the key itself is put in when the stream is opened:

    rtmp://host/app/{env:NAME}         the environment variable NAME
    rtmp://host/app/{file:PATH}        the file PATH
    rtmp://host/app/{keyring:SERVICE}  the system's keyring, set by `keyring set SERVICE encore`
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from renderer.errors import OutputError

KEYRING_USER: Final = "encore"
"""The user name under which a service's key lies in the keyring."""
MAX_KEY_BYTES: Final = 4096
"""A longer file is no stream key. The longest in use, signed tokens, have about a thousand."""

_REFERENCE: Final = re.compile(r"\{(env|file|keyring):([^{}]+)\}")


def find_reference(text: str) -> int:
    """Return the index at which the first reference to a key stands in `text`; -1 if none does."""
    match = _REFERENCE.search(text)
    return match.start() if match else -1


def without_references(text: str) -> str:
    """Return what `text` holds beside its references to keys."""
    return _REFERENCE.sub("", text)


def fill_in_keys(text: str) -> str:
    """Return `text` with every reference replaced by the key that it names.

    Raises:
        OutputError: a key is not where its reference says, is empty or holds a blank.
    """
    return _REFERENCE.sub(lambda match: _READERS[match[1]](match[2]), text)


def has_blank(text: str) -> bool:
    """Return whether `text` holds a character that no stream key holds: a blank or a control."""
    return any(char.isspace() or not char.isprintable() for char in text)


def _read_environment(name: str) -> str:
    thing = f"the environment variable {name}"
    key = os.environ.get(name)
    if key is None:
        raise OutputError(thing, "is not set", "set it to the stream's key before the start")
    return _check(thing, key)


def _read_file(name: str) -> str:
    thing, path = f"the key file {name}", Path(name).expanduser()
    remedy = "name a file that holds the stream's key and nothing else"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_KEY_BYTES + 1)
    except OSError as fault:
        raise OutputError(thing, f"cannot be read ({fault.strerror})", remedy) from fault
    if len(content) > MAX_KEY_BYTES:
        raise OutputError(thing, "is too long for a key", remedy)
    try:
        return _check(thing, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        # Without its cause: a decoding error quotes the content.
        raise OutputError(thing, "is no text", remedy) from None


def _read_keyring(name: str) -> str:
    thing = f"the keyring's entry {name}"
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as absent:
        raise OutputError(
            thing,
            "cannot be read, for the package keyring is not installed",
            "install encore-renderer[keyring], or keep the key in a file or the environment",
        ) from absent
    try:
        key = keyring.get_password(name, KEYRING_USER)
    except KeyringError as fault:
        raise OutputError(
            thing, "cannot be read, for the keyring is locked or absent", "unlock it"
        ) from fault
    if key is None:
        raise OutputError(
            thing, "does not exist", f"store the key with `keyring set {name} {KEYRING_USER}`"
        )
    return _check(thing, key)


def _check(thing: str, key: str) -> str:
    """Return `key` without the blanks around it, such as the end of a file's line."""
    key = key.strip()
    if not key:
        raise OutputError(thing, "is empty", "put the stream's key there")
    if has_blank(key):
        raise OutputError(
            thing, "holds a blank within the key", "copy the key again, without blanks"
        )
    return key


_READERS: Final[dict[str, Callable[[str], str]]] = {
    "env": _read_environment,
    "file": _read_file,
    "keyring": _read_keyring,
}
