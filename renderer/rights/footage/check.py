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
from renderer.rights.clause import Clause
from renderer.rights.consent import SUFFIX, Consent
from renderer.rights.consent_file import load_consent
from renderer.rights.footage.consent import deny, judge_picture
from renderer.rights.footage.people import Find, shows_person

_ALARM: Final = "rights.footage"
_UNSEARCHED: Final = "unsearched"
"""Clause about a file that could not be searched; it is searched again."""


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
        self._refusals: dict[Path, Clause | None] = {}
        self._lock = threading.Lock()

    def require(self, path: Path, now: datetime | None = None) -> None:
        """Check a file that is about to be shown, and check it again at each `refresh`.

        Raises:
            RendererError: it shows a person who has not agreed, or cannot be searched.
        """
        try:
            if not self._find(path):
                with self._lock:
                    self._refusals.pop(path, None)
                return
            refused = self._judge(path, now or datetime.now(UTC))
        except RendererError as fault:
            refused = deny(_UNSEARCHED, reason=fault.fault, remedy=fault.remedy)
        with self._lock:
            self._refusals[path] = refused
        if refused is not None:
            raise _build_fault(path, refused)

    def refresh(self, alarms: Alarms, now: datetime | None = None) -> None:
        """Read the consents again, and raise an alarm while a file may not be shown any more."""
        now = now or datetime.now(UTC)
        with self._lock:
            known = dict(self._refusals)
        faults = []
        for path, before in known.items():
            if before is not None and before.code == deny(_UNSEARCHED).code:
                try:
                    self.require(path, now)
                except RendererError as fault:
                    faults.append(fault)
                continue
            refused = self._judge(path, now)
            with self._lock:
                self._refusals[path] = refused
            if refused is not None:
                faults.append(_build_fault(path, refused))
        if faults:
            alarms.raise_(_ALARM, Severity.CRITICAL, " ".join(str(fault) for fault in faults))
        else:
            alarms.clear(_ALARM)

    def is_refused(self, path: Path) -> bool:
        """Return whether a file may not be shown, as of the last `refresh`."""
        with self._lock:
            return self._refusals.get(path) is not None

    def refusal(self, path: Path) -> str:
        """Return why a file may not be shown, as of the last `refresh`; empty if it may."""
        with self._lock:
            refused = self._refusals.get(path)
        return "" if refused is None else str(_build_fault(path, refused))

    def _judge(self, path: Path, now: datetime) -> Clause | None:
        """Return the clause by which a file that shows people is refused; None if it is not."""
        try:
            consents = load_beside(path)
        except RightsError as fault:
            return deny("unusable", reason=f"{fault.thing} {fault.fault}", remedy=fault.remedy)
        if not consents:
            return deny("no_consent", consent=path.with_suffix(SUFFIX).name)
        found = (judge_picture([one], one.terms.performer, self._show, now) for one in consents)
        return next((one for one in found if one is not None), None)


def _build_fault(path: Path, refused: Clause) -> RightsError:
    return RightsError(f"File {path.name}", *refused.text())


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
