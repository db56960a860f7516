"""Test the fans' page in a browser, against the endpoint's real process."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from browser import Browser, find_chromium

from renderer.processes.process import ChildProcess
from renderer.show.document.entries.fans import FanColorEntry, FansEntry, build_fans
from renderer.show.fans.exchange import STATE, SUMMARY, RecordReader, RecordWriter
from renderer.show.fans.records import FansState, FansSummary

ENTRY = FansEntry(
    colors=(
        FanColorEntry(name="Hana", color=(0.05, 0.3, 1.0)),
        FanColorEntry(name="민", color=(1.0, 0.1, 0.3)),
    )
)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def count_buttons(browser: Browser, group: str) -> int:
    return int(browser.evaluate(f"document.querySelectorAll('#{group} button').length"))


def test_a_fan_cheers_and_votes_on_the_page(tmp_path: Path) -> None:
    find_chromium()
    settings = build_fans(ENTRY, "First <b>Light</b>")
    with ChildProcess("fans", "renderer.show.fans.process:run", settings, tmp_path) as child:
        child.start()
        url = child.wait_ready()
        summaries = RecordReader(tmp_path / SUMMARY, FansSummary)
        newest = FansSummary()

        def look() -> FansSummary:
            nonlocal newest
            newest = summaries.take() or newest
            return newest

        browser = Browser(tmp_path / "profile", url)
        try:
            until(lambda: look().people == 1)
            until(lambda: count_buttons(browser, "gestures") == 4)
            assert browser.evaluate("document.getElementById('title').textContent") == (
                "First <b>Light</b>"
            )
            browser.evaluate("document.querySelectorAll('#colors button')[1].click()")
            until(lambda: look().shares == (0.0, 1.0))
            browser.evaluate("[...document.querySelectorAll('#gestures button')].at(-1).click()")
            until(lambda: look().energy == 1.0)
            question = FansState(True, 1, "Next?", ("Ballad", "<script>"), ("1", "2"))
            RecordWriter(tmp_path / STATE).write(question)
            until(lambda: count_buttons(browser, "choices") == 2)
            assert browser.evaluate("document.scripts.length") == 1
            browser.evaluate("document.querySelectorAll('#choices button')[1].click()")
            until(lambda: look().choices == (0, 1))
        finally:
            browser.close()
        until(lambda: look().people == 0)
