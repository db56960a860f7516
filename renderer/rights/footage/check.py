"""Require the consent of people whom a file shows.

The consent lies beside the file, as a licence beside its avatar: `clip.consent` of `clip.mp4`; for
several people `clip.NAME.consent` each. It must allow the picture (`picture_shown`), face and body.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from renderer.errors import RendererError, RightsError
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.consent import SUFFIX, Consent, require_picture_shown
from renderer.rights.consent_file import load_consent
from renderer.rights.footage.people import Find, shows_person

_ALARM: Final = "rights.footage"


class FootageCheck:
    """The files of a show, with those of them that show people.

    `require` may take seconds, for it searches the file; `refusal` takes none. Both may be called
    from different threads.

    Args:
        show: its name, for which the consents must be.
        find: tells whether a file shows a person.
    """

    def __init__(self, show: str, find: Find = shows_person) -> None:
        self._show, self._find = show, find
        self._refusals: dict[Path, str] = {}
        self._lock = threading.Lock()

    def require(self, path: Path, now: datetime | None = None) -> None:
        """Check a file that is about to be shown, and check it again at each `refresh`.

        Raises:
            RendererError: it shows a person who has not agreed, or cannot be searched.
        """
        if not self._find(path):
            return
        fault = self._judge(path, now or datetime.now(UTC))
        with self._lock:
            self._refusals[path] = "" if fault is None else str(fault)
        if fault is not None:
            raise fault

    def refresh(self, alarms: Alarms, now: datetime | None = None) -> None:
        """Read the consents again, and raise an alarm while a file may not be shown any more."""
        with self._lock:
            paths = list(self._refusals)
        found: dict[Path, RendererError | None] = {
            path: self._judge(path, now or datetime.now(UTC)) for path in paths
        }
        with self._lock:
            self._refusals |= {path: str(fault or "") for path, fault in found.items()}
        refused = [str(fault) for fault in found.values() if fault is not None]
        if refused:
            alarms.raise_(_ALARM, Severity.CRITICAL, " ".join(refused))
        else:
            alarms.clear(_ALARM)

    def refusal(self, path: Path) -> str:
        """Return why a file may not be shown, as of the last `refresh`; empty if it may."""
        with self._lock:
            return self._refusals.get(path, "")

    def _judge(self, path: Path, now: datetime) -> RendererError | None:
        what = f"File {path.name}"
        try:
            consents = load_beside(path)
            if not consents:
                return RightsError(
                    what,
                    "shows a real person, and no consent lies beside it",
                    f"let that person sign one with picture_shown = true, and put it there as "
                    f"{path.with_suffix(SUFFIX).name} (encore consent new)",
                )
            for one in consents:
                require_picture_shown([one], one.terms.performer, self._show, now)
        except RightsError as fault:
            return RightsError(
                what, f"shows a real person: {fault.thing} {fault.fault}", fault.remedy
            )
        return None


def load_beside(path: Path) -> Sequence[Consent]:
    """Return the consents beside a file.

    Raises:
        RightsError: one is damaged.
    """
    own = path.with_suffix(SUFFIX)
    several = sorted(path.parent.glob(f"{_escape(path.stem)}.*{SUFFIX}"))
    return [load_consent(one) for one in dict.fromkeys([own, *several]) if one.exists()]


def _escape(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
