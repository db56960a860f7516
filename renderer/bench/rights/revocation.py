"""Measure a decision with all its documents, and how long a revoked avatar stays in the picture."""

from __future__ import annotations

import http.server
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from avatars.model import Meta
from renderer.bench.rights.documents import HASH, licence_terms, show_facts
from renderer.protocol.alarms import Alarms
from renderer.rights.case import Pair, RightsCase
from renderer.rights.clock_guard import ClockGuard
from renderer.rights.credentials.keys import SigningKey, make_key
from renderer.rights.credentials.status_list import ENTRIES, write_status_list
from renderer.rights.credentials.trust_list import Issuer, TrustList
from renderer.rights.decision import AvatarFile
from renderer.rights.licence import SUFFIX, StatusEntry, issue_licence, new_urn
from renderer.rights.policy import StudioPolicy
from renderer.rights.status.store import StatusStore
from renderer.show.rights.watch import RightsWatch

INDEX: Final = 94_567
"""Entry of the measured licence in its list."""
POLL_S: Final = 0.1
"""Interval at which a show applies verdicts, seconds."""
LONGEST_S: Final = 300.0
"""Time after which a revocation counts as unnoticed, seconds."""


@dataclass(frozen=True, slots=True)
class RevocationFigures:
    """Results.

    Attributes:
        entries: of the status list.
        refresh_ms: median of fetching and verifying list and licence, milliseconds.
        removal_s: from the revocation's publication until the avatar is out of the picture and the
            slate is in, seconds; None if that did not happen.
        kept_ms: median and 99th percentile of a decision while nothing has changed, milliseconds.
        decision_ms, decision_cpu_ms: of one made again with all documents, by the clock and in
            the processor's time, which other programs do not lengthen.
    """

    entries: int
    refresh_ms: float
    removal_s: float | None
    kept_ms: tuple[float, float]
    decision_ms: tuple[float, float]
    decision_cpu_ms: tuple[float, float]

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        (median, p99), (cpu, cpu_p99) = self.decision_ms, self.decision_cpu_ms
        kept, kept_p99 = self.kept_ms
        removal = "NOT NOTICED" if self.removal_s is None else f"{self.removal_s:.1f} s"
        return [
            f"decision in a show  median {kept:.3f} ms, p99 {kept_p99:.3f} ms (goal 1)",
            f"after a change      median {median:.3f} ms, p99 {p99:.3f} ms (goal 1); in the "
            f"processor's time {cpu:.3f} and {cpu_p99:.3f} ms",
            f"revocation          {removal} until the slate (goal 60), list of {self.entries:,} "
            f"entries fetched and verified in {self.refresh_ms:.1f} ms",
        ]


def measure_revocation(
    decisions: int, notify: Callable[[str], None], policy: StudioPolicy | None = None
) -> RevocationFigures:
    """Serve a status list on loopback, revoke the licence of a watched show, and wait.

    Args:
        decisions: to time.
        notify: called with each step.
        policy: of the studio; the default one if None, with which this takes a minute.
    """
    with tempfile.TemporaryDirectory() as name, _Site() as site:
        key = make_key()
        site.publish(key, is_revoked=False)
        case = _make_case(Path(name), key, site.address, policy or StudioPolicy())
        notify("timing a decision with its documents")
        refresh_ms = statistics.median(_time(case.refresh, 5, time.perf_counter_ns))
        kept = _time(case.judge, decisions, time.perf_counter_ns)
        wall = _time(_decide_again(case, 10.0), decisions, time.perf_counter_ns)
        cpu = _time(_decide_again(case, 20.0), decisions, time.thread_time_ns)
        notify("revoking a licence during a show")
        removal_s = _revoke(case, site, key)
    return RevocationFigures(
        ENTRIES, refresh_ms, removal_s, _summarise(kept), _summarise(wall), _summarise(cpu)
    )


def _make_case(folder: Path, key: SigningKey, address: str, policy: StudioPolicy) -> RightsCase:
    """Return the refreshed case of a licensed avatar in a folder."""
    now = datetime.now(UTC)
    terms = replace(licence_terms(), since=now - timedelta(days=1), until=now + timedelta(days=30))
    entry = StatusEntry("BitstringStatusListEntry", "revocation", str(INDEX), address)
    place = folder / "idol.vrm"
    text = issue_licence(terms, key, "Label Ltd", new_urn(), (entry,))
    place.with_suffix(SUFFIX).write_text(text, encoding="ascii")
    avatar = AvatarFile("Idol", HASH, Meta(name="Idol", authors=("Ann",), vrm_version="1.0"))
    case = RightsCase(
        [Pair(avatar, place, "Mai")],
        show_facts(),
        trust=TrustList([Issuer(key.did, "Label Ltd")]),
        policy=policy,
        store=StatusStore(folder / "lists"),
        clock=ClockGuard(folder / "clock"),
    )
    case.refresh()
    case.require_allowed()
    return case


def _decide_again(case: RightsCase, earlier_s: float) -> Callable[[], object]:
    """Return a function that decides with all documents: each time earlier than what is kept."""
    start, step = datetime.now(UTC) - timedelta(seconds=earlier_s), timedelta(microseconds=1)
    count = itertools.count(1)
    return lambda: case.judge(start - step * next(count))


def _revoke(case: RightsCase, site: _Site, key: SigningKey) -> float | None:
    """Return the seconds from a revocation to the slate; None if the show goes on."""
    watch = RightsWatch(case, Alarms(), lambda _: None)
    watch.start()
    try:
        site.publish(key, is_revoked=True)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < LONGEST_S:
            watch.poll()
            if watch.hidden and watch.leaves_nobody:
                return passed
            time.sleep(POLL_S)
        return None
    finally:
        watch.close()


def _time(act: Callable[[], object], count: int, clock: Callable[[], int]) -> list[float]:
    """Return an action's times by a clock of nanoseconds, milliseconds."""
    taken = []
    for _ in range(count):
        began = clock()
        act()
        taken.append((clock() - began) / 1e6)
    return taken


def _summarise(times: list[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


class _Site:
    """A rights holder's server on loopback, with one status list."""

    def __init__(self) -> None:
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(site.text)))
                self.end_headers()
                self.wfile.write(site.text)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.text = b""
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/status"
        self._thread = threading.Thread(target=self._server.serve_forever, name="status list")

    def publish(self, key: SigningKey, *, is_revoked: bool) -> None:
        """Sign a list with all entries, and serve it from now on."""
        bits = bytearray(ENTRIES // 8)
        if is_revoked:
            bits[INDEX // 8] |= 1 << (7 - INDEX % 8)
        now = datetime.now(UTC)
        text = write_status_list(self.address, "revocation", bytes(bits), key, now)
        self.text = text.encode("ascii")

    def __enter__(self) -> _Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
