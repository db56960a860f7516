"""Read stream keys from where they are stored, when their stream is opened.

A key on the command line is visible to every user of the machine through `ps`. An address therefore
contains a reference in braces, which is replaced by the key when the stream is opened:

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
"""User name of a service's key in the keyring."""
MAX_KEY_BYTES: Final = 4096
"""Largest size of a key file. The longest keys in use, signed tokens, have about a thousand."""

_REFERENCE: Final = re.compile(r"\{(env|file|keyring):([^{}]+)\}")


def find_reference(text: str) -> int:
    """Return the index of the first reference to a key in `text`; -1 if there is none."""
    match = _REFERENCE.search(text)
    return match.start() if match else -1


def remove_references(text: str) -> str:
    """Return `text` without its references to keys."""
    return _REFERENCE.sub("", text)


def fill_in_keys(text: str) -> str:
    """Return `text` with every reference replaced by its key.

    Raises:
        OutputError: a key is not where its reference says, is empty or contains a blank.
    """
    return _REFERENCE.sub(lambda match: _READERS[match[1]](match[2]), text)


def has_blank(text: str) -> bool:
    """Return whether `text` contains a blank or control character, which no stream key does."""
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
        # Without the cause, since a decoding error quotes the content.
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
    """Return `key` without surrounding blanks, such as a file's trailing newline."""
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
