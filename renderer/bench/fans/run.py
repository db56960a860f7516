"""Measure fans: the endpoint's share of a core, the engine's cost, what a flood does."""

from __future__ import annotations

import asyncio
import http.client
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
import numpy as np
import psutil

from renderer.bench.fans.clients import Clients, frame_text
from renderer.processes.process import ChildProcess
from renderer.show.document.entries.fans import FansEntry, build_fans
from renderer.show.fans.exchange import SUMMARY, RecordReader
from renderer.show.fans.feed import FansFeed
from renderer.show.fans.records import FansSettings, FansSummary, OutsideSummary
from renderer.show.fans.signature import sign
from renderer.stage.records import Crowd

CLIENTS: Final = 5000
SECONDS: Final = 10.0
EVERY_S: Final = 3.0
"""Seconds between two votes of one client."""
OUTSIDE: Final = 100_000
_SERVERS: Final = 10
_FLOODERS: Final = 200
_KEY: Final = "benchmark"
_KEY_VARIABLE: Final = "ENCORE_BENCH_FANS_KEY"
_FRAMES: Final = 200
_LOOK: Final = Crowd(0.3, stick_colors=((1.0, 1.0, 1.0), (0.2, 0.2, 1.0)), stick_shares=(1.0, 1.0))
_VOTES: Final = (
    b'{"gesture":"wave"}',
    b'{"gesture":"jump"}',
    b'{"color":0}',
    b'{"color":0,"gesture":"cheer"}',
)
_RUBBISH: Final = (b"{", b'{"gesture":"moon"}', b'{"color":99}', b"\x00" * 100, b"[[[[[[[[[[")

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FansFigures:
    """The figures of the fans' endpoint.

    Attributes:
        clients: that stayed connected until the end.
        votes_per_s: that they sent together.
        people: that the last summary counted, with those of another server's.
        endpoint_core_share: processor time of the endpoint over time, with all clients voting.
        fans_ms: processor time of the engine for the fans in a frame, milliseconds.
        flood_per_s: malformed messages a second that were sent.
        flood_frame_ratio: median processor time of a frame during the flood over without it.
        flood_counted: whether a malformed message changed the summary.
    """

    clients: int
    votes_per_s: float
    people: int
    endpoint_core_share: float
    fans_ms: float
    flood_per_s: float
    flood_frame_ratio: float
    flood_counted: bool

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return asdict(self)

    def text(self) -> str:
        """Return the figures as text."""
        return "\n".join((
            f"Clients    {self.clients} connected, {self.votes_per_s:.0f} votes a second, "
            f"{self.endpoint_core_share:.2f} of a core",
            f"Summary    {self.people} people",
            f"Engine     {self.fans_ms:.4f} ms a frame",
            f"Flood      {self.flood_per_s:.0f} malformed messages a second: frames take "
            f"{self.flood_frame_ratio:.3f} of the time without, "
            f"{'some' if self.flood_counted else 'none'} counted",
        ))  # fmt: skip


def run_fans_bench(notify: Notify, clients: int = CLIENTS, seconds: float = SECONDS) -> FansFigures:
    """Measure all figures.

    Raises:
        RendererError: the endpoint cannot be started.
    """
    settings = build_fans(
        FansEntry(most=15_000, per_address=1000, key=f"{{env:{_KEY_VARIABLE}}}"), "Bench"
    )
    os.environ[_KEY_VARIABLE] = _KEY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child = ChildProcess("fans", "renderer.show.fans.process:run", settings, folder)
        child.start()
        try:
            port = urlsplit(child.wait_ready()).port or 0
            return asyncio.run(_measure(notify, settings, folder, child, port, clients, seconds))
        finally:
            child.close()


async def _measure(
    notify: Notify, settings: FansSettings, folder: Path, child: ChildProcess, port: int,
    count: int, seconds: float,
) -> FansFigures:  # fmt: skip
    endpoint = psutil.Process(child.pid)
    notify("clients")
    clients = Clients(port)
    await clients.connect(count)
    notify("votes")
    began, spent = time.monotonic(), _used(endpoint)
    sent = await clients.vote([frame_text(one) for one in _VOTES], seconds, EVERY_S)
    took = time.monotonic() - began
    share = (_used(endpoint) - spent) / took
    connected = clients.count
    await asyncio.to_thread(_send_summaries, port)
    summaries = RecordReader(folder / SUMMARY, FansSummary)
    people = 0
    for _ in range(20):  # Summaries are written ten times a second.
        await asyncio.sleep(0.1)
        newest = summaries.take()
        people = max(people, newest.people if newest is not None else 0)
    notify("frames")
    fans_ms = _time_feed(settings, folder)
    await clients.close()
    await asyncio.sleep(0.5)
    notify("flood")
    quiet = await asyncio.to_thread(_time_frames, settings, folder)
    flood = Clients(port)
    await flood.connect(_FLOODERS)
    timing = asyncio.create_task(asyncio.to_thread(_time_frames, settings, folder))
    flooded, rubbish = 0, [frame_text(one) * 50 for one in _RUBBISH]
    began = time.monotonic()
    while not timing.done():
        flooded += 50 * await flood.vote(rubbish, 0.5, 0.1)
        if flood.count < _FLOODERS // 2:  # The endpoint closes what floods it; others follow.
            await flood.close()
            flood = Clients(port)
            await flood.connect(_FLOODERS)
    took_flood = time.monotonic() - began
    await flood.close()
    after = RecordReader(folder / SUMMARY, FansSummary).take() or FansSummary()
    return FansFigures(
        connected, sent / took, people, share, fans_ms, flooded / took_flood,
        timing.result() / quiet, after.energy > 0.0 or any(after.shares),
    )  # fmt: skip


def _used(process: psutil.Process) -> float:
    """Return a process's processor time, seconds."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _send_summaries(port: int) -> None:
    """Send the signed summaries of ten other servers with OUTSIDE fans together."""
    for number in range(_SERVERS):
        body = msgspec.json.encode(
            OutsideSummary(f"server {number}", OUTSIDE // _SERVERS, (OUTSIDE // _SERVERS,))
        )
        now = f"{time.time():.3f}"
        headers = {"X-Encore-Time": now, "X-Encore-Signature": sign(_KEY.encode(), now, body)}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30.0)
        connection.request("POST", "/summary", body, headers)
        connection.getresponse().read()
        connection.close()


def _time_feed(settings: FansSettings, folder: Path) -> float:
    """Return the mean processor time of the fans in a frame, milliseconds."""
    feed = FansFeed(settings, folder)
    spent = 0.0
    for frame in range(_FRAMES):
        time.sleep(1 / 120)  # So that the endpoint replaces its summary meanwhile.
        began = time.thread_time()
        feed.poll()
        feed.mix(_LOOK, frame * 33_333_333)
        spent += time.thread_time() - began
    return spent / _FRAMES * 1e3


def _time_frames(settings: FansSettings, folder: Path) -> float:
    """Return the median processor time of a frame with a fixed amount of work, seconds."""
    feed = FansFeed(settings, folder)
    rng = np.random.default_rng(0)
    work, out = rng.random((300, 300)), np.empty((300, 300))
    times = []
    for frame in range(_FRAMES):
        began = time.thread_time()
        feed.poll()
        feed.mix(_LOOK, frame * 33_333_333)
        for _ in range(3):
            np.matmul(work, work, out=out)
        times.append(time.thread_time() - began)
        time.sleep(0.01)
    return statistics.median(times)
