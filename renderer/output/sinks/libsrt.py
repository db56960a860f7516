"""Send through libsrt, the system's library of the SRT protocol (MPL-2.0), by ctypes.

PyAV's FFmpeg has no SRT. `srt-live-transmit` in a process of its own would have, but it tells a
wrong passphrase and a dead address in prose only, and has no figure for a peer that has stopped.
Constants and structures are those of srt.h, 1.4 to 1.5.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import socket
import struct
from functools import cache
from typing import Final

_NAMES: Final = ("srt-openssl", "srt-gnutls", "srt")
_SONAMES: Final = ("libsrt-openssl.so.1.5", "libsrt-gnutls.so.1.5", "libsrt.so.1.5")
PAYLOAD: Final = 1316
"""Bytes of a live message: seven packets of MPEG-TS (SRT_LIVE_DEF_PLSIZE)."""

SNDSYN, RCVSYN, SENDER, PASSPHRASE, PBKEYLEN = 1, 2, 21, 26, 27
CONNTIMEO, RCVLATENCY, PEERLATENCY, STREAMID, PEERIDLETIMEO = 36, 43, 44, 46, 55
SNDDATA: Final = 19
"""Options of sockets (SRT_SOCKOPT)."""
CONNECTED: Final = 5
"""A socket that is connected (SRT_SOCKSTATUS)."""
_AGAIN: Final = 6
"""Thousands of the errors of calls that would have to wait (SRT_EASYNCFAIL and others)."""
_REASONS: Final = {
    3: "it has no room for another caller",
    8: "its version of SRT is too old",
    10: "the passphrase is wrong",
    11: "one side has a passphrase and the other has none",
    16: "nothing answers there by SRT",
}
"""Why a connection is rejected (SRT_REJECT_REASON)."""
_REFUSED: Final = range(1000, 3000)
"""Reasons by which a listener's application refuses a stream ID (srt/access_control.h)."""


class SrtError(OSError):
    """A call to libsrt failed; the text is a clause for the desk."""


class _Statistics(ctypes.Structure):
    """The first fields of SRT_TRACEBSTATS, and room for the others."""

    _fields_ = (
        ("msTimeStamp", ctypes.c_int64),
        ("pktSentTotal", ctypes.c_int64),
        ("pktRecvTotal", ctypes.c_int64),
        ("pktSndLossTotal", ctypes.c_int),
        ("pktRcvLossTotal", ctypes.c_int),
        ("pktRetransTotal", ctypes.c_int),
        ("pktSentACKTotal", ctypes.c_int),
        ("pktRecvACKTotal", ctypes.c_int),
        ("pktSentNAKTotal", ctypes.c_int),
        ("pktRecvNAKTotal", ctypes.c_int),
        ("usSndDurationTotal", ctypes.c_int64),
        ("pktSndDropTotal", ctypes.c_int),
        ("others", ctypes.c_byte * 2048),
    )


@cache
def load() -> ctypes.CDLL:
    """Return the library, started.

    Raises:
        SrtError: it is not installed.
    """
    found = (ctypes.util.find_library(name) for name in _NAMES)
    for name in (*_SONAMES, *found):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if library is not None:
            library.srt_getlasterror_str.restype = ctypes.c_char_p
            library.srt_startup()
            # Rejections raise with their reasons; the library would print them as well.
            library.srt_setloglevel(0)
            return library
    raise SrtError("libsrt is not installed; install srt-tools, or libsrt by your system's means")


class SrtSocket:
    """A socket that sends.

    Args:
        handle: of an accepted connection; None for a new socket.
    """

    def __init__(self, handle: int | None = None) -> None:
        self._library = load()
        self._handle = self._library.srt_create_socket() if handle is None else handle

    def set(self, option: int, value: int | bool | str) -> None:
        """Set an option.

        Raises:
            SrtError: the library refuses the value.
        """
        if isinstance(value, str):
            text = value.encode()
            self._check(self._library.srt_setsockflag(self._handle, option, text, len(text)))
            return
        number = ctypes.c_int(value)
        self._check(
            self._library.srt_setsockflag(self._handle, option, ctypes.byref(number), 4),
        )

    def connect(self, host: str, port: int) -> None:
        """Call a listener.

        Raises:
            SrtError: it does not answer, or refuses.
            OSError: the host is unknown.
        """
        address = _pack(host, port)
        if self._library.srt_connect(self._handle, address, len(address)) >= 0:
            return
        reason = self._library.srt_getrejectreason(self._handle)
        if reason in _REFUSED:
            raise SrtError("the listener refused the stream; its stream ID may be wrong")
        if reason in _REASONS:
            raise SrtError(_REASONS[reason])
        raise SrtError(self._last_error())

    def listen(self, host: str, port: int, callers: int) -> None:
        """Bind an address and wait for callers.

        Raises:
            SrtError: it cannot be bound.
            OSError: it is no address.
        """
        address = _pack(host or "0.0.0.0", port)
        if self._library.srt_bind(self._handle, address, len(address)) < 0:
            raise SrtError(f"port {port} cannot be listened on: {self._last_error()}")
        self._check(self._library.srt_listen(self._handle, callers))

    def accept(self) -> SrtSocket | None:
        """Return the next caller's socket; None if there is none now."""
        handle = self._library.srt_accept(self._handle, None, None)
        return SrtSocket(handle) if handle >= 0 else None

    def send(self, data: bytes) -> bool:
        """Send a message of at most PAYLOAD bytes; return False if the buffer is full.

        Raises:
            SrtError: the connection is broken.
        """
        if self._library.srt_send(self._handle, data, len(data)) >= 0:
            return True
        if self._library.srt_getlasterror(None) // 1000 == _AGAIN:
            return False
        raise SrtError("the connection broke: the other side has ended or does not answer")

    @property
    def is_connected(self) -> bool:
        """Return whether the other side is there."""
        return bool(self._library.srt_getsockstate(self._handle) == CONNECTED)

    @property
    def acknowledged(self) -> int:
        """Return how many acknowledgements the other side has sent."""
        figures = _Statistics()
        if self._library.srt_bstats(self._handle, ctypes.byref(figures), 0) < 0:
            return 0
        return int(figures.pktRecvACKTotal)

    @property
    def unsent(self) -> int:
        """Return how many packets the other side has not acknowledged yet."""
        count, size = ctypes.c_int(), ctypes.c_int(4)
        status = self._library.srt_getsockflag(
            self._handle, SNDDATA, ctypes.byref(count), ctypes.byref(size)
        )
        return count.value if status >= 0 else 0

    def close(self) -> None:
        """Close it; what is still queued is lost. Idempotent."""
        self._library.srt_close(self._handle)

    def _check(self, status: int) -> None:
        if status < 0:
            raise SrtError(self._last_error())

    def _last_error(self) -> str:
        text: bytes = self._library.srt_getlasterror_str()
        return text.decode(errors="replace").strip().lower()


def _pack(host: str, port: int) -> bytes:
    """Return a sockaddr of the system's C library.

    Raises:
        OSError: the host is unknown.
    """
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    start = struct.pack("=H", family) + struct.pack(">H", port)
    if family == socket.AF_INET:
        return start + socket.inet_pton(family, str(where[0])) + bytes(8)
    scope = int(where[3]) if len(where) > 3 else 0
    numeric = str(where[0]).partition("%")[0]
    return start + bytes(4) + socket.inet_pton(family, numeric) + struct.pack("=I", scope)
