"""Encrypt takes while they are written, and decrypt them while they are read.

An encrypted take is a magic word, the length of a head, the head, and blocks: each a length and
AES-256-GCM of part of the take, with the block's number as nonce and the head's hash authenticated.
Who has the key, and what is in the head, is the caller's business. A take that breaks off is read
up to its last whole block; a block that was changed, moved or left out ends it like damage does.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from renderer.errors import MotionError

MAGIC: Final = b"ENCTAKE1"
MOST_HEAD_BYTES: Final = 1 << 20

_LENGTH: Final = struct.Struct("<I")
_NONCE: Final = struct.Struct("<4xQ")
_BLOCK_BYTES: Final = 1 << 18
"""Bytes of a take in a block; less if it is flushed before."""
_TAG_BYTES: Final = 16

Unlock = Callable[[bytes], bytes]
"""Returns a take's key, 32 bytes, from its head; raises RendererError if it may not be read."""


class ByteSink(Protocol):
    """What a take's log is written to."""

    def write(self, data: bytes, /) -> int:
        """Add bytes, and return their number."""

    def tell(self) -> int:
        """Return the number of bytes written."""

    def flush(self) -> None:
        """Hand everything to the system."""

    def fileno(self) -> int:
        """Return the file's descriptor."""

    def close(self) -> None:
        """Flush and close."""


class ByteSource(Protocol):
    """What a take's log is read from."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes; fewer at the end."""


class EncryptedSink:
    """Encrypts what is written to a file.

    Args:
        file: empty; closed with this.
        head: says who has the key; stored readable, and authenticated.
        key: 32 bytes, of this take alone.
    """

    def __init__(self, file: BinaryIO, head: bytes, key: bytes) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._bound = hashlib.sha256(head).digest()
        self._waiting = bytearray()
        self._written = self._blocks = 0
        file.write(MAGIC + _LENGTH.pack(len(head)) + head)

    def write(self, data: bytes, /) -> int:
        """Add bytes, and return their number."""
        self._waiting += data
        self._written += len(data)
        while len(self._waiting) >= _BLOCK_BYTES:
            self._put(bytes(self._waiting[:_BLOCK_BYTES]))
            del self._waiting[:_BLOCK_BYTES]
        return len(data)

    def tell(self) -> int:
        """Return the number of bytes written, unencrypted."""
        return self._written

    def flush(self) -> None:
        """Encrypt what is waiting, and hand it to the system."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        self._file.flush()

    def fileno(self) -> int:
        """Return the file's descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        """Flush and close the file, also if flushing fails."""
        try:
            if not self._file.closed:
                self.flush()
        finally:
            self._file.close()

    def _put(self, part: bytes) -> None:
        sealed = self._cipher.encrypt(_NONCE.pack(self._blocks), part, self._bound)
        self._blocks += 1
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)


class DecryptedSource:
    """Decrypts a file whose head was read.

    Args:
        file: behind its head.
        head: of the file.
        key: of the take.
    """

    def __init__(self, file: BinaryIO, head: bytes, key: bytes) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._bound = hashlib.sha256(head).digest()
        self._ready = bytearray()
        self._blocks = 0

    def read(self, size: int, /) -> bytes:
        """Return that many bytes; fewer at the end.

        Raises:
            ValueError: a block was changed.
        """
        while len(self._ready) < size and (part := self._next()):
            self._ready += part
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _next(self) -> bytes:
        """Return the next block; nothing at the end, or where the file breaks off."""
        prefix = self._file.read(_LENGTH.size)
        if len(prefix) < _LENGTH.size:
            return b""
        (length,) = _LENGTH.unpack(prefix)
        if not _TAG_BYTES < length <= _BLOCK_BYTES + _TAG_BYTES:
            raise ValueError(f"a block of {length} bytes")
        sealed = self._file.read(length)
        if len(sealed) < length:
            return b""
        try:
            part = self._cipher.decrypt(_NONCE.pack(self._blocks), sealed, self._bound)
        except InvalidTag as fault:
            raise ValueError("a block was changed") from fault
        self._blocks += 1
        return part


def read_head(file: BinaryIO) -> bytes | None:
    """Return the head of an encrypted take, with the file behind it; None for a plain one.

    A plain file is at its beginning again.

    Raises:
        ValueError: it is encrypted, but its head is damaged.
    """
    if file.read(len(MAGIC)) != MAGIC:
        file.seek(0)
        return None
    prefix = file.read(_LENGTH.size)
    length = _LENGTH.unpack(prefix)[0] if len(prefix) == _LENGTH.size else MOST_HEAD_BYTES + 1
    head = file.read(length) if length <= MOST_HEAD_BYTES else b""
    if len(head) < length:
        raise ValueError("its head is cut short")
    return head


def decrypt(data: bytes, unlock: Unlock) -> bytes:
    """Return the content of a whole file in memory, decrypted if it is encrypted.

    Args:
        data: of the file.
        unlock: returns the key.

    Raises:
        ValueError: the file was changed.
        RendererError: it may not be read.
    """
    file = io.BytesIO(data)
    head = read_head(file)
    if head is None:
        return data
    source = DecryptedSource(file, head, unlock(head))
    content = bytearray()
    while part := source.read(_BLOCK_BYTES):
        content += part
    return bytes(content)


def refuse(_head: bytes) -> bytes:
    """Return no key: for readers that have none.

    Raises:
        MotionError: always.
    """
    raise MotionError(
        "The take", "is encrypted by its performer's consent", "read it where its key is kept"
    )
