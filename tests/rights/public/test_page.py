"""Test the page on which the public checks a file: its answers, and whom it refuses."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from browser import Browser, find_chromium

from renderer.errors import OutputError, RightsError
from renderer.rights.public import page
from renderer.rights.public.answer import Answer, FileAnswer
from renderer.rights.public.page import VerifyPage

ROOT = Path(__file__).resolve().parents[3]


def _answer_by_content(path: Path) -> FileAnswer:
    """Answer as the file's text says, in place of the slow search."""
    word = path.read_text()
    if word == "broken":
        raise RightsError(f"file {path}", "cannot be read", "name a video")
    if word == "worse":
        raise OutputError("the decoder", "fails", "")
    return FileAnswer(Answer(word), (f"  of <b>{path.suffix}</b>",))


def _ask(act: Callable[[aiohttp.ClientSession, str], Awaitable[None]]) -> None:
    async def run() -> None:
        async with (
            VerifyPage(_answer_by_content).serve(0) as url,
            aiohttp.ClientSession() as session,
        ):
            await act(session, url)

    asyncio.run(run())


async def _post(
    session: aiohttp.ClientSession, url: str, name: str, body: bytes, **headers: str
) -> dict[str, object]:
    own = {"Origin": url.rstrip("/"), **headers}
    async with session.post(f"{url}check", params={"name": name}, data=body, headers=own) as got:
        assert got.status == 200, got.status
        return dict(await got.json())


def test_a_file_gets_one_of_four_answers() -> None:
    async def act(session: aiohttp.ClientSession, url: str) -> None:
        for answer in Answer:
            told = await _post(session, url, "Clip.MP4", answer.value.encode())
            assert told == {"answer": answer.value, "lines": ["of <b>.mp4</b>"], "fault": ""}

    _ask(act)


def test_what_cannot_be_checked_is_told_by_the_file_s_own_name() -> None:
    async def act(session: aiohttp.ClientSession, url: str) -> None:
        told = await _post(session, url, "my clip.mp4", b"broken")
        assert told["fault"] == "my clip.mp4 cannot be read; name a video"
        assert "OutputError" in str((await _post(session, url, "a.mp4", b"worse"))["fault"])
        for name in ("", "notes.txt", "../../etc/passwd", "x.mp4/.."):
            assert "is no video" in str((await _post(session, url, name, b"signed"))["fault"])
        told = await _post(session, url, "..\\..\\a.png", b"signed")
        assert told["lines"] == ["of <b>.png</b>"]

    _ask(act)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_BYTES", 10)

    async def act(session: aiohttp.ClientSession, url: str) -> None:
        assert "too large" in str((await _post(session, url, "a.mp4", b"x" * 11))["fault"])

    _ask(act)


def test_other_sites_and_names_are_refused() -> None:
    async def act(session: aiohttp.ClientSession, url: str) -> None:
        strange = {"Origin": "http://elsewhere.example"}
        for headers in (strange, {"Origin": "null"}, {}, {"Host": "elsewhere.example"}):
            async with session.post(f"{url}check?name=a.mp4", data=b"x", headers=headers) as got:
                assert got.status == 403
        async with session.get(url, headers={"Host": "elsewhere.example"}) as got:
            assert got.status == 403
        async with session.get(url) as got:
            assert "default-src 'none'" in got.headers["Content-Security-Policy"]

    _ask(act)


def test_it_is_on_this_machine_alone() -> None:
    async def act(_session: aiohttp.ClientSession, url: str) -> None:
        assert url.startswith("http://127.0.0.1:")

    _ask(act)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        async def serve() -> None:
            async with VerifyPage(_answer_by_content).serve(taken.getsockname()[1]):
                pass

        with pytest.raises(RightsError, match="cannot be listened on"):
            asyncio.run(serve())


def test_nothing_is_called_fake_or_loaded_from_elsewhere() -> None:
    for name in ("verify.html", "verify.js"):
        text = (ROOT / "assets" / "web" / name).read_text(encoding="utf-8").lower()
        assert "fake" not in text
        assert "http://" not in text
        assert "https://" not in text
        assert "innerhtml" not in text


def test_a_dropped_file_is_answered_in_the_browser(tmp_path: Path) -> None:
    find_chromium()
    stop, ready = threading.Event(), threading.Event()
    found: list[str] = []

    async def serve() -> None:
        async with VerifyPage(_answer_by_content).serve(0) as url:
            found.append(url)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(60.0)
    browser = Browser(tmp_path / "profile", found[0], ("--disable-gpu", "--lang=en"))

    def until(expression: str) -> None:
        end = time.monotonic() + 60.0
        while not browser.evaluate(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)

    def drop(name: str, content: str) -> None:
        browser.evaluate(
            "{ const data = new DataTransfer();"
            f"data.items.add(new File(['{content}'], '{name}'));"
            "document.dispatchEvent(new DragEvent('drop', { dataTransfer: data })); }"
        )

    try:
        until("document.getElementById('invite')?.textContent.length > 0")
        assert browser.evaluate("document.getElementById('answer').hidden")
        for answer in Answer:
            drop("clip.mp4", answer.value)
            until(f"document.getElementById('answer').className === '{answer.value}'")
            # What a file says is shown as text.
            line = browser.evaluate("document.getElementById('lines').textContent")
            assert line == "of <b>.mp4</b>"
            assert "fake" not in browser.evaluate("document.body.innerText").lower()
        drop("notes.txt", "signed")
        until("document.getElementById('meaning').textContent.includes('notes.txt is no video')")
    finally:
        browser.close()
        stop.set()
        thread.join()
