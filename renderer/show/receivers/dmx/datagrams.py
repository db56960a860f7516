"""Read many datagrams at once: by one call of the system where it has recvmmsg."""

from __future__ import annotations

import ctypes
import socket
import struct
from contextlib import suppress
from typing import Any, Final

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]

ADDRESS_BYTES: Final = 16
"""Length of an IPv4 socket address."""
_LONGEST: Final = 1488
"""Bytes of a datagram that are read: more than Art-Net's and sACN's packets of levels have."""
_ADDRESS: Final = struct.Struct(">H4s")
"""Port and host, in a socket address after its family."""
_FAMILY: Final = 2
"""Bytes of the family."""


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_Iovec)),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """The system's struct mmsghdr."""

    _fields_ = (("header", _Header), ("length", ctypes.c_uint32))


class DatagramBatch:
    """Buffers for the datagrams of one call, allocated once.

    Attributes:
        rows: (n, ADDRESS_BYTES + 1488) uint8, a sender's socket address and the datagram.
        memory: the same bytes, flat.

    Args:
        source: an IPv4 datagram socket that does not block.
        most: datagrams that are read at once.
        is_joined: whether one call reads them all; by default where the system can.
    """

    def __init__(self, source: socket.socket, most: int, *, is_joined: bool | None = None) -> None:
        self._socket, self._most = source, most
        memory = bytearray(most * (ADDRESS_BYTES + _LONGEST))
        self.memory = memoryview(memory)
        self.rows: U8 = np.frombuffer(memory, np.uint8).reshape(most, -1)
        self._receive: Any = None
        if is_joined is not False:
            with suppress(OSError, AttributeError):
                self._receive = ctypes.CDLL(None, use_errno=True).recvmmsg
        if self._receive is None:
            return
        self._messages = (_Message * most)()
        self._vectors = (_Iovec * most)()
        for row, message, vector in zip(self.rows, self._messages, self._vectors, strict=True):
            vector.base, vector.length = row.ctypes.data + ADDRESS_BYTES, _LONGEST
            message.header.name, message.header.name_length = row.ctypes.data, ADDRESS_BYTES
            message.header.vectors = ctypes.pointer(vector)
            message.header.vector_count = 1
        lengths = np.frombuffer(memoryview(self._messages).cast("B"), np.uint8)
        at = _Message.length.offset
        self._lengths: npt.NDArray[np.uint32] = lengths.reshape(most, -1)[:, at : at + 4].view(
            np.uint32
        )[:, 0]

    @property
    def stride(self) -> int:
        """Return the number of bytes of a row."""
        return int(self.rows.shape[1])

    def read(self) -> list[int]:
        """Read what has arrived, at most the batch; return the datagrams' lengths, bytes."""
        if self._receive is not None:
            flags = socket.MSG_DONTWAIT
            count = self._receive(self._socket.fileno(), self._messages, self._most, flags, None)
            found: list[int] = self._lengths[: max(count, 0)].tolist()
            return found
        sizes: list[int] = []
        with suppress(BlockingIOError, ConnectionError):
            while len(sizes) < self._most:
                start = len(sizes) * self.stride
                end = start + self.stride
                size, (host, port) = self._socket.recvfrom_into(
                    self.memory[start + ADDRESS_BYTES : end]
                )
                _ADDRESS.pack_into(self.memory, start + _FAMILY, port, socket.inet_aton(host))
                sizes.append(size)
        return sizes


def read_address(row: memoryview) -> tuple[str, int]:
    """Return host and port of a row's sender."""
    port, host = _ADDRESS.unpack_from(row, _FAMILY)
    return socket.inet_ntoa(host), port
