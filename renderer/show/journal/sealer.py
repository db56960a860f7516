"""Seal a show's journal every minute, in a file beside it.

The sealer reads what the writer has put into the file, so that writing records costs nothing more,
and a killed show loses no seal but the next one.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from renderer.closing import Closing
from renderer.errors import RendererError, RightsError

if TYPE_CHECKING:  # Loading certificates takes a tenth of a second.
    from renderer.rights.audit.seal import Seal
    from renderer.rights.provenance.certificate import Certificate

SUFFIX: Final = ".seals"
"""Ending of the file with the seals: `journal.seals` beside `journal.log`."""
EVERY_S: Final = 60.0
"""Time between two seals, seconds: what a power failure leaves unsealed at most."""
_LONGEST: Final = 4096
"""Bytes; a seal takes a tenth of it."""

_log = logging.getLogger(__name__)


class JournalSealer(Closing):
    """Seals one journal in a thread; a fault is logged once and never ends a show."""

    def __init__(
        self,
        journal: Path | None,
        *,
        every_s: float = EVERY_S,
        load: Callable[[], Certificate] | None = None,
    ) -> None:
        """Start sealing.

        Args:
            journal: path of the journal, which need not exist yet; None seals nothing.
            every_s: time between two seals, seconds.
            load: returns the crew's certificate; this machine's if None.
        """
        self._path = journal
        self._every_s = every_s
        self._load = load
        self._certificate: Certificate | None = None
        self._last: Seal | None = None
        self._head = b""
        self._offset = 0
        self._has_failed = False
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        if journal is not None:
            self._thread = threading.Thread(target=self._run, name="journal seals", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Seal what is left. Close the journal's writer first. Idempotent."""
        if self._thread is not None and not self._closing.is_set():
            self._closing.set()
            self._thread.join()
            self._seal_safely()

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            self._seal_safely()

    def _seal_safely(self) -> None:
        try:
            self._seal()
        except (RendererError, OSError) as fault:
            if not self._has_failed:
                _log.error("The journal is not sealed: %s", fault)
            self._has_failed = True
        else:
            self._has_failed = False

    def _seal(self) -> None:
        from renderer.rights.audit.chain import START, extend, split_lines
        from renderer.rights.audit.seal import make_seal
        from renderer.rights.provenance.certificate import load_certificate

        assert self._path is not None
        if not self._path.exists():
            return
        if self._certificate is None:
            self._certificate = (self._load or load_certificate)()
            self._head = START
            self._go_on()
        with self._path.open("rb") as file:
            file.seek(self._offset)
            fresh = split_lines(file.read())
        if not fresh:
            return
        head = extend(self._head, fresh)
        seal = make_seal(self._last, head, fresh, self._certificate, datetime.now(UTC))
        _append(self._path.with_suffix(SUFFIX), msgspec.json.encode(seal) + b"\n")
        self._last, self._head = seal, head
        self._offset += sum(map(len, fresh))

    def _go_on(self) -> None:
        """Take up the seals of a show that was resumed.

        Raises:
            RightsError: they do not fit the journal; sealing it would hide that.
        """
        from renderer.rights.audit.chain import extend, split_lines
        from renderer.rights.audit.seal import check_seals

        assert self._path is not None and self._certificate is not None
        seals = read_seals(self._path)
        if not seals:
            return
        lines = split_lines(self._path.read_bytes())
        covered = check_seals(lines, seals, self._certificate.chain, f"journal {self._path}")
        self._last = seals[-1]
        self._head = extend(self._head, lines[: covered.sealed])
        self._offset = sum(map(len, lines[: covered.sealed]))


def read_seals(journal: Path) -> list[Seal]:
    """Return the seals beside a journal; a last one that was cut off is left out.

    Raises:
        RightsError: one is damaged.
    """
    from renderer.rights.audit.seal import Seal

    path = journal.with_suffix(SUFFIX)
    what = f"seals {path}"
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as fault:
        raise RightsError(what, f"cannot be read ({fault.strerror})", "make it readable") from fault
    try:
        return [msgspec.json.decode(line, type=Seal) for line in lines if line]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise RightsError(
            what, "is damaged", "restore the show's log folder from a copy"
        ) from fault


def _append(path: Path, line: bytes) -> None:
    """Append a line; what a cut-off write left behind is removed first."""
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        # A seal is never longer; the part of one after the last line break is cut off.
        file.seek(max(0, size - _LONGEST))
        tail = file.read()
        file.truncate(size - (len(tail) - tail.rfind(b"\n") - 1))
        file.write(line)
        file.flush()
        with suppress(OSError):
            os.fsync(file.fileno())
