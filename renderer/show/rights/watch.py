"""Check the rights of a running show regularly, and take down avatars that are no longer allowed.

A verdict that denies starts a countdown with an alarm. When it ends, the avatar is no longer drawn;
the others stay. It returns if a later verdict allows it again, for example after a suspension.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from renderer.errors import RightsError
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.case import RightsCase
from renderer.rights.clause import Outcome, Verdict

EXPIRY_WARNING: Final = timedelta(minutes=15)
"""Time before the end of a licence or consent at which the crew is warned."""
FADE_S: Final = 1.0
"""Length of the fade to the slate, seconds; it ends when the last avatar leaves the picture."""

_log = logging.getLogger(__name__)


class RightsWatch:
    """Verdicts of a running show.

    Attributes:
        verdicts: the newest, one for each performer, and then for each avatar to which they may
            change.
        hidden: numbers of the avatars, in that order, that must not be drawn.
        find_shown: returns the numbers of the avatars on stage; None if performers change none.
        leaves_nobody: whether no avatar may be seen, or the last one leaves within the time of the
            fade to the slate.
    """

    def __init__(
        self,
        case: RightsCase,
        alarms: Alarms,
        note: Callable[[str], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        follow: Callable[[], None] = lambda: None,
    ) -> None:
        """Judge the case once; call `start` to check it regularly.

        Args:
            case: of the show, refreshed.
            alarms: of the show.
            note: writes a line to the show's log.
            clock: returns UTC.
            follow: called at each check after the documents were read, before they are judged.
        """
        self._follow = follow
        self._case, self._alarms, self._note, self._clock = case, alarms, note, clock
        self._deadlines: dict[int, datetime] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.verdicts: tuple[Verdict, ...] = case.judge(clock())
        self.hidden: frozenset[int] = frozenset()
        self.leaves_nobody = False
        self.find_shown: Callable[[], Sequence[int]] | None = None

    def take_down_denied(self) -> None:
        """Hide the avatars that are not allowed at once, without a countdown.

        For an engine that goes on with a show: the countdown may be over.
        """
        now = self._clock()
        for number, verdict in enumerate(self.verdicts):
            if verdict.outcome is not Outcome.ALLOW or self._has_ended(verdict, now):
                self._deadlines[number] = now
        self.poll()

    def start(self) -> None:
        """Check regularly in a thread, since fetching status lists can take seconds."""
        self._thread = threading.Thread(target=self._run, name="rights", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, without waiting for an answer from the network."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1.0)

    def check(self) -> None:
        """Read all documents again and judge them; a document that became unusable denies."""
        try:
            self._case.refresh()
        except RightsError as fault:
            # The verdict then rests on what was read last, whose dates still count.
            self._alarms.raise_("rights.documents", Severity.WARNING, str(fault))
        else:
            self._alarms.clear("rights.documents")
        self._follow()
        self.verdicts = self._case.judge(self._clock())

    def poll(self) -> None:
        """Apply the newest verdicts: alarms, countdowns, removal. Call it ten times a second."""
        now, hidden = self._clock(), set()
        for number, verdict in enumerate(self.verdicts):
            if verdict.outcome is Outcome.ALLOW and not self._has_ended(verdict, now):
                self._allow(number, verdict, now)
            elif self._deny(number, verdict, now):
                hidden.add(number)
        if hidden != self.hidden:
            self.hidden = frozenset(hidden)
        every = range(len(self.verdicts))
        shown = every if self.find_shown is None else self.find_shown()
        ends = [self._deadlines[number] for number in shown if number in self._deadlines]
        last = max(ends, default=now)
        everybody = 0 < len(shown) == len(ends)
        self.leaves_nobody = everybody and (last - now).total_seconds() <= FADE_S

    def _run(self) -> None:
        while not self._stop.wait(self._case.policy.check_every_s):
            try:
                self.check()
            except Exception:  # noqa: BLE001 - a thread that ended would never check again
                # The verdicts so far still apply, and their dates are still checked by `poll`.
                _log.exception("checking the rights failed")

    @staticmethod
    def _has_ended(verdict: Verdict, now: datetime) -> bool:
        return verdict.until is not None and now >= verdict.until

    def _allow(self, number: int, verdict: Verdict, now: datetime) -> None:
        if self._deadlines.pop(number, None) is not None:
            self._note(f"{verdict.avatar} is allowed again")
        left = None if verdict.until is None else verdict.until - now
        if left is None or left > EXPIRY_WARNING:
            self._alarms.clear(f"rights.{number + 1}")
            return
        until = f"{verdict.until:%H:%M} UTC"
        text = f"What allows {verdict.avatar} ends at {until}; then it leaves the picture"
        self._raise(number, Severity.WARNING, text)

    def _deny(self, number: int, verdict: Verdict, now: datetime) -> bool:
        """Return whether the avatar must leave the picture now."""
        reason = "; ".join(clause.text()[0] for clause in verdict.deciding())
        if verdict.outcome is Outcome.ALLOW:
            reason = f"what allowed it ended at {verdict.until:%H:%M} UTC"
        deadline = self._deadlines.get(number)
        if deadline is None:
            deadline = now + timedelta(seconds=self._case.policy.take_down_s)
            self._deadlines[number] = deadline
            self._note(f"{verdict.avatar} is no longer allowed: {reason}")
        left_s = (deadline - now).total_seconds()
        if left_s <= 0.0:
            self._raise(number, Severity.CRITICAL, f"{verdict.avatar} is not shown: {reason}")
            return True
        # In steps of five seconds, so that the alarm's text is readable.
        text = f"{verdict.avatar} leaves the picture in {5 * -(-left_s // 5):.0f} s: {reason}"
        self._raise(number, Severity.CRITICAL, text)
        return False

    def _raise(self, number: int, severity: Severity, text: str) -> None:
        id = f"rights.{number + 1}"
        if all((one.id, one.text) != (id, text) for one in self._alarms.active):
            self._alarms.raise_(id, severity, text)
